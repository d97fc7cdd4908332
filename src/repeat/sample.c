/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "repeat/repeat.h"

/* SplitMix64, so that a seed means the same everywhere. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Each as likely as any other. */
static uint64_t below(uint64_t n, uint64_t *state)
{
    uint64_t x;

    do
        x = next(state);
    while (x >= UINT64_MAX - UINT64_MAX % n);
    return x % n;
}

/* One pass: each block is taken with the chance that is still needed. */
struct blockset *repeat_sample(const struct blockset *from, uint64_t n,
                               uint64_t seed, struct err *e)
{
    struct blockset *s = blockset_new(blockset_room(from), e);
    uint64_t left = blockset_count(from);
    uint64_t i = blockset_next(from, 0);

    for (; s && i != BLOCKSET_END && n; i = blockset_next(from, i + 1)) {
        if (below(left--, &seed) >= n)
            continue;
        blockset_add(s, i);
        n--;
    }
    return s;
}

static int parse(const char *hex, uint64_t *seed)
{
    char *end;

    if (strlen(hex) > 16 || !*hex
        || hex[strspn(hex, "0123456789abcdefABCDEF")])
        return -1;
    *seed = strtoull(hex, &end, 16);
    return 0;
}

int repeat_seed(const char *hex, uint64_t *seed, struct err *e)
{
    if (hex)
        return parse(hex, seed) == 0 ? 0
            : err_set(e, ERR_USAGE, 0, "--seed takes 1 to 16 hex digits, not "
                      "%s", hex);
    if (getrandom(seed, sizeof(*seed), 0) != (ssize_t)sizeof(*seed))
        return err_set(e, ERR_INTERNAL, 0, "there are no random numbers");
    return 0;
}
