/* SPDX-License-Identifier: Apache-2.0 */
/* How many blocks are in flight at once: as few as bring what line and
 * service give, because each takes processor time and memory.
 *
 * It begins with few.  While blocks come only as fast as new ones may be
 * asked for, it tries twice as many, keeps as many of them as it was worth,
 * and tries again later.  So the number follows from the latency without
 * measuring it: few on a fast line or where something else is the limit, many
 * where answers are slow.
 *
 * Pure: times are monotonic ns that the caller hands in. */
#ifndef EBSIMG_FETCH_DEPTH_H
#define EBSIMG_FETCH_DEPTH_H

#include <stdbool.h>
#include <stdint.h>

struct depth {
    unsigned now;         /* so many may be in flight */
    unsigned most;
    /* A round: so many have come since it began. */
    uint64_t began;
    unsigned skip;        /* asked for before it began, not counted */
    unsigned done;
    unsigned limited;     /* of these, when no other could be asked for */
    /* A try of more: what it was before, 0 when there is none. */
    unsigned before;
    double rate_before;
    uint64_t next_try;    /* not earlier than that */
    unsigned vain;        /* tries in a row that brought nothing */
    unsigned idle;        /* rounds in a row that it was not the limit */
};

/* `most' is at least 1. */
void depth_init(struct depth *d, unsigned most, uint64_t now);

/* A block has come.  `limited': when others could last be asked for, as many
 * were in flight as there may be.
 * True when the depth has changed. */
bool depth_done(struct depth *d, bool limited, uint64_t now);

#endif
