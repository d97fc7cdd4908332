/* SPDX-License-Identifier: Apache-2.0 */
/* The digests of a stream, by each engine that this machine can run, against
 * OpenSSL's EVP: every length, alignment and set, saved and gone on with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "audit/digest-private.h"

#define BLOCK (512 * 1024)
#define ROOM (BLOCK + 4096)

static unsigned char *data; /* ROOM bytes, aligned to a page */

static const struct digest_engine *const engines[] = {
    &digest_openssl, &digest_shani,
};

#define ENGINES (sizeof(engines) / sizeof(engines[0]))

static void expect(const unsigned char *value, enum hash_kind k,
                   const void *p, size_t n)
{
    static const char *const names[HASH_KINDS] = { "MD5", "SHA1", "SHA256" };
    unsigned char want[EVP_MAX_MD_SIZE];
    size_t len;

    assert_true(EVP_Q_digest(NULL, names[k], NULL, p, n, want, &len));
    assert_int_equal(len, hash_sizes[k]);
    assert_memory_equal(value, want, len);
}

static void expect_all(const struct digest *d, unsigned kinds,
                       const void *p, size_t n)
{
    struct hashes h;

    digest_end(d, &h);
    assert_int_equal(h.have, kinds);
    for (int k = 0; k < HASH_KINDS; k++)
        if (kinds & HASH_BIT(k))
            expect(h.value[k], (enum hash_kind)k, p, n);
}

static void with_each_engine(void (*story)(void))
{
    for (size_t i = 0; i < ENGINES; i++) {
        if (!engines[i]->usable()) {
            print_message("%s: not on this machine\n", engines[i]->name);
            continue;
        }
        digest_force(engines[i]);
        assert_string_equal(digest_engine_name(), engines[i]->name);
        story();
    }
    digest_force(NULL);
}

/* ------------------------------------------------------- lengths and sets */

static void one_stream(unsigned kinds, const unsigned char *p, size_t n)
{
    unsigned char block[32];
    struct digest d;

    digest_begin(&d, kinds);
    digest_add(&d, p, n);
    expect_all(&d, kinds, p, n);

    digest_begin(&d, kinds);
    digest_add_block(&d, p, n, block);
    expect_all(&d, kinds, p, n);
    expect(block, HASH_SHA256, p, n);
}

static void short_lengths(void)
{
    for (unsigned kinds = 0; kinds <= HASH_ALL; kinds++)
        for (size_t n = 0; n <= 300; n++)
            one_stream(kinds, data, n);
}

static void every_short_length_in_every_set(void **state)
{
    (void)state;
    with_each_engine(short_lengths);
}

static void lengths_around_a_block(void)
{
    static const int off[] = { -65, -64, -9, -1, 0, 1, 55, 64, 65, 127 };

    for (unsigned kinds = 0; kinds <= HASH_ALL; kinds++)
        for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++)
            one_stream(kinds, data, (size_t)(BLOCK + off[i]));
}

static void lengths_around_a_block_in_every_set(void **state)
{
    (void)state;
    with_each_engine(lengths_around_a_block);
}

static void alignments(void)
{
    for (size_t at = 0; at < 64; at++)
        one_stream(HASH_ALL, data + at, 1000);
}

static void data_at_every_alignment(void **state)
{
    (void)state;
    with_each_engine(alignments);
}

/* ----------------------------------------------------- pieces and blocks */

static void add_in_pieces(size_t piece)
{
    struct digest d;
    size_t n = 5000;

    digest_begin(&d, HASH_ALL);
    for (size_t at = 0; at < n; at += piece) {
        digest_add(&d, data + at, at + piece < n ? piece : n - at);
        digest_add(&d, data, 0);
    }
    expect_all(&d, HASH_ALL, data, n);
}

static void pieces(void)
{
    static const size_t sizes[] = { 1, 3, 63, 64, 65, 127, 200, 4096, 5000 };

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        add_in_pieces(sizes[i]);
}

static void the_size_of_the_pieces_does_not_matter(void **state)
{
    (void)state;
    with_each_engine(pieces);
}

/* Block after block, the first of them behind `first' other bytes. */
static void blocks_behind(size_t first)
{
    struct digest d;
    unsigned char block[32];

    digest_begin(&d, HASH_ALL);
    digest_add(&d, data, first);
    for (size_t i = 0; i < 3; i++) {
        digest_add_block(&d, data + first + i * 640, 640, block);
        expect(block, HASH_SHA256, data + first + i * 640, 640);
    }
    expect_all(&d, HASH_ALL, data, first + 3 * 640);
}

static void blocks_anywhere(void)
{
    for (size_t first = 0; first <= 130; first++)
        blocks_behind(first);
}

static void a_block_has_its_own_digest_wherever_it_lies(void **state)
{
    (void)state;
    with_each_engine(blocks_anywhere);
}

static void one_pair(size_t first, size_t second, size_t n)
{
    const unsigned char *const p[2] = { data + first, data + second };
    unsigned char value[2][32];
    unsigned char *const out[2] = { value[0], value[1] };

    digest_two_blocks(p, n, out);
    expect(value[0], HASH_SHA256, p[0], n);
    expect(value[1], HASH_SHA256, p[1], n);
}

static void pairs(void)
{
    for (size_t n = 0; n <= 300; n++)
        one_pair(n % 64, 1000 + n % 5, n);
    one_pair(0, 4096, BLOCK);
    one_pair(3, 1, BLOCK);
}

static void two_blocks_at_once(void **state)
{
    (void)state;
    with_each_engine(pairs);
}

/* Two streams, which have `first' and `second' bytes behind them. */
static void one_pair_of_streams(unsigned kinds, size_t first, size_t second,
                                size_t n)
{
    const unsigned char *const p[2] = { data + first, data + 2000 + second };
    struct digest d[2];
    struct digest *const both[2] = { &d[0], &d[1] };

    digest_begin(&d[0], kinds);
    digest_begin(&d[1], kinds);
    digest_add(&d[0], data, first);
    digest_add(&d[1], data + 2000, second);
    digest_add_two(both, p, n);
    digest_add(&d[0], data + first + n, 70);
    expect_all(&d[0], kinds, data, first + n + 70);
    expect_all(&d[1], kinds, data + 2000, second + n);
}

static void pairs_of_streams(void)
{
    static const size_t behind[] = { 0, 1, 63, 64, 128 };

    for (unsigned kinds = 0; kinds <= HASH_ALL; kinds++)
        for (size_t i = 0; i < 5; i++)
            for (size_t j = 0; j < 5; j++)
                for (size_t n = 0; n <= 200; n += 1 + n % 7)
                    one_pair_of_streams(kinds, behind[i], behind[j], n);
}

static void two_streams_at_once(void **state)
{
    (void)state;
    with_each_engine(pairs_of_streams);
}

static void zeros(void)
{
    static const size_t sizes[] = { 0, 1, 64, 16383, 16384, 16385, 200000 };
    unsigned char *p = calloc(1, 200100);

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct digest d;

        digest_begin(&d, HASH_ALL);
        digest_add(&d, p, 100);
        digest_add_zeros(&d, sizes[i]);
        expect_all(&d, HASH_ALL, p, 100 + sizes[i]);
    }
    free(p);
}

static void zeros_need_no_buffer(void **state)
{
    (void)state;
    with_each_engine(zeros);
}

/* ------------------------------------------------------ kept and gone on */

static void save_and_restore(unsigned kinds, size_t at)
{
    struct digest_state kept;
    struct digest d, later;

    digest_begin(&d, kinds);
    digest_add(&d, data, at);
    digest_save(&d, &kept);
    assert_int_equal(kept.kinds, kinds);
    assert_int_equal(kept.bytes, at);
    digest_add(&d, data + at, 10); /* must not matter */
    memset(&later, 0xee, sizeof(later));
    digest_restore(&later, &kept);
    digest_add(&later, data + at, 1000);
    expect_all(&later, kinds, data, at + 1000);
}

static void every_border(void)
{
    for (unsigned kinds = 1; kinds <= HASH_ALL; kinds++)
        for (size_t at = 0; at <= 2048; at += 64)
            save_and_restore(kinds, at);
}

static void a_state_is_kept_at_every_border(void **state)
{
    (void)state;
    with_each_engine(every_border);
}

static void a_state_goes_from_one_engine_to_the_other(void **state)
{
    struct digest_state kept;
    struct digest d;

    (void)state;
    digest_force(&digest_openssl);
    digest_begin(&d, HASH_ALL);
    digest_add(&d, data, 640);
    digest_save(&d, &kept);
    digest_force(NULL);
    digest_restore(&d, &kept);
    digest_add(&d, data + 640, 1000);
    expect_all(&d, HASH_ALL, data, 1640);
}

static void a_digest_can_be_asked_in_between_and_copied(void **state)
{
    struct digest d, copy;

    (void)state;
    digest_begin(&d, HASH_ALL);
    digest_add(&d, data, 777);
    expect_all(&d, HASH_ALL, data, 777);
    copy = d;
    digest_add(&d, data + 777, 100);
    expect_all(&d, HASH_ALL, data, 877);
    digest_add(&copy, data + 777, 200);
    expect_all(&copy, HASH_ALL, data, 977);
}

/* -------------------------------------------------------------- the check */

static unsigned spoiled; /* HASH_BIT() of what goes wrong; after them the
                          * bits of a block, and of two at once */

static void spoiling_run(struct digest_state *st, unsigned kinds,
                         uint32_t *block, const unsigned char *p,
                         size_t n)
{
    digest_openssl.run(st, kinds, block, p, n);
    if (kinds & spoiled & HASH_BIT(HASH_MD5))
        st->md5[3] ^= 1;
    if (kinds & spoiled & HASH_BIT(HASH_SHA1))
        st->sha1[4] ^= 1;
    if (kinds & spoiled & HASH_BIT(HASH_SHA256))
        st->sha256[7] ^= 1;
    if (block && spoiled & HASH_BIT(HASH_KINDS))
        block[0] ^= 1;
}

static void spoiling_run_two(uint32_t h[2][8],
                             const unsigned char *const p[2], size_t n)
{
    digest_openssl.run_two(h, p, n);
    for (int i = 0; i < 2; i++)
        if (spoiled & HASH_BIT(HASH_KINDS + 1 + i))
            h[i][0] ^= 1;
}

static void an_engine_that_is_wrong_is_found_out(void **state)
{
    const struct digest_engine bad = {
        .name = "bad", .run = spoiling_run, .run_two = spoiling_run_two,
    };

    (void)state;
    spoiled = 0;
    assert_true(digest_engine_good(&bad));
    for (unsigned bit = 0; bit <= HASH_KINDS + 2; bit++) {
        spoiled = 1u << bit;
        assert_false(digest_engine_good(&bad));
    }
}

static int setup(void **state)
{
    (void)state;
    data = aligned_alloc(4096, ROOM);
    for (size_t i = 0; i < ROOM; i++)
        data[i] = (unsigned char)(i * 2654435761u >> 13);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(data);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_short_length_in_every_set),
        cmocka_unit_test(lengths_around_a_block_in_every_set),
        cmocka_unit_test(data_at_every_alignment),
        cmocka_unit_test(the_size_of_the_pieces_does_not_matter),
        cmocka_unit_test(a_block_has_its_own_digest_wherever_it_lies),
        cmocka_unit_test(two_blocks_at_once),
        cmocka_unit_test(two_streams_at_once),
        cmocka_unit_test(zeros_need_no_buffer),
        cmocka_unit_test(a_state_is_kept_at_every_border),
        cmocka_unit_test(a_state_goes_from_one_engine_to_the_other),
        cmocka_unit_test(a_digest_can_be_asked_in_between_and_copied),
        cmocka_unit_test(an_engine_that_is_wrong_is_found_out),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
