/* SPDX-License-Identifier: Apache-2.0 */
/* How far ahead of a reader blocks are asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "serve/streams.h"

#define MOST 32

static struct streams streams;

static int setup(void **state)
{
    (void)state;
    streams = (struct streams){ .lock = PTHREAD_MUTEX_INITIALIZER };
    return 0;
}

static uint64_t note(uint64_t first, uint64_t last, uint64_t *from)
{
    return streams_note(&streams, first, last, MOST, from);
}

static void one_in_order_gets_all_he_reads_in_time_and_once(void **state)
{
    uint64_t asked = 0, from;

    (void)state;
    for (uint64_t i = 0; i < 1000; i++) {
        uint64_t n = note(i, i, &from);

        if (n && asked)
            assert_int_equal(from, asked + 1);
        if (n)
            asked = from + n - 1;
        assert_true(asked <= i + MOST);
        assert_true(i < 3 || asked > i);
    }
    assert_int_equal(asked, 999 + MOST);
}

static void small_reads_inside_a_block_are_one(void **state)
{
    uint64_t from, n = 0;

    (void)state;
    for (int i = 0; i < 100; i++)
        n += note(7, 7, &from);
    assert_int_equal(n, 0);
}

static void reads_all_over_get_nothing(void **state)
{
    uint64_t from;

    (void)state;
    for (uint64_t i = 0; i < 1000; i++)
        assert_int_equal(note(i * 7919 % 100003, i * 7919 % 100003, &from),
                         0);
}

static void neighbours_once_are_chance(void **state)
{
    uint64_t from;

    (void)state;
    assert_int_equal(note(500, 500, &from), 0);
    assert_int_equal(note(501, 501, &from), 0);
    assert_int_equal(note(502, 502, &from), 4);
    assert_int_equal(from, 503);
}

static void several_readers_do_not_disturb_each_other(void **state)
{
    uint64_t from, last[STREAMS] = { 0 };

    (void)state;
    for (uint64_t i = 0; i < 50; i++)
        for (uint64_t r = 0; r < STREAMS; r++) {
            uint64_t n = note(r * 10000 + i, r * 10000 + i, &from);

            if (n)
                last[r] = from + n - 1;
        }
    for (uint64_t r = 0; r < STREAMS; r++)
        assert_int_equal(last[r], r * 10000 + 49 + MOST);
}

static void what_another_has_read_is_not_asked_for(void **state)
{
    uint64_t from, n, asked = 0;

    (void)state;
    for (uint64_t i = 0; i < 20; i++)
        note(100 + i, 100 + i, &from);
    for (uint64_t i = 0; i < 90; i++)
        if ((n = note(i, i, &from)))
            asked = from + n - 1;
    assert_int_equal(asked, 99);
}

/* Sixteen requests of one reader are answered by as many threads. */
static void order_may_be_mixed_a_little(void **state)
{
    static const uint64_t mixed[] = { 0, 2, 1, 3, 5, 4, 7, 6, 8 };
    uint64_t from, sum = 0;

    (void)state;
    for (unsigned i = 0; i < sizeof(mixed) / sizeof(mixed[0]); i++)
        sum += note(mixed[i], mixed[i], &from);
    assert_int_equal(sum, 8 + 16 - 2); /* from the third block on */
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(
            one_in_order_gets_all_he_reads_in_time_and_once, setup),
        cmocka_unit_test_setup(small_reads_inside_a_block_are_one, setup),
        cmocka_unit_test_setup(reads_all_over_get_nothing, setup),
        cmocka_unit_test_setup(neighbours_once_are_chance, setup),
        cmocka_unit_test_setup(several_readers_do_not_disturb_each_other,
                               setup),
        cmocka_unit_test_setup(what_another_has_read_is_not_asked_for, setup),
        cmocka_unit_test_setup(order_may_be_mixed_a_little, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
