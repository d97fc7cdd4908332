/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/judge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "acquire/relist.h"
#include "acquire/since.h"
#include "image/formats.h"

/* AWS takes no signature that is further off; nor should a reader of the log
 * take its times. */
#define CLOCK_MAX_S 300

/* -------------------------------------------------- each control's result */

static void set(struct acquisition *a, enum control which,
                enum control_result result, const char *why)
{
    controls_set(&a->result.controls, which, result, "%s", why);
}

/* In bytes: half a block more is another count. */
static void judge_count(struct acquisition *a)
{
    uint64_t listed = blockmap_listed(a->origin.map);
    const struct xml_count *full = &a->origin.facts.full_size;

    if (!full->told)
        set(a, CONTROL_EC2_COUNT, CONTROL_NOT_HAD, a->origin.facts_known
            ? "EC2 does not count the blocks of this snapshot"
            : "EC2 tells nothing about the snapshot");
    else if (listed * BLOCK_SIZE == full->value)
        set(a, CONTROL_EC2_COUNT, CONTROL_DONE, "");
    else
        controls_set(&a->result.controls, CONTROL_EC2_COUNT, CONTROL_DIFFERS,
                     "%" PRIu64 " blocks are listed, and EC2 counts %" PRIu64
                     " bytes, which are %.10g blocks", listed, full->value,
                     (double)full->value / BLOCK_SIZE);
}

/* Where both tell one, they agree, or there was no image. */
static void judge_size(struct acquisition *a)
{
    if (!a->origin.facts_known)
        set(a, CONTROL_VOLUME_SIZE, CONTROL_NOT_HAD,
            "EC2 tells nothing about the snapshot");
    else if (!blockmap_size_told(a->origin.map))
        set(a, CONTROL_VOLUME_SIZE, CONTROL_NOT_HAD,
            "the list does not say how large the volume is");
    else
        set(a, CONTROL_VOLUME_SIZE, CONTROL_DONE, "");
}

static void judge_recheck(struct acquisition *a)
{
    const struct resuming *r = &a->resume;
    const struct caching *c = &a->cache;
    uint64_t rows = (r->on ? r->rows : 0) + (c->used ? c->blocks : 0);
    uint64_t compared = r->rechecked + (c->used ? c->compared : 0);

    if (!rows)
        set(a, CONTROL_RECHECK, CONTROL_MOOT, "");
    else if (!a->opt->recheck)
        set(a, CONTROL_RECHECK, CONTROL_OFF, "--recheck 0");
    else
        controls_set(&a->result.controls, CONTROL_RECHECK, compared
                     ? CONTROL_DONE : CONTROL_NOT_HAD, "%" PRIu64 " of %"
                     PRIu64 " blocks", compared, rows);
}

static void judge_earlier_sessions(struct acquisition *a)
{
    bool known = a->resume.kept && a->resume.kept->origin.start_time
        && a->origin.facts.start_time;

    judge_recheck(a);
    if (!a->resume.on) {
        set(a, CONTROL_SAME_SNAPSHOT, CONTROL_MOOT, "");
        set(a, CONTROL_KEPT_BLOCKS, CONTROL_MOOT, "");
        return;
    }
    if (known)
        set(a, CONTROL_SAME_SNAPSHOT, CONTROL_DONE, "");
    else if (!a->resume.rows) /* nothing of another session is in it */
        set(a, CONTROL_SAME_SNAPSHOT, CONTROL_MOOT, "");
    else
        set(a, CONTROL_SAME_SNAPSHOT, CONTROL_NOT_HAD,
            "EC2 did not tell its time in each of the sessions");
    set(a, CONTROL_KEPT_BLOCKS,
        a->resume.at.offset ? CONTROL_DONE : CONTROL_MOOT, "");
}

static void judge_blocks(struct acquisition *a)
{
    uint64_t unreadable = a->outputs.ledger.counts.unreadable;

    if (unreadable)
        controls_set(&a->result.controls, CONTROL_CHECKSUMS, CONTROL_NOT_HAD,
                     "%" PRIu64 " blocks could not be read", unreadable);
    else
        set(a, CONTROL_CHECKSUMS, CONTROL_DONE, "");
}

/* Of the blocks that an earlier session took, nobody knows which were fetched
 * as well. */
static bool rests_on_list(const struct acquisition *a)
{
    return a->outputs.ledger.counts.carried
        && (a->resume.carried
            || !(a->since.used && since_is_proved(&a->since)));
}

static void judge_carried(struct acquisition *a)
{
    uint64_t carried = a->outputs.ledger.counts.carried;

    if (rests_on_list(a))
        controls_set(&a->result.controls, CONTROL_CARRIED, CONTROL_NOT_HAD,
                     "%" PRIu64 " blocks were taken from the earlier image, "
                     "and not each was fetched, too", carried);
    else
        set(a, CONTROL_CARRIED, carried ? CONTROL_DONE : CONTROL_MOOT, "");
}

static void judge_sample(struct acquisition *a)
{
    const struct since *s = &a->since;

    if (!s->used || !s->carried)
        set(a, CONTROL_SAMPLE, CONTROL_MOOT, "");
    else if (!a->opt->audit)
        set(a, CONTROL_SAMPLE, CONTROL_OFF, "--audit 0");
    else
        controls_set(&a->result.controls, CONTROL_SAMPLE, CONTROL_DONE,
                     "%" PRIu64 " of %" PRIu64 " blocks", s->audited,
                     s->carried);
}

static void judge_earlier_image(struct acquisition *a)
{
    if (!a->opt->since)
        set(a, CONTROL_CHANGES, CONTROL_MOOT, "");
    else if (a->since.used)
        set(a, CONTROL_CHANGES, CONTROL_DONE, "");
    else
        set(a, CONTROL_CHANGES, CONTROL_NOT_HAD,
            "the earlier image is not built upon, as the event `since' "
            "says: blocks were fetched instead");
    judge_sample(a);
    judge_carried(a);
}

static void judge_writing(struct acquisition *a)
{
    bool proved = formats_any(a->opt->formats, FORMAT_PROVED);

    set(a, CONTROL_DIGESTS, a->opt->hashes ? CONTROL_DONE : CONTROL_OFF,
        a->opt->hashes ? "" : "--hash none");
    set(a, CONTROL_READBACK, proved ? CONTROL_DONE : CONTROL_MOOT, proved ? ""
        : a->opt->streamed ? "what went to standard output can be read by its "
        "reader alone" : "a raw image is read again by ebsimg verify alone");
}

static void judge_clock(struct acquisition *a, const int64_t *offset)
{
    if (!offset)
        set(a, CONTROL_CLOCK, CONTROL_NOT_HAD,
            "the service's answers have no date");
    else
        controls_set(&a->result.controls, CONTROL_CLOCK,
                     llabs(*offset) < CLOCK_MAX_S ? CONTROL_DONE
                                                 : CONTROL_DIFFERS,
                     "%+" PRId64 " s", *offset);
}

void judge_controls(struct acquisition *a, const int64_t *clock_offset)
{
    judge_count(a);
    judge_size(a);
    judge_earlier_sessions(a);
    judge_blocks(a);
    judge_earlier_image(a);
    judge_writing(a);
    judge_clock(a, clock_offset);
    a->result.outcome = controls_verdict(&a->result.controls);
}

/* ---------------------------------------------------------------- warnings */

static int warn_differs(struct journal *j, const char *why,
                        struct err *e)
{
    char text[CONTROL_WHY + 120];

    snprintf(text, sizeof(text), "the service contradicts itself: %s; "
             "acquire again and compare", why);
    return journal_warning(j, text, e);
}

static int warn_unchecked(struct journal *j, const char *why,
                          struct err *e)
{
    char text[CONTROL_WHY + 160];

    snprintf(text, sizeof(text), "the blocks could not be listed a second "
             "time, so nothing shows that the list has all of them: %s; "
             "acquire again and compare", why);
    return journal_warning(j, text, e);
}

static int warn_unproved(struct journal *j, struct err *e)
{
    return journal_warning(j, "EC2 did not tell in each session which "
                           "snapshot it is, and no block of the earlier ones "
                           "was compared, so nothing shows that they read the "
                           "same disk; acquire again and compare", e);
}

/* What nobody could see in the counts of the summary. */
static int warn(struct journal *j, const struct controls *c, struct err *e)
{
    for (int i = 0; i < CONTROLS; i++) {
        enum outcome reserve = controls_reserve(c, (enum control)i);
        const struct control_state *s = &c->of[i];

        if (reserve == OUTCOME_DOUBT && warn_differs(j, s->why, e) < 0)
            return -1;
        if (reserve == OUTCOME_UNPROVED && warn_unproved(j, e) < 0)
            return -1;
        if (i == CONTROL_SECOND_LIST && s->result == CONTROL_NOT_HAD
            && warn_unchecked(j, s->why, e) < 0)
            return -1;
    }
    return 0;
}

/* An E01 counts bad sectors in 32 bits: past 2 TiB only the log has them. */
static int warn_unlisted(struct acquisition *a, struct err *e)
{
    char text[160];
    uint64_t n = 0;

    for (size_t i = 0; i < a->outputs.nsinks; i++)
        if (a->outputs.sinks[i]->unlisted)
            n += a->outputs.sinks[i]->unlisted(a->outputs.sinks[i]);
    if (n == 0)
        return 0;
    snprintf(text, sizeof(text), "%" PRIu64 " unreadable blocks lie past "
             "2 TiB, where the E01 cannot list them; log and manifest do", n);
    return journal_warning(&a->journal, text, e);
}

int judge_image(struct acquisition *a, struct err *e)
{
    int64_t offset;

    if (relist_compare(a, e) < 0)
        return -1;
    judge_controls(a, aws_clock_offset(a->origin.aws, &offset) ? &offset
                                                               : NULL);
    return warn_unlisted(a, e) < 0
        || warn(&a->journal, &a->result.controls, e) < 0 ? -1 : 0;
}
