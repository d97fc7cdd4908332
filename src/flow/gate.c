/* SPDX-License-Identifier: Apache-2.0 */
/* All that hashes in a run: the gate, which proves each block, and a reader
 * for each digest where one pass over all of them is no faster. */
#include <string.h>

#include "flow/pipeline-private.h"

/* --------------------------------------------------------------- digests */

/* In pieces, so that a stop is obeyed inside a long gap. */
static void hash_gap(struct reader *d, const struct slot *s)
{
    uint64_t end = gap_end(s);

    while (d->position < end && !window_failed(d->run->window, NULL)) {
        uint64_t left = end - d->position;
        uint64_t n = left < BLOCK_SIZE ? left : BLOCK_SIZE;

        digest_add_zeros(&d->digest, n);
        d->position += n;
        timing_worked(&d->timing);
    }
}

/* This reader's share of the state after the slot. */
static void note_state(const struct reader *d, struct slot *s)
{
    const struct digest_state *now = &d->digest.state;

    if (now->kinds & HASH_BIT(HASH_MD5))
        memcpy(s->digest.md5, now->md5, sizeof(now->md5));
    if (now->kinds & HASH_BIT(HASH_SHA1))
        memcpy(s->digest.sha1, now->sha1, sizeof(now->sha1));
    if (now->kinds & HASH_BIT(HASH_SHA256))
        memcpy(s->digest.sha256, now->sha256, sizeof(now->sha256));
}

void *digest_main(void *arg)
{
    struct reader *d = arg;
    struct slot *s;

    timing_begin(&d->timing);
    while ((s = reader_next(d))) {
        hash_gap(d, s);
        if (s->len && !s->hole) {
            digest_add(&d->digest, s->raw, s->len);
            d->position += s->len;
        }
        note_state(d, s);
        reader_done(d);
    }
    return NULL;
}

/* ------------------------------------------------------------------ gate */

/* A SHA-256 alone is a chain of rounds that wait for each other.  Where there
 * is nothing else to compute, the next block goes along, if it is there. */
static struct slot *companion(const struct reader *g,
                              const struct slot *s)
{
    if (g->digest.state.kinds || !digest_is_fused() || s->len != BLOCK_SIZE)
        return NULL;
    return window_peek(g->run->window);
}

static void hash_both(struct reader *g, struct slot *s, struct slot *other)
{
    const unsigned char *const raw[2] = { s->raw, other->raw };
    unsigned char *const sha256[2] = { s->sha256, other->sha256 };

    digest_two_blocks(raw, s->len, sha256);
    g->ahead = other;
}

static void hash_block(struct reader *g, struct slot *s)
{
    struct slot *other;

    if (g->ahead == s) {
        g->ahead = NULL;
        digest_add(&g->digest, s->raw, s->len); /* only counts */
    } else if ((other = companion(g, s))) {
        hash_both(g, s, other);
        digest_add(&g->digest, s->raw, s->len);
    } else {
        digest_add_block(&g->digest, s->raw, s->len, s->sha256);
    }
}

/* Into the digests of the stream, unless the block is not what it should
 * be. */
static bool prove(struct reader *g, struct slot *s)
{
    struct source *src = g->run->p->source;
    const struct digest before = g->digest;

    hash_block(g, s);
    if (!src->accept || src->accept(src, s))
        return true;
    g->digest = before;
    return false;
}

/* A slot that was refused comes again: the gap before it is hashed then. */
void *gate_main(void *arg)
{
    struct reader *g = arg;
    struct slot *s;

    timing_begin(&g->timing);
    while ((s = reader_next(g))) {
        hash_gap(g, s);
        if (s->len && !s->hole) {
            if (!prove(g, s)) {
                window_refused(g->run->window, s);
                timing_worked(&g->timing);
                continue;
            }
            g->position += s->len;
        }
        s->digest.kinds = g->run->p->hashes;
        s->digest.bytes = g->digest.state.bytes;
        note_state(g, s);
        reader_done(g);
    }
    return NULL;
}
