/* SPDX-License-Identifier: Apache-2.0 */
/* Where one thread's time goes: into work, or into waiting for others.  The
 * thread itself tells, a few times for each block; any thread may read. */
#ifndef EBSIMG_FLOW_TIMING_H
#define EBSIMG_FLOW_TIMING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

struct timing {
    _Atomic uint64_t busy, waiting; /* ns */
    _Atomic uint64_t since;         /* nothing after this is counted yet */
    _Atomic bool at_work;           /* ... and it is work */
};

/* ns since the last lap, which ends one and begins the next. */
static inline uint64_t timing_lap(struct timing *t)
{
    uint64_t now = clock_monotonic(&clock_system);
    uint64_t ns = now - t->since;

    t->since = now;
    return ns;
}

static inline void timing_begin(struct timing *t)
{
    timing_lap(t);
}

/* The time since the last call was spent so.  Gives it back. */
static inline uint64_t timing_worked(struct timing *t)
{
    uint64_t ns = timing_lap(t);

    t->at_work = false;
    t->busy += ns;
    return ns;
}

/* Likewise; has something come to work on? */
static inline void timing_waited(struct timing *t, bool has_come)
{
    t->waiting += timing_lap(t);
    t->at_work = has_come;
}

/* ns of work up to now, for others: a thread that has been at one piece for
 * long is at work, too.  It may be a lap too much for a moment. */
static inline uint64_t timing_busy(const struct timing *t)
{
    uint64_t since = t->since;
    uint64_t now = clock_monotonic(&clock_system);

    return t->busy + (t->at_work && now > since ? now - since : 0);
}

#endif
