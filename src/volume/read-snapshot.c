/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of a snapshot, by the engine that acquires. */
#include <stdlib.h>
#include <string.h>

#include "audit/hash.h"
#include "volume/access.h"
#include "volume/fetching.h"
#include "volume/kept.h"
#include "volume/read-private.h"

struct snapshot_supply {
    struct block_supply base;  /* first */
    struct delivery delivery;  /* between the fetch and the cache */
    struct volume *volume;
    struct source *fetch;
    struct delivery *cache;
};

static struct snapshot_supply *ours(struct delivery *d)
{
    return (struct snapshot_supply *)((char *)d
        - offsetof(struct snapshot_supply, delivery));
}

/* ---------------------------------------------------------------- delivery */

static unsigned char *place(struct delivery *d, struct slot *s)
{
    struct delivery *to = ours(d)->cache;

    return to->place(to, s);
}

static void arrived(struct delivery *d, struct slot *s)
{
    struct delivery *to = ours(d)->cache;

    to->arrived(to, s);
}

static void lost(struct delivery *d, struct slot *s, const struct err *why)
{
    const struct snapshot_supply *u = ours(d);

    if (s && u->volume->access)
        access_lost(u->volume->access, s, why);
    u->cache->lost(u->cache, s, why);
}

/* ------------------------------------------------------------------ supply */

/* Of a block that was kept `age' is not 0. */
static void want(struct cache_supply *c, struct slot *s)
{
    struct snapshot_supply *u = (struct snapshot_supply *)c;
    struct kept *kept = u->volume->kept;

    s->age = kept && kept_read(kept, s);
    if (s->age)
        u->cache->arrived(u->cache, s);
    else
        fetch_want(u->fetch, s);
}

static int prove_kept(struct snapshot_supply *u, struct slot *s)
{
    if (memcmp(s->sha256, s->expected, sizeof(s->sha256)) == 0) {
        kept_count(u->volume->kept);
        return 1;
    }
    kept_refuse(u->volume->kept, s);
    s->age = 0;
    s->provider = false;
    fetch_want(u->fetch, s);
    return 0;
}

static int prove(struct cache_supply *c, struct slot *s, struct err *e)
{
    struct snapshot_supply *u = (struct snapshot_supply *)c;

    (void)e;
    hash_sha256(s->raw, s->len, s->sha256);
    if (s->age)
        return prove_kept(u, s);
    if (!u->fetch->accept(u->fetch, s))
        return 0;
    if (u->volume->kept)
        kept_add(u->volume->kept, s);
    return 1;
}

static int start(struct block_supply *b, struct delivery *to, struct err *e)
{
    struct snapshot_supply *u = (struct snapshot_supply *)b;

    u->cache = to;
    return fetch_serve(u->fetch, &u->delivery, e);
}

static void supply_free(struct block_supply *b)
{
    struct snapshot_supply *u = (struct snapshot_supply *)b;

    u->fetch->stop(u->fetch);
    fetch_free(u->fetch);
    free(u);
}

struct block_supply *snapshot_supply_new(struct volume *v, unsigned blocks,
                                         struct err *e)
{
    struct snapshot_supply *u = calloc(1, sizeof(*u));
    struct fetch_config c = volume_fetching(v, blocks);

    if (!u) {
        err_nomem(e);
        return NULL;
    }
    u->base = (struct block_supply){ { want, prove }, true, start,
                                     supply_free };
    u->delivery = (struct delivery){ place, arrived, lost };
    u->volume = v;
    u->fetch = fetch_new(&c, e);
    if (u->fetch)
        return &u->base;
    free(u);
    return NULL;
}
