/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/clockwatch.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/number.h"

/* As far off as this, a clock is wrong and not only inexact: it is the
 * distance from which AWS refuses a request. */
#define FAR_OFF_S 300

/* One that is set every second must not fill the log. */
#define TOLD_MOST 5

static int warn(struct journal *j, const char *what, int64_t seconds,
                const char *then, struct err *e)
{
    uint64_t s = (uint64_t)imaxabs(seconds);
    char about[64], text[400];

    snprintf(text, sizeof(text), "this machine's clock %s by %" PRIu64
             " s (%s)%s", what, s, duration_text(about, s), then);
    return journal_warning(j, text, e);
}

int clockwatch_offset(struct journal *j, const struct aws *aws, struct err *e)
{
    int64_t s;

    if (!aws_clock_offset(aws, &s) || imaxabs(s) <= FAR_OFF_S)
        return 0;
    return warn(j, s < 0 ? "is behind the service's" : "is ahead of the "
                "service's", s, ": so are all times that are recorded", e);
}

int clockwatch_look(struct journal *j, struct err *e)
{
    int64_t ns = span_clock_set(&j->span);
    int64_t half = ns < 0 ? -(int64_t)NS_PER_S / 2 : (int64_t)NS_PER_S / 2;
    int64_t s = (ns + half) / (int64_t)NS_PER_S;

    if (!ns)
        return 0;
    j->clock_set_s += s;
    if (++j->clock_sets > TOLD_MOST)
        return 0;
    return warn(j, s < 0 ? "was set back" : "was set forward", s,
                " during the run: the times recorded before that do not "
                "fit those after it; how long the run took is known all the "
                "same", e);
}
