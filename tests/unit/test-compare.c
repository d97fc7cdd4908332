/* SPDX-License-Identifier: Apache-2.0 */
/* The books of a run and the comparison with them: what the ledger wrote,
 * compare accepts; whatever differs, it names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/hash.h"
#include "flow/compare.h"
#include "flow/ledger.h"
#include "scratch.h"

static unsigned char zeros[BLOCK_SIZE];
static unsigned char data[BLOCK_SIZE];

static struct slot slot(uint32_t index, bool with_data)
{
    struct slot s = {
        .offset = (uint64_t)index * BLOCK_SIZE,
        .len = BLOCK_SIZE,
        .raw = with_data ? data : zeros,
        .zero = !with_data,
        .provider = true,
        .attempts = 1,
    };

    hash_sha256(s.raw, BLOCK_SIZE, s.sha256);
    memcpy(s.expected, s.sha256, 32);
    return s;
}

/* Block 1 has data, 3 is a stored zero, 5 unreadable, the rest of 8 holes. */
static void write_books_saying(bool one_is_zero, bool three_is_zero)
{
    struct manifest_header h = {
        "snap-0", 8ull * BLOCK_SIZE, BLOCK_SIZE, 1785585600000000000ull,
    };
    struct ledger l;
    struct err e = ERR_INIT;
    struct slot one = slot(1, true);
    struct slot three = slot(3, false);
    struct slot five = slot(5, false);
    struct sink *k = &l.sink;

    memset(data, 7, sizeof(data));
    one = slot(1, true);
    one.zero = one_is_zero;
    three.zero = three_is_zero;
    five.unreadable = true;
    unlink(scratch_path("books"));
    assert_int_equal(ledger_open(&l, scratch_path("books"), &h, &e), 0);
    assert_int_equal(k->hole(k, 0, BLOCK_SIZE, &e), 0);
    assert_int_equal(k->append(k, &one, NULL, &e), 0);
    assert_int_equal(k->append(k, &three, NULL, &e), 0);
    assert_int_equal(k->append(k, &five, NULL, &e), 0);
    assert_int_equal(k->hole(k, 6ull * BLOCK_SIZE, 2ull * BLOCK_SIZE, &e),
                     0);
    assert_int_equal(k->finish(k, NULL, &e), 0);
    assert_int_equal(l.counts.stored, 2u - one_is_zero - three_is_zero);
    assert_int_equal(l.counts.zero, (unsigned)one_is_zero + three_is_zero);
    assert_int_equal(l.counts.unreadable, 1);
    assert_int_equal(l.counts.hole_bytes, 3ull * BLOCK_SIZE);
    k->free(k);
}

static void write_books(void)
{
    write_books_saying(false, true);
}

/* An image of 8 blocks whose bits in `set' have data; the others come as
 * holes when `sparse'. */
static uint64_t differences(unsigned set, bool sparse)
{
    struct manifest_header h;
    struct err e = ERR_INIT;
    struct manifest_reader *rows = manifest_open(scratch_path("books"), &h,
                                                 &e);
    struct compare c;
    struct sink *k = &c.sink;

    assert_non_null(rows);
    assert_int_equal(compare_open(&c, rows, &e), 0);
    for (uint32_t i = 0; i < 8; i++) {
        struct slot s = slot(i, set & (1u << i));

        if (sparse && s.zero)
            assert_int_equal(k->hole(k, s.offset, s.len, &e), 0);
        else
            assert_int_equal(k->append(k, &s, NULL, &e), 0);
    }
    assert_int_equal(k->finish(k, NULL, &e), 0);
    manifest_close(rows);
    return c.counts.different;
}

static void the_image_that_was_written_has_no_difference(void **state)
{
    (void)state;
    write_books();
    assert_int_equal(differences(1u << 1, false), 0);
    assert_int_equal(differences(1u << 1, true), 0);
}

static void every_other_image_differs(void **state)
{
    (void)state;
    write_books();
    for (unsigned set = 0; set < 256; set++) {
        uint64_t want = (uint64_t)__builtin_popcount(set ^ (1u << 1));

        assert_int_equal(differences(set, false), want);
        assert_int_equal(differences(set, true), want);
    }
}

/* Data where data should be, but others: only the digest tells. */
static void other_data_than_the_providers_differ(void **state)
{
    (void)state;
    write_books();
    data[BLOCK_SIZE - 1] ^= 1;
    assert_int_equal(differences(1u << 1, false), 1);
    assert_int_equal(differences(1u << 1, true), 1);
    data[BLOCK_SIZE - 1] ^= 1;
    assert_int_equal(differences(1u << 1, false), 0);
}

/* The three kinds of zeros are never mixed, in no record. */
static void a_row_that_calls_data_zeros_is_a_difference(void **state)
{
    (void)state;
    write_books_saying(true, true);
    assert_int_equal(differences(1u << 1, false), 1);
    write_books_saying(false, false);
    assert_int_equal(differences(1u << 1, false), 1);
    assert_int_equal(differences(1u << 1, true), 1);
}

static void rows_behind_the_image_are_differences(void **state)
{
    struct manifest_header h;
    struct err e = ERR_INIT;
    struct manifest_reader *rows;
    struct compare c;

    (void)state;
    write_books();
    rows = manifest_open(scratch_path("books"), &h, &e);
    assert_int_equal(compare_open(&c, rows, &e), 0);
    assert_int_equal(c.sink.hole(&c.sink, 0, BLOCK_SIZE, &e), 0);
    assert_int_equal(c.sink.finish(&c.sink, NULL, &e), 0);
    assert_int_equal(c.counts.different, 3);
    manifest_close(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_image_that_was_written_has_no_difference),
        cmocka_unit_test(every_other_image_differs),
        cmocka_unit_test(other_data_than_the_providers_differ),
        cmocka_unit_test(a_row_that_calls_data_zeros_is_a_difference),
        cmocka_unit_test(rows_behind_the_image_are_differences),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
