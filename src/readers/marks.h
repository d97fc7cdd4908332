/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of one volume that somebody got: a set that takes memory only where
 * something is in it, 1 KiB for each 4 GiB of the volume.  All sets of a
 * command share one amount of memory; when that is used up, a block is left
 * out, and counted as such.  Pure. */
#ifndef EBSIMG_READERS_MARKS_H
#define EBSIMG_READERS_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define MARKS_CHUNK_BYTES 1024u

struct marks {
    uint64_t **chunks;
    size_t nchunks;
    uint64_t count;     /* of the blocks that are in it */
    uint64_t left_out;  /* calls to add whose block had no room */
};

/* Adds a block below READING_BLOCKS (trail/reading.h).  `left' are the bytes
 * that may still be taken, by all sets. */
int marks_add(struct marks *m, size_t *left, uint64_t block, struct err *e);
bool marks_has(const struct marks *m, uint64_t block);
void marks_free(struct marks *m);

/* The first range whose blocks are all in it, from *first on: its ends are in
 * it, too.  False: there is none. */
bool marks_range(const struct marks *m, uint64_t *first, uint64_t *last);

#endif
