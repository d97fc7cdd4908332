/* SPDX-License-Identifier: Apache-2.0 */
/* How a run went on over the time, in a fixed number of steps that grow with
 * it: blocks that passed, and requests that did not end well.  Sessions stand
 * one behind the other, without what lies between them.
 *
 * The time is that of the machine's clock, which may have been set: a step
 * backwards counts as none. */
#ifndef EBSIMG_REPORT_TIMELINE_H
#define EBSIMG_REPORT_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIMELINE_STEPS 240
#define TIMELINE_BREAKS 32

enum timeline_kind {
    TIMELINE_BLOCKS,
    TIMELINE_RETRIES,    /* retry, rejected, failed, and their like */
    TIMELINE_THROTTLED,
    TIMELINE_LOST,       /* unreadable blocks */
    TIMELINE_KINDS,
};

struct timeline {
    uint64_t step;       /* ns; 0: nothing yet */
    uint64_t base, from; /* of the session: on the axis; wall ns */
    uint64_t end;        /* of the axis, ns */
    uint64_t last;       /* where blocks were told last, on the axis */
    uint64_t passed;     /* blocks of this session so far */
    uint64_t of[TIMELINE_KINDS][TIMELINE_STEPS];
    uint64_t breaks[TIMELINE_BREAKS]; /* where a later session begins, ns */
    size_t nbreaks;
};

void timeline_session(struct timeline *t, uint64_t wall);
/* This session has `blocks' so far. */
void timeline_passed(struct timeline *t, uint64_t wall, uint64_t blocks);
void timeline_add(struct timeline *t, enum timeline_kind kind, uint64_t wall,
                  uint64_t n);
/* Something else happened then. */
void timeline_touch(struct timeline *t, uint64_t wall);

/* Steps that are in use. */
size_t timeline_steps(const struct timeline *t);
/* The highest of a kind. */
uint64_t timeline_top(const struct timeline *t, enum timeline_kind kind);

#endif
