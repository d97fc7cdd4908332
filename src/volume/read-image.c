/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of an image, each against its row of the manifest. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/hash.h"
#include "base/thread.h"
#include "volume/read-private.h"
#include "volume/row-index.h"

struct image_supply {
    struct block_supply base;  /* first */
    struct volume *volume;
    struct row_index *rows;    /* NULL: there is no manifest */
    struct delivery *cache;
    pthread_mutex_t lock;      /* guards the reader */
    struct source *reader;
};

/* Read on the thread that wants it, one at a time; all else is done by
 * prove(). */
static void want(struct cache_supply *c, struct slot *s)
{
    struct image_supply *u = (struct image_supply *)c;
    struct err why = ERR_INIT;
    int r;

    thread_lock(&u->lock);
    r = image_reader_fill(u->reader, s, &why);
    thread_unlock(&u->lock);
    if (r < 0)
        u->cache->lost(u->cache, s, &why);
    else
        u->cache->arrived(u->cache, s);
}

static bool is_zero(const struct slot *s)
{
    return s->raw[0] == 0 && memcmp(s->raw, s->raw + 1, s->len - 1) == 0;
}

static int differs(const struct image_supply *u, const struct slot *s,
                   const char *why, struct err *e)
{
    return err_set(e, ERR_VERIFY, 0, "%s is not what was acquired: block %"
                   PRIu32 " %s", u->volume->name, slot_index(s), why);
}

static int compare(const struct image_supply *u, struct slot *s,
                   struct err *e)
{
    struct manifest_row row;
    int r = row_index_find(u->rows, slot_index(s), &row, e);

    if (r < 0)
        return -1;
    if (r == 0)
        return is_zero(s) ? 1
            : differs(u, s, "was never stored by the provider, but is not "
                      "zeros", e);
    hash_sha256(s->raw, s->len, s->sha256);
    return memcmp(s->sha256, row.sha256, sizeof(row.sha256)) == 0 ? 1
        : differs(u, s, "does not have the SHA-256 of its manifest", e);
}

static int prove(struct cache_supply *c, struct slot *s, struct err *e)
{
    struct image_supply *u = (struct image_supply *)c;

    if (u->reader->unpack && u->reader->unpack(u->reader, s, e) < 0)
        return -1;
    return u->rows ? compare(u, s, e) : 1;
}

static int start(struct block_supply *b, struct delivery *to, struct err *e)
{
    (void)e;
    ((struct image_supply *)b)->cache = to;
    return 0;
}

static void supply_free(struct block_supply *b)
{
    struct image_supply *u = (struct image_supply *)b;

    image_reader_free(u->reader);
    row_index_free(u->rows);
    pthread_mutex_destroy(&u->lock);
    free(u);
}

static int open_parts(struct image_supply *u, unsigned blocks, struct err *e)
{
    const struct volume *v = u->volume;
    struct image_reader_config c = {
        .image = &v->image,
        .slots = blocks,
        .lax = true,
    };

    u->reader = image_reader_new(&c, e);
    if (!u->reader || !v->evidence.manifest_path)
        return u->reader ? 0 : -1;
    u->rows = row_index_new(&v->evidence, v->rows.sha256, e);
    return u->rows ? 0 : -1;
}

struct block_supply *image_supply_new(struct volume *v, unsigned blocks,
                                      struct err *e)
{
    struct image_supply *u = calloc(1, sizeof(*u));

    if (!u) {
        err_nomem(e);
        return NULL;
    }
    u->base = (struct block_supply){ { want, prove }, false, start,
                                     supply_free };
    u->volume = v;
    pthread_mutex_init(&u->lock, NULL);
    if (open_parts(u, blocks, e) == 0)
        return &u->base;
    supply_free(&u->base);
    return NULL;
}
