/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/rate.h"

#include "base/clock.h"

/* What a reduction leaves, and how long it stands for all that come after it;
 * what may go out at once. */
static const double kept = 0.7;
static const uint64_t once_in = NS_PER_S / 2;
static const double burst_seconds = 0.05;
static const double least = 1;

/* Back soon to near where it was throttled, which may have been an accident
 * (answers that were held up somewhere come in a heap), and beyond that
 * slowly: seconds from nothing to the limit. */
static const double near = 0.95;
static const double seconds_soon = 10;
static const double seconds_slowly = 40;

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
    r->throttled_at = r->limit;
}

static void grow(struct rate *r, double seconds)
{
    double soon = r->limit / seconds_soon;
    double missing = max(0, r->throttled_at * near - r->speed);
    double first = min(seconds, missing / soon);

    r->speed += first * soon;
    r->speed += (seconds - first) * r->limit / seconds_slowly;
    r->speed = min(r->limit, r->speed);
}

static void fill(struct rate *r, uint64_t now)
{
    double seconds;

    if (now <= r->filled)
        return;
    seconds = (double)(now - r->filled) / (double)NS_PER_S;
    r->filled = now;
    grow(r, seconds);
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
    r->throttled_at = r->speed;
    r->speed = max(least, r->speed * kept);
    r->tokens = 0;
    return true;
}
