/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/backoff.h"

#include "base/number.h"

enum { ASKED_LIMIT_S = 60 };

void backoff_init(struct backoff *b, uint64_t seed)
{
    b->state = seed;
}

/* SplitMix64: even, and fine with any seed. */
static uint64_t next(struct backoff *b)
{
    uint64_t z = (b->state += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint64_t backoff_ms(struct backoff *b, uint64_t base_ms, uint64_t cap_ms,
                    unsigned nth)
{
    uint64_t most = base_ms;

    while (nth-- > 1 && most < cap_ms)
        most *= 2;
    if (most > cap_ms)
        most = cap_ms;
    return next(b) % (most + 1);
}

/* The other form, a date, is not worth trusting two clocks for. */
uint64_t backoff_asked_ms(const struct http_answer *a)
{
    char value[16];
    uint64_t seconds;

    if (!http_header(a, "Retry-After", value, sizeof(value))
        || number_parse(value, &seconds) < 0)
        return 0;
    return (seconds < ASKED_LIMIT_S ? seconds : ASKED_LIMIT_S) * 1000;
}
