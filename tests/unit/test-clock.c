/* SPDX-License-Identifier: Apache-2.0 */
/* Times as text: what records say, what signatures need, what servers
 * send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"

/* 2026-08-01T12:00:00Z */
#define NOON (1785585600ull * NS_PER_S)

static uint64_t minute(void *ctx)
{
    return *(uint64_t *)ctx += 60 * NS_PER_S;
}

static void a_clock_is_what_its_functions_say(void **state)
{
    uint64_t at = NOON;
    struct clock c = { minute, minute, &at };

    (void)state;
    assert_true(clock_wall(&c) == NOON + 60 * NS_PER_S);
    assert_true(clock_monotonic(&c) == NOON + 120 * NS_PER_S);
}

static void the_monotonic_clock_never_goes_back(void **state)
{
    uint64_t before = clock_monotonic(&clock_system);

    (void)state;
    for (int i = 0; i < 1000; i++) {
        uint64_t now = clock_monotonic(&clock_system);

        assert_true(now >= before);
        before = now;
    }
}

static void records_have_nanoseconds(void **state)
{
    char buf[CLOCK_TEXT];

    (void)state;
    assert_string_equal(clock_text(buf, NOON + 5),
                        "2026-08-01T12:00:00.000000005Z");
    assert_string_equal(clock_text(buf, 0), "1970-01-01T00:00:00.000000000Z");
    assert_string_equal(clock_text(buf, UINT64_MAX),
                        "2554-07-21T23:34:33.709551615Z");
}

static void signatures_have_the_compact_form(void **state)
{
    char buf[CLOCK_TEXT];

    (void)state;
    assert_string_equal(clock_compact(buf, NOON + 999999999),
                        "20260801T120000Z");
}

static void the_date_of_an_answer_is_understood(void **state)
{
    (void)state;
    assert_true(clock_parse_http("Sat, 01 Aug 2026 12:00:00 GMT") == NOON);
    assert_true(clock_parse_http("Thu, 29 Feb 2024 23:59:59 GMT")
                == 1709251199 * NS_PER_S);
}

static void what_is_no_date_is_no_time(void **state)
{
    static const char *const wrong[] = {
        "",
        "Sat, 01 Aug 2026 12:00:00",
        "Sat, 01 Aug 2026 12:00:00 PST",
        "Sat, 01 Aug 2026 12:00:00 GMT+1",
        "Sat, 01 Aug 2026 25:00:00 GMT",
        "Sat, 01 Aug 2026 12:61:00 GMT",
        "Sat, 32 Aug 2026 12:00:00 GMT",
        "Sat, 00 Aug 2026 12:00:00 GMT",
        "Sat, 31 Feb 2026 12:00:00 GMT",
        "Sat, -1 Aug 2026 12:00:00 GMT",
        "Sat, 01 Aut 2026 12:00:00 GMT",
        "Sat, 01 ugS 2026 12:00:00 GMT",
        "Sat, 01 Aug 1969 12:00:00 GMT",
        "Sat, 01 Aug 9999 12:00:00 GMT",
        "Sat 01 Aug 2026 12:00:00 GMT",
        "1 Aug",
        "2026-08-01T12:00:00Z",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        if (clock_parse_http(wrong[i]))
            fail_msg("\"%s\" is not a date", wrong[i]);
}

static void iso_times_may_have_a_fraction(void **state)
{
    (void)state;
    assert_true(clock_parse_iso("2026-08-01T12:00:00Z") == NOON);
    assert_true(clock_parse_iso("2026-08-01T12:00:00+00:00") == NOON);
    assert_true(clock_parse_iso("2026-08-01T12:00:00.000Z") == NOON);
    assert_true(clock_parse_iso("2026-08-01T12:00:00.5Z")
                == NOON + NS_PER_S / 2);
    assert_true(clock_parse_iso("2026-08-01T12:00:00.123456789Z")
                == NOON + 123456789);
    assert_true(clock_parse_iso("2026-08-01T12:00:00.1234567891234Z")
                == NOON + 123456789);
}

static void what_is_no_iso_time_is_no_time(void **state)
{
    static const char *const wrong[] = {
        "",
        "2026-08-01",
        "2026-08-01T12:00:00",
        "2026-08-01T12:00:00+02:00",
        "2026-08-01T12:00:00.Z",
        "2026-08-01T12:00:00.5",
        "2026-08-01T12:00:00ZZ",
        "2026-08-01 12:00:00Z",
        "2026-8-1T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-00-01T12:00:00Z",
        "2026-02-30T12:00:00Z",
        "2026-08-01T24:00:00Z",
        "2026-08-01T12:60:00Z",
        " 2026-08-01T12:00:00Z",
        "2026-08-01T12:-1:00Z",
        "1969-08-01T12:00:00Z",
        "9999-08-01T12:00:00Z",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        if (clock_parse_iso(wrong[i]))
            fail_msg("\"%s\" is not a time", wrong[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_is_what_its_functions_say),
        cmocka_unit_test(the_monotonic_clock_never_goes_back),
        cmocka_unit_test(records_have_nanoseconds),
        cmocka_unit_test(signatures_have_the_compact_form),
        cmocka_unit_test(the_date_of_an_answer_is_understood),
        cmocka_unit_test(what_is_no_date_is_no_time),
        cmocka_unit_test(iso_times_may_have_a_fraction),
        cmocka_unit_test(what_is_no_iso_time_is_no_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
