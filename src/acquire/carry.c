/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/carry.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acquire/carrier.h"

struct carry {
    struct carrier carrier;    /* first */
    struct source *reader;
    void (*refused)(void *ctx, const struct slot *s);
    void *ctx;
    /* The carrier's thread only: */
    struct manifest_reader *rows;
    struct manifest_row row;
    bool have_row;
};

/* ---------------------------------------------------------------- blocks */

/* The row of this block; the rows before it are of blocks that are not
 * carried. */
static int find_row(struct carry *c, uint32_t index, struct err *e)
{
    while (!c->have_row || c->row.index < index) {
        int r = manifest_next(c->rows, &c->row, e);

        if (r < 0)
            return -1;
        if (r == 0)
            break;
        c->have_row = true;
    }
    if (c->have_row && c->row.index == index)
        return 0;
    return err_set(e, ERR_VERIFY, 0, "the manifest of the earlier image has "
                   "lost block %" PRIu32, index);
}

static int bring(struct carrier *carrier, struct slot *s, struct err *e)
{
    struct carry *c = (struct carry *)carrier;

    if (find_row(c, slot_index(s), e) < 0
        || image_reader_fill(c->reader, s, e) < 0)
        return -1;
    memcpy(s->expected, c->row.sha256, sizeof(s->expected));
    s->provider = c->row.provider;
    s->attempts = c->row.attempts;
    s->time = c->row.time;
    s->age = c->row.age + 1;
    snprintf(s->request_id, sizeof(s->request_id), "%s", c->row.request_id);
    return 0;
}

/* ---------------------------------------------------------------- supply */

static int carry_unpack(struct fetch_supply *u, struct slot *s,
                        struct err *e)
{
    struct carry *c = (struct carry *)u;

    return c->reader->unpack(c->reader, s, e);
}

static void carry_refused(struct fetch_supply *u, const struct slot *s)
{
    struct carry *c = (struct carry *)u;

    c->refused(c->ctx, s);
}

/* A damaged range makes its block unreadable, and that is refused. */
static void ignore_damage(void *ctx, uint64_t offset, uint64_t len)
{
    (void)ctx;
    (void)offset;
    (void)len;
}

static int make_reader(struct carry *c, const struct image *image,
                       unsigned slots, struct err *e)
{
    struct image_reader_config rc = {
        .image = image,
        .slots = slots,
        .lax = true,
        .damaged = ignore_damage,
    };

    c->reader = image_reader_new(&rc, e);
    if (!c->reader)
        return -1;
    if (c->reader->unpack)
        c->carrier.supply.unpack = carry_unpack;
    return 0;
}

struct carry *carry_new(const struct image *image,
                        struct manifest_reader *rows, unsigned slots,
                        void (*refused)(void *ctx, const struct slot *s),
                        void *ctx, struct err *e)
{
    struct carry *c = calloc(1, sizeof(*c));

    if (!c) {
        err_nomem(e);
        return NULL;
    }
    c->rows = rows;
    c->refused = refused;
    c->ctx = ctx;
    if (carrier_init(&c->carrier, slots, bring, e) == 0
        && make_reader(c, image, slots, e) == 0) {
        c->carrier.supply.refused = carry_refused;
        return c;
    }
    carry_free(c);
    return NULL;
}

struct fetch_supply *carry_supply(struct carry *c)
{
    return &c->carrier.supply;
}

void carry_free(struct carry *c)
{
    if (!c)
        return;
    image_reader_free(c->reader);
    carrier_free(&c->carrier);
    free(c);
}
