/* SPDX-License-Identifier: Apache-2.0 */
/* ListChangedBlocks.  Pages are cut before the comparison: blocks that are
 * the same in both snapshots take their place on a page and leave it
 * empty. */
#include <stdio.h>
#include <string.h>

#include "entry.h"
#include "page.h"
#include "request.h"
#include "scope.h"
#include "token.h"

struct pair {
    const struct snapshot *first;
    const struct snapshot *second;
};

/* The index at a position, above all others at the end. */
static uint64_t index_at(const struct blocks *b, uint64_t pos)
{
    return pos < b->count ? blocks_at(b, pos).index : UINT64_MAX;
}

static void find(struct entries *e, struct page *p, const struct pair *two,
                 uint64_t overlap)
{
    const struct blocks *a = &two->first->blocks;
    const struct blocks *b = &two->second->blocks;
    uint64_t start = p->start - (overlap < p->start ? overlap : p->start);
    uint64_t i = blocks_from(a, start);
    uint64_t j = blocks_from(b, start);
    uint64_t seen = 0;

    for (;;) {
        uint64_t x = index_at(a, i);
        uint64_t y = index_at(b, j);
        uint64_t low = x < y ? x : y;

        p->more = low != UINT64_MAX;
        p->next = low;
        if (!p->more || seen++ == p->limit)
            return;
        if (x != y || blocks_at(a, i).identity != blocks_at(b, j).identity)
            entries_add(e, (struct entry){ (uint32_t)low, x == low,
                                           y == low });
        i += x == low;
        j += y == low;
    }
}

static void print_token(struct bytes *b, struct token_batch *tokens,
                        const char *name, uint32_t index, bool have)
{
    bytes_fmt(b, ",\"%s\":", name);
    if (!have) {
        bytes_str(b, "null");
        return;
    }
    bytes_str(b, "\"");
    if (bytes_room(b, TOKEN_ROOM))
        b->len += token_make(tokens, index, b->at + b->len);
    bytes_str(b, "\"");
}

static void print_entries(const struct entries *e, const struct page *p,
                          struct request *r, const struct pair *two)
{
    autobatch struct token_batch *first = page_batch(p, r, two->first);
    autobatch struct token_batch *second = page_batch(p, r, two->second);
    struct bytes *b = &r->answer.body;

    if (!first || !second) {
        b->broken = true;
        return;
    }
    for (size_t i = 0; i < e->count; i++) {
        const struct entry *x = &e->list[i];

        bytes_fmt(b, "%s{\"BlockIndex\":%u", i ? "," : "", x->index);
        print_token(b, first, "FirstBlockToken", x->index,
                    x->first && effect_or(&r->fx, FX_DROP_TOKEN, 0) != 1);
        print_token(b, second, "SecondBlockToken", x->index,
                    x->second && effect_or(&r->fx, FX_DROP_TOKEN, 0) != 2);
        bytes_str(b, "}");
    }
}

static void print(const struct entries *e, const struct page *p,
                  struct request *r, const struct pair *two)
{
    struct bytes *b = &r->answer.body;

    answer_type(&r->answer, "application/json");
    if (e->count == 0 && !p->more) {
        bytes_str(b, "{\"BlockSize\":null,\"ChangedBlocks\":[],"
                     "\"ExpiryTime\":null,\"LastEvaluatedBlockIndex\":null,"
                     "\"NextToken\":null,\"VolumeSize\":null}");
        return;
    }
    bytes_fmt(b, "{\"BlockSize\":%lld,\"ChangedBlocks\":[",
              (long long)effect_or(&r->fx, FX_BLOCK_SIZE, BLOCK_SIZE));
    print_entries(e, p, r, two);
    bytes_str(b, "],");
    page_expiry(b, e->count ? p->expires : r->now);
    bytes_str(b, "\"LastEvaluatedBlockIndex\":null,");
    page_next_token(p, r);
    bytes_fmt(b, "\"VolumeSize\":%lld}",
              (long long)effect_or(&r->fx, FX_VOLUME_SIZE,
                                   (int64_t)two->second->size_gib));
}

static bool find_pair(struct pair *two, struct request *r, const char *first)
{
    two->first = page_snapshot(r, first);
    two->second = two->first ? page_snapshot(r, r->snapshot) : NULL;
    if (!two->second)
        return false;
    if (strcmp(two->first->lineage, two->second->lineage) == 0 ||
        effect_on(&r->fx, FX_AGAINST))
        return true;
    fault_answer(r, FAULT_UNRELATED,
                 "The snapshots '%s' and '%s' are not related.", first,
                 r->snapshot);
    return false;
}

void op_changed(struct request *r)
{
    const char *first = params_get(&r->params, "firstSnapshotId");
    char scope[2 * SNAPSHOT_ID_ROOM];
    autoentries e = { 0 };
    struct pair two;
    struct page p;

    if (!first || !first[0]) {
        fault_answer(r, FAULT_SNAPSHOT_ID,
                     "First snapshot should not be empty or null");
        return;
    }
    snprintf(scope, sizeof(scope), "%.64s,%.64s", first, r->snapshot);
    if (effect_on(&r->fx, FX_AGAINST))
        first = r->fx.against;
    if (!page_begin(&p, r, TOKEN_CHANGED, scope) ||
        !find_pair(&two, r, first))
        return;
    if (!entries_room(&e, &p)) {
        r->answer.body.broken = true;
        return;
    }
    find(&e, &p, &two,
         p.token ? (uint64_t)effect_or(&r->fx, FX_OVERLAP, 0) : 0);
    entries_spoil(&e, &p, &r->fx, two.second);
    print(&e, &p, r, &two);
}
