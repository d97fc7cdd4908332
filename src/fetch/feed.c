/* SPDX-License-Identifier: Apache-2.0 */
/* Which block is next: from the map into slots, in the order of the image,
 * with the gaps before them; from the service, or from who has it already. */
#include <inttypes.h>

#include "fetch/fetch-private.h"
#include "flow/window.h"

/* Never-stored bytes that one slot carries: five seconds of hashing. */
#define GAP_MAX (4 * GIB)

static void start_block(struct fetch *f, struct slot *s)
{
    struct job *j = &f->jobs[s->number];
    uint32_t index;

    blockmap_take(f->config.map, &index, j->token);
    s->offset = (uint64_t)index * BLOCK_SIZE;
    s->gap = s->offset - f->next_offset;
    s->len = BLOCK_SIZE;
    f->next_offset = s->offset + BLOCK_SIZE;
    j->slot = s;
    j->renewals = 0;
    j->others = 0;
    if (!f->config.supply || blockset_has(f->config.only, index)) {
        job_send(j);
        return;
    }
    j->state = SUPPLIED;
    f->config.supply->give(f->config.supply, s);
}

/* 1: a slot took the first piece of the gap before `next'; 0: it is short
 * enough to come with what follows it; -1: no slot is free. */
static int start_hole(struct fetch *f, uint64_t next)
{
    struct slot *s;

    if (next - f->next_offset <= GAP_MAX)
        return 0;
    s = window_reserve(f->window);
    if (!s)
        return -1;
    f->jobs[s->number].state = DELIVERED;
    f->jobs[s->number].slot = s;
    s->hole = true;
    s->len = BLOCK_SIZE;
    s->gap = GAP_MAX - BLOCK_SIZE;
    s->offset = f->next_offset + s->gap;
    f->next_offset += GAP_MAX;
    window_arrived(f->window, s);
    return 1;
}

/* The gap before a block, but for what comes with it. */
static bool start_holes(struct fetch *f, uint64_t next)
{
    int r;

    do
        r = start_hole(f, next);
    while (r > 0);
    return r == 0;
}

static void start_end(struct fetch *f, struct slot *s)
{
    uint64_t size = blockmap_volume_size(f->config.map);

    s->offset = size;
    s->gap = size - f->next_offset;
    f->ended = true;
    window_arrived(f->window, s);
}

/* The blocks that the list must have; it may have others, unless all that are
 * stored were known before. */
static const struct blockset *must_have(const struct fetch *f)
{
    return f->config.stored ? f->config.stored : f->config.only;
}

static int check_listed(struct fetch *f, uint64_t listed)
{
    struct err e = ERR_INIT;
    uint64_t wanted;

    if (!must_have(f))
        return 0;
    wanted = blockset_next(must_have(f), f->next_offset / BLOCK_SIZE);
    if (wanted == listed || (wanted > listed && !f->config.stored))
        return 0;
    err_set(&e, ERR_SERVICE, 0,
            wanted < listed
                ? "block %" PRIu64 " of %s was listed before and is not any "
                  "more: the snapshot has changed"
                : "block %" PRIu64 " of %s is listed and was not before: the "
                  "snapshot has changed",
            wanted < listed ? wanted : listed, f->config.snapshot);
    fetch_fail(f, &e);
    return -1;
}

/* True when the next block of the map is one to fetch; drops those before it
 * that are not. */
static bool next_block(struct fetch *f, uint32_t *index)
{
    char token[TOKEN_MAX + 1];
    uint32_t dropped;

    while (blockmap_peek(f->config.map, index)) {
        if (!must_have(f))
            return true;
        if (f->config.stored || blockset_has(f->config.only, *index))
            return check_listed(f, *index) == 0;
        blockmap_take(f->config.map, &dropped, token);
    }
    return false;
}

static void start_blocks(struct fetch *f)
{
    struct slot *s;
    uint32_t index;

    while (f->flying < f->depth.now && next_block(f, &index)
           && start_holes(f, (uint64_t)index * BLOCK_SIZE)
           && (s = window_reserve(f->window)))
        start_block(f, s);
    f->depth_limits = f->flying >= f->depth.now;
}

/* Behind the last block, the rest of the volume. */
static void start_rest(struct fetch *f)
{
    struct slot *s;

    if (!f->ended && blockmap_done(f->config.map)
        && check_listed(f, BLOCKSET_END) == 0
        && start_holes(f, blockmap_volume_size(f->config.map))
        && (s = window_reserve(f->window)))
        start_end(f, s);
}

void feed_watch(struct fetch *f)
{
    start_blocks(f);
    start_rest(f);
}
