/* SPDX-License-Identifier: Apache-2.0 */
#include "show/eta.h"

#include "base/clock.h"
#include "flow/slot.h"

static double less(double a, double b)
{
    return a > b ? a - b : 0;
}

/* Nothing is known of what is left but its size. */
static double by_bytes(const struct eta *t)
{
    return (double)t->spent * (double)(t->total - t->done)
        / (double)t->done;
}

static double by_blocks(const struct eta *t)
{
    double zero_byte = (double)t->digests / (double)t->done;
    double zeros = less((double)t->done, (double)t->blocks * BLOCK_SIZE);
    double zeros_left = less((double)(t->total - t->done),
                             (double)t->blocks_left * BLOCK_SIZE);
    double block = t->blocks
        ? less((double)t->spent, zeros * zero_byte) / (double)t->blocks : 0;

    return (double)t->blocks_left * block + zeros_left * zero_byte;
}

bool eta_seconds(const struct eta *t, uint64_t *seconds)
{
    double ns;

    if (!t->done || t->done > t->total
        || (t->counted && t->blocks_left && !t->blocks))
        return false;
    ns = t->counted ? by_blocks(t) : by_bytes(t);
    *seconds = (uint64_t)(ns / (double)NS_PER_S + 0.5);
    return true;
}
