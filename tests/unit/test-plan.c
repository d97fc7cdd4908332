/* SPDX-License-Identifier: Apache-2.0 */
/* What an acquisition takes, computed: requests, money, time, disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "plan/estimate.h"

#define USD UINT64_C(1000000000)

/* AWS's own examples: 0.003 and 0.0006 USD for 1000. */
static const struct plan_prices prices = {
    .lists = 600000, .blocks = 3000000, .transfer = 90000000,
};

static struct plan_estimate estimate(uint64_t gib, uint64_t blocks)
{
    const struct plan_volume v = { gib * GIB, blocks };
    struct plan_estimate e;

    plan_estimate(&v, &prices, &e);
    return e;
}

static void a_full_tebibyte_costs_what_aws_says(void **state)
{
    struct plan_estimate e = estimate(1024, 2097152);

    (void)state;
    assert_int_equal(e.blocks, 2097152);
    assert_int_equal(e.lists, 2 * 210);
    /* 6.29 USD of blocks, and next to nothing of lists. */
    assert_int_equal(e.requests_price,
                     2097152 * UINT64_C(3000) + 420 * UINT64_C(600));
    assert_int_equal(e.stored, 1024 * GIB);
    assert_int_equal(e.never_stored, 0);
    /* 1099.511627776 times 10^9 bytes. */
    assert_int_equal(e.transfer_price / (USD / 100), 9895);
}

static void the_largest_volume_overflows_nothing(void **state)
{
    struct plan_estimate e = estimate(65536, 134217728);
    struct plan_estimate sum = { 0 };

    (void)state;
    assert_int_equal(e.requests_price / (USD / 100), 40266);
    assert_int_equal(e.lists, 2 * 13422);
    for (int i = 0; i < 1000; i++)
        plan_add(&sum, &e);
    assert_int_equal(sum.volumes, 1000);
    assert_int_equal(sum.blocks, 134217728000);
    assert_int_equal(sum.size, 65536 * GIB * 1000);
    assert_int_equal(sum.requests_price, 1000 * e.requests_price);
    assert_int_equal(sum.papers, 1000 * e.papers);
}

static void an_empty_volume_is_listed_all_the_same(void **state)
{
    struct plan_estimate e = estimate(8, 0);

    (void)state;
    assert_int_equal(e.lists, 2);
    assert_int_equal(e.requests_price, 2 * UINT64_C(600));
    assert_int_equal(e.transfer_price, 0);
    assert_true(e.raw_most <= 64 * KIB);
    assert_int_equal(e.never_stored, 8 * GIB);
}

static void a_page_has_ten_thousand_blocks(void **state)
{
    (void)state;
    assert_int_equal(estimate(8, 1).lists, 2);
    assert_int_equal(estimate(8, 10000).lists, 2);
    assert_int_equal(estimate(8, 10001).lists, 4);
}

static void an_e01_lies_between_its_bounds(void **state)
{
    struct plan_estimate full = estimate(1024, 2097152);
    struct plan_estimate half = estimate(1024, 1048576);

    (void)state;
    assert_true(full.e01_most > full.stored);
    assert_true(full.e01_most < full.stored + full.stored / 500);
    assert_true(full.e01_least < full.stored / 500);
    assert_int_equal(half.e01_least, full.e01_least);
    assert_true(half.e01_most < full.e01_most);
    assert_true(half.e01_most > half.stored);
}

static void time_is_that_of_the_slower_one(void **state)
{
    struct plan_estimate e = estimate(2, 2048); /* half of it is stored */
    const struct plan_speed quick = { 1000, 1024 * MIB };
    const struct plan_speed slow_digests = { 1000, 100 * MIB };
    const struct plan_speed slow_net = { 10, 1024 * MIB };

    (void)state;
    assert_int_equal(plan_zeros_seconds(&e, &quick), 1);
    assert_int_equal(plan_seconds(&e, &quick), 3 + 1);
    assert_int_equal(plan_seconds(&e, &slow_digests), 11 + 11);
    assert_int_equal(plan_seconds(&e, &slow_net), 205 + 1);
}

static void prices_are_decimals(void **state)
{
    static const struct {
        const char *text;
        uint64_t value;
    } good[] = {
        { "0", 0 }, { "0.003", 3000000 }, { "0.000000001", 1 },
        { "12", 12 * USD }, { "1000000", 1000000 * USD },
        { "1.5", 1500000000 },
    };
    static const char *const bad[] = {
        "", ".", "1.", ".5", "-1", "1e3", "0.0000000001", "1000000.1",
        "99999999", "1 ", "0,003", "inf",
    };
    uint64_t v;

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_int_equal(plan_price(good[i].text, &v), 0);
        assert_int_equal(v, good[i].value);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(plan_price(bad[i], &v), -1);
}

static void the_digests_of_this_machine_are_measured(void **state)
{
    uint64_t speed = plan_measure_digest();

    (void)state;
    assert_true(speed > MIB && speed < 100 * GIB);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_tebibyte_costs_what_aws_says),
        cmocka_unit_test(the_largest_volume_overflows_nothing),
        cmocka_unit_test(an_empty_volume_is_listed_all_the_same),
        cmocka_unit_test(a_page_has_ten_thousand_blocks),
        cmocka_unit_test(an_e01_lies_between_its_bounds),
        cmocka_unit_test(time_is_that_of_the_slower_one),
        cmocka_unit_test(prices_are_decimals),
        cmocka_unit_test(the_digests_of_this_machine_are_measured),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
