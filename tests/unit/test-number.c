/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that people type, and numbers that people read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/number.h"

static void only_whole_decimal_numbers_are_numbers(void **state)
{
    static const char *const wrong[] = {
        "", " ", " 1", "1 ", "+1", "-1", "1.0", "0x10", "1e3", "1\n",
        "18446744073709551616", "99999999999999999999999999",
    };
    uint64_t v;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        if (number_parse(wrong[i], &v) != -1)
            fail_msg("\"%s\" is not a number", wrong[i]);
}

static void the_largest_number_is_a_number(void **state)
{
    uint64_t v;

    (void)state;
    assert_int_equal(number_parse("18446744073709551615", &v), 0);
    assert_true(v == UINT64_MAX);
    assert_int_equal(number_parse("007", &v), 0);
    assert_int_equal(v, 7);
}

static void a_size_may_have_a_unit_and_a_fraction(void **state)
{
    static const struct {
        const char *s;
        uint64_t bytes;
    } rows[] = {
        { "512", 512 },         { "0", 0 },
        { "1B", 1 },            { "64K", 64 * KIB },
        { "64KiB", 64 * KIB },  { "2m", 2 * MIB },
        { "2 GiB", 2 * GIB },   { "64t", 64 * TIB },
        { "16777215T", 16777215 * TIB },
        { "1kB", 1000 },        { "1500MB", 1500000000 },
        { "2gb", 2000000000 },  { "1TB", 1000000000000 },
        { "1.5G", GIB + GIB / 2 }, { "0.5 MiB", 512 * KIB },
        { "1.4GB", 1400000000 }, { "0.000000001T", 1099 },
        { "3.0K", 3 * KIB },
    };
    uint64_t v;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(size_parse(rows[i].s, &v), 0);
        assert_true(v == rows[i].bytes);
    }
}

static void a_size_that_overflows_or_has_no_sense_is_refused(void **state)
{
    static const char *const wrong[] = {
        "", "K", "1X", "1KK", "1 K B", "-1K", "1K ", "16777216T",
        "18446744073709551615K", "1.5", "1.5B", "1.G", ".5G", "1.5.5G",
        "1,5G", "1.-5G", "1.0000000001T", "16777215.9999999999T",
        "18446744073709551.616kB",
    };
    uint64_t v;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        if (size_parse(wrong[i], &v) != -1)
            fail_msg("\"%s\" is not a size", wrong[i]);
}

static void a_size_is_written_as_people_say_it(void **state)
{
    static const struct {
        uint64_t bytes;
        const char *s;
    } rows[] = {
        { 0, "0 B" },
        { 1023, "1023 B" },
        { KIB, "1 KiB" },
        { 1536, "1.5 KiB" },
        { MIB - 1, "1.0 MiB" },
        { GIB + GIB / 2, "1.5 GiB" },
        { GIB - 1, "1.0 GiB" },
        { 64 * TIB, "64 TiB" },
        { 1023 * MIB, "1023 MiB" },
        { UINT64_MAX, "16777216 TiB" },
    };
    char buf[32];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(size_text(buf, rows[i].bytes), rows[i].s);
}

static void a_duration_is_written_as_people_say_it(void **state)
{
    static const struct {
        uint64_t s;
        const char *text;
    } rows[] = {
        { 0, "0 s" },          { 59, "59 s" },
        { 60, "1 min 00 s" },  { 3599, "59 min 59 s" },
        { 3600, "1 h 00 min" }, { 363599, "100 h 59 min" },
        { UINT64_MAX, "5124095576030431 h 00 min" },
    };
    char buf[32];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(duration_text(buf, rows[i].s), rows[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_whole_decimal_numbers_are_numbers),
        cmocka_unit_test(the_largest_number_is_a_number),
        cmocka_unit_test(a_size_may_have_a_unit_and_a_fraction),
        cmocka_unit_test(a_size_that_overflows_or_has_no_sense_is_refused),
        cmocka_unit_test(a_size_is_written_as_people_say_it),
        cmocka_unit_test(a_duration_is_written_as_people_say_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
