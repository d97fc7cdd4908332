/* SPDX-License-Identifier: Apache-2.0 */
/* When a call may go: its own client's pace, and that of all who share the
 * account's. */
#include "aws/aws-private.h"
#include "aws/quota.h"

static enum quota_kind kind_of(enum call_pace pace)
{
    return pace == PACE_BLOCK ? QUOTA_BLOCK : QUOTA_LIST;
}

int pace_begin(struct aws *a, struct err *e)
{
    uint64_t now = clock_monotonic(a->config.clock);

    rate_init(&a->rates[PACE_LIST], a->config.list_rate, now);
    rate_init(&a->rates[PACE_BLOCK], a->config.block_rate, now);
    if (a->config.quota)
        a->member = quota_join(a->config.quota, e);
    return a->config.quota && !a->member ? -1 : 0;
}

void pace_end(struct aws *a)
{
    quota_leave(a->member);
    a->member = NULL;
}

/* What the one gave and the other did not goes back. */
uint64_t pace_take(struct aws *a, enum call_pace pace, uint64_t now)
{
    uint64_t ns = pace == PACE_NONE ? 0 : rate_take(&a->rates[pace], now);

    if (ns || pace == PACE_NONE || !a->member)
        return ns;
    ns = quota_take(a->member, kind_of(pace), now);
    if (ns)
        a->rates[pace].tokens += 1;
    return ns;
}

bool pace_slow_down(struct aws *a, enum call_pace pace, double *speed)
{
    uint64_t now = clock_monotonic(a->config.clock);
    bool slower;

    if (pace == PACE_NONE)
        return false;
    if (a->member)
        return quota_slow_down(a->member, kind_of(pace), now, speed);
    slower = rate_slow_down(&a->rates[pace], now);
    *speed = a->rates[pace].speed;
    return slower;
}
