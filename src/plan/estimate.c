/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/estimate.h"

#include <string.h>

#include "audit/digest.h"
#include "audit/manifest-record.h"
#include "base/block.h"
#include "base/clock.h"
#include "ebs/page.h"
#include "image/ewf.h"

#define NANO UINT64_C(1000000000)

/* -------------------------------------------------------------- one price */

int plan_price(const char *s, uint64_t *out)
{
    size_t whole = strspn(s, "0123456789");
    size_t fraction = s[whole] == '.' ? strspn(s + whole + 1, "0123456789")
                                      : 0;
    uint64_t v = 0;

    if (!whole || whole > 7 || fraction > 9
        || s[whole + (s[whole] == '.') + fraction]
        || (s[whole] == '.' && !fraction))
        return -1;
    for (size_t i = 0; i < whole; i++)
        v = v * 10 + (uint64_t)(s[i] - '0');
    for (size_t i = 0; i < 9; i++)
        v = v * 10 + (i < fraction ? (uint64_t)(s[whole + 1 + i] - '0') : 0);
    *out = v;
    return v <= 1000000 * NANO ? 0 : -1;
}

/* ------------------------------------------------------------- the volume */

bool plan_take_count(struct plan_volume *v, uint64_t size,
                     const struct xml_count *full)
{
    uint64_t blocks = full->value / BLOCK_SIZE
        + (full->value % BLOCK_SIZE != 0);
    bool counted = full->told && blocks <= size / BLOCK_SIZE;

    v->size = size;
    v->blocks = counted ? blocks : size / BLOCK_SIZE;
    return counted;
}

static uint64_t per_thousand(uint64_t n, uint64_t price)
{
    return (uint64_t)((long double)n * (long double)price / 1000 + 0.5L);
}

/* The list is asked for before the first block, and once more after the last
 * one. */
static uint64_t list_calls(uint64_t blocks)
{
    uint64_t pages = (blocks + PAGE_ENTRIES - 1) / PAGE_ENTRIES;

    return 2 * (pages ? pages : 1);
}

/* File systems keep where the parts of a file are, with the file: less than
 * 512 bytes a block. */
#define FILE_EXTRA (64 * KIB)

/* EWF: each chunk has a checksum and two entries in tables. */
#define CHUNK_EXTRA 16
/* Sections of a segment, at most. */
#define SEGMENT_EXTRA (64 * KIB)
/* Deflate makes no more than 1032 bytes of one. */
#define DEFLATE_MOST 1032

static void size_e01(const struct plan_volume *v, struct plan_estimate *e)
{
    uint32_t chunk = ewf_chunk_size(v->size);
    uint64_t segment = ewf_segment_size(v->size, chunk);
    uint64_t tables = v->size / chunk * CHUNK_EXTRA;

    /* Zeros deflate by that factor to within a few bytes a chunk. */
    e->e01_least = tables + v->size / DEFLATE_MOST;
    e->e01_most = tables + e->stored + e->never_stored / (DEFLATE_MOST / 2);
    e->e01_most += (e->e01_most / segment + 1) * (SEGMENT_EXTRA + chunk);
}

void plan_estimate(const struct plan_volume *v, const struct plan_prices *p,
                   struct plan_estimate *e)
{
    memset(e, 0, sizeof(*e));
    e->volumes = 1;
    e->size = v->size;
    e->blocks = v->blocks;
    e->stored = v->blocks * BLOCK_SIZE;
    e->never_stored = e->size > e->stored ? e->size - e->stored : 0;
    e->lists = list_calls(v->blocks);
    e->requests_price = per_thousand(e->lists, p->lists)
        + per_thousand(e->blocks, p->blocks);
    e->transfer_price = per_thousand(e->stored / 1000000, p->transfer);
    e->raw_most = e->stored + e->stored / 1024 + FILE_EXTRA;
    e->papers = v->blocks * MANIFEST_RECORD + MIB;
    size_e01(v, e);
}

void plan_add(struct plan_estimate *sum, const struct plan_estimate *e)
{
    uint64_t *to = (uint64_t *)sum;
    const uint64_t *from = (const uint64_t *)e;

    /* Every member is a sum. */
    for (size_t i = 0; i < sizeof(*sum) / sizeof(*to); i++)
        to[i] += from[i];
}

/* ------------------------------------------------------------------- time */

static uint64_t up(uint64_t n, uint64_t by)
{
    return by ? n / by + (n % by != 0) : 0;
}

uint64_t plan_zeros_seconds(const struct plan_estimate *e,
                            const struct plan_speed *s)
{
    return up(e->never_stored, s->digest);
}

uint64_t plan_seconds(const struct plan_estimate *e,
                      const struct plan_speed *s)
{
    uint64_t fetched = up(e->blocks, s->blocks);
    uint64_t hashed = up(e->stored, s->digest);

    return (fetched > hashed ? fetched : hashed) + plan_zeros_seconds(e, s);
}

uint64_t plan_measure_digest(void)
{
    static const unsigned char zeros[64 * KIB];
    const uint64_t piece = 16 * sizeof(zeros);
    uint64_t began = clock_monotonic(&clock_system);
    uint64_t least = UINT64_MAX;
    uint64_t now = began;
    struct digest d;

    digest_begin(&d, HASH_ALL);
    while (now - began < NS_PER_S / 5) {
        uint64_t before = now;

        for (uint64_t n = 0; n < piece; n += sizeof(zeros))
            digest_add(&d, zeros, sizeof(zeros));
        now = clock_monotonic(&clock_system);
        if (now - before < least)
            least = now - before;
    }
    return (uint64_t)((double)piece * (double)NS_PER_S
                      / (double)(least ? least : 1));
}
