/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/since.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acquire/acquisition.h"
#include "acquire/journal-origin.h"
#include "acquire/journal-way.h"
#include "acquire/spotcheck.h"
#include "audit/artefacts.h"
#include "aws/failure.h"
#include "base/interrupt.h"
#include "base/snapshot-id.h"
#include "fetch/survey.h"
#include "volume/rows.h"

/* ------------------------------------------------------ the earlier image */

/* It must have ended well: what it holds is what its manifest says. */
static int check_log(struct since *s, const char *name, struct err *e)
{
    const struct run_record *l = &s->evidence.log;
    enum outcome o;

    if (!s->evidence.log_path || !s->evidence.manifest_path)
        return err_set(e, ERR_USAGE, 0, "%s has no log or no manifest beside "
                       "it (PREFIX" LOG_SUFFIX ", PREFIX" MANIFEST_SUFFIX ")",
                       name);
    if (evidence_read_log(&s->evidence, e) < 0
        || evidence_check_log(&s->evidence, e) < 0)
        return -1;
    if (l->check.closed && outcome_parse(l->verdict, &o) == 0
        && outcome_is_good(o))
        return 0;
    return err_set(e, ERR_USAGE, 0, "the log of %s does not say that it is "
                   "complete", name);
}

static int take_rows(struct since *s, struct rows *r, struct err *e)
{
    memcpy(s->snapshot, r->snapshot, sizeof(s->snapshot));
    memcpy(s->manifest, r->sha256, sizeof(s->manifest));
    memcpy(s->root, r->root, sizeof(s->root));
    s->delta.a = r->stored;
    s->unread = r->unproved;
    r->stored = r->unproved = NULL;
    if (!snapshot_id_ok(s->snapshot))
        return err_set(e, ERR_VERIFY, 0, "the manifest names no snapshot");
    return evidence_check_manifest(&s->evidence, s->manifest, e);
}

/* Read once to be proved; the log has its SHA-256. */
static int read_manifest(struct since *s, struct err *e)
{
    struct rows rows = { .stored = NULL };
    int r = rows_read(&s->evidence, s->image.size, &rows, e);

    if (r == 0)
        r = take_rows(s, &rows, e);
    rows_free(&rows);
    return r;
}

static int open_earlier(struct since *s, const char *name, struct err *e)
{
    const char *image;

    if (evidence_find(name, &s->evidence, e) < 0
        || check_log(s, name, e) < 0
        || !(image = evidence_image(&s->evidence, e))
        || image_open(image, &s->image, e) < 0
        || read_manifest(s, e) < 0)
        return err_in(e, "the earlier image");
    s->path = realpath(s->image.paths[0], NULL);
    return s->path ? 0 : err_nomem(e);
}

/* A case log that lies beside it has what it was when it was made. */
static int check_voucher(struct since *s, struct err *e)
{
    if (voucher_find(s->evidence.prefix, &s->voucher, e) < 0
        || voucher_check(&s->voucher, s->evidence.log.check.head, s->manifest,
                         s->root, e) < 0)
        return err_in(e, "the earlier image");
    return 0;
}

/* The volume of a copy or an upload says nothing. */
static const char *meant(const char *volume)
{
    return volume && ec2_volume_meaningless(volume) ? NULL : volume;
}

/* Both are of one volume. */
static int check_volume(struct acquisition *a, struct err *e)
{
    const struct run_record *l = &a->since.evidence.log;
    const struct {
        const char *what, *then, *now;
    } rows[] = {
        { "volume", meant(l->volume_id), meant(a->origin.facts.volume_id) },
        { "owner", l->owner, a->origin.facts.owner_id },
    };
    bool unknown = false;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *then = rows[i].then, *now = rows[i].now;

        if (!then || !then[0] || !now)
            unknown = true;
        else if (strcmp(then, now) != 0)
            return err_set(e, ERR_SOURCE, 0, "the %s of the earlier image is "
                           "%s, and that of %s is %s: only an image of the "
                           "same volume can be built upon", rows[i].what,
                           then, a->origin.snapshot, now);
    }
    return !unknown ? 0
        : journal_warning(&a->journal, "volume and owner of the earlier image "
                          "and of the snapshot are not all known: that they "
                          "are the same could not be compared", e);
}

/* ----------------------------------------------------------------- lists */

static int check_size(const struct since *s, uint64_t gib, struct err *e)
{
    if (gib * GIB == s->image.size)
        return 0;
    return err_set(e, ERR_SOURCE, 0, "the volume had %llu GiB then and has "
                   "%" PRIu64 " GiB now", (unsigned long long)
                   (s->image.size / GIB), gib);
}

static int list(struct acquisition *a, struct survey *v, uint64_t *gib,
                struct err *e)
{
    struct since *s = &a->since;

    if (strcmp(s->snapshot, a->origin.snapshot) == 0)
        return err_set(e, ERR_SOURCE, 0, "it is of this very snapshot");
    if (survey_stored(v, a->origin.snapshot, &s->delta.b, gib, e) < 0)
        return -1;
    v->call->not_ready_seconds = 0;
    if (check_size(s, *gib, e) < 0
        || survey_changed(v, s->snapshot, a->origin.snapshot,
                          *gib * BLOCKS_PER_GIB, &s->delta, e) < 0)
        return -1;
    return delta_prove(&s->delta, e);
}

/* What is stored now comes from the earlier image, unless it was written
 * since, or was not had then. */
static int divide(struct since *s, struct err *e)
{
    uint64_t blocks = blockset_room(s->delta.b);

    s->carry = blockset_new(blocks, e);
    s->fetch = blockset_new(blocks, e);
    if (!s->carry || !s->fetch)
        return -1;
    for (uint64_t i = blockset_next(s->delta.b, 0); i != BLOCKSET_END;
         i = blockset_next(s->delta.b, i + 1))
        blockset_add(blockset_has(s->delta.listed, i)
                         || blockset_has(s->unread, i) ? s->fetch : s->carry,
                     i);
    s->counts = delta_count(&s->delta);
    s->carried = blockset_count(s->carry);
    s->fetched = blockset_count(s->fetch);
    return 0;
}

static int list_lies(const char *snapshot, const struct manifest_row *row,
                     struct err *e)
{
    return err_set(e, ERR_VERIFY, 0, "EBS does not list block %" PRIu32
                   " of %s as changed, but its bytes are others than then: "
                   "the list of changes cannot be trusted", row->index,
                   snapshot);
}

static int audit(struct acquisition *a, uint64_t gib, struct err *e)
{
    struct since *s = &a->since;
    struct spotcheck c = {
        .from = &a->origin,
        .opt = a->opt,
        .budget = &a->budget,
        .clock = a->journal.clock,
        .gib = gib,
        .what = "comparing a sample",
        .differs = list_lies,
    };
    autoblockset struct blockset *sample = NULL;
    struct manifest_header h;
    int r;

    if (!a->opt->audit || !s->carried)
        return 0;
    c.sample = sample = spotcheck_choose(s->carry, a->opt->audit, e);
    if (!sample || !(c.rows = evidence_rows(&s->evidence, &h, e)))
        return -1;
    r = spotcheck_run(&c, e);
    manifest_close(c.rows);
    s->audited = c.compared;
    return r;
}

static int try_lists(struct acquisition *a, struct survey *v, struct err *e)
{
    uint64_t gib = 0;

    if (list(a, v, &gib, e) < 0 || divide(&a->since, e) < 0)
        return -1;
    return audit(a, gib, e);
}

static int ask_lists(struct acquisition *a, unsigned not_ready_seconds,
                     struct err *e)
{
    struct survey v = {
        .aws = a->origin.aws,
        .call = call_new(a->origin.aws, e),
        .stop = &interrupted,
    };
    int r;

    if (!v.call)
        return -1;
    v.call->not_ready_seconds = not_ready_seconds;
    r = try_lists(a, &v, e);
    a->since.list_calls = v.calls;
    call_free(v.call);
    return r;
}

/* --------------------------------------------------------------- the rest */

/* A block that the earlier image does not hold any more as it should. */
static void on_refused(void *ctx, const struct slot *slot)
{
    struct acquisition *a = ctx;

    a->since.refused++;
    journal_not_carried(&a->journal, slot);
}

static int open_source(struct acquisition *a, struct err *e)
{
    struct since *s = &a->since;
    struct manifest_header h;

    s->rows = evidence_rows(&s->evidence, &h, e);
    if (!s->rows)
        return -1;
    s->source = carry_new(&s->image, s->rows, a->budget.slots, on_refused, a,
                          e);
    if (!s->source)
        return -1;
    /* A raw image that is gone on with was opened before this is known. */
    if (a->resume.on || !(s->image.format->traits & FORMAT_SHARING)
        || s->image.paths[1])
        return 0;
    s->share = raw_share_new(s->image.paths[0], e);
    return s->share ? 0 : -1;
}

/* Without the earlier image the result is as good, and costs more. */
static int without(struct acquisition *a, struct err *why, struct err *e)
{
    char text[1280];

    if (failure_ends(ASKED_AS_USEFUL, why)) {
        *e = *why;
        return -1;
    }
    a->since.used = false;
    snprintf(text, sizeof(text), "every block%s is fetched, because %s "
             "cannot be built upon: %s", a->resume.on ? " that is left" : "",
             a->opt->since, why->msg);
    if (journal_since(&a->journal, &a->since, why, e) < 0)
        return -1;
    return journal_warning(&a->journal, text, e);
}

/* Named by somebody who expects it to be there; or in a run that is gone on
 * with, and that must come to its end without it. */
static int not_there(struct acquisition *a, struct err *why, struct err *e)
{
    if (a->resume.on)
        return without(a, why, e);
    *e = *why;
    return -1;
}

int since_prepare(struct acquisition *a, unsigned not_ready_seconds,
                  struct err *e)
{
    struct err why = ERR_INIT;

    if (open_earlier(&a->since, a->opt->since, &why) < 0)
        return not_there(a, &why, e);
    if (check_voucher(&a->since, e) < 0 || check_volume(a, e) < 0)
        return -1;
    if (ask_lists(a, not_ready_seconds, &why) < 0)
        return without(a, &why, e);
    if (open_source(a, e) < 0)
        return -1;
    a->since.used = true;
    return journal_since(&a->journal, &a->since, &why, e);
}

void since_configure(struct since *s, struct fetch_config *c)
{
    if (!s->used)
        return;
    c->only = s->fetch;
    c->stored = s->delta.b;
    c->supply = carry_supply(s->source);
}

bool since_is_proved(const struct since *s)
{
    return !s->used || s->audited == s->carried;
}

void since_free(struct since *s)
{
    carry_free(s->source);
    raw_share_free(s->share);
    manifest_close(s->rows);
    delta_free(&s->delta);
    blockset_free(s->unread);
    blockset_free(s->carry);
    blockset_free(s->fetch);
    free(s->path);
    if (s->image.paths)
        image_close(&s->image);
    voucher_free(&s->voucher);
    evidence_free(&s->evidence);
}
