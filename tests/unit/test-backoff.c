/* SPDX-License-Identifier: Apache-2.0 */
/* Waits before another attempt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "aws/backoff.h"

static void waits_double_up_to_the_cap(void **state)
{
    static const uint64_t most[] = { 100, 200, 400, 800, 1600, 3200, 6400,
                                     12800, 20000, 20000 };
    struct backoff b;

    (void)state;
    backoff_init(&b, 1);
    for (unsigned nth = 1; nth <= 10; nth++) {
        uint64_t longest = 0;

        for (int i = 0; i < 2000; i++) {
            uint64_t ms = backoff_ms(&b, 100, 20000, nth);

            longest = ms > longest ? ms : longest;
        }
        assert_in_range(longest, most[nth - 1] * 9 / 10, most[nth - 1]);
    }
}

static void waits_are_spread_from_nothing_to_all(void **state)
{
    unsigned tenths[10] = { 0 };
    struct backoff b;

    (void)state;
    backoff_init(&b, 7);
    for (int i = 0; i < 10000; i++)
        tenths[backoff_ms(&b, 999, 999, 1) / 100]++;
    for (int i = 0; i < 10; i++)
        assert_in_range(tenths[i], 850, 1150);
}

static void the_same_seed_gives_the_same_waits(void **state)
{
    struct backoff a;
    struct backoff b;
    struct backoff c;
    int same = 0;

    (void)state;
    backoff_init(&a, 42);
    backoff_init(&b, 42);
    backoff_init(&c, 43);
    for (int i = 0; i < 100; i++) {
        uint64_t ms = backoff_ms(&a, 20000, 20000, 1);

        assert_int_equal(ms, backoff_ms(&b, 20000, 20000, 1));
        same += ms == backoff_ms(&c, 20000, 20000, 1);
    }
    assert_in_range(same, 0, 2);
}

static void a_great_number_of_failures_overflows_nothing(void **state)
{
    struct backoff b;

    (void)state;
    backoff_init(&b, 0);
    assert_in_range(backoff_ms(&b, 100, 20000, UINT32_MAX), 0, 20000);
    assert_in_range(backoff_ms(&b, 100, 20000, 0), 0, 100);
}

static uint64_t asked(const char *headers)
{
    struct http_answer a = { 0 };
    uint64_t ms;

    text_add(&a.headers, headers);
    ms = backoff_asked_ms(&a);
    text_free(&a.headers);
    return ms;
}

static void a_proxy_may_ask_for_up_to_a_minute(void **state)
{
    (void)state;
    assert_int_equal(asked("Retry-After: 7\r\n"), 7000);
    assert_int_equal(asked("Retry-After: 86400\r\n"), 60000);
    assert_int_equal(asked("Retry-After: 18446744073709551615\r\n"), 0);
    assert_int_equal(asked("Retry-After: -5\r\n"), 0);
    assert_int_equal(asked("Retry-After: Sat, 01 Aug 2026 12:00:00 GMT\r\n"),
                     0);
    assert_int_equal(asked("Date: 7\r\n"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_double_up_to_the_cap),
        cmocka_unit_test(waits_are_spread_from_nothing_to_all),
        cmocka_unit_test(the_same_seed_gives_the_same_waits),
        cmocka_unit_test(a_great_number_of_failures_overflows_nothing),
        cmocka_unit_test(a_proxy_may_ask_for_up_to_a_minute),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
