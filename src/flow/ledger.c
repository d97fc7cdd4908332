/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/ledger.h"

#include <stdio.h>
#include <string.h>

static void count(struct ledger_counts *c, const struct manifest_row *row)
{
    switch (row->class) {
    case BLOCK_STORED:
        c->stored++;
        break;
    case BLOCK_ZERO:
        c->zero++;
        break;
    case BLOCK_UNREADABLE:
        c->unreadable++;
        break;
    }
    if (row->class == BLOCK_STORED)
        c->end = ((uint64_t)row->index + 1) * BLOCK_SIZE;
    c->end_unreadable = row->class == BLOCK_UNREADABLE
        || (c->end_unreadable && row->class == BLOCK_ZERO);
    c->begin_unreadable |= row->class == BLOCK_UNREADABLE && row->index == 0;
    c->carried += row->age > 0;
    c->cached += row->cached;
    c->attempts += row->age || row->cached ? 0 : row->attempts;
}

static int ledger_append(struct sink *k, const struct slot *s,
                         const void *packed, struct err *e)
{
    struct ledger *l = (struct ledger *)k;
    struct manifest_row row = {
        .index = slot_index(s),
        .time = s->time,
        .attempts = s->attempts,
        .class = slot_class(s),
        .age = s->age,
        .cached = s->cached,
        .provider = s->provider,
    };

    (void)packed;
    if (s->provider)
        memcpy(row.sha256, s->expected, sizeof(row.sha256));
    snprintf(row.request_id, sizeof(row.request_id), "%s", s->request_id);
    count(&l->counts, &row);
    return manifest_add(l->manifest, &row, e);
}

static int ledger_hole(struct sink *k, uint64_t offset, uint64_t len,
                       struct err *e)
{
    (void)offset;
    (void)e;
    ((struct ledger *)k)->counts.hole_bytes += len;
    return 0;
}

static int ledger_checkpoint(struct sink *k, struct checkpoint *c,
                             struct err *e)
{
    struct ledger *l = (struct ledger *)k;

    c->rows = l->counts.stored + l->counts.zero + l->counts.unreadable;
    return manifest_sync(l->manifest, c->manifest, e);
}

static int ledger_finish(struct sink *k, const struct hashes *stream,
                         struct err *e)
{
    struct ledger *l = (struct ledger *)k;

    (void)stream;
    return manifest_finish(l->manifest, l->file, l->root, e);
}

static void ledger_abandon(struct sink *k)
{
    struct ledger *l = (struct ledger *)k;

    manifest_free(l->manifest);
    l->manifest = NULL;
}

static void prepare(struct ledger *l)
{
    memset(l, 0, sizeof(*l));
    l->sink = (struct sink){
        .name = "manifest",
        .append = ledger_append,
        .hole = ledger_hole,
        .checkpoint = ledger_checkpoint,
        .finish = ledger_finish,
        .abandon = ledger_abandon,
        .free = ledger_abandon,
    };
}

struct recount {
    struct ledger_counts *counts;
    void (*each)(void *ctx, const struct manifest_row *row);
    void *ctx;
};

static void recount(void *ctx, const struct manifest_row *row)
{
    struct recount *r = ctx;

    count(r->counts, row);
    if (r->each)
        r->each(r->ctx, row);
}

int ledger_resume(struct ledger *l, const char *path,
                  const struct checkpoint *at,
                  void (*each)(void *ctx, const struct manifest_row *row),
                  void *ctx, struct err *e)
{
    struct recount r = { &l->counts, each, ctx };

    prepare(l);
    l->manifest = manifest_reopen(path, at->rows, at->manifest, recount, &r,
                                  e);
    l->counts.hole_bytes = at->offset - at->rows * BLOCK_SIZE;
    return l->manifest ? 0 : -1;
}

int ledger_open(struct ledger *l, const char *path,
                const struct manifest_header *h, struct err *e)
{
    prepare(l);
    l->manifest = manifest_create(path, h, e);
    return l->manifest ? 0 : -1;
}
