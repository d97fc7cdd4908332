/* SPDX-License-Identifier: Apache-2.0 */
/* A made-up volume, as a source for the pipeline and as plain bytes: each
 * block is a hole, data of some kind, stored zeros or unreadable, which
 * follows from its index and the volume's arrangement alone. */
#ifndef EBSIMG_TESTS_VOLUME_H
#define EBSIMG_TESTS_VOLUME_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/thread.h"
#include "flow/pipeline.h"

enum kind { HOLE, DATA, ZEROS, UNREADABLE };

struct volume {
    struct source source;
    uint64_t blocks;
    enum kind (*kind)(uint64_t index, uint64_t blocks);
    bool table;               /* a partition table in block 0 */
    unsigned age;             /* of each block, see slot.h */
    /* The source's own: */
    struct window *window;
    pthread_t thread;
};

/* ---------------------------------------------------------- arrangements */

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 31)) * 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 29)) * 0xbf58476d1ce4e5b9u;
    return x ^ (x >> 32);
}

static enum kind only_first(uint64_t i, uint64_t n)
{
    (void)n;
    return i == 0 ? DATA : HOLE;
}

static enum kind only_last(uint64_t i, uint64_t n)
{
    return i == n - 1 ? DATA : HOLE;
}

static enum kind one_in_the_middle(uint64_t i, uint64_t n)
{
    return i == n / 2 ? DATA : HOLE;
}

static enum kind corners(uint64_t i, uint64_t n)
{
    return i == 0 || i == n / 2 || i == n - 1 ? DATA : HOLE;
}

static enum kind all_data(uint64_t i, uint64_t n)
{
    (void)i;
    (void)n;
    return DATA;
}

static enum kind all_holes(uint64_t i, uint64_t n)
{
    (void)i;
    (void)n;
    return HOLE;
}

static enum kind all_zeros(uint64_t i, uint64_t n)
{
    (void)i;
    (void)n;
    return ZEROS;
}

static enum kind mixed(uint64_t i, uint64_t n)
{
    static const enum kind kinds[8] = { HOLE, HOLE, ZEROS, DATA,
                                        DATA, DATA, DATA, HOLE };

    (void)n;
    return kinds[mix(i + 1) % 8];
}

static enum kind mixed_with_unreadable(uint64_t i, uint64_t n)
{
    return i % 13 == 5 || i % 13 == 6 ? UNREADABLE : mixed(i, n);
}

/* A data block every 64 MiB. */
static enum kind sparse(uint64_t i, uint64_t n)
{
    (void)n;
    return i % 128 == 7 ? DATA : HOLE;
}

static const struct arrangement {
    const char *name;
    enum kind (*kind)(uint64_t index, uint64_t blocks);
} arrangements[] = {
    { "first", only_first },
    { "last", only_last },
    { "one", one_in_the_middle },
    { "corners", corners },
    { "all", all_data },
    { "none", all_holes },
    { "zeros", all_zeros },
    { "mixed", mixed },
    { "unreadable", mixed_with_unreadable },
    { "sparse", sparse },
};

#define ARRANGEMENTS (sizeof(arrangements) / sizeof(arrangements[0]))

/* --------------------------------------------------------------- content */

static void fill_noise(unsigned char *p, size_t n, uint64_t seed)
{
    for (size_t i = 0; i < n; i += 8) {
        uint64_t v = mix(seed * BLOCK_SIZE + i + 1);

        memcpy(p + i, &v, 8);
    }
}

static void fill_words(unsigned char *p, size_t n, uint64_t seed)
{
    static const char *const words[] = { "evidence ", "block ", "image\n",
                                         "chain ", "of ", "custody, " };
    size_t i = 0;

    for (uint64_t at = seed; i < n; at++) {
        const char *w = words[mix(at) % 6];
        size_t len = strlen(w) < n - i ? strlen(w) : n - i;

        memcpy(p + i, w, len);
        i += len;
    }
}

/* MBR with one Linux partition. */
static void put_table(unsigned char *p)
{
    memset(p, 0, 512);
    p[446 + 4] = 0x83;
    p[446 + 8 + 1] = 8;   /* starts at 2048 */
    p[446 + 12 + 1] = 16; /* 4096 sectors */
    p[510] = 0x55;
    p[511] = 0xaa;
}

/* The bytes of a block: noise, words, noise with a hole in its middle, or a
 * single byte at its end. */
static void volume_fill(const struct volume *v, uint64_t index,
                        unsigned char *p)
{
    memset(p, 0, BLOCK_SIZE);
    if (v->kind(index, v->blocks) != DATA)
        return;
    switch (index % 4) {
    case 0:
        fill_words(p, BLOCK_SIZE, index);
        break;
    case 1:
        fill_noise(p, BLOCK_SIZE, index);
        break;
    case 2:
        fill_noise(p, 40000, index);
        fill_words(p + BLOCK_SIZE - 70000, 70000, index);
        break;
    default:
        p[BLOCK_SIZE - 1] = 1;
    }
    if (index == 0 && v->table)
        put_table(p);
}

/* ---------------------------------------------------------------- source */

static void *volume_main(void *arg)
{
    struct volume *v = arg;
    struct slot *s;
    uint64_t gap = 0;

    for (uint64_t i = 0; i <= v->blocks; i++) {
        enum kind kind = i < v->blocks ? v->kind(i, v->blocks) : DATA;

        if (kind == HOLE) {
            gap += BLOCK_SIZE;
            continue;
        }
        s = window_reserve_wait(v->window);
        if (!s)
            return NULL;
        s->offset = i * BLOCK_SIZE;
        s->gap = gap;
        s->len = i < v->blocks ? BLOCK_SIZE : 0;
        s->unreadable = kind == UNREADABLE;
        s->age = v->age;
        gap = 0;
        if (s->len)
            volume_fill(v, i, window_buffer(v->window, s));
        window_arrived(v->window, s);
    }
    return NULL;
}

static int volume_start(struct source *src, struct window *w, struct err *e)
{
    struct volume *v = (struct volume *)src;

    v->window = w;
    return thread_start(&v->thread, volume_main, v, "volume", e);
}

static void volume_stop(struct source *src)
{
    thread_join(((struct volume *)src)->thread);
}

__attribute__((unused)) static void
volume_init(struct volume *v, const char *arrangement, uint64_t blocks)
{
    memset(v, 0, sizeof(*v));
    for (size_t i = 0; i < ARRANGEMENTS; i++)
        if (strcmp(arrangements[i].name, arrangement) == 0)
            v->kind = arrangements[i].kind;
    assert(v->kind);
    v->blocks = blocks;
    v->source.name = "volume";
    v->source.start = volume_start;
    v->source.stop = volume_stop;
}

/* Through the pipeline, but not yet finished. */
__attribute__((unused)) static int volume_write(struct volume *v,
                                                struct sink *sink,
                                                struct hashes *h,
                                                struct err *e)
{
    struct pipeline p = {
        .source = &v->source,
        .sinks = &sink,
        .nsinks = 1,
        .hashes = HASH_BIT(HASH_MD5) | HASH_BIT(HASH_SHA1),
        .workers = 2,
        .slots = 8,
    };

    return pipeline_run(&p, h, e);
}

/* The MD5 of the whole, computed plainly. */
__attribute__((unused)) static void volume_md5(const struct volume *v,
                                               unsigned char md5[HASH_MAX])
{
    static unsigned char block[BLOCK_SIZE];
    struct err e = ERR_INIT;
    struct hash *h = hash_new(HASH_MD5, &e);

    for (uint64_t i = 0; i < v->blocks; i++) {
        volume_fill(v, i, block);
        hash_add(h, block, BLOCK_SIZE);
    }
    hash_end(h, md5);
    hash_free(h);
}

#endif
