/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"

#include <inttypes.h>
#include <stdbool.h>

/* Two clocks cannot be read at once, and between the two readings this process
 * may have been stopped for long: then the reading says nothing. */
#define READING_MAX_NS (NS_PER_S / 2)
#define READINGS 3

static bool read_lead(const struct clock *c, int64_t *lead)
{
    for (int i = 0; i < READINGS; i++) {
        uint64_t before = clock_elapsed(c);
        uint64_t wall = clock_wall(c);

        if (clock_elapsed(c) - before > READING_MAX_NS)
            continue;
        *lead = (int64_t)(wall - before);
        return true;
    }
    return false;
}

void span_begin(struct span *s, const struct clock *c)
{
    *s = (struct span){ .clock = c, .began = clock_elapsed(c) };
    if (!read_lead(c, &s->lead))
        s->lead = (int64_t)(clock_wall(c) - s->began);
}

uint64_t span_ns(const struct span *s)
{
    return clock_elapsed(s->clock) - s->began;
}

/* Steps too small to be told add up until they are not. */
int64_t span_clock_set(struct span *s)
{
    int64_t lead;
    int64_t by;

    if (!read_lead(s->clock, &lead))
        return 0;
    by = lead - s->lead;
    if (imaxabs(by) < (int64_t)SPAN_STEP_NS)
        return 0;
    s->lead = lead;
    return by;
}
