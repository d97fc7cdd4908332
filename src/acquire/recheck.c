/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/recheck.h"

#include <inttypes.h>
#include <stdio.h>

#include "acquire/acquisition.h"
#include "acquire/recipe-options.h"
#include "acquire/spotcheck.h"
#include "audit/artefacts.h"
#include "audit/evidence.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "fetch/survey.h"

/* What is there: a manifest, of which so many rows count, and no block that
 * is listed up to an offset may be missing in it. */
struct there {
    char *manifest;
    uint64_t rows, offset, size;
    const char *where;
};

struct recheck {
    struct acquisition *a;
    struct there there;
    const struct blockset *listed;
    struct blockset *own;      /* the list, when it was asked for here */
    struct blockset *kept;     /* blocks that can be compared */
    uint64_t left_out;         /* that are kept as unreadable */
    uint64_t list_calls;
    uint64_t began;            /* monotonic ns */
    struct spotcheck sample;
};

static struct manifest_reader *open_rows(const struct recheck *k,
                                         struct err *e)
{
    struct manifest_header h;

    return manifest_open(k->there.manifest, &h, e);
}

/* ------------------------------------------------------------------ list */

static int ask_list(struct recheck *k, struct survey *v, struct err *e)
{
    uint64_t gib = 0;

    if (survey_stored(v, k->a->origin.snapshot, &k->own, &gib, e) < 0)
        return -1;
    k->listed = k->own;
    return 0;
}

/* With an earlier image the list is there already. */
static int get_list(struct recheck *k, struct err *e)
{
    struct acquisition *a = k->a;
    struct survey v = { .aws = a->origin.aws, .stop = &interrupted };
    int r;

    if (a->since.used) {
        k->listed = a->since.delta.b;
        return 0;
    }
    v.call = call_new(a->origin.aws, e);
    r = v.call ? ask_list(k, &v, e) : -1;
    k->list_calls = v.calls;
    call_free(v.call);
    return r;
}

static int not_the_same(const struct recheck *k, uint64_t index,
                        const char *how, struct err *e)
{
    return err_set(e, ERR_VERIFY, 0, "block %" PRIu64 " of %s %s: what is in "
                   "%s is not what this service has, or was changed; nothing "
                   "of it gets its name: move it away and acquire anew",
                   index, k->a->origin.snapshot, how, k->there.where);
}

static int take_row(struct recheck *k, const struct manifest_row *row,
                    uint64_t *next, struct err *e)
{
    if (row->index > *next)
        return not_the_same(k, *next, "is listed and was not kept", e);
    if (row->index < *next)
        return not_the_same(k, row->index, "was kept and is not listed", e);
    *next = blockset_next(k->listed, *next + 1);
    if (row->class == BLOCK_UNREADABLE)
        k->left_out++;
    else
        blockset_add(k->kept, row->index);
    return 0;
}

/* Every row up to the checkpoint, and every block that is listed there. */
static int compare_list(struct recheck *k, struct manifest_reader *rows,
                        struct err *e)
{
    const struct there *t = &k->there;
    uint64_t next = blockset_next(k->listed, 0);
    struct manifest_row row;

    for (uint64_t i = 0; i < t->rows; i++) {
        int r = manifest_next(rows, &row, e);

        if (r == 0)
            err_set(e, ERR_VERIFY, 0, "the manifest has lost rows");
        if (r <= 0 || take_row(k, &row, &next, e) < 0)
            return -1;
    }
    if (next < t->offset / BLOCK_SIZE)
        return not_the_same(k, next, "is listed and was not kept", e);
    return 0;
}

static int check_list(struct recheck *k, struct err *e)
{
    struct manifest_reader *rows;
    int r;

    if (get_list(k, e) < 0)
        return -1;
    if (blockset_room(k->listed) != k->there.size / BLOCK_SIZE)
        return err_set(e, ERR_SOURCE, 0, "%s is not the snapshot that the "
                       "run was begun with: its volume has another size",
                       k->a->origin.snapshot);
    k->kept = blockset_new(blockset_room(k->listed), e);
    rows = k->kept ? open_rows(k, e) : NULL;
    r = rows ? compare_list(k, rows, e) : -1;
    manifest_close(rows);
    return r;
}

/* ---------------------------------------------------------------- sample */

static int differs(const char *snapshot, const struct manifest_row *row,
                   struct err *e)
{
    return err_set(e, ERR_VERIFY, 0, "block %" PRIu32 " of %s was fetched "
                   "once more, and is not what was kept%s: that is of another "
                   "disk, or was changed; nothing of it gets its name: move "
                   "it away and acquire anew", row->index, snapshot,
                   row->age ? " (of an earlier image)" : "");
}

static int compare_sample(struct recheck *k, struct err *e)
{
    struct acquisition *a = k->a;
    struct spotcheck *c = &k->sample;
    autoblockset struct blockset *chosen =
        spotcheck_choose(k->kept, a->opt->recheck, e);
    int r;

    if (!chosen)
        return -1;
    if (!blockset_count(chosen))
        return 0;
    *c = (struct spotcheck){
        .from = &a->origin,
        .opt = a->opt,
        .budget = &a->budget,
        .clock = a->journal.clock,
        .sample = chosen,
        .gib = k->there.size / GIB,
        .rows = open_rows(k, e),
        .what = "comparing what is kept",
        .differs = differs,
        .zero_unreadable = a->opt->on_unreadable == 1,
    };
    r = c->rows ? spotcheck_run(c, e) : -1;
    manifest_close(c->rows);
    return r;
}

static int warn_unread(struct journal *j, uint64_t n, struct err *e)
{
    char text[200];

    if (n == 0)
        return 0;
    snprintf(text, sizeof(text), "%" PRIu64 " blocks that are kept cannot be "
             "read any more, and could not be compared", n);
    return journal_warning(j, text, e);
}

/* ------------------------------------------------------------------ whole */

static int note(const struct recheck *k, struct err *e)
{
    struct acquisition *a = k->a;
    autorecord struct record r = RECORD_INIT;

    a->resume.rows = k->there.rows;
    a->resume.rechecked = k->sample.compared;
    record_str(&r, "manifest", file_name(k->there.manifest));
    record_u64(&r, "kept", k->there.rows);
    record_u64(&r, "list_calls", k->list_calls);
    recipe_add_count(&r, "asked_for", a->opt->recheck);
    record_u64(&r, "compared", k->sample.compared);
    record_u64(&r, "unreadable_then", k->left_out);
    record_u64(&r, "unreadable_now", k->sample.unreadable);
    record_u64(&r, "milliseconds",
               (clock_monotonic(a->journal.clock) - k->began) / NS_PER_MS);
    return log_write(a->journal.log, "recheck", &r, e);
}

static int compare(struct recheck *k, struct err *e)
{
    struct acquisition *a = k->a;
    int r;

    k->began = clock_monotonic(a->journal.clock);
    r = check_list(k, e);
    if (r == 0)
        r = compare_sample(k, e);
    if (r == 0)
        r = note(k, e);
    if (r == 0)
        r = warn_unread(&a->journal, k->sample.unreadable, e);
    blockset_free(k->own);
    blockset_free(k->kept);
    return r;
}

int recheck_run(struct acquisition *a, struct err *e)
{
    autofree char *manifest = stage_path(a->outputs.stage, MANIFEST_SUFFIX);
    struct recheck k = {
        .a = a,
        .there = {
            .manifest = manifest,
            .rows = a->resume.at.rows,
            .offset = a->resume.at.offset,
            .size = a->origin.volume_size,
            .where = stage_folder(a->outputs.stage),
        },
    };

    if (a->resume.at.offset == 0)
        return 0;
    return manifest ? compare(&k, e) : err_nomem(e);
}

/* ------------------------------------------------------------------ found */

/* How many rows it has, which are those that its log names. */
static int count_rows(struct there *t, const struct evidence *ev,
                      struct err *e)
{
    struct manifest_header h;
    struct manifest_row row;
    unsigned char file[MANIFEST_HASH], root[MANIFEST_HASH];
    struct manifest_reader *rows = evidence_rows(ev, &h, e);
    int r = rows ? 1 : -1;

    while (r > 0 && (r = manifest_next(rows, &row, e)) > 0)
        t->rows++;
    if (r == 0) {
        manifest_hashes(rows, file, root);
        t->offset = t->size = h.volume_size;
        r = evidence_check_manifest(ev, file, e);
    }
    manifest_close(rows);
    return r;
}

static int find(struct there *t, struct evidence *ev, const char *prefix,
                struct err *e)
{
    if (evidence_find(prefix, ev, e) < 0 || !evidence_image(ev, e)
        || evidence_read_log(ev, e) < 0)
        return -1;
    if (!ev->manifest_path)
        return err_set(e, ERR_VERIFY, 0, "its manifest is missing");
    t->manifest = ev->manifest_path;
    t->where = prefix;
    return count_rows(t, ev, e);
}

int recheck_found(struct acquisition *a, struct err *e)
{
    struct recheck k = { .a = a };
    struct evidence ev;
    int r = find(&k.there, &ev, a->outputs.prefix, e);

    if (r == 0)
        r = compare(&k, e);
    evidence_free(&ev);
    return r;
}
