/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/blockset.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define BITS 64

struct blockset {
    uint64_t blocks;
    uint64_t words;
    uint64_t bits[];
};

struct blockset *blockset_new(uint64_t blocks, struct err *e)
{
    uint64_t words = blocks / BITS + 1;
    struct blockset *s = calloc(1, sizeof(*s) + words * sizeof(s->bits[0]));

    if (!s) {
        err_nomem(e);
        return NULL;
    }
    s->blocks = blocks;
    s->words = words;
    return s;
}

void blockset_free(struct blockset *s)
{
    free(s);
}

void blockset_add(struct blockset *s, uint64_t index)
{
    assert(index < s->blocks);
    s->bits[index / BITS] |= UINT64_C(1) << index % BITS;
}

void blockset_add_all(struct blockset *s, const struct blockset *other)
{
    for (uint64_t i = blockset_next(other, 0); i < s->blocks;
         i = blockset_next(other, i + 1))
        blockset_add(s, i);
}

void blockset_fill(struct blockset *s)
{
    for (uint64_t i = 0; i < s->blocks; i++)
        blockset_add(s, i);
}

bool blockset_has(const struct blockset *s, uint64_t index)
{
    return s && index < s->blocks
        && s->bits[index / BITS] >> index % BITS & 1;
}

uint64_t blockset_count(const struct blockset *s)
{
    uint64_t n = 0;

    for (uint64_t i = 0; i < s->words; i++)
        n += (uint64_t)__builtin_popcountll(s->bits[i]);
    return n;
}

uint64_t blockset_room(const struct blockset *s)
{
    return s->blocks;
}

uint64_t blockset_next(const struct blockset *s, uint64_t from)
{
    uint64_t w = from / BITS;
    uint64_t word;

    if (from >= s->blocks)
        return BLOCKSET_END;
    word = s->bits[w] & (UINT64_MAX << from % BITS);
    while (!word && ++w < s->words)
        word = s->bits[w];
    return word ? w * BITS + (uint64_t)__builtin_ctzll(word) : BLOCKSET_END;
}
