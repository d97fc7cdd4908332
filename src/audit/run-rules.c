/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/run-rules.h"

#include <stdio.h>
#include <string.h>

#include "audit/outcome.h"
#include "base/number.h"

#define BLOCK (512 * KIB)

static bool told(uint64_t n)
{
    return n != RUN_UNTOLD;
}

/* Two numbers that must be the same, where both are told. */
static bool agree(uint64_t a, uint64_t b)
{
    return !told(a) || !told(b) || a == b;
}

static bool is(const struct run_record *r, enum outcome o)
{
    return strcmp(r->verdict, outcome_name(o)) == 0;
}

/* As the verdict, or as a reserve beside it. */
static bool owns_up_to(const struct run_record *r, enum outcome o)
{
    return is(r, o) || run_list_has(r->reserves, outcome_name(o));
}

bool run_rules_good(const struct run_record *r)
{
    enum outcome o;

    return r->check.closed && outcome_parse(r->verdict, &o) == 0
        && outcome_is_good(o);
}

/* ------------------------------------------------- the rules: true is right */

static bool snapshot_is_one(const struct run_record *r)
{
    return !r->told_snapshot[0]
        || strcmp(r->told_snapshot, r->snapshot) == 0;
}

static bool formats_are_those(const struct run_record *r)
{
    return !r->output_formats[0] || !r->formats[0]
        || strcmp(r->output_formats, r->formats) == 0;
}

static bool size_is_in_sectors(const struct run_record *r)
{
    return !told(r->sectors) || !told(r->volume_size)
        || (r->volume_size % 512 == 0 && r->volume_size / 512 == r->sectors);
}

static bool size_is_in_blocks(const struct run_record *r)
{
    return agree(r->block_size, BLOCK)
        && (!told(r->volume_size) || r->volume_size % BLOCK == 0);
}

static bool size_is_that_of_ec2(const struct run_record *r)
{
    return !told(r->volume_gib) || !told(r->volume_size)
        || (r->volume_size % GIB == 0
            && r->volume_size / GIB == r->volume_gib);
}

static bool every_block_has_a_row(const struct run_record *r)
{
    return agree(r->listed, r->rows);
}

static bool rows_add_up(const struct run_record *r)
{
    return !told(r->stored) || !told(r->zero) || !told(r->unreadable)
        || agree(r->rows, r->stored + r->zero + r->unreadable);
}

static bool blocks_add_up(const struct run_record *r)
{
    return !told(r->rows) || !told(r->never_stored) || !told(r->volume_size)
        || r->rows + r->never_stored == r->volume_size / BLOCK;
}

static bool carried_are_rows(const struct run_record *r)
{
    return !told(r->carried) || !told(r->rows) || r->carried <= r->rows;
}

static bool cached_are_rows(const struct run_record *r)
{
    return !told(r->cached) || !told(r->rows)
        || r->cached + (told(r->carried) ? r->carried : 0) <= r->rows;
}

static bool whole_volume_is_hashed(const struct run_record *r)
{
    return agree(r->hashed_bytes, r->volume_size);
}

static bool verdict_is_known(const struct run_record *r)
{
    enum outcome o;

    return outcome_parse(r->verdict, &o) == 0;
}

static bool status_fits_verdict(const struct run_record *r)
{
    struct err none = ERR_INIT;
    enum outcome o;

    if (outcome_parse(r->verdict, &o) < 0 || !told(r->exit_status))
        return true;
    return outcome_is_good(o)
        ? r->exit_status == (uint64_t)outcome_status(o, &none)
        : r->exit_status != 0;
}

static bool good_has_no_error(const struct run_record *r)
{
    return !run_rules_good(r) || !r->error[0];
}

static bool complete_has_no_reserve(const struct run_record *r)
{
    return !is(r, OUTCOME_COMPLETE) || !run_list_text(r->reserves, 0);
}

static bool unreadable_is_owned_up_to(const struct run_record *r)
{
    if (!told(r->unreadable))
        return true;
    if (r->unreadable)
        return !is(r, OUTCOME_COMPLETE) && !is(r, OUTCOME_LISTED);
    return !owns_up_to(r, OUTCOME_UNREADABLE);
}

static bool ec2_count_is_owned_up_to(const struct run_record *r)
{
    return agree(r->listed, r->ec2_blocks) || owns_up_to(r, OUTCOME_DOUBT);
}

static bool second_list_is_owned_up_to(const struct run_record *r)
{
    return r->listed_again_the_same != RUN_NO || owns_up_to(r, OUTCOME_DOUBT);
}

/* What a control holds against the image is among the reserves, and none of
 * these comes from nowhere. */
static bool controls_make_reserves(const struct run_record *r)
{
    const char *word;
    bool any;

    for (size_t i = 0; i < r->ncontrols; i++)
        if (r->controls[i].reserve[0]
            && !run_list_has(r->reserves, r->controls[i].reserve))
            return false;
    for (size_t i = 0; (word = run_list_text(r->reserves, i)); i++) {
        any = false;
        for (size_t k = 0; k < r->ncontrols; k++)
            any |= strcmp(r->controls[k].reserve, word) == 0;
        if (!any)
            return false;
    }
    return true;
}

static bool verdict_is_first_reserve(const struct run_record *r)
{
    const char *first = run_list_text(r->reserves, 0);

    if (!r->reserves)
        return true;
    return strcmp(first ? first : outcome_name(OUTCOME_COMPLETE), r->verdict)
        == 0;
}

/* A control that must hold something against the image when it does not end
 * well; see doc/log-format.md. */
static bool is_held(const struct run_control *c)
{
    static const struct {
        const char *name, *result;
    } rows[] = {
        { "second-list", "not-had" },   { "second-list", "differs" },
        { "ec2-count", "differs" },     { "volume-size", "differs" },
        { "same-snapshot", "differs" }, { "kept-blocks", "differs" },
        { "recheck", "differs" },       { "block-checksums", "not-had" },
        { "block-checksums", "differs" }, { "carried-blocks", "not-had" },
        { "carried-blocks", "differs" },  { "e01-readback", "not-had" },
        { "e01-readback", "differs" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(c->name, rows[i].name) == 0
            && strcmp(c->result, rows[i].result) == 0)
            return true;
    return false;
}

static const struct run_control *control(const struct run_record *r,
                                         const char *name)
{
    for (size_t i = 0; i < r->ncontrols; i++)
        if (strcmp(r->controls[i].name, name) == 0)
            return &r->controls[i];
    return NULL;
}

static bool came_out(const struct run_record *r, const char *name,
                     const char *result)
{
    const struct run_control *c = control(r, name);

    return c && strcmp(c->result, result) == 0;
}

/* Bytes alone show that two sessions read the same disk. */
static bool sessions_are_owned_up_to(const struct run_record *r)
{
    const struct run_control *same = control(r, "same-snapshot");

    return !same || strcmp(same->result, "not-had") != 0
        || (strcmp(same->stood_in_by, "recheck") == 0
            && came_out(r, "recheck", "done"))
        || same->reserve[0];
}

static bool controls_are_owned_up_to(const struct run_record *r)
{
    for (size_t i = 0; i < r->ncontrols; i++)
        if (is_held(&r->controls[i]) && !r->controls[i].reserve[0])
            return false;
    return sessions_are_owned_up_to(r);
}

/* What the controls say of the lists is what the event list has. */
static bool controls_fit_lists(const struct run_record *r)
{
    enum run_answer same = r->listed_again_the_same;

    if (!control(r, "second-list"))
        return true;
    if (came_out(r, "second-list", "done") != (same == RUN_YES))
        return false;
    if (came_out(r, "ec2-count", "done")
        && (!told(r->ec2_blocks) || r->ec2_blocks != r->listed))
        return false;
    return !told(r->unreadable)
        || came_out(r, "block-checksums", "not-had") == (r->unreadable > 0);
}

static bool kept_are_rows(const struct run_record *r)
{
    return !told(r->kept) || !told(r->rows) || r->kept <= r->rows;
}

/* A sample that says that it was compared, and how many blocks of it were. */
static bool control_fits_recheck(const struct run_record *r)
{
    bool any = (told(r->rechecked) && r->rechecked > 0)
        || (r->cache_used == RUN_YES && told(r->cache_compared)
            && r->cache_compared > 0);

    return !control(r, "recheck") || came_out(r, "recheck", "done") == any;
}

/* What was taken from the earlier image rests on EBS's list of changes,
 * unless all of it was fetched as well. */
static bool carried_is_owned_up_to(const struct run_record *r)
{
    uint64_t proved = told(r->audited) ? r->audited : 0;

    if (!told(r->carried))
        return true;
    if (r->carried > proved)
        return !is(r, OUTCOME_COMPLETE);
    return r->carried || !owns_up_to(r, OUTCOME_LISTED);
}

static const struct rule {
    enum run_event about;  /* whose line is named */
    bool good_only;        /* of a run that says that it made an image */
    bool (*holds)(const struct run_record *r);
    const char *broken;
} rules[] = {
    { RUN_START, false, snapshot_is_one,
      "start and snapshot name different snapshots" },
    { RUN_OUTPUT, false, formats_are_those,
      "the formats are not those that were asked for" },
    { RUN_SOURCE, false, size_is_in_sectors,
      "volume_size is not that of the sectors" },
    { RUN_SOURCE, false, size_is_in_blocks,
      "the volume is not made of blocks of 512 KiB" },
    { RUN_SOURCE, false, size_is_that_of_ec2,
      "volume_size is not the volume_gib that EC2 tells" },
    { RUN_LIST, true, every_block_has_a_row,
      "another number of blocks was listed than the manifest has rows" },
    { RUN_LIST, true, ec2_count_is_owned_up_to,
      "EC2 counts other blocks than were listed, and the verdict does not "
      "say so" },
    { RUN_LIST, true, second_list_is_owned_up_to,
      "the second list was another one, and the verdict does not say so" },
    { RUN_END, true, controls_are_owned_up_to,
      "a control that was not done, or differs, holds nothing against the "
      "image" },
    { RUN_END, true, controls_make_reserves,
      "its reserves are not those of the controls" },
    { RUN_END, true, verdict_is_first_reserve,
      "its verdict is not the first of its reserves" },
    { RUN_END, true, controls_fit_lists,
      "the controls are not what list and manifest say" },
    { RUN_MANIFEST, false, rows_add_up,
      "rows are not stored + stored_zero + unreadable" },
    { RUN_MANIFEST, true, blocks_add_up,
      "rows and never_stored are not the blocks of the volume" },
    { RUN_MANIFEST, false, carried_are_rows,
      "more blocks were carried than there are rows" },
    { RUN_MANIFEST, false, cached_are_rows,
      "more blocks were taken from a cache than there are rows" },
    { RUN_MANIFEST, true, kept_are_rows,
      "more blocks were kept from earlier sessions than there are rows" },
    { RUN_END, true, control_fits_recheck,
      "its control recheck is not what the event recheck says" },
    { RUN_HASHES, true, whole_volume_is_hashed,
      "the digests are of another number of bytes than the volume has" },
    { RUN_END, false, verdict_is_known,
      "its verdict is no word that this version knows" },
    { RUN_END, false, status_fits_verdict,
      "the exit status is not that of the verdict" },
    { RUN_END, false, good_has_no_error,
      "an error, and yet a verdict without one" },
    { RUN_END, false, complete_has_no_reserve,
      "reserves, and yet the verdict complete" },
    { RUN_END, true, unreadable_is_owned_up_to,
      "the verdict does not fit the number of unreadable blocks" },
    { RUN_END, true, carried_is_owned_up_to,
      "the verdict does not fit the number of blocks that were carried" },
};

/* ------------------------------------------------------------------ check */

static void bad(const struct run_judge *j, uint64_t line, const char *text)
{
    j->tell(j->ctx, &(struct run_finding){ line, false, text });
}

/* Without them it cannot have come to a good end. */
static void check_events(const struct run_record *r,
                         const struct run_judge *j)
{
    char text[80];

    for (int x = 0; x < RUN_EVENTS; x++) {
        if (r->course.seen & RUN_EVENT_BIT(x))
            continue;
        snprintf(text, sizeof(text), "there is no event %s, which a run that "
                 "made an image has", run_event_names[x]);
        bad(j, 0, text);
    }
}

static void check_rules(const struct run_record *r, bool good,
                        const struct run_judge *j)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
        if ((r->course.seen & RUN_EVENT_BIT(rules[i].about))
            && (good || !rules[i].good_only) && !rules[i].holds(r))
            bad(j, r->course.lines[rules[i].about], rules[i].broken);
}

static void check_odd(const struct run_record *r, const struct run_judge *j)
{
    char text[160];

    if (!r->odd_line)
        return;
    snprintf(text, sizeof(text), "%s is not what it must be", r->odd);
    bad(j, r->odd_line, text);
}

static void check_unreadable(struct run_record *r, const struct run_judge *j)
{
    if (told(r->unreadable)
        && run_course_unreadable(&r->course) != r->unreadable)
        bad(j, r->course.lines[RUN_MANIFEST], "the log names another number "
            "of unreadable blocks");
}

static void tell_remarks(const struct run_course *c,
                         const struct run_judge *j)
{
    for (size_t i = 0; i < c->nremarks; i++)
        j->tell(j->ctx, &(struct run_finding){
            c->remarks[i].line, c->remarks[i].note, c->remarks[i].text });
}

void run_rules_check(struct run_record *r, const struct run_judge *j)
{
    bool good = run_rules_good(r);

    tell_remarks(&r->course, j);
    check_odd(r, j);
    check_rules(r, good, j);
    if (!good)
        return;
    check_events(r, j);
    check_unreadable(r, j);
    run_rules_check_files(r, j);
}
