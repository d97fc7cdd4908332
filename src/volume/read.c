/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "image/formats.h"
#include "volume/access.h"
#include "volume/read-private.h"

/* What one reader has under way: as much as a fetch does with its usual
 * connections. */
#define AHEAD_MAX 32u

struct volume_reader {
    struct volume *volume;
    struct cache *cache;
    struct block_supply *supply;
    unsigned blocks;           /* of the cache */
};

/* ------------------------------------------------------------------ blocks */

/* Zeros that nobody need be asked about.  What an image has there is looked
 * at. */
static bool is_hole(const struct volume *v, uint64_t index)
{
    return v->is_snapshot && !blockset_has(v->stored, index);
}

static int check_readable(const struct volume *v, uint64_t index,
                          struct err *e)
{
    if (!blockset_has(v->rows.unread, index))
        return 0;
    return err_set(e, ERR_SOURCE, 0, "block %" PRIu64 " of %s could not be "
                   "read when it was acquired", index, v->name);
}

static int read_block(struct volume_reader *r, uint64_t offset, void *to,
                      size_t n, struct err *e)
{
    uint64_t index = offset / BLOCK_SIZE;
    const struct slot *s;

    if (is_hole(r->volume, index)) {
        memset(to, 0, n);
        return 0;
    }
    if (check_readable(r->volume, index, e) < 0
        || !(s = cache_get(r->cache, index, e)))
        return -1;
    memcpy(to, s->raw + offset % BLOCK_SIZE, n);
    cache_put(r->cache, s);
    return 0;
}

void volume_reader_ask(struct volume_reader *r, uint64_t first,
                       uint64_t last)
{
    uint64_t end = (r->volume->size + BLOCK_SIZE - 1) / BLOCK_SIZE;
    unsigned left = r->blocks / 2;

    for (uint64_t i = first;
         r->supply->ahead && left && i <= last && i < end; i++, left--)
        if (!is_hole(r->volume, i))
            cache_ask(r->cache, i);
}

/* An eighth of the memory, since there may be several readers. */
uint64_t volume_reader_ahead(const struct volume_reader *r)
{
    unsigned n = r->blocks / 8;

    return !r->supply->ahead ? 0 : n < AHEAD_MAX ? n : AHEAD_MAX;
}

void volume_reader_stop(struct volume_reader *r, const struct err *why)
{
    struct delivery *d = cache_delivery(r->cache);

    d->lost(d, NULL, why);
}

bool volume_reader_is_over(struct volume_reader *r)
{
    return cache_is_dead(r->cache);
}

/* Of a read of several blocks all are under way while the first is awaited,
 * as far as half of the cache goes. */
static void ask_ahead(struct volume_reader *r, uint64_t offset, size_t n)
{
    volume_reader_ask(r, offset / BLOCK_SIZE + 1,
                      (offset + n - 1) / BLOCK_SIZE);
}

/* ------------------------------------------------------------------- bytes */

static size_t clip(const struct volume *v, uint64_t offset, size_t n)
{
    uint64_t left = offset < v->size ? v->size - offset : 0;

    return n < left ? n : (size_t)left;
}

static int read_all(struct volume_reader *r, uint64_t offset,
                    unsigned char *to, size_t n, struct err *e)
{
    size_t done = 0;

    while (done < n) {
        uint64_t at = offset + done;
        size_t part = BLOCK_SIZE - at % BLOCK_SIZE;

        part = part < n - done ? part : n - done;
        if (read_block(r, at, to + done, part, e) < 0)
            return -1;
        done += part;
    }
    return 0;
}

int volume_read(struct volume_reader *r, uint64_t offset, void *to, size_t n,
                size_t *got, struct err *e)
{
    const struct volume *v = r->volume;

    *got = 0;
    n = clip(v, offset, n);
    if (n)
        ask_ahead(r, offset, n);
    if (read_all(r, offset, to, n, e) < 0
        || (v->access && access_check(v->access, e) < 0))
        return -1;
    *got = n;
    return 0;
}

/* ------------------------------------------------------------- new, free */

/* What an E01 has deflated takes as much again. */
static unsigned blocks_in(const struct volume *v, uint64_t memory)
{
    bool inflates = !v->is_snapshot
        && (v->image.format->traits & FORMAT_PACKED);
    uint64_t n = memory / BLOCK_SIZE / (inflates ? 2 : 1);

    return n < 1 ? 1 : n < UINT16_MAX ? (unsigned)n : UINT16_MAX;
}

static int start(struct volume_reader *r, struct err *e)
{
    struct volume *v = r->volume;

    r->supply = v->is_snapshot ? snapshot_supply_new(v, r->blocks, e)
                               : image_supply_new(v, r->blocks, e);
    if (!r->supply)
        return -1;
    r->cache = cache_new(&r->supply->supply, r->blocks, v->size, e);
    return r->cache ? r->supply->start(r->supply, cache_delivery(r->cache), e)
                    : -1;
}

struct volume_reader *volume_reader_new(struct volume *v, uint64_t memory,
                                        struct err *e)
{
    struct volume_reader *r = calloc(1, sizeof(*r));
    struct err ignored = ERR_INIT;

    if (!r) {
        err_nomem(e);
        return NULL;
    }
    r->volume = v;
    v->is_read = true;
    r->blocks = blocks_in(v, memory);
    if (start(r, e) == 0)
        return r;
    volume_reader_free(r, &ignored);
    return NULL;
}

/* What has come and was read by nobody belongs into the log all the same. */
int volume_reader_free(struct volume_reader *r, struct err *e)
{
    struct access *a;

    if (!r)
        return 0;
    a = r->volume->access;
    if (r->cache)
        cache_settle(r->cache);
    if (r->supply)
        r->supply->free(r->supply);
    cache_free(r->cache);
    r->volume->is_read = false;
    free(r);
    return a ? access_check(a, e) : 0;
}
