/* SPDX-License-Identifier: Apache-2.0 */
/* How long a run still takes: where the blocks are, not how large the volume
 * is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/number.h"
#include "flow/slot.h"
#include "show/eta.h"

static void expect(const struct eta *t, uint64_t seconds)
{
    uint64_t got;

    assert_true(eta_seconds(t, &got));
    assert_int_equal(got, seconds);
}

/* 40 blocks a second; then 19.8 GiB that were never stored. */
static void blocks_count_where_their_number_is_known(void **state)
{
    struct eta t = {
        .spent = 5 * NS_PER_S,
        .done = 200 * BLOCK_SIZE,
        .total = 20 * GIB,
        .blocks = 200,
        .counted = true,
        .blocks_left = 200,
    };

    (void)state;
    expect(&t, 5);
    t.blocks_left = 0;
    expect(&t, 0);
    t.counted = false;
    expect(&t, 1019);
}

/* A second a GiB; the blocks lie behind the holes, or before them. */
static void holes_take_the_time_of_their_digests(void **state)
{
    struct eta t = {
        .spent = 10 * NS_PER_S,
        .digests = 10 * NS_PER_S,
        .done = 10 * GIB,
        .total = 20 * GIB,
    };

    (void)state;
    expect(&t, 10);
    t.counted = true;
    t.blocks = 2048;
    t.blocks_left = 2048;
    t.spent = 13 * NS_PER_S;
    expect(&t, 13);
}

static void nothing_is_told_of_what_has_not_begun(void **state)
{
    struct eta t = {
        .spent = NS_PER_S, .total = GIB, .counted = true, .blocks_left = 5,
    };
    uint64_t ignored;

    (void)state;
    assert_false(eta_seconds(&t, &ignored));
    t.done = MIB;
    assert_false(eta_seconds(&t, &ignored));
    t.counted = false;
    assert_true(eta_seconds(&t, &ignored));
    t.done = 2 * GIB; /* nonsense */
    assert_false(eta_seconds(&t, &ignored));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_count_where_their_number_is_known),
        cmocka_unit_test(holes_take_the_time_of_their_digests),
        cmocka_unit_test(nothing_is_told_of_what_has_not_begun),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
