/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/depth.h"

#include "base/clock.h"

enum {
    FEW = 16,             /* to begin with, and never less */
    VAIN_MAX = 4,
    IDLE_ROUNDS = 8,      /* then fewer will do */
};

/* A round lasts so long at least; after a try in vain the next one comes
 * after so long, then after twice that.  After one that was worth a part it
 * comes sooner: the machine may have been busy just then. */
static const uint64_t round_ns = NS_PER_S / 5;
static const uint64_t breath_ns = NS_PER_S / 4;
static const uint64_t pause_ns = 2 * NS_PER_S;

/* A rate that grew by less is noise, or the beginning of a queue. */
static const double worth = 1.08;

/* The depth that a rate needs grows as the rate does; and some room. */
static const double room = 1.1;

static unsigned min(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned max(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

static void begin_round(struct depth *d, uint64_t now)
{
    d->began = now;
    d->done = 0;
    d->limited = 0;
}

void depth_init(struct depth *d, unsigned most, uint64_t now)
{
    *d = (struct depth){ .now = min(FEW, most), .most = most };
    d->skip = d->now;
    begin_round(d, now);
}

static bool change(struct depth *d, unsigned depth)
{
    if (depth == d->now)
        return false;
    d->skip = d->now;
    d->now = depth;
    d->idle = 0;
    return true;
}

/* Keeps as much of the last try as it was worth. */
static bool end_try(struct depth *d, double rate, uint64_t now)
{
    double grown = rate / d->rate_before;
    unsigned before = d->before;
    unsigned keep = before;

    if (grown >= worth)
        keep = min(d->now, (unsigned)(before * grown * room));
    d->before = 0;
    if (keep == d->now) {
        d->vain = 0;
        return false;
    }
    if (keep > before) {
        d->next_try = now + breath_ns;
    } else {
        d->next_try = now + (pause_ns << d->vain);
        d->vain = min(d->vain + 1, VAIN_MAX);
    }
    return change(d, keep);
}

static bool begin_try(struct depth *d, double rate, uint64_t now)
{
    if (d->now == d->most || now < d->next_try)
        return false;
    d->before = d->now;
    d->rate_before = rate;
    return change(d, min(d->most, 2 * d->now));
}

/* Something else was the limit all the time. */
static bool shrink(struct depth *d)
{
    if (++d->idle < IDLE_ROUNDS)
        return false;
    return change(d, max(min(FEW, d->most), d->now - d->now / 8));
}

static bool end_round(struct depth *d, uint64_t now)
{
    double rate = d->done / ((double)(now - d->began) / (double)NS_PER_S);
    bool was_limit = d->limited > d->done / 4 * 3;

    if (d->before && end_try(d, rate, now))
        return true;
    if (was_limit) {
        d->idle = 0;
        return begin_try(d, rate, now);
    }
    return d->limited < d->done / 4 ? shrink(d) : false;
}

bool depth_done(struct depth *d, bool limited, uint64_t now)
{
    bool changed;

    if (d->skip) {
        if (--d->skip == 0)
            begin_round(d, now);
        return false;
    }
    d->done++;
    d->limited += limited;
    if (d->done < 2 * d->now || now - d->began < round_ns)
        return false;
    changed = end_round(d, now);
    begin_round(d, now);
    return changed;
}
