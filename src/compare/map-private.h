/* SPDX-License-Identifier: Apache-2.0 */
/* What map.c counts and map-draw.c draws; nobody else includes it. */
#ifndef EBSIMG_COMPARE_MAP_PRIVATE_H
#define EBSIMG_COMPARE_MAP_PRIVATE_H

#include <stdint.h>

#include "base/text.h"
#include "compare/diff.h"

#define MAP_SIDE 64
#define MAP_CELLS (MAP_SIDE * MAP_SIDE)

/* What a cell is painted as: the last of these that is in it. */
enum paint {
    PAINT_NOTHING,      /* no block of either side, as far as is known */
    PAINT_STORED,
    PAINT_EQUAL,        /* listed, and the same bytes */
    PAINT_LISTED,       /* listed, not compared */
    PAINT_REMOVED,
    PAINT_ADDED,
    PAINT_CHANGED,
    PAINT_UNREADABLE,
    PAINTS,
};

struct diff_map {
    uint64_t blocks;           /* of the volume */
    uint64_t each;             /* blocks in a cell */
    uint64_t counts[MAP_CELLS][PAINTS];
};

/* The whole picture, as SVG. */
void diff_map_draw(struct text *t, const struct diff_map *m,
                   const struct diff *d);

#endif
