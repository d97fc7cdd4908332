/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that are put in order before they are shown, so many at most: an
 * account may have more snapshots than fit into memory.  Pure. */
#ifndef EBSIMG_DISCOVER_HOLD_H
#define EBSIMG_DISCOVER_HOLD_H

#include "base/err.h"
#include "discover/options.h"
#include "discover/row.h"

struct hold {
    struct row *rows;
    size_t count, room;
    size_t weight;
    size_t max_rows, max_weight;
};

/* Takes the row over, also after a failure. */
int hold_add(struct hold *h, struct row *r, struct err *e);

/* It must be emptied before the next one. */
bool hold_is_full(const struct hold *h);

/* By start time, oldest first; by volume, then so; by size, largest first.
 * What EC2 does not tell comes first. */
void hold_sort(struct hold *h, enum list_sort by);

void hold_clear(struct hold *h);
void hold_free(struct hold *h);

#endif
