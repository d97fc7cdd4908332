/* SPDX-License-Identifier: Apache-2.0 */
#include "events/lookup3.h"

#include "fs/bytes.h"

struct state {
    uint32_t a, b, c;
};

static uint32_t turn(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static void mix(struct state *s)
{
    s->a -= s->c; s->a ^= turn(s->c, 4); s->c += s->b;
    s->b -= s->a; s->b ^= turn(s->a, 6); s->a += s->c;
    s->c -= s->b; s->c ^= turn(s->b, 8); s->b += s->a;
    s->a -= s->c; s->a ^= turn(s->c, 16); s->c += s->b;
    s->b -= s->a; s->b ^= turn(s->a, 19); s->a += s->c;
    s->c -= s->b; s->c ^= turn(s->b, 4); s->b += s->a;
}

static void finish(struct state *s)
{
    s->c ^= s->b; s->c -= turn(s->b, 14);
    s->a ^= s->c; s->a -= turn(s->c, 11);
    s->b ^= s->a; s->b -= turn(s->a, 25);
    s->c ^= s->b; s->c -= turn(s->b, 16);
    s->a ^= s->c; s->a -= turn(s->c, 4);
    s->b ^= s->a; s->b -= turn(s->a, 14);
    s->c ^= s->b; s->c -= turn(s->b, 24);
}

static void add(struct state *s, const unsigned char *p)
{
    s->a += le32_at(p);
    s->b += le32_at(p + 4);
    s->c += le32_at(p + 8);
}

uint64_t lookup3_of(const unsigned char *p, size_t n)
{
    uint32_t first = 0xdeadbeef + (uint32_t)n;
    struct state s = { first, first, first };
    unsigned char last[12] = { 0 };

    for (; n > 12; p += 12, n -= 12) {
        add(&s, p);
        mix(&s);
    }
    if (n) {
        for (size_t i = 0; i < n; i++)
            last[i] = p[i];
        add(&s, last);
        finish(&s);
    }
    return (uint64_t)s.c << 32 | s.b;
}
