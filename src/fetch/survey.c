/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/survey.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "aws/verdict.h"
#include "base/block.h"
#include "base/number.h"
#include "ebs/changed.h"
#include "ebs/requests.h"
#include "fetch/pages.h"

/* 10000 entries with two tokens of 256 characters and their JSON. */
#define PAGE_LIMIT (8 * MIB)

static int ask(struct survey *s,
               int (*take)(void *ctx, const struct call *c, struct err *e),
               void *ctx, struct err *e)
{
    s->calls++;
    s->call->limit = PAGE_LIMIT;
    return aws_ask(s->aws, s->call, take, ctx, s->stop, e);
}

/* Keys that are good but may not do this: say what is to be allowed. */
static int refused(const char *right, const char *snapshot, struct err *e)
{
    if (verdict_lacks_right(e))
        err_in(e, "the right %s is missing", right);
    return err_in(e, "listing the blocks of %s", snapshot);
}

/* ---------------------------------------------------------------- stored */

static int drain(struct blockmap *m, struct blockset **set, struct err *e)
{
    char token[TOKEN_MAX + 1];
    uint32_t index;

    if (!*set && blockmap_volume_size(m))
        *set = blockset_new(blockmap_volume_size(m) / BLOCK_SIZE, e);
    if (!*set)
        return blockmap_volume_size(m) ? -1 : 0;
    while (blockmap_peek(m, &index)) {
        blockmap_take(m, &index, token);
        blockset_add(*set, index);
    }
    return 0;
}

static int list(struct pages *p, struct blockset **set, struct err *e)
{
    while (!blockmap_complete(p->map)) {
        if (pages_next(p, e) < 0)
            return refused("ebs:ListSnapshotBlocks", p->snapshot, e);
        if (drain(p->map, set, e) < 0)
            return -1;
    }
    return 0;
}

int survey_stored(struct survey *s, const char *snapshot,
                  struct blockset **set, uint64_t *gib, struct err *e)
{
    struct pages p = {
        .aws = s->aws,
        .call = s->call,
        .snapshot = snapshot,
        .map = blockmap_new(0, e),
        .stop = s->stop,
    };
    int r;

    *set = NULL;
    if (!p.map)
        return -1;
    r = list(&p, set, e);
    s->calls += p.calls;
    if (r == 0)
        *gib = blockmap_volume_size(p.map) / GIB;
    blockmap_free(p.map);
    return r;
}

/* The first block that only one of them has, or BLOCKSET_END. */
static uint64_t first_difference(const struct blockset *a,
                                 const struct blockset *b)
{
    uint64_t x = blockset_next(a, 0);
    uint64_t y = blockset_next(b, 0);

    while (x == y && x != BLOCKSET_END) {
        x = blockset_next(a, x + 1);
        y = blockset_next(b, y + 1);
    }
    return x == y ? BLOCKSET_END : x < y ? x : y;
}

static int check_again(struct survey *s, const char *snapshot,
                       const struct blockset *set, uint64_t gib,
                       struct err *e)
{
    autoblockset struct blockset *again = NULL;
    uint64_t gib_again = 0, at;

    if (survey_stored(s, snapshot, &again, &gib_again, e) < 0)
        return -1;
    if (gib_again != gib)
        return err_set(e, ERR_SERVICE, 0, "EBS contradicts itself: the volume "
                       "of %s has %" PRIu64 " GiB, and when it is listed "
                       "again %" PRIu64 " GiB", snapshot, gib, gib_again);
    at = first_difference(set, again);
    if (at == BLOCKSET_END)
        return 0;
    return err_set(e, ERR_SERVICE, 0, "EBS contradicts itself: of two lists "
                   "of the blocks of %s only the %s has block %" PRIu64,
                   snapshot, blockset_has(set, at) ? "first" : "second", at);
}

int survey_stored_twice(struct survey *s, const char *snapshot,
                        struct blockset **set, uint64_t *gib, struct err *e)
{
    if (survey_stored(s, snapshot, set, gib, e) < 0)
        return -1;
    return check_again(s, snapshot, *set, *gib, e);
}

/* --------------------------------------------------------------- changed */

/* A page token that has grown too old costs a list from the last block that
 * it named; so often in a row, without another block, it never ends. */
#define STALE_MAX 10

struct changes {
    struct changed_walk walk;
    unsigned stale;
    uint64_t named;      /* entries when a token was stale last */
    uint64_t blocks;
    struct delta *delta;
};

static int take_changed(void *ctx, const struct call *c, struct err *e)
{
    const struct text *body = &c->answer->body;
    struct changes *x = ctx;
    struct changed page;
    int r;

    if (changed_parse(body->s ? body->s : "", body->len, &page, e) < 0)
        return -1;
    r = changed_walk_add(&x->walk, &page, x->blocks, e);
    for (size_t i = 0; r == 0 && i < page.count; i++) {
        const struct changed_entry *y = &page.entries[i];

        blockset_add(x->delta->listed, y->index);
        if (y->first)
            blockset_add(x->delta->first, y->index);
        if (y->second)
            blockset_add(x->delta->second, y->index);
    }
    changed_free(&page);
    return r;
}

static int changed_page(struct survey *s, const char *a, const char *b,
                        struct changes *x, struct err *e)
{
    request_changed(s->call, a, b, x->walk.next,
                    x->walk.any ? x->walk.last + 1 : 0);
    if (ask(s, take_changed, x, e) == 0)
        return 0;
    if (s->call->verdict != V_STALE_PAGE_TOKEN || !x->walk.next[0]) {
        err_in(e, "comparing with %s", a);
        return refused("ebs:ListChangedBlocks on both snapshots", b, e);
    }
    x->stale = x->walk.count == x->named ? x->stale + 1 : 1;
    x->named = x->walk.count;
    if (x->stale > STALE_MAX)
        return err_in(e, "the list of changes between %s and %s never ends",
                      a, b);
    x->walk.next[0] = '\0';
    memset(e, 0, sizeof(*e));
    return 0;
}

int survey_changed(struct survey *s, const char *a, const char *b,
                   uint64_t blocks, struct delta *d, struct err *e)
{
    struct changes x = {
        .walk.volume_gib = blocks * BLOCK_SIZE / GIB,
        .walk.stored = blockset_count(d->a) + blockset_count(d->b),
        .blocks = blocks,
        .delta = d,
    };

    d->listed = blockset_new(blocks, e);
    d->first = blockset_new(blocks, e);
    d->second = blockset_new(blocks, e);
    if (!d->listed || !d->first || !d->second)
        return -1;
    while (!x.walk.complete)
        if (changed_page(s, a, b, &x, e) < 0)
            return -1;
    return 0;
}
