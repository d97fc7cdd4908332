/* SPDX-License-Identifier: Apache-2.0 */
/* ListSnapshotBlocks. */
#include "entry.h"
#include "page.h"
#include "request.h"
#include "token.h"

static void find(struct entries *e, struct page *p, const struct request *r,
                 const struct snapshot *s)
{
    uint64_t pos = blocks_from(&s->blocks, p->start);
    uint64_t overlap = (uint64_t)effect_or(&r->fx, FX_OVERLAP, 0);

    if (p->token)
        pos -= overlap < pos ? overlap : pos;
    for (; pos < s->blocks.count && e->count < p->limit; pos++)
        entries_add(e, (struct entry){
            .index = blocks_at(&s->blocks, pos).index, .second = true });
    p->more = pos < s->blocks.count;
    if (p->more)
        p->next = blocks_at(&s->blocks, pos).index;
}

static void print_one(struct bytes *b, struct token_batch *tokens,
                      uint32_t index, const char *comma)
{
    char *to = bytes_room(b, 64 + TOKEN_ROOM);

    if (!to)
        return;
    bytes_fmt(b, "%s{\"BlockIndex\":%u,\"BlockToken\":\"", comma, index);
    b->len += token_make(tokens, index, b->at + b->len);
    bytes_str(b, "\"}");
}

static void print(const struct entries *e, const struct page *p,
                  struct request *r, const struct snapshot *s)
{
    autobatch struct token_batch *tokens = page_batch(p, r, s);
    struct bytes *b = &r->answer.body;

    if (!tokens) {
        b->broken = true;
        return;
    }
    answer_type(&r->answer, "application/json");
    bytes_fmt(b, "{\"BlockSize\":%lld,\"Blocks\":[",
              (long long)effect_or(&r->fx, FX_BLOCK_SIZE, BLOCK_SIZE));
    bytes_room(b, e->count * 160);
    for (size_t i = 0; i < e->count; i++)
        print_one(b, tokens, e->list[i].index, i ? "," : "");
    bytes_str(b, "],");
    page_expiry(b, e->count ? p->expires : r->now);
    page_next_token(p, r);
    bytes_fmt(b, "\"VolumeSize\":%lld}",
              (long long)effect_or(&r->fx, FX_VOLUME_SIZE,
                                   (int64_t)s->size_gib));
}

void op_list(struct request *r)
{
    autoentries e = { 0 };
    struct snapshot *s;
    struct page p;

    if (!page_begin(&p, r, TOKEN_LIST, r->snapshot))
        return;
    s = page_snapshot(r, r->snapshot);
    if (!s)
        return;
    if (!entries_room(&e, &p)) {
        r->answer.body.broken = true;
        return;
    }
    find(&e, &p, r, s);
    entries_spoil(&e, &p, &r->fx, s);
    print(&e, &p, r, s);
}
