/* SPDX-License-Identifier: Apache-2.0 */
/* Deflating and inflating chunks, by each library that was found and by all of
 * them together, with zlib as the judge: what goes in comes out, and nothing
 * that is damaged comes out as good. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/thread.h"
#include "image/deflate-private.h"
#include "image/random.h"
#include "odd-stream.h"

#define ROOM (256 * 1024)

static unsigned char plain[ROOM + 64];
static unsigned char packed[ROOM + 64];
static unsigned char again[ROOM + 64];

static struct codec *codec(void)
{
    struct err e = ERR_INIT;
    struct codec *c = codec_mine(&e);

    assert_non_null(c);
    return c;
}

/* ---------------------------------------------------------------- content */

static void noise(unsigned char *p, size_t n)
{
    uint32_t x = 2463534242u;

    for (size_t i = 0; i < n; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        p[i] = (unsigned char)x;
    }
}

static void words(unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (unsigned char)"chain of custody, image "[(i * 7 / 5) % 24];
}

static void zeros(unsigned char *p, size_t n)
{
    memset(p, 0, n);
}

/* Long matches, far matches and noise in turns. */
static void patches(unsigned char *p, size_t n)
{
    noise(p, n);
    for (size_t i = 0; i + 3000 < n; i += 7000)
        words(p + i, 3000);
    for (size_t i = 32768; i + 500 < n; i += 9973)
        memcpy(p + i, p + i - 32768, 500);
}

static void (*const contents[])(unsigned char *, size_t) = {
    noise, words, zeros, patches,
};
#define CONTENTS (sizeof(contents) / sizeof(contents[0]))

/* ------------------------------------------------------------------ tests */

static void round_trip(enum deflate_level level, const unsigned char *in,
                       size_t n)
{
    uLongf got = n;
    size_t len = deflate_chunk(codec(), level, in, n, packed, ROOM);

    assert_true(len > 0);
    memset(again, 0xa5, n + 16);
    assert_int_equal(inflate_chunk(codec(), packed, len, again, n), 0);
    assert_memory_equal(again, in, n);
    assert_int_equal(again[n], 0xa5);
    memset(again, 0, n);
    assert_int_equal(inflate_strictly(codec(), packed, len, again, n), 0);
    assert_memory_equal(again, in, n);
    memset(again, 0, n);
    assert_int_equal(uncompress(again, &got, packed, len), Z_OK);
    assert_int_equal(got, n);
    assert_memory_equal(again, in, n);
}

static void every_length_comes_back_and_zlib_reads_it(void **state)
{
    static const size_t lengths[] = { 4095,  4096,   32767,  32768, 32769,
                                      65535, 65536,  65537,  131071,
                                      131072, 131073, 200001 };

    (void)state;
    for (size_t c = 0; c < CONTENTS; c++) {
        contents[c](plain, ROOM);
        for (size_t n = 1; n < 700; n++)
            round_trip(n % 2 ? DEFLATE_FAST : DEFLATE_BEST, plain, n);
        for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
            round_trip(DEFLATE_FAST, plain, lengths[i]);
            round_trip(DEFLATE_BEST, plain, lengths[i]);
        }
    }
}

static void every_alignment_comes_back(void **state)
{
    (void)state;
    for (size_t c = 0; c < CONTENTS; c++) {
        contents[c](plain, ROOM);
        for (size_t shift = 0; shift < 64; shift++)
            round_trip(DEFLATE_FAST, plain + shift, 5000 + shift);
    }
}

static void noise_is_left_to_be_stored(void **state)
{
    (void)state;
    noise(plain, ROOM);
    for (enum deflate_level l = DEFLATE_NONE; l <= DEFLATE_BEST; l++) {
        memset(packed, 0x5a, sizeof(packed));
        assert_int_equal(deflate_chunk(codec(), l, plain, 131072, packed,
                                       131071), 0);
        for (size_t i = 131071; i < sizeof(packed); i++)
            assert_int_equal(packed[i], 0x5a);
    }
}

static void only_noise_looks_random(void **state)
{
    (void)state;
    for (size_t n = 32768; n <= ROOM; n *= 2) {
        noise(plain, n);
        assert_true(looks_random(plain, n));
        zeros(plain + n / 4 * 3, n / 4);
        assert_false(looks_random(plain, n));
        words(plain, n);
        assert_false(looks_random(plain, n));
        patches(plain, n);
        assert_false(looks_random(plain, n));
    }
}

/* As many bytes of each value, but in order. */
static void order(unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (unsigned char)(i / 8 * 7 + i % 8 * 31);
}

static void what_only_looks_random_is_deflated(void **state)
{
    size_t n;

    (void)state;
    order(plain, 131072);
    deflate_begin(codec());
    assert_true(looks_random(plain, 131072));
    n = deflate_chunk(codec(), DEFLATE_FAST, plain, 131072, packed, 131071);
    assert_in_range(n, 1, 65536);
}

static size_t fast(void (*content)(unsigned char *, size_t))
{
    content(plain, 131072);
    return deflate_chunk(codec(), DEFLATE_FAST, plain, 131072, packed,
                         131071);
}

/* Which spares the tries; what does not look random ends it, and so does the
 * block. */
static void behind_noise_what_looks_random_is_noise(void **state)
{
    (void)state;
    deflate_begin(codec());
    assert_int_equal(fast(noise), 0);
    assert_int_equal(fast(order), 0);
    assert_int_not_equal(fast(words), 0);
    assert_int_not_equal(fast(order), 0);
    assert_int_equal(fast(noise), 0);
    deflate_begin(codec());
    assert_int_not_equal(fast(order), 0);
}

static void level_none_never_deflates(void **state)
{
    (void)state;
    zeros(plain, ROOM);
    assert_int_equal(deflate_chunk(codec(), DEFLATE_NONE, plain, 32768,
                                   packed, ROOM), 0);
}

static void no_more_than_the_room_is_ever_written(void **state)
{
    (void)state;
    words(plain, ROOM);
    for (enum deflate_level l = DEFLATE_FAST; l <= DEFLATE_BEST; l++) {
        size_t whole = deflate_chunk(codec(), l, plain, 9000, packed, ROOM);

        for (size_t room = 0; room <= whole; room++) {
            size_t n;

            memset(packed, 0x5a, 10000);
            n = deflate_chunk(codec(), l, plain, 9000, packed, room);
            assert_true(n <= room);
            for (size_t i = room; i < room + 64; i++)
                assert_int_equal(packed[i], 0x5a);
        }
    }
}

static void whatever_zlib_writes_is_inflated(void **state)
{
    (void)state;
    for (size_t c = 0; c < CONTENTS; c++) {
        contents[c](plain, ROOM);
        for (int level = 0; level <= 9; level++) {
            uLongf len = sizeof(packed);

            assert_int_equal(compress2(packed, &len, plain, 131072, level),
                             Z_OK);
            assert_int_equal(inflate_chunk(codec(), packed, len, again,
                                           131072), 0);
            assert_memory_equal(again, plain, 131072);
        }
    }
}

/* A flip in bits that deflate leaves unused (before a stored block, behind
 * the last symbol) changes nothing; any other must be found. */
static void a_flipped_bit_never_gives_other_data(void **state)
{
    size_t found = 0;

    (void)state;
    for (size_t c = 0; c < CONTENTS; c++) {
        size_t n = 700;
        size_t len;

        contents[c](plain, n);
        len = deflate_chunk(codec(), DEFLATE_FAST, plain, n, packed, ROOM);
        for (size_t bit = 0; bit < len * 8; bit++) {
            packed[bit / 8] ^= (unsigned char)(1 << bit % 8);
            if (inflate_chunk(codec(), packed, len, again, n) == 0)
                assert_memory_equal(again, plain, n);
            else
                found++;
            packed[bit / 8] ^= (unsigned char)(1 << bit % 8);
        }
        assert_true(found >= (len - 2) * 8);
        found = 0;
    }
}

static void a_cut_stream_is_damaged(void **state)
{
    size_t len;

    (void)state;
    patches(plain, 20000);
    len = deflate_chunk(codec(), DEFLATE_FAST, plain, 20000, packed, ROOM);
    for (size_t cut = 0; cut < len; cut++)
        assert_int_equal(inflate_chunk(codec(), packed, cut, again, 20000),
                         -1);
}

static void bytes_behind_the_stream_are_damage(void **state)
{
    size_t len;

    (void)state;
    words(plain, 20000);
    len = deflate_chunk(codec(), DEFLATE_FAST, plain, 20000, packed, ROOM);
    for (size_t more = 1; more < 40; more++) {
        packed[len + more - 1] = 0;
        assert_int_equal(inflate_chunk(codec(), packed, len + more, again,
                                       20000), -1);
    }
}

static void another_length_is_damage(void **state)
{
    size_t len;

    (void)state;
    words(plain, 20000);
    len = deflate_chunk(codec(), DEFLATE_FAST, plain, 20000, packed, ROOM);
    assert_int_equal(inflate_chunk(codec(), packed, len, again, 19999), -1);
    assert_int_equal(inflate_chunk(codec(), packed, len, again, 20001), -1);
}

/* Whatever library is the fast one here; what it lets pass is still right. */
static void what_zlib_refuses_is_refused_strictly(void **state)
{
    (void)state;
    zeros(plain, 4096);
    for (size_t i = 0; i < ODD_STREAMS; i++) {
        size_t len = odd_streams[i](packed, 4096);
        uLongf n = 4096;

        assert_int_equal(uncompress(again, &n, packed, len), Z_DATA_ERROR);
        assert_int_equal(inflate_strictly(codec(), packed, len, again, 4096),
                         -1);
        if (inflate_chunk(codec(), packed, len, again, 4096) == 0)
            assert_memory_equal(again, plain, 4096);
    }
}

static void good_follows_damaged(void **state)
{
    size_t len;

    (void)state;
    patches(plain, 50000);
    len = deflate_chunk(codec(), DEFLATE_FAST, plain, 50000, packed, ROOM);
    packed[len / 2] ^= 0x10;
    assert_int_equal(inflate_chunk(codec(), packed, len, again, 50000), -1);
    packed[len / 2] ^= 0x10;
    assert_int_equal(inflate_chunk(codec(), packed, len, again, 50000), 0);
    assert_memory_equal(again, plain, 50000);
}

static void the_checksum_is_zlibs(void **state)
{
    (void)state;
    for (size_t c = 0; c < CONTENTS; c++) {
        contents[c](plain, ROOM);
        for (size_t n = 0; n < 300; n++)
            assert_int_equal(adler32_of(plain + n % 33, n),
                             adler32(1, plain + n % 33, (uInt)n));
        assert_int_equal(adler32_of(plain, ROOM), adler32(1, plain, ROOM));
    }
    memset(plain, 0xff, ROOM);
    assert_int_equal(adler32_of(plain, ROOM), adler32(1, plain, ROOM));
}

/* NULL when all was well. */
static void *thread_main(void *arg)
{
    static char bad;
    struct err e = ERR_INIT;
    struct codec *c = codec_mine(&e);
    unsigned char in[3000];
    unsigned char out[3000];
    unsigned char back[3000];

    words(in, sizeof(in));
    for (int i = 0; c && i < 20; i++) {
        size_t len = deflate_chunk(c, i % 2 ? DEFLATE_FAST : DEFLATE_BEST,
                                   in, sizeof(in), out, sizeof(out));

        if (!len || inflate_chunk(c, out, len, back, sizeof(back)) < 0
            || memcmp(in, back, sizeof(in)) != 0)
            return &bad;
    }
    (void)arg;
    return c ? NULL : &bad;
}

static void each_thread_has_its_own_tables(void **state)
{
    pthread_t threads[8];
    void *bad;

    (void)state;
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < 8; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, thread_main,
                                            NULL), 0);
        for (int i = 0; i < 8; i++) {
            assert_int_equal(pthread_join(threads[i], &bad), 0);
            assert_null(bad);
        }
    }
}

static const struct deflate_engine *const engines[] = {
    NULL, /* each where it is best */
    &deflate_zlib,
#ifdef HAVE_ISAL
    &deflate_isal,
#endif
#ifdef HAVE_LIBDEFLATE
    &deflate_libdeflate,
#endif
};
#define ENGINES (sizeof(engines) / sizeof(engines[0]))

static int use_engine(void **state)
{
    const struct deflate_engine *g = *(const struct deflate_engine **)*state;

    deflate_force(g);
    if (g)
        assert_string_equal(deflate_library(DEFLATE_FAST), g->name);
    return 0;
}

static const struct CMUnitTest stories[] = {
    cmocka_unit_test_setup(every_length_comes_back_and_zlib_reads_it,
                           use_engine),
    cmocka_unit_test_setup(every_alignment_comes_back, use_engine),
    cmocka_unit_test_setup(noise_is_left_to_be_stored, use_engine),
    cmocka_unit_test_setup(only_noise_looks_random, use_engine),
    cmocka_unit_test_setup(what_only_looks_random_is_deflated, use_engine),
    cmocka_unit_test_setup(behind_noise_what_looks_random_is_noise, use_engine),
    cmocka_unit_test_setup(level_none_never_deflates, use_engine),
    cmocka_unit_test_setup(no_more_than_the_room_is_ever_written, use_engine),
    cmocka_unit_test_setup(whatever_zlib_writes_is_inflated, use_engine),
    cmocka_unit_test_setup(a_flipped_bit_never_gives_other_data, use_engine),
    cmocka_unit_test_setup(a_cut_stream_is_damaged, use_engine),
    cmocka_unit_test_setup(bytes_behind_the_stream_are_damage, use_engine),
    cmocka_unit_test_setup(another_length_is_damage, use_engine),
    cmocka_unit_test_setup(good_follows_damaged, use_engine),
    cmocka_unit_test_setup(the_checksum_is_zlibs, use_engine),
    cmocka_unit_test_setup(each_thread_has_its_own_tables, use_engine),
};
#define STORIES (sizeof(stories) / sizeof(stories[0]))

int main(void)
{
    static char names[ENGINES * STORIES][96];
    const struct CMUnitTest last = cmocka_unit_test_prestate_setup_teardown(
        what_zlib_refuses_is_refused_strictly, use_engine, NULL,
        (void *)(uintptr_t)&engines[0]);
    struct CMUnitTest tests[ENGINES * STORIES + 1];

    for (size_t i = 0; i < ENGINES * STORIES; i++) {
        const struct deflate_engine *const *g = &engines[i / STORIES];

        tests[i] = stories[i % STORIES];
        tests[i].initial_state = (void *)(uintptr_t)g;
        snprintf(names[i], sizeof(names[i]), "%s: %s",
                 *g ? (*g)->name : "all", tests[i].name);
        tests[i].name = names[i];
    }
    tests[ENGINES * STORIES] = last;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
