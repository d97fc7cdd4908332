/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/digest.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "audit/digest-private.h"

/* ------------------------------------------------------------ the choice */

static const struct digest_engine *chosen;
static const char *chosen_name;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* A digest that is not the digest of the data must never get out. */
static void choose(void)
{
    if (!digest_engine_good(&digest_openssl))
        abort();
    chosen = &digest_openssl;
    chosen_name = "OpenSSL";
    if (!digest_shani.usable())
        return;
    if (digest_engine_good(&digest_shani)) {
        chosen = &digest_shani;
        chosen_name = "SHA-NI";
    } else {
        chosen_name = "OpenSSL (SHA-NI failed its check)";
    }
}

static const struct digest_engine *engine(void)
{
    pthread_once(&once, choose);
    return chosen;
}

void digest_force(const struct digest_engine *g)
{
    pthread_once(&once, choose);
    if (g) {
        chosen = g;
        chosen_name = g->name;
    } else {
        choose();
    }
}

const char *digest_engine_name(void)
{
    pthread_once(&once, choose);
    return chosen_name;
}

bool digest_is_fused(void)
{
    return engine()->fused;
}

/* ------------------------------------------------------------- beginning */

const uint32_t digest_sha256_start[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static void begin_with(struct digest *d, const struct digest_engine *g,
                       unsigned kinds)
{
    *d = (struct digest){
        .engine = g,
        .state = {
            .kinds = kinds,
            .md5 = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 },
            .sha1 = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
                      0xc3d2e1f0 },
        },
    };
    memcpy(d->state.sha256, digest_sha256_start, sizeof(d->state.sha256));
}

void digest_begin(struct digest *d, unsigned kinds)
{
    assert(!(kinds & ~HASH_ALL));
    begin_with(d, engine(), kinds);
}

void digest_save(const struct digest *d, struct digest_state *out)
{
    assert(d->state.bytes % DIGEST_PIECE == 0);
    *out = d->state;
}

void digest_restore(struct digest *d, const struct digest_state *s)
{
    assert(s->bytes % DIGEST_PIECE == 0 && !(s->kinds & ~HASH_ALL));
    d->engine = engine();
    d->state = *s;
}

/* ---------------------------------------------------------------- adding */

static void run(struct digest *d, const unsigned char *p, size_t pieces)
{
    if (pieces && d->state.kinds)
        d->engine->run(&d->state, d->state.kinds, NULL, p, pieces);
}

/* Fills the tail up to a whole piece; how many bytes that took. */
static size_t top_up(struct digest *d, const unsigned char *p, size_t n)
{
    size_t have = d->state.bytes % DIGEST_PIECE;
    size_t take = DIGEST_PIECE - have;

    if (have == 0)
        return 0;
    if (take > n)
        take = n;
    memcpy(d->tail + have, p, take);
    if (have + take == DIGEST_PIECE)
        run(d, d->tail, 1);
    d->state.bytes += take;
    return take;
}

void digest_add(struct digest *d, const void *data, size_t n)
{
    const unsigned char *p = data;
    size_t first = top_up(d, p, n);

    p += first;
    n -= first;
    if (n == 0)
        return;
    run(d, p, n / DIGEST_PIECE);
    memcpy(d->tail, p + n / DIGEST_PIECE * DIGEST_PIECE, n % DIGEST_PIECE);
    d->state.bytes += n;
}

bool digest_pairs(unsigned kinds)
{
    return kinds == HASH_BIT(HASH_SHA256) && engine()->fused;
}

static bool is_sha256_alone(const struct digest *d)
{
    return d->state.kinds == HASH_BIT(HASH_SHA256)
        && d->state.bytes % DIGEST_PIECE == 0;
}

/* The whole pieces of `n' bytes; how many bytes that were. */
static size_t run_two(struct digest *const d[2],
                      const unsigned char *const data[2], size_t n)
{
    size_t whole = n / DIGEST_PIECE;
    uint32_t h[2][8];

    for (int i = 0; i < 2; i++)
        memcpy(h[i], d[i]->state.sha256, sizeof(h[i]));
    d[0]->engine->run_two(h, data, whole);
    for (int i = 0; i < 2; i++) {
        memcpy(d[i]->state.sha256, h[i], sizeof(h[i]));
        d[i]->state.bytes += whole * DIGEST_PIECE;
    }
    return whole * DIGEST_PIECE;
}

void digest_add_two(struct digest *const d[2],
                    const unsigned char *const data[2], size_t n)
{
    size_t done = is_sha256_alone(d[0]) && is_sha256_alone(d[1])
        ? run_two(d, data, n) : 0;

    for (int i = 0; i < 2; i++)
        digest_add(d[i], data[i] + done, n - done);
}

/* Few enough to stay in the processor's nearest cache. */
void digest_add_zeros(struct digest *d, uint64_t n)
{
    static const unsigned char zeros[16384];

    while (n) {
        size_t now = n < sizeof(zeros) ? (size_t)n : sizeof(zeros);

        digest_add(d, zeros, now);
        n -= now;
    }
}

/* ----------------------------------------------------------------- ending */

/* What follows the last bytes: a one bit, zeros, and the length in bits,
 * which MD5 writes with the low byte first and the others with the high. */
static size_t pad(unsigned char out[2 * DIGEST_PIECE],
                  const unsigned char *tail, uint64_t bytes, bool low_first)
{
    size_t have = bytes % DIGEST_PIECE;
    size_t pieces = have < DIGEST_PIECE - 8 ? 1 : 2;
    unsigned char *end = out + pieces * DIGEST_PIECE - 8;

    memset(out, 0, 2 * DIGEST_PIECE);
    memcpy(out, tail, have);
    out[have] = 0x80;
    for (int i = 0; i < 8; i++)
        end[low_first ? i : 7 - i] = (unsigned char)(bytes * 8 >> (8 * i));
    return pieces;
}

static void put_words(unsigned char *out, const uint32_t *h, size_t words,
                      bool low_first)
{
    for (size_t i = 0; i < words * 4; i++)
        out[i] = (unsigned char)(h[i / 4]
                                 >> 8 * (low_first ? i % 4 : 3 - i % 4));
}

void digest_end(const struct digest *d, struct hashes *out)
{
    unsigned char last[2 * DIGEST_PIECE];
    struct digest_state st = d->state;
    unsigned md5 = st.kinds & HASH_BIT(HASH_MD5);
    unsigned others = st.kinds & ~HASH_BIT(HASH_MD5);

    memset(out, 0, sizeof(*out));
    if (md5)
        d->engine->run(&st, md5, NULL, last,
                       pad(last, d->tail, st.bytes, true));
    if (others)
        d->engine->run(&st, others, NULL, last,
                       pad(last, d->tail, st.bytes, false));
    out->have = st.kinds;
    if (md5)
        put_words(out->value[HASH_MD5], st.md5, 4, true);
    if (others & HASH_BIT(HASH_SHA1))
        put_words(out->value[HASH_SHA1], st.sha1, 5, false);
    if (others & HASH_BIT(HASH_SHA256))
        put_words(out->value[HASH_SHA256], st.sha256, 8, false);
}

/* ---------------------------------------------------------------- blocks */

static void add_apart(struct digest *d, const void *data, size_t n,
                      unsigned char sha256[32])
{
    struct digest alone;
    struct hashes h;

    digest_add(d, data, n);
    begin_with(&alone, d->engine, HASH_BIT(HASH_SHA256));
    digest_add(&alone, data, n);
    digest_end(&alone, &h);
    memcpy(sha256, h.value[HASH_SHA256], 32);
}

void digest_add_block(struct digest *d, const void *data, size_t n,
                      unsigned char sha256[32])
{
    unsigned char last[2 * DIGEST_PIECE];
    uint32_t h[8];
    size_t whole = n / DIGEST_PIECE;
    const unsigned char *tail
        = (const unsigned char *)data + whole * DIGEST_PIECE;

    if (d->state.bytes % DIGEST_PIECE) {
        add_apart(d, data, n, sha256);
        return;
    }
    memcpy(h, digest_sha256_start, sizeof(h));
    d->engine->run(&d->state, d->state.kinds, h, data, whole);
    d->state.bytes += whole * DIGEST_PIECE;
    digest_add(d, tail, n % DIGEST_PIECE);
    d->engine->run(&d->state, 0, h, last, pad(last, tail, n, false));
    put_words(sha256, h, 8, false);
}

static void two_blocks(const struct digest_engine *g,
                       const unsigned char *const data[2], size_t n,
                       unsigned char *const sha256[2])
{
    unsigned char last[2][2 * DIGEST_PIECE];
    const unsigned char *const ends[2] = { last[0], last[1] };
    size_t whole = n / DIGEST_PIECE;
    size_t pieces = 0;
    uint32_t h[2][8];

    for (int i = 0; i < 2; i++) {
        memcpy(h[i], digest_sha256_start, sizeof(h[i]));
        pieces = pad(last[i], data[i] + whole * DIGEST_PIECE, n, false);
    }
    g->run_two(h, data, whole);
    g->run_two(h, ends, pieces);
    for (int i = 0; i < 2; i++)
        put_words(sha256[i], h[i], 8, false);
}

void digest_two_blocks(const unsigned char *const data[2], size_t n,
                       unsigned char *const sha256[2])
{
    two_blocks(engine(), data, n, sha256);
}

/* ------------------------------------------------------------- the check */

static bool same_as_openssl(const struct hashes *h, const void *data,
                            size_t n)
{
    static const char *const names[HASH_KINDS] = { "MD5", "SHA1", "SHA256" };
    bool same = true;

    for (int k = 0; k < HASH_KINDS; k++) {
        unsigned char want[EVP_MAX_MD_SIZE];
        size_t len;

        if (!(h->have & HASH_BIT(k)))
            continue;
        /* A crypto policy may keep MD5 from EVP: nothing to compare then. */
        if (EVP_Q_digest(NULL, names[k], NULL, data, n, want, &len))
            same = same && memcmp(h->value[k], want, hash_sizes[k]) == 0;
    }
    return same;
}

static bool good_for(const struct digest_engine *g, unsigned kinds,
                     const unsigned char *data, size_t n)
{
    struct hashes stream, block = { .have = HASH_BIT(HASH_SHA256) };
    struct digest d;

    begin_with(&d, g, kinds);
    digest_add_block(&d, data, n / 2, block.value[HASH_SHA256]);
    digest_add(&d, data + n / 2, n - n / 2);
    digest_end(&d, &stream);
    return same_as_openssl(&stream, data, n)
        && same_as_openssl(&block, data, n / 2);
}

static bool good_for_two(const struct digest_engine *g,
                         const unsigned char *data, size_t n)
{
    struct hashes h[2] = { { .have = HASH_BIT(HASH_SHA256) },
                           { .have = HASH_BIT(HASH_SHA256) } };
    const unsigned char *const p[2] = { data, data + n / 2 };
    unsigned char *const out[2] = { h[0].value[HASH_SHA256],
                                    h[1].value[HASH_SHA256] };

    two_blocks(g, p, n / 2, out);
    return same_as_openssl(&h[0], p[0], n / 2)
        && same_as_openssl(&h[1], p[1], n / 2);
}

bool digest_engine_good(const struct digest_engine *g)
{
    static const size_t lengths[] = { 0, 1, 110, 128, 256, 501, 768 };
    unsigned char data[768];
    bool good = true;

    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = (unsigned char)(i * i * 37 + i / 7);
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        good = good && good_for_two(g, data, lengths[i]);
        for (unsigned kinds = 0; kinds <= HASH_ALL; kinds++)
            good = good && good_for(g, kinds, data, lengths[i]);
    }
    return good;
}
