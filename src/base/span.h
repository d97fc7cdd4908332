/* SPDX-License-Identifier: Apache-2.0 */
/* How long something takes, and whether somebody sets the wall clock
 * meanwhile.  One thread at a time. */
#ifndef EBSIMG_BASE_SPAN_H
#define EBSIMG_BASE_SPAN_H

#include <stdint.h>

#include "base/clock.h"

/* Less than this is nobody's correction that an examiner should hear of. */
#define SPAN_STEP_NS (5 * NS_PER_S)

struct span {
    const struct clock *clock;
    uint64_t began;            /* by the elapsed clock */
    int64_t lead;              /* of the wall clock over the elapsed one */
};

void span_begin(struct span *s, const struct clock *c);

/* ns since it began, whatever was done to the wall clock. */
uint64_t span_ns(const struct span *s);

/* By how many ns the wall clock was set since this was last told (since the
 * beginning, the first time); 0 when by less than SPAN_STEP_NS.  What NTP does
 * slowly moves both clocks, and does not count. */
int64_t span_clock_set(struct span *s);

#endif
