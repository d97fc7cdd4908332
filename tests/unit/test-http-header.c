/* SPDX-License-Identifier: Apache-2.0 */
/* Headers of an answer: everything in them is hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "net/http.h"

static struct http_answer answer;

static const char *look_up(const char *headers, const char *name)
{
    static char buf[32];

    text_clear(&answer.headers);
    text_add(&answer.headers, headers);
    return http_header(&answer, name, buf, sizeof(buf));
}

static int clean(void **state)
{
    (void)state;
    text_free(&answer.headers);
    return 0;
}

static void a_header_is_found_in_any_case(void **state)
{
    (void)state;
    assert_string_equal(look_up("HTTP/1.1 200 OK\r\nx-AMZ-checksum: abc\r\n",
                                "X-Amz-Checksum"), "abc");
}

static void blanks_around_a_value_do_not_count(void **state)
{
    (void)state;
    assert_string_equal(look_up("Date: \t a b \t\r\n", "Date"), "a b");
    assert_string_equal(look_up("Date:\r\n", "Date"), "");
    assert_string_equal(look_up("Date:x", "Date"), "x");
}

static void a_longer_or_shorter_name_is_another_header(void **state)
{
    (void)state;
    assert_null(look_up("X-Date: 1\r\nDate2: 2\r\nDat: 3\r\n", "Date"));
    assert_null(look_up("Date : 1\r\n", "Date"));
    assert_null(look_up("", "Date"));
}

static void no_answer_has_no_headers(void **state)
{
    struct http_answer none = { 0 };
    char buf[8];

    (void)state;
    assert_null(http_header(&none, "Date", buf, sizeof(buf)));
}

static void the_same_value_twice_is_one_value(void **state)
{
    (void)state;
    assert_string_equal(look_up("A: 1\r\nB: 2\r\na: 1\r\n", "A"), "1");
}

static void two_values_are_none(void **state)
{
    (void)state;
    assert_null(look_up("A: 1\r\nB: 2\r\na: 2\r\n", "A"));
    assert_null(look_up("A: 1\r\nA: 12\r\n", "A"));
    assert_null(look_up("A: 1\r\nA:\r\n", "A"));
}

static void a_value_that_is_too_long_is_none(void **state)
{
    (void)state;
    assert_string_equal(look_up("A: 1234567890123456789012345678901\r\n",
                                "A"), "1234567890123456789012345678901");
    assert_null(look_up("A: 12345678901234567890123456789012\r\n", "A"));
}

static void a_folded_header_is_none(void **state)
{
    (void)state;
    assert_null(look_up("A: 1\r\n 2\r\nB: 3\r\n", "A"));
    assert_string_equal(look_up("A: 1\r\n 2\r\nB: 3\r\n", "B"), "3");
}

static void a_value_with_control_characters_is_none(void **state)
{
    (void)state;
    assert_null(look_up("A: a\x1b[1mb\r\n", "A"));
    assert_null(look_up("A: a\rB: b\r\n", "A"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_is_found_in_any_case),
        cmocka_unit_test(blanks_around_a_value_do_not_count),
        cmocka_unit_test(a_longer_or_shorter_name_is_another_header),
        cmocka_unit_test(no_answer_has_no_headers),
        cmocka_unit_test(the_same_value_twice_is_one_value),
        cmocka_unit_test(two_values_are_none),
        cmocka_unit_test(a_value_that_is_too_long_is_none),
        cmocka_unit_test(a_folded_header_is_none),
        cmocka_unit_test(a_value_with_control_characters_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, clean);
}
