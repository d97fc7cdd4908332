/* SPDX-License-Identifier: Apache-2.0 */
/* Who read which snapshot, as far as CloudTrail records tell: one reader for
 * each principal and each thing that was read.  Bounded: so many readers, so
 * many different texts of each, so much memory for blocks; what has no room
 * is counted. */
#ifndef EBSIMG_READERS_CROWD_H
#define EBSIMG_READERS_CROWD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/names.h"
#include "readers/few.h"
#include "readers/marks.h"
#include "trail/reading.h"

/* Each takes 2 KiB, and 10 at most, besides its blocks. */
#define CROWD_MAX 16384u

/* Bytes for the blocks of all: 128 TiB that were read from end to end. */
#define CROWD_MARKS (32u * 1024 * 1024)

struct reader {
    char *name;               /* what tells it from the others; private */
    char *who, *type, *account, *thing; /* "" where it is not told */
    uint64_t calls[READING_CALLS], failed[READING_CALLS];
    struct marks blocks;      /* that it got */
    uint64_t odd;             /* GetSnapshotBlock that names no block */
    uint64_t shared;          /* records of which other accounts have one */
    uint64_t first, last;     /* seconds since 1970; 0: not told */
    uint64_t untimed;         /* records that do not tell their time */
    /* How many blocks there are to be had, and how many of those it got; for
     * who knows it: CloudTrail does not tell. */
    bool stored_known;
    uint64_t stored, stored_got;
    struct few addresses, networks, endpoints, agents, keys, regions, errors;
};

struct crowd {
    struct reader *readers;   /* in the order in which they came */
    size_t count, room;
    struct names names;
    size_t marks_left;
    uint64_t no_room;         /* records of readers beyond CROWD_MAX */
};

void crowd_init(struct crowd *c);
void crowd_free(struct crowd *c);

/* One call, on thing `i' of it.  `apart' keeps what it says apart from the
 * rest of this reader, or is "".  `again': a copy of a record that was there
 * before: it is not counted, unless it is all that there is. */
int crowd_add(struct crowd *c, const struct reading *a, int i,
              const char *apart, bool again, struct err *e);

/* In the order of things, and of each those first who got most. */
void crowd_sort(struct crowd *c);

/* All calls; of those that failed none brought anything. */
uint64_t reader_calls(const struct reader *r);
uint64_t reader_failed(const struct reader *r);

/* Bytes that the answered GetSnapshotBlock brought, blocks that came twice
 * twice; and so many a second, over the time from first to last, which is
 * known only where each record tells its time. */
uint64_t reader_bytes(const struct reader *r);
bool reader_has_rate(const struct reader *r);
uint64_t reader_rate(const struct reader *r);

#endif
