/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/relist.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit/artefacts.h"
#include "audit/manifest.h"
#include "aws/failure.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "fetch/pages.h"
#include "show/progress.h"

struct relist {
    struct acquisition *a;
    struct pages pages;
    struct manifest_reader *rows;
    struct progress progress;
    uint64_t same;            /* rows that were in the second list, too */
    char differs[160];        /* where it is another one; "": nowhere yet */
};

/* ------------------------------------------------------------------ pages */

static void show(void *ctx)
{
    struct relist *r = ctx;
    uint64_t listed = (uint64_t)blockmap_next_index(r->pages.map) * BLOCK_SIZE;
    struct progress_facts f = { .done = listed, .blocks = r->same };

    progress_show(&r->progress, &f, clock_monotonic(r->a->journal.clock));
}

/* ------------------------------------------------------------- comparison */

static void note_missing(struct relist *r, uint32_t index)
{
    snprintf(r->differs, sizeof(r->differs), "block %" PRIu32 " was listed at "
             "first, and is not in the second list", index);
}

static void note_new(struct relist *r, uint32_t index)
{
    snprintf(r->differs, sizeof(r->differs), "block %" PRIu32 " is in the "
             "second list alone", index);
}

/* What is in the map against the rows of the manifest. */
static int compare(struct relist *r, struct err *e)
{
    char token[TOKEN_MAX + 1];
    struct manifest_row row;
    uint32_t index;
    int n;

    while (!r->differs[0] && blockmap_peek(r->pages.map, &index)) {
        blockmap_take(r->pages.map, &index, token);
        n = manifest_next(r->rows, &row, e);
        if (n < 0)
            return -1;
        if (n == 0 || index < row.index)
            note_new(r, index);
        else if (index > row.index)
            note_missing(r, row.index);
        else
            r->same++;
    }
    return 0;
}

static int compare_end(struct relist *r, struct err *e)
{
    struct manifest_row row;
    int n;

    if (r->differs[0])
        return 0;
    n = manifest_next(r->rows, &row, e);
    if (n > 0)
        note_missing(r, row.index);
    return n < 0 ? -1 : 0;
}

static int run(struct relist *r, struct err *e)
{
    while (!r->differs[0] && !blockmap_complete(r->pages.map))
        if (pages_next(&r->pages, e) < 0 || compare(r, e) < 0)
            return -1;
    return compare_end(r, e);
}

/* ----------------------------------------------------------------- result */

static int prepare(struct relist *r, struct err *e)
{
    struct acquisition *a = r->a;
    autofree char *path = stage_path(a->outputs.stage, MANIFEST_SUFFIX);
    struct manifest_header h;

    if (!path)
        return err_nomem(e);
    r->rows = manifest_open(path, &h, e);
    if (!r->rows)
        return -1;
    r->pages = (struct pages){
        .aws = a->origin.aws,
        .snapshot = a->origin.snapshot,
        .map = blockmap_new(a->origin.volume_size / GIB, e),
        .stop = &interrupted,
        .tick = show,
        .ctx = r,
    };
    r->pages.call = r->pages.map ? call_new(a->origin.aws, e) : NULL;
    if (!r->pages.call)
        return -1;
    progress_start(&r->progress,
                   progress_wanted(a->opt->progress, a->opt->quiet),
                   "listing again", a->origin.volume_size,
                   clock_monotonic(a->journal.clock));
    return 0;
}

/* A service that does not answer says nothing about the list; one that goes
 * on answering nonsense contradicts what it said before. */
static int not_had(struct relist *r, struct err *e)
{
    bool senseless = pages_were_senseless(&r->pages);

    if (e->kind == ERR_INTERRUPTED)
        return interrupt_check(e);
    if (failure_ends(ASKED_AS_A_CONTROL, e))
        return -1;
    controls_set(&r->a->result.controls, CONTROL_SECOND_LIST,
                 senseless ? CONTROL_DIFFERS : CONTROL_NOT_HAD, "%s%s",
                 senseless ? "the second list makes no sense: " : "", e->msg);
    memset(e, 0, sizeof(*e));
    return 0;
}

static void note_result(struct relist *r)
{
    controls_set(&r->a->result.controls, CONTROL_SECOND_LIST,
                 r->differs[0] ? CONTROL_DIFFERS : CONTROL_DONE, "%s",
                 r->differs);
}

int relist_compare(struct acquisition *a, struct err *e)
{
    struct relist r = { .a = a };
    int result = prepare(&r, e);

    if (result == 0) {
        result = run(&r, e);
        progress_end(&r.progress);
        if (result < 0)
            result = not_had(&r, e);
        else
            note_result(&r);
    }
    call_free(r.pages.call);
    blockmap_free(r.pages.map);
    manifest_close(r.rows);
    return result;
}
