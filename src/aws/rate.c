#include "aws/rate.h"

#include "base/clock.h"

/* What a reduction leaves, and how long it stands for all that come after it;
 * the seconds from nothing back to the limit; what may go out at once. */
static const double kept = 0.7;
static const uint64_t once_in = NS_PER_S / 2;
static const double seconds_to_limit = 40;
static const double burst_seconds = 0.05;
static const double least = 1;

static double min(double a, double b)
{
    return a < b ? a : b;
}

static double max(double a, double b)
{
    return a > b ? a : b;
}

static double burst(const struct rate *r)
{
    return max(1, r->speed * burst_seconds);
}

void rate_init(struct rate *r, double limit, uint64_t now)
{
    r->limit = max(limit, least);
    r->speed = r->limit;
    r->tokens = burst(r);
    r->filled = now;
    r->slowed = 0;
}

static void fill(struct rate *r, uint64_t now)
{
    double seconds;

    if (now <= r->filled)
        return;
    seconds = (double)(now - r->filled) / (double)NS_PER_S;
    r->filled = now;
    r->speed = min(r->limit,
                   r->speed + seconds * r->limit / seconds_to_limit);
    r->tokens = min(burst(r), r->tokens + seconds * r->speed);
}

uint64_t rate_take(struct rate *r, uint64_t now)
{
    fill(r, now);
    if (r->tokens < 1)
        return (uint64_t)((1 - r->tokens) / r->speed * (double)NS_PER_S) + 1;
    r->tokens -= 1;
    return 0;
}

bool rate_slow_down(struct rate *r, uint64_t now)
{
    fill(r, now);
    if (r->slowed && now < r->slowed + once_in)
        return false;
    r->slowed = now;
    r->speed = max(least, r->speed * kept);
    r->tokens = 0;
    return true;
}
