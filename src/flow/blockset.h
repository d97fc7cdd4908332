/* SPDX-License-Identifier: Apache-2.0 */
/* A set of block indexes of one volume: a bit for each, so that the largest
 * volume (64 TiB) takes 16 MiB whatever is in it.  Pure. */
#ifndef EBSIMG_FLOW_BLOCKSET_H
#define EBSIMG_FLOW_BLOCKSET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct blockset;

/* Empty, for the indexes 0 to blocks - 1. */
struct blockset *blockset_new(uint64_t blocks, struct err *e);
void blockset_free(struct blockset *s); /* NULL is fine */

void blockset_add(struct blockset *s, uint64_t index); /* must be inside */
/* Adds what is in `other' and fits. */
void blockset_add_all(struct blockset *s, const struct blockset *other);
void blockset_fill(struct blockset *s); /* all of them */

/* False for what is outside, and for a set that is NULL. */
bool blockset_has(const struct blockset *s, uint64_t index);
uint64_t blockset_count(const struct blockset *s);
uint64_t blockset_room(const struct blockset *s); /* blocks of the volume */

/* The lowest index in the set that is `from' or above, or BLOCKSET_END. */
#define BLOCKSET_END UINT64_MAX
uint64_t blockset_next(const struct blockset *s, uint64_t from);

static inline void blockset_free_scope(struct blockset **s)
{
    blockset_free(*s);
}

#define autoblockset __attribute__((cleanup(blockset_free_scope)))

#endif
