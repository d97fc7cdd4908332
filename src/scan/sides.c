/* SPDX-License-Identifier: Apache-2.0 */
/* What is scanned: opened, listed, read at any offset, and closed. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "aws/failure.h"
#include "base/thread.h"
#include "scan/cost.h"
#include "scan/lanes.h"
#include "scan/scan.h"
#include "show/tell.h"
#include "volume/access.h"

/* ------------------------------------------------------------------- open */

static int name_logs(struct scan *s, char **names, struct err *e)
{
    for (unsigned i = 0; i < s->nsides; i++) {
        autotext struct text t = TEXT_INIT;

        (void)names;
        if (!s->opt->access)
            return 0;
        text_addf(&t, "%s-%c.jsonl", s->opt->access, (int)('A' + i));
        if (t.failed)
            return err_nomem(e);
        s->sides[i].access = t.s;
        s->diff.sides[i].access = t.s;
        t = (struct text)TEXT_INIT;
    }
    return 0;
}

static int open_one(struct scan *s, const char *name, struct err *e)
{
    const struct service_hooks hooks = TELL_HOOKS;
    struct volume *v = &s->diff.sides[0].volume;

    if (volume_open(v, name, &s->opt->service, &hooks,
                    s->sides[0].access, e) < 0
        || volume_learn(v, true, e) < 0)
        return -1;
    s->diff.blocks = (v->size + BLOCK_SIZE - 1) / BLOCK_SIZE;
    return 0;
}

/* The blocks that are looked at: those that EBS lists as changed, else all
 * that one of them stores, or may store. */
static int choose_core(struct scan *s, struct err *e)
{
    s->core = blockset_new(s->diff.blocks, e);
    if (!s->core)
        return -1;
    if (s->diff.listed) {
        blockset_add_all(s->core, s->diff.delta.listed);
        return 0;
    }
    for (unsigned i = 0; i < s->nsides; i++) {
        const struct blockset *stored = s->sides[i].volume->stored;

        if (stored)
            blockset_add_all(s->core, stored);
        else
            blockset_fill(s->core);
    }
    return 0;
}

static int prepare(struct scan *s, struct scan_side *side, struct err *e)
{
    uint64_t memory = (uint64_t)lanes_count(s) * (WINDOW_BLOCKS + 2) * 2
        * BLOCK_SIZE;

    side->asked = blockset_new(s->diff.blocks, e);
    side->lost = side->asked ? blockset_new(s->diff.blocks, e) : NULL;
    if (!side->lost)
        return -1;
    side->reader = volume_reader_new(side->volume, memory, e);
    return side->reader ? 0 : -1;
}

int scan_open(struct scan *s, char **names, int n, struct err *e)
{
    s->nsides = (unsigned)n;
    s->diff_opt.service = s->opt->service;
    s->diff_opt.full = s->opt->full;
    s->diff.opt = &s->diff_opt;
    for (unsigned i = 0; i < 2; i++) {
        s->sides[i].volume = &s->diff.sides[i].volume;
        pthread_mutex_init(&s->sides[i].lock, NULL);
    }
    if (name_logs(s, names, e) < 0)
        return -1;
    if (n == 2 ? diff_open_sides(&s->diff, names, e) < 0
                     || diff_lists(&s->diff, e) < 0
               : open_one(s, names[0], e) < 0)
        return -1;
    if (choose_core(s, e) < 0)
        return -1;
    for (unsigned i = 0; i < s->nsides; i++)
        if (prepare(s, &s->sides[i], e) < 0)
            return -1;
    if (allocation_read(&s->allocation, s->sides[0].volume,
                        s->sides[0].reader, e) < 0
        || allocation_narrow(&s->allocation, &s->core, e) < 0)
        return -1;
    cost_say_before(s);
    return 0;
}

/* ------------------------------------------------------------------- close */

static int close_side(struct scan_side *side, struct err *e)
{
    struct volume *v = side->volume;
    struct err ignored = ERR_INIT;
    int r = volume_reader_free(side->reader, e);

    side->reader = NULL;
    if (v->access && access_close(v->access, r < 0 ? &ignored : e) < 0)
        r = -1;
    v->access = NULL;
    return r;
}

int scan_close(struct scan *s, struct err *e)
{
    struct err ignored = ERR_INIT;
    int r = allocation_close(&s->allocation, e);

    for (unsigned i = 0; i < 2; i++) {
        struct scan_side *side = &s->sides[i];

        if (!side->volume)
            continue;
        cost_take(side);
        if (close_side(side, r < 0 ? &ignored : e) < 0)
            r = -1;
        blockset_free(side->asked);
        blockset_free(side->lost);
        free(side->access);
        pthread_mutex_destroy(&side->lock);
    }
    blockset_free(s->core);
    diff_close_sides(&s->diff);
    return r;
}

/* -------------------------------------------------------------------- read */

static void note(struct scan_side *side, struct blockset *set, uint64_t from,
                 uint64_t to)
{
    AUTOLOCK(&side->lock);

    for (uint64_t i = from / BLOCK_SIZE; i * BLOCK_SIZE < to; i++)
        if (i < blockset_room(set))
            blockset_add(set, i);
}

static void keep_first(struct scan_side *side, const struct err *why)
{
    AUTOLOCK(&side->lock);

    if (!side->why.kind)
        side->why = *why;
}

/* Zeros that nobody asked for do not count. */
static void has_read(struct scan *s, struct scan_side *side,
                     uint64_t offset, size_t n)
{
    AUTOLOCK(&side->lock);
    const struct volume *v = side->volume;

    s->strikes = 0;
    for (uint64_t i = offset / BLOCK_SIZE; i * BLOCK_SIZE < offset + n; i++)
        side->read |= !v->is_snapshot || blockset_has(v->stored, i);
}

/* A block that cannot be had is zeros here, and is told of; -1 when that ends
 * the scan. */
static int lose(struct scan *s, unsigned side, uint64_t offset,
                const struct err *why, struct err *e)
{
    if (failure_of_blocks_ends(&s->strikes, why)) {
        *e = *why;
        return -1;
    }
    tell_warning("%c: block %" PRIu64 " is not scanned: %s",
                 (int)('A' + side), offset / BLOCK_SIZE, why->msg);
    note(&s->sides[side], s->sides[side].lost, offset, offset + 1);
    keep_first(&s->sides[side], why);
    return 0;
}

static int read_pieces(struct scan *s, unsigned side, uint64_t offset,
                       unsigned char *to, size_t n, struct err *e)
{
    while (n) {
        size_t part = BLOCK_SIZE - offset % BLOCK_SIZE;
        struct err why = ERR_INIT;
        size_t got;

        part = part < n ? part : n;
        if (volume_read(s->sides[side].reader, offset, to, part, &got, &why)
            == 0) {
            memset(to + got, 0, part - got);
            has_read(s, &s->sides[side], offset, part);
        } else if (lose(s, side, offset, &why, e) < 0) {
            return -1;
        } else {
            memset(to, 0, part);
        }
        offset += part;
        to += part;
        n -= part;
    }
    return 0;
}

int scan_read(struct scan *s, unsigned side, uint64_t offset,
              unsigned char *to, size_t n, struct err *e)
{
    struct scan_side *x = &s->sides[side];
    struct err why = ERR_INIT;
    size_t got;

    note(x, x->asked, offset, offset + n);
    if (volume_read(x->reader, offset, to, n, &got, &why) < 0)
        return read_pieces(s, side, offset, to, n, e);
    has_read(s, x, offset, n);
    memset(to + got, 0, n - got);
    return 0;
}

/* -------------------------------------------------------------------- lost */

int scan_check_read(const struct scan *s, struct err *e)
{
    for (unsigned i = 0; i < s->nsides; i++)
        if (s->sides[i].why.kind && !s->sides[i].read) {
            *e = s->sides[i].why;
            return -1;
        }
    return 0;
}

bool scan_lost(void *ctx, unsigned side, uint64_t from, uint64_t to)
{
    struct scan *s = ctx;
    AUTOLOCK(&s->sides[side].lock);
    uint64_t i = blockset_next(s->sides[side].lost, from / BLOCK_SIZE);

    return i != BLOCKSET_END && i * BLOCK_SIZE < to;
}

uint64_t scan_lost_blocks(const struct scan *s)
{
    uint64_t n = 0;

    for (unsigned i = 0; i < s->nsides; i++)
        n += blockset_count(s->sides[i].lost);
    return n;
}
