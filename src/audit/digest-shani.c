/* SPDX-License-Identifier: Apache-2.0 */
/* The engine for processors with SHA instructions.
 *
 * MD5 is 64 steps, each of which waits for the one before: the processor
 * has room for twice as much beside it.  So one loop does for each piece of
 * 64 bytes, in turns, four steps of MD5, four rounds of one or two SHA-256
 * states (the stream's and the block's share the message schedule) and four
 * rounds of SHA-1, five times in a quarter.
 *
 * The facts about the instructions are Intel's: "Intel SHA Extensions".
 * Everything is inlined into one function for each set of digests, with the
 * set and all round numbers known when it is compiled. */
#include "audit/digest-private.h"

#ifdef __x86_64__

#include <cpuid.h>
#include <immintrin.h>
#include <string.h>

#define TARGET __attribute__((target("sha,avx")))
#define PART static inline __attribute__((always_inline)) TARGET

#define MD5 HASH_BIT(HASH_MD5)
#define SHA1 HASH_BIT(HASH_SHA1)
#define SHA256 HASH_BIT(HASH_SHA256)
#define BLOCK HASH_BIT(HASH_KINDS)
#define SETS (2 * BLOCK)

/* ------------------------------------------------------------------- MD5 */

static const uint32_t md5_constants[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a,
    0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be,
    0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340,
    0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8,
    0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c,
    0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa,
    0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92,
    0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1,
    0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

static const int md5_turns[4][4] = {
    { 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 },
};

/* Step i of quarter q takes message word (times * i + first) % 16. */
static const struct { int times, first; } md5_words[4] = {
    { 1, 0 }, { 5, 1 }, { 3, 5 }, { 7, 0 },
};

/* `b' is the newest: as little as possible waits for it.  What does not wait
 * is added first, and the compiler must not put the sum in another order: gcc
 * 12 with -march=native does, and takes a quarter longer. */
#define IN_THIS_ORDER(x) __asm__("" : "+r"(x))

PART uint32_t md5_early(int quarter, uint32_t c, uint32_t d)
{
    return quarter == 1 ? c & ~d : 0;
}

PART uint32_t md5_late(int quarter, uint32_t b, uint32_t c, uint32_t d)
{
    switch (quarter) {
    case 0:
        return (b & (c ^ d)) ^ d;
    case 1:
        return b & d;
    case 2:
        return (c ^ d) ^ b;
    default:
        return (b | ~d) ^ c;
    }
}

PART void md5_step(int i, uint32_t *a, uint32_t b, uint32_t c, uint32_t d,
                   const unsigned char *p)
{
    int q = i / 16;
    int turn = md5_turns[q][i % 4];
    uint32_t word, x;

    memcpy(&word, p + (md5_words[q].times * i + md5_words[q].first) % 16 * 4,
           4);
    x = *a + word + md5_constants[i] + md5_early(q, c, d);
    IN_THIS_ORDER(x);
    x += md5_late(q, b, c, d);
    *a = (x << turn | x >> (32 - turn)) + b;
}

PART void md5_group(uint32_t h[4], int g, const unsigned char *p)
{
    md5_step(4 * g, &h[0], h[1], h[2], h[3], p);
    md5_step(4 * g + 1, &h[3], h[0], h[1], h[2], p);
    md5_step(4 * g + 2, &h[2], h[3], h[0], h[1], p);
    md5_step(4 * g + 3, &h[1], h[2], h[3], h[0], p);
}

/* Not a loop: gcc 12 at -O2 makes it one vector addition, and the way there
 * and back costs each piece 15 of 300 cycles. */
PART void md5_finish(uint32_t h[4], const uint32_t was[4])
{
    h[0] += was[0];
    h[1] += was[1];
    h[2] += was[2];
    h[3] += was[3];
}

PART __m128i load(const void *p)
{
    return _mm_loadu_si128(p);
}

PART void store(void *p, __m128i v)
{
    _mm_storeu_si128(p, v);
}

/* ----------------------------------------------------------------- SHA-1 */

struct sha1 {
    __m128i abcd, e;
    __m128i before;  /* abcd one group ago: holds the next e */
    __m128i w[4];    /* the last 16 words of the schedule */
};

PART __m128i sha1_four(__m128i abcd, __m128i e, int quarter)
{
    switch (quarter) {
    case 0:
        return _mm_sha1rnds4_epu32(abcd, e, 0);
    case 1:
        return _mm_sha1rnds4_epu32(abcd, e, 1);
    case 2:
        return _mm_sha1rnds4_epu32(abcd, e, 2);
    default:
        return _mm_sha1rnds4_epu32(abcd, e, 3);
    }
}

PART __m128i sha1_words(struct sha1 *s, int g, const unsigned char *p)
{
    const __m128i swap = _mm_set_epi64x(0x0001020304050607,
                                        0x08090a0b0c0d0e0f);
    __m128i *w = &s->w[g % 4];

    if (g < 4)
        *w = _mm_shuffle_epi8(load(p + 16 * g), swap);
    else
        *w = _mm_sha1msg2_epu32(
            _mm_xor_si128(_mm_sha1msg1_epu32(*w, s->w[(g + 1) % 4]),
                          s->w[(g + 2) % 4]),
            s->w[(g + 3) % 4]);
    return *w;
}

PART void sha1_group(struct sha1 *s, int g, const unsigned char *p)
{
    __m128i w = sha1_words(s, g, p);
    __m128i e = g == 0 ? _mm_add_epi32(s->e, w)
                       : _mm_sha1nexte_epu32(s->before, w);

    s->before = s->abcd;
    s->abcd = sha1_four(s->abcd, e, g / 5);
}

PART void sha1_load(struct sha1 *s, const uint32_t h[5])
{
    s->abcd = _mm_shuffle_epi32(load(h), 0x1b);
    s->e = _mm_set_epi32((int)h[4], 0, 0, 0);
}

PART void sha1_store(const struct sha1 *s, uint32_t h[5])
{
    store(h, _mm_shuffle_epi32(s->abcd, 0x1b));
    h[4] = (uint32_t)_mm_extract_epi32(s->e, 3);
}

/* After the last round: what was there before is added. */
PART void sha1_finish(struct sha1 *s, const struct sha1 *was)
{
    s->e = _mm_sha1nexte_epu32(s->before, was->e);
    s->abcd = _mm_add_epi32(s->abcd, was->abcd);
}

/* --------------------------------------------------------------- SHA-256 */

static const uint32_t sha256_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* A state, in the order that the instructions want. */
struct sha256 {
    __m128i abef, cdgh;
};

PART void sha256_load(struct sha256 *s, const uint32_t h[8])
{
    __m128i badc = _mm_shuffle_epi32(load(h), 0xb1);
    __m128i efgh = _mm_shuffle_epi32(load(h + 4), 0x1b);

    s->abef = _mm_alignr_epi8(badc, efgh, 8);
    s->cdgh = _mm_blend_epi16(efgh, badc, 0xf0);
}

PART void sha256_store(const struct sha256 *s, uint32_t h[8])
{
    __m128i feba = _mm_shuffle_epi32(s->abef, 0x1b);
    __m128i dchg = _mm_shuffle_epi32(s->cdgh, 0xb1);

    store(h, _mm_blend_epi16(feba, dchg, 0xf0));
    store(h + 4, _mm_alignr_epi8(dchg, feba, 8));
}

/* The next four words of the schedule, their constants added. */
PART __m128i sha256_words(__m128i w[4], int g, const unsigned char *p)
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b,
                                        0x0405060700010203);
    __m128i *now = &w[g % 4];
    __m128i last = w[(g + 3) % 4];

    if (g < 4)
        *now = _mm_shuffle_epi8(load(p + 16 * g), swap);
    else
        *now = _mm_sha256msg2_epu32(
            _mm_add_epi32(_mm_sha256msg1_epu32(*now, w[(g + 1) % 4]),
                          _mm_alignr_epi8(last, w[(g + 2) % 4], 4)),
            last);
    return _mm_add_epi32(*now, load(sha256_constants + 4 * g));
}

PART void sha256_group(struct sha256 *s, __m128i words)
{
    s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, words);
    s->abef = _mm_sha256rnds2_epu32(s->abef, s->cdgh,
                                    _mm_shuffle_epi32(words, 0x0e));
}

PART void sha256_finish(struct sha256 *s, const struct sha256 *was)
{
    s->abef = _mm_add_epi32(s->abef, was->abef);
    s->cdgh = _mm_add_epi32(s->cdgh, was->cdgh);
}

/* -------------------------------------------------------------- together */

struct states {
    uint32_t md5[4];
    struct sha1 sha1;
    struct sha256 sha256, block;
    __m128i w[4]; /* the schedule of both SHA-256 */
};

PART void group(struct states *s, unsigned set, int quarter, int n,
                const unsigned char *p)
{
    int g = 4 * quarter + n;

    if (set & MD5)
        md5_group(s->md5, g, p);
    if (set & (SHA256 | BLOCK)) {
        __m128i words = sha256_words(s->w, g, p);

        if (set & SHA256)
            sha256_group(&s->sha256, words);
        if (set & BLOCK)
            sha256_group(&s->block, words);
    }
    if (set & SHA1)
        sha1_group(&s->sha1, 5 * quarter + n, p);
}

PART void quarter(struct states *s, unsigned set, int q,
                  const unsigned char *p)
{
    group(s, set, q, 0, p);
    group(s, set, q, 1, p);
    group(s, set, q, 2, p);
    group(s, set, q, 3, p);
    if (set & SHA1)
        sha1_group(&s->sha1, 5 * q + 4, p);
}

PART void piece(struct states *s, unsigned set, const unsigned char *p)
{
    const struct states was = *s;

    quarter(s, set, 0, p);
    quarter(s, set, 1, p);
    quarter(s, set, 2, p);
    quarter(s, set, 3, p);
    md5_finish(s->md5, was.md5);
    sha1_finish(&s->sha1, &was.sha1);
    sha256_finish(&s->sha256, &was.sha256);
    sha256_finish(&s->block, &was.block);
}

PART void run_set(struct digest_state *st, unsigned set, uint32_t *block,
                  const unsigned char *p, size_t pieces)
{
    struct states s = { 0 };

    if (set & MD5)
        memcpy(s.md5, st->md5, sizeof(s.md5));
    if (set & SHA1)
        sha1_load(&s.sha1, st->sha1);
    if (set & SHA256)
        sha256_load(&s.sha256, st->sha256);
    if (set & BLOCK)
        sha256_load(&s.block, block);
    for (; pieces; pieces--, p += DIGEST_PIECE)
        piece(&s, set, p);
    if (set & MD5)
        memcpy(st->md5, s.md5, sizeof(s.md5));
    if (set & SHA1)
        sha1_store(&s.sha1, st->sha1);
    if (set & SHA256)
        sha256_store(&s.sha256, st->sha256);
    if (set & BLOCK)
        sha256_store(&s.block, block);
}

/* ------------------------------------------------------------ two blocks */

/* The rounds of one SHA-256 wait for each other, too. */
PART void piece_of_two(struct sha256 s[2], __m128i w[2][4],
                       const unsigned char *p, const unsigned char *q)
{
    const struct sha256 was[2] = { s[0], s[1] };

#pragma GCC unroll 16
    for (int g = 0; g < 16; g++) {
        __m128i first = sha256_words(w[0], g, p);
        __m128i second = sha256_words(w[1], g, q);

        sha256_group(&s[0], first);
        sha256_group(&s[1], second);
    }
    sha256_finish(&s[0], &was[0]);
    sha256_finish(&s[1], &was[1]);
}

TARGET static void run_two(uint32_t h[2][8],
                           const unsigned char *const data[2], size_t pieces)
{
    const unsigned char *p = data[0], *q = data[1];
    struct sha256 s[2];
    __m128i w[2][4] = { 0 };

    sha256_load(&s[0], h[0]);
    sha256_load(&s[1], h[1]);
    for (; pieces; pieces--, p += DIGEST_PIECE, q += DIGEST_PIECE)
        piece_of_two(s, w, p, q);
    sha256_store(&s[0], h[0]);
    sha256_store(&s[1], h[1]);
}

/* ------------------------------------------------------------- the table */

/* One function for each set of digests, and the table of them. */
#define RUN(set)                                                         \
    TARGET static void run_##set(struct digest_state *st,                \
                                 uint32_t *block,                        \
                                 const unsigned char *p, size_t pieces)  \
    {                                                                    \
        run_set(st, set, block, p, pieces);                              \
    }

RUN(1) RUN(2) RUN(3) RUN(4) RUN(5) RUN(6) RUN(7) RUN(8)
RUN(9) RUN(10) RUN(11) RUN(12) RUN(13) RUN(14) RUN(15)

static void (*const runs[SETS])(struct digest_state *st, uint32_t *block,
                                const unsigned char *p, size_t pieces) = {
    NULL,  run_1, run_2,  run_3,  run_4,  run_5,  run_6,  run_7,
    run_8, run_9, run_10, run_11, run_12, run_13, run_14, run_15,
};

static void run(struct digest_state *st, unsigned kinds, uint32_t *block,
                const unsigned char *p, size_t pieces)
{
    unsigned set = kinds | (block ? BLOCK : 0);

    if (set)
        runs[set](st, block, p, pieces);
}

/* Every processor for servers and desktops that has SHA has AVX, which saves
 * the copies that two-operand instructions need. */
static bool usable(void)
{
    unsigned a, b, c, d;

    return __builtin_cpu_supports("avx")
        && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

#else

static bool usable(void)
{
    return false;
}

#define run NULL
#define run_two NULL

#endif

const struct digest_engine digest_shani = {
    .name = "SHA-NI",
    .fused = true,
    .usable = usable,
    .run = run,
    .run_two = run_two,
};
