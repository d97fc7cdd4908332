/* SPDX-License-Identifier: Apache-2.0 */
/* Which blocks a snapshot has: a sorted array that is mapped, never parsed,
 * so that 100 million blocks cost nothing to open.
 *
 * The file is a run of struct blocks_record in the byte order of this
 * machine: in order of index once the snapshot is complete, in order of
 * arrival while it is being written.  A synthetic snapshot has few records
 * and a rule: block number `pos' is at index pos * every and looks like
 * record pos % records. */
#ifndef EMULATOR_BLOCKS_H
#define EMULATOR_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include "digest.h"
#include "fail.h"

#define BLOCK_SIZE 524288u
#define BLOCKS_PER_GIB 2048u

struct blocks_record {
    uint32_t index;
    uint32_t file; /* number of the data file, see data.h */
    uint32_t slot; /* position in it, in blocks */
    uint32_t unused;
    uint8_t sha256[DIGEST_SIZE];
};

struct blocks {
    const struct blocks_record *map;
    uint64_t records;
    uint64_t count; /* blocks; equal to records unless synthetic */
    uint32_t every; /* 0: not synthetic */
};

struct block {
    uint32_t index;
    uint64_t identity; /* equal for the same stored block, as EBS means it */
    const struct blocks_record *record;
};

/* Maps a finished file.  -1 with a sentence. */
int blocks_open(struct blocks *b, const char *path, uint32_t every,
                uint64_t count, struct fail *f);
void blocks_close(struct blocks *b);

/* The block at a position below count. */
struct block blocks_at(const struct blocks *b, uint64_t pos);

/* The first position whose index is not below `index'; count if none. */
uint64_t blocks_from(const struct blocks *b, uint64_t index);

bool blocks_find(const struct blocks *b, uint64_t index, struct block *out);

#endif
