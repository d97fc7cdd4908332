/* SPDX-License-Identifier: Apache-2.0 */
/* The blocks of a volume that were read last, for readers at any offset and
 * on any number of threads.
 *
 * A block is asked for once, however many want it at that moment: all of them
 * get the same bytes, or the same reason why not.  Nobody sees a byte before
 * the block is proved, by one of the readers that wait for it.  A block that
 * is lost is not kept: who reads it later asks again.
 *
 * Memory: the buffers, each of BLOCK_SIZE, touched when first used.  What
 * nobody reads just now goes first, the longest unused before the others. */
#ifndef EBSIMG_VOLUME_CACHE_H
#define EBSIMG_VOLUME_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "flow/delivery.h"

struct cache;

/* Who has the blocks. */
struct cache_supply {
    /* A reader's thread, no lock held: brings the block of this slot, whose
     * number, seq, offset and len are set.  Ends with arrived() or lost() of
     * the cache's delivery, from any thread, also before it returns. */
    void (*want)(struct cache_supply *u, struct slot *s);
    /* A reader's thread, no lock held: a block has arrived.  1: it is good;
     * 0: it was taken back and comes again; -1: it cannot be had. */
    int (*prove)(struct cache_supply *u, struct slot *s, struct err *e);
};

/* Of so many blocks, at least 1, of a volume of `size' bytes.  Their slots
 * have the numbers from 0 on. */
struct cache *cache_new(struct cache_supply *u, unsigned blocks,
                        uint64_t size, struct err *e);
void cache_free(struct cache *c); /* nobody reads; NULL is fine */

struct delivery *cache_delivery(struct cache *c);

/* The block, which is inside the volume: its slot's raw and len stay as they
 * are until cache_put().  Waits; holds one block at a time, or readers may
 * wait for each other.  NULL: it cannot be had, or a signal came. */
const struct slot *cache_get(struct cache *c, uint64_t index, struct err *e);
void cache_put(struct cache *c, const struct slot *s);

/* Asks for a block that will be read soon, if there is room.  Does not
 * wait. */
void cache_ask(struct cache *c, uint64_t index);

/* Any thread: nothing can be had any more. */
bool cache_is_dead(struct cache *c);

/* Proves what has arrived and was read by nobody. */
void cache_settle(struct cache *c);

#endif
