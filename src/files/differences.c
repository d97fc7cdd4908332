/* SPDX-License-Identifier: Apache-2.0 */
#include "files/differences.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "aws/verdict.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "show/tell.h"

/* -------------------------------------------------------------------- runs */

static int add(struct differences *c, uint64_t offset, uint64_t size,
               bool is_unread, struct err *e)
{
    struct difference *last = c->count ? &c->runs[c->count - 1] : NULL;

    if (last && last->offset + last->size == offset
        && last->is_unread == is_unread) {
        last->size += size;
        return 0;
    }
    if (c->count == DIFFERENCES_MAX) {
        c->cut = true;
        return 0;
    }
    if (c->count == c->room) {
        size_t room = c->room ? c->room * 2 : 1024;
        struct difference *more = realloc(c->runs, room * sizeof(*more));

        if (!more)
            return err_nomem(e);
        c->runs = more;
        c->room = room;
    }
    c->runs[c->count++] = (struct difference){ offset, size,
                                                  is_unread };
    return 0;
}

size_t differences_at(const struct differences *c, uint64_t offset)
{
    size_t low = 0, high = c->count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (c->runs[mid].offset + c->runs[mid].size <= offset)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

void differences_free(struct differences *c)
{
    free(c->runs);
    blockset_free(c->chosen);
    *c = (struct differences){ 0 };
}

/* -------------------------------------------------------------- candidates */

static uint64_t blocks_of(const struct session side[2])
{
    uint64_t a = side[0].volume.size, b = side[1].volume.size;

    return ((a > b ? a : b) + BLOCK_SIZE - 1) / BLOCK_SIZE;
}

static bool ends(const struct err *why)
{
    return why->kind == ERR_INTERRUPTED || why->kind == ERR_INTERNAL;
}

/* Of two snapshots of one line.  1: there is no such list, `why' it is so. */
static int listed(struct blockset *set, struct session side[2],
                  struct err *why)
{
    struct volume *a = &side[0].volume, *b = &side[1].volume;
    struct survey v = volume_survey(b);
    struct delta d = { .a = a->stored, .b = b->stored };
    int r;

    if (a->size != b->size)
        return err_set(why, ERR_SOURCE, 0, "the volumes have different "
                       "sizes"), 1;
    r = survey_changed(&v, a->name, b->name, blockset_room(set), &d, why);
    b->list_calls += v.calls;
    if (r == 0)
        r = delta_prove(&d, why);
    if (r == 0)
        blockset_add_all(set, d.listed);
    d.a = d.b = NULL;
    delta_free(&d);
    return r < 0 ? 1 : 0;
}

static void add_stored(struct blockset *set, const struct volume *v)
{
    if (v->stored)
        blockset_add_all(set, v->stored);
    else
        blockset_fill(set);
}

/* 1: they are too many to be compared without being asked to. */
static int choose(struct blockset *set, struct session side[2], bool all,
                  char *text, struct err *e)
{
    const struct volume *a = &side[0].volume, *b = &side[1].volume;
    struct err why = ERR_INIT;

    if (a->is_snapshot && b->is_snapshot) {
        if (listed(set, side, &why) == 0)
            return 0;
        if (ends(&why)) {
            *e = why;
            return -1;
        }
    } else if (a->is_snapshot || b->is_snapshot) {
        err_set(&why, ERR_SOURCE, 0, "there is no list of changes between a "
                "snapshot and an image");
    }
    if (why.kind && !all) {
        snprintf(text, 400, "%.300s; --blocks compares all blocks that are "
                 "stored", why.msg);
        return 1;
    }
    add_stored(set, a);
    add_stored(set, b);
    return 0;
}

/* ----------------------------------------------------------------- compare */

static int read_block(struct session *s, uint64_t index, unsigned char *to,
                      struct err *e)
{
    uint64_t from = index * BLOCK_SIZE;
    size_t n = 0, got = 0;
    struct err why = ERR_INIT;
    int r;

    if (from < s->volume.size)
        n = s->volume.size - from < BLOCK_SIZE
            ? (size_t)(s->volume.size - from) : BLOCK_SIZE;
    r = n ? session_read(s, from, to, n, &got, &why) : 0;
    if (r < 0)
        *e = why;
    if (r > 0)
        tell_always("warning: block %" PRIu64 " of %s cannot be compared: %s",
                    index, s->volume.name, why.msg);
    memset(to + got, 0, BLOCK_SIZE - got);
    return r;
}

static int compare_block(struct differences *c, struct session side[2],
                         uint64_t index, unsigned char *bytes, struct err *e)
{
    unsigned char *b = bytes + BLOCK_SIZE;
    int r = read_block(&side[0], index, bytes, e);

    if (r == 0)
        r = read_block(&side[1], index, b, e);
    if (r > 0) {
        c->lost++;
        return add(c, index * BLOCK_SIZE, BLOCK_SIZE, true, e);
    }
    if (r || memcmp(bytes, b, BLOCK_SIZE) == 0)
        return r < 0 ? -1 : 0;
    c->blocks++;
    for (size_t at = 0; at < BLOCK_SIZE; at += DIFFERENCE_PIECE)
        if (memcmp(bytes + at, b + at, DIFFERENCE_PIECE) != 0
            && add(c, index * BLOCK_SIZE + at, DIFFERENCE_PIECE,
                   false, e) < 0)
            return -1;
    return 0;
}

/* Blocks that come next are asked for while these are waited for. */
static uint64_t ask(const struct blockset *set, struct session side[2],
                    uint64_t next, uint64_t now)
{
    uint64_t ahead = volume_reader_ahead(side[0].reader);
    uint64_t other = volume_reader_ahead(side[1].reader);

    ahead = other < ahead ? other : ahead;
    while (next != BLOCKSET_END && next < now + ahead) {
        volume_reader_ask(side[0].reader, next, next);
        volume_reader_ask(side[1].reader, next, next);
        next = blockset_next(set, next + 1);
    }
    return next;
}

static int compare(struct differences *c, struct session side[2],
                   const struct blockset *set, struct err *e)
{
    autofree unsigned char *bytes = malloc(2 * (size_t)BLOCK_SIZE);
    uint64_t next = blockset_next(set, 0);

    if (!bytes)
        return err_nomem(e);
    for (uint64_t i = next; i != BLOCKSET_END;
         i = blockset_next(set, i + 1)) {
        next = ask(set, side, next, i);
        if (interrupt_check(e) < 0
            || compare_block(c, side, i, bytes, e) < 0)
            return -1;
    }
    return 0;
}

int differences_choose(struct differences *c, struct session side[2],
                       bool all, char *why, struct err *e)
{
    struct blockset *set = blockset_new(blocks_of(side), e);
    int r = set ? choose(set, side, all, why, e) : -1;

    if (r == 0)
        c->chosen = set;
    else
        blockset_free(set);
    return r < 0 ? -1 : 0;
}

int differences_find(struct differences *c, struct session side[2],
                     struct err *e)
{
    c->done = c->chosen != NULL;
    return c->done ? compare(c, side, c->chosen, e) : 0;
}
