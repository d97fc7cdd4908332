/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/cost.h"

#include <inttypes.h>

#include "base/number.h"
#include "show/tell.h"

/* EBS, us-east-1 in 2023: a thousand list calls, and a thousand blocks. */
#define USD_LISTS 0.0006
#define USD_BLOCKS 0.003

/* Stored blocks of a side in the core and beside its runs. */
static uint64_t needed(const struct scan *s, const struct scan_side *side)
{
    const struct blockset *stored = side->volume->stored;
    uint64_t n = 0;

    for (uint64_t i = blockset_next(stored, 0); i != BLOCKSET_END;
         i = blockset_next(stored, i + 1))
        n += blockset_has(s->core, i) || blockset_has(s->core, i + 1)
            || (i > 0 && blockset_has(s->core, i - 1));
    return n;
}

void cost_say_before(const struct scan *s)
{
    uint64_t blocks = 0;
    uint64_t lists = 0;
    char size[32];

    for (unsigned i = 0; i < s->nsides; i++) {
        const struct volume *v = s->sides[i].volume;

        if (!v->is_snapshot)
            continue;
        blocks += needed(s, &s->sides[i]);
        /* Once now, and once more for tokens while fetching, at most. */
        lists += v->list_calls * 2;
    }
    if (lists)
        tell_note("the scan fetches %" PRIu64 " blocks (%s) with at most %"
                  PRIu64 " list calls: about %.4f USD, and whatever the way "
                  "to this machine costs", blocks,
                  size_text(size, blocks * BLOCK_SIZE), lists,
                  (double)blocks / 1000 * USD_BLOCKS
                      + (double)lists / 1000 * USD_LISTS);
}

void cost_take(struct scan_side *side)
{
    struct aws_counts c = { 0 };

    if (side->volume->is_snapshot && side->volume->service.aws)
        aws_counts(side->volume->service.aws, &c);
    side->requests = c.requests;
}

static uint64_t stored_and_asked(const struct scan_side *side)
{
    uint64_t n = 0;

    for (uint64_t i = blockset_next(side->asked, 0); i != BLOCKSET_END;
         i = blockset_next(side->asked, i + 1))
        n += blockset_has(side->volume->stored, i)
            && !blockset_has(side->lost, i);
    return n;
}

/* A request that was repeated may not be billed, and a list call for tokens is
 * counted as a block here, which costs more. */
struct cost cost_of(const struct scan *s)
{
    struct cost c = { 0 };

    for (unsigned i = 0; i < s->nsides; i++) {
        const struct scan_side *side = &s->sides[i];
        uint64_t lists = side->volume->list_calls;

        if (!side->volume->is_snapshot)
            continue;
        c.service = true;
        c.blocks += stored_and_asked(side);
        c.requests += side->requests;
        lists = lists < side->requests ? lists : side->requests;
        c.usd += (double)lists / 1000 * USD_LISTS
            + (double)(side->requests - lists) / 1000 * USD_BLOCKS;
    }
    return c;
}
