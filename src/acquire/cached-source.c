/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/cached-source.h"

#include <stdlib.h>
#include <string.h>

#include "acquire/carrier.h"

struct cached_source {
    struct carrier carrier;    /* first */
    struct kept *kept;
    uint64_t *refused;
};

/* One that is not there any more is refused, and fetched. */
static int bring(struct carrier *carrier, struct slot *s, struct err *e)
{
    struct cached_source *c = (struct cached_source *)carrier;

    (void)e;
    s->cached = true;
    s->unreadable = !kept_read(c->kept, s);
    if (s->unreadable)
        memset(s->raw, 0, BLOCK_SIZE);
    return 0;
}

static void refused(struct fetch_supply *u, const struct slot *s)
{
    struct cached_source *c = (struct cached_source *)u;

    kept_refuse(c->kept, s);
    ++*c->refused;
}

struct cached_source *cached_source_new(struct kept *kept, unsigned slots,
                                        uint64_t *count, struct err *e)
{
    struct cached_source *c = calloc(1, sizeof(*c));

    if (!c) {
        err_nomem(e);
        return NULL;
    }
    c->kept = kept;
    c->refused = count;
    if (carrier_init(&c->carrier, slots, bring, e) < 0) {
        cached_source_free(c);
        return NULL;
    }
    c->carrier.supply.refused = refused;
    return c;
}

struct fetch_supply *cached_source_supply(struct cached_source *c)
{
    return &c->carrier.supply;
}

void cached_source_free(struct cached_source *c)
{
    if (!c)
        return;
    carrier_free(&c->carrier);
    free(c);
}
