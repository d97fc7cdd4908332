/* SPDX-License-Identifier: Apache-2.0 */
/* What became of the blocks of a volume, in so many steps from its first byte
 * to its last, as the manifest lists them.  Memory is the same for a volume
 * of 64 TiB. */
#ifndef EBSIMG_REPORT_MAP_H
#define EBSIMG_REPORT_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/evidence.h"
#include "base/err.h"

#define MAP_STEPS 1024

enum map_kind {
    MAP_STORED,      /* fetched, with data */
    MAP_CARRIED,     /* taken from an earlier image; with data or zeros */
    MAP_ZERO,        /* stored, and all zeros */
    MAP_UNREADABLE,
    MAP_NEVER,       /* never stored */
    MAP_KINDS,
};

struct map {
    bool known;              /* there is a manifest that could be read */
    char why_not[256];       /* if not */
    uint64_t blocks, step;   /* of the volume; of one step but the last */
    unsigned steps;          /* 0 when the volume has no blocks */
    uint64_t of[MAP_KINDS];
    uint32_t at[MAP_STEPS][MAP_KINDS];
};

/* -1 only for reasons that say nothing of the evidence (no memory, a
 * signal). */
int map_read(struct map *m, const struct evidence *ev, struct err *e);

/* Blocks in a step. */
uint64_t map_step_blocks(const struct map *m, unsigned step);

/* What each kind is called, and what it means in one sentence. */
extern const char *const map_names[MAP_KINDS];
extern const char *const map_meanings[MAP_KINDS];

/* Which kind a row of a manifest is of. */
enum map_kind map_kind_of(const struct manifest_row *row);

#endif
