/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of bytes, as runs in order.  One thread builds them; any may ask. */
#ifndef EBSIMG_SCAN_RANGES_H
#define EBSIMG_SCAN_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Runs of one set: 64 MiB of memory. */
#define RANGES_MAX ((size_t)4 << 20)

struct range {
    uint64_t from, to;
};

struct ranges {
    struct range *list;
    size_t count, room;
    bool cut;                  /* there were more than RANGES_MAX */
};

/* Anywhere; what meets the one that came last becomes one with it. */
int ranges_add(struct ranges *r, uint64_t from, uint64_t to, struct err *e);
/* In order, and none meets the next: before the others are asked. */
void ranges_sort(struct ranges *r);

/* `out' (empty) becomes what is in `a' and not in `b'; both are sorted. */
int ranges_subtract(const struct ranges *a, const struct ranges *b,
                    struct ranges *out, struct err *e);
/* Of these bytes, how many are in it. */
uint64_t ranges_within(const struct ranges *r, uint64_t from, uint64_t to);
void ranges_free(struct ranges *r);

#endif
