/* The list of blocks decides which of them are zeros that the provider never
 * stored.  So the blocks are listed a second time after the last one has come,
 * and compared with the manifest, page by page. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "acquire/acquisition.h"
#include "audit/manifest.h"
#include "aws/failure.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "ebs/requests.h"

/* Page tokens that have grown stale, one after another. */
#define STALE_MAX 8

#define POLL_MS 200

struct relist {
    struct acquisition *a;
    struct blockmap *map;
    struct call *call;
    struct manifest_reader *rows;
    struct progress progress;
    bool ended;               /* the call has */
    unsigned senseless;       /* attempt whose answer made no sense, or 0 */
    uint64_t same;            /* rows that were in the second list, too */
    char differs[160];        /* where it is another one; "": nowhere yet */
};

/* ------------------------------------------------------------------ pages */

static void show(struct relist *r)
{
    uint64_t listed = (uint64_t)blockmap_next_index(r->map) * BLOCK_SIZE;
    struct progress_facts f = { .done = listed, .blocks = r->same };

    progress_show(&r->progress, &f, clock_monotonic(r->a->clock));
}

static void on_done(struct call *c)
{
    ((struct relist *)c->owner)->ended = true;
}

static int await(struct relist *r, struct err *e)
{
    while (!r->ended) {
        show(r);
        if (interrupt_check(e) < 0)
            return -1;
        if (aws_poll(r->a->aws, POLL_MS, e) < 0)
            return -1;
    }
    return 0;
}

static int take_page(struct relist *r, struct err *e)
{
    const struct http_answer *answer = r->call->answer;
    struct listing page;

    return listing_parse(answer->body.s ? answer->body.s : "",
                         answer->body.len, &page, e) < 0
        ? -1 : blockmap_add(r->map, &page, e);
}

/* Until the page is in the map, or the call has ended without it; an answer
 * that makes no sense is asked for again as often as any that fails. */
static int wait_for_page(struct relist *r, struct err *e)
{
    for (;;) {
        struct err why = ERR_INIT;

        if (await(r, e) < 0)
            return -1;
        if (r->call->verdict != V_OK) {
            *e = r->call->err;
            return -1;
        }
        if (take_page(r, &why) == 0)
            return 0;
        if (why.kind != ERR_SERVICE) {
            *e = why;
            return -1;
        }
        r->senseless = r->call->attempts;
        r->ended = false;
        call_reject(r->call, why.msg);
    }
}

static int ask(struct relist *r, struct err *e)
{
    int result;

    request_list(r->call, r->a->snapshot, blockmap_page_token(r->map),
                 blockmap_next_index(r->map));
    r->call->limit = LIST_ANSWER_MAX;
    r->senseless = 0;
    r->ended = false;
    call_start(r->call);
    result = wait_for_page(r, e);
    call_cancel(r->call);
    return result;
}

static int next_page(struct relist *r, struct err *e)
{
    for (int stale = 0; stale < STALE_MAX; stale++) {
        if (ask(r, e) == 0)
            return 0;
        if (e->kind == ERR_INTERRUPTED
            || r->call->verdict != V_STALE_PAGE_TOKEN
            || !blockmap_page_token(r->map)[0])
            break;
        blockmap_drop_page_token(r->map);
    }
    return -1;
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

    while (!r->differs[0] && blockmap_peek(r->map, &index)) {
        blockmap_take(r->map, &index, token);
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
    while (!r->differs[0] && !blockmap_complete(r->map))
        if (next_page(r, e) < 0 || compare(r, e) < 0)
            return -1;
    return compare_end(r, e);
}

/* ----------------------------------------------------------------- result */

static int prepare(struct relist *r, struct err *e)
{
    struct acquisition *a = r->a;
    autofree char *path = stage_path(a->stage, ".blocks");
    struct manifest_header h;

    if (!path)
        return err_nomem(e);
    r->rows = manifest_open(path, &h, e);
    if (!r->rows)
        return -1;
    r->map = blockmap_new(a->volume_size / GIB, e);
    r->call = r->map ? call_new(a->aws, e) : NULL;
    if (!r->call)
        return -1;
    r->call->done = on_done;
    r->call->owner = r;
    progress_start(&r->progress,
                   progress_wanted(a->opt->progress, a->opt->quiet),
                   "listing again", a->volume_size,
                   clock_monotonic(a->clock));
    return 0;
}

/* A service that does not answer says nothing about the list; one that goes
 * on answering nonsense contradicts what it said before. */
static int not_had(struct relist *r, struct err *e)
{
    bool senseless = r->senseless && r->senseless == r->call->attempts;

    if (failure_ends(ASKED_AS_A_CONTROL, e))
        return -1;
    controls_set(&r->a->controls, CONTROL_SECOND_LIST,
                 senseless ? CONTROL_DIFFERS : CONTROL_NOT_HAD, "%s%s",
                 senseless ? "the second list makes no sense: " : "", e->msg);
    memset(e, 0, sizeof(*e));
    return 0;
}

static void note_result(struct relist *r)
{
    controls_set(&r->a->controls, CONTROL_SECOND_LIST,
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
    call_free(r.call);
    blockmap_free(r.map);
    manifest_close(r.rows);
    return result;
}
