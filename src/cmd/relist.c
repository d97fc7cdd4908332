/* The list of blocks decides which of them are zeros that the provider never
 * stored.  EC2 counts the stored blocks; where it does not, one list alone
 * would be believed, so the blocks are listed a second time after the last
 * one has come, and compared with the manifest. */
#include <string.h>

#include "audit/manifest.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "cmd/acquisition.h"
#include "ebs/requests.h"

#define PAGE_TRIES 8

struct relist {
    struct acquisition *a;
    struct blockmap *map;
    struct call *call;
    struct manifest_reader *rows;
    bool differs;
};

/* A page that makes no sense: 0, to ask once more. */
static int take_page(struct relist *r, struct err *e)
{
    const struct http_answer *answer = r->call->answer;
    struct listing page;

    return listing_parse(answer->body.s, answer->body.len, &page, e) == 0
        && blockmap_add(r->map, &page, e) == 0;
}

/* 1: the next page is in the map, 0: ask once more, -1: it cannot be had. */
static int ask(struct relist *r, struct err *e)
{
    request_list(r->call, r->a->snapshot, blockmap_page_token(r->map),
                 blockmap_next_index(r->map));
    r->call->limit = LIST_ANSWER_MAX;
    if (aws_wait(r->a->aws, r->call, &interrupted, e) == 0)
        return take_page(r, e);
    if (e->kind == ERR_INTERRUPTED
        || r->call->verdict != V_STALE_PAGE_TOKEN
        || !blockmap_page_token(r->map)[0])
        return -1;
    blockmap_drop_page_token(r->map);
    return 0;
}

static int next_page(struct relist *r, struct err *e)
{
    int got = 0;

    for (int i = 0; i < PAGE_TRIES && got == 0; i++)
        got = ask(r, e);
    return got == 1 ? 0 : -1;
}

/* What is in the map against the rows of the manifest. */
static int compare(struct relist *r, struct err *e)
{
    char token[TOKEN_MAX + 1];
    struct manifest_row row;
    uint32_t index;
    int n;

    while (!r->differs && blockmap_peek(r->map, &index)) {
        blockmap_take(r->map, &index, token);
        n = manifest_next(r->rows, &row, e);
        if (n < 0)
            return -1;
        r->differs = n == 0 || row.index != index;
    }
    return 0;
}

static int compare_end(struct relist *r, struct err *e)
{
    struct manifest_row row;
    int n;

    if (r->differs)
        return 0;
    n = manifest_next(r->rows, &row, e);
    if (n < 0)
        return -1;
    r->differs = n > 0
        || blockmap_volume_size(r->map) != r->a->volume_size;
    return 0;
}

static int run(struct relist *r, struct err *e)
{
    while (!r->differs && !blockmap_complete(r->map))
        if (next_page(r, e) < 0 || compare(r, e) < 0)
            return -1;
    return compare_end(r, e);
}

static int prepare(struct relist *r, struct err *e)
{
    autofree char *path = stage_path(r->a->stage, ".blocks");
    struct manifest_header h;

    if (!path)
        return err_nomem(e);
    r->rows = manifest_open(path, &h, e);
    if (!r->rows)
        return -1;
    r->map = blockmap_new(0, e);
    r->call = r->map ? call_new(r->a->aws, e) : NULL;
    return r->call ? 0 : -1;
}

/* That the list cannot be had any more says nothing about the image. */
static int warn_unlisted(struct acquisition *a, struct err *e)
{
    char text[1280];

    if (e->kind == ERR_INTERRUPTED || e->kind == ERR_INTERNAL
        || e->kind == ERR_DEST || e->kind == ERR_VERIFY)
        return -1;
    snprintf(text, sizeof(text), "EC2 does not say how many blocks the "
             "snapshot has, and they could not be listed a second time: the "
             "list could not be compared (%s)", e->msg);
    memset(e, 0, sizeof(*e));
    return journal_warning(a, text, e);
}

int relist_compare(struct acquisition *a, struct err *e)
{
    struct relist r = { .a = a };
    int result = prepare(&r, e);

    if (result == 0) {
        result = run(&r, e);
        a->list = result < 0 ? LIST_ALONE
                             : r.differs ? LIST_DIFFERS : LIST_TWICE;
        if (result < 0)
            result = warn_unlisted(a, e);
    }
    call_free(r.call);
    blockmap_free(r.map);
    manifest_close(r.rows);
    return result;
}
