/* SPDX-License-Identifier: Apache-2.0 */
#include "readers/marks.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK_BLOCKS (8u * MARKS_CHUNK_BYTES)

/* Room for the chunk i, too. */
static int widen(struct marks *m, size_t i, struct err *e)
{
    uint64_t **chunks;

    if (i < m->nchunks)
        return 0;
    chunks = realloc(m->chunks, (i + 1) * sizeof(*chunks));
    if (!chunks)
        return err_nomem(e);
    memset(chunks + m->nchunks, 0, (i + 1 - m->nchunks) * sizeof(*chunks));
    m->chunks = chunks;
    m->nchunks = i + 1;
    return 0;
}

static size_t cost(const struct marks *m, size_t i)
{
    size_t more = i < m->nchunks ? 0 : i + 1 - m->nchunks;

    return MARKS_CHUNK_BYTES + more * sizeof(*m->chunks);
}

/* 1: there is a chunk; 0: there is no room for it. */
static int need_chunk(struct marks *m, size_t *left, size_t i,
                      struct err *e)
{
    size_t bytes = cost(m, i);

    if (i < m->nchunks && m->chunks[i])
        return 1;
    if (*left < bytes)
        return 0;
    if (widen(m, i, e) < 0)
        return -1;
    m->chunks[i] = calloc(1, MARKS_CHUNK_BYTES);
    if (!m->chunks[i])
        return err_nomem(e);
    *left -= bytes;
    return 1;
}

int marks_add(struct marks *m, size_t *left, uint64_t block, struct err *e)
{
    uint64_t bit = UINT64_C(1) << block % 64;
    uint64_t *word;
    int r = need_chunk(m, left, (size_t)(block / CHUNK_BLOCKS), e);

    if (r < 0)
        return -1;
    if (r == 0) {
        m->left_out++;
        return 0;
    }
    word = &m->chunks[block / CHUNK_BLOCKS][block % CHUNK_BLOCKS / 64];
    m->count += !(*word & bit);
    *word |= bit;
    return 0;
}

bool marks_has(const struct marks *m, uint64_t block)
{
    const uint64_t *chunk = block / CHUNK_BLOCKS < m->nchunks
        ? m->chunks[block / CHUNK_BLOCKS] : NULL;

    return chunk && chunk[block % CHUNK_BLOCKS / 64] >> block % 64 & 1;
}

void marks_free(struct marks *m)
{
    for (size_t i = 0; i < m->nchunks; i++)
        free(m->chunks[i]);
    free(m->chunks);
    memset(m, 0, sizeof(*m));
}

/* The first block from `at' on that is there (or, with `flip', that is not),
 * or the end of all chunks.  Whole words are passed over at once. */
static uint64_t next(const struct marks *m, uint64_t at, bool flip)
{
    uint64_t end = (uint64_t)m->nchunks * CHUNK_BLOCKS;

    while (at < end) {
        const uint64_t *chunk = m->chunks[at / CHUNK_BLOCKS];
        uint64_t word = chunk ? chunk[at % CHUNK_BLOCKS / 64] : 0;

        word = (flip ? ~word : word) >> at % 64;
        if (word)
            return at + (uint64_t)__builtin_ctzll(word);
        at += 64 - at % 64;
    }
    return end;
}

bool marks_range(const struct marks *m, uint64_t *first, uint64_t *last)
{
    uint64_t end = (uint64_t)m->nchunks * CHUNK_BLOCKS;

    *first = next(m, *first, false);
    if (*first >= end)
        return false;
    *last = next(m, *first, true) - 1;
    return true;
}
