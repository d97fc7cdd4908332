/* SPDX-License-Identifier: Apache-2.0 */
/* The text of AWS's shared files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "aws/profile.h"
#include "aws/words.h"
#include "base/scope.h"
#include "base/text.h"

static struct profile *parse(const char *text)
{
    struct err e = ERR_INIT;
    struct profile *p = profile_parse(text, strlen(text), "FILE", &e);

    if (!p)
        fail_msg("%s", e.msg);
    return p;
}

static void keys_belong_to_their_section(void **state)
{
    struct profile *p = parse("[default]\n"
                              "region = eu-west-1\n"
                              "[profile lab]\n"
                              "region=us-east-1\n"
                              "Output\t=\tjson  \n");

    (void)state;
    assert_string_equal(profile_get(p, "default", NULL, "region"),
                        "eu-west-1");
    assert_string_equal(profile_get(p, "profile lab", NULL, "region"),
                        "us-east-1");
    assert_string_equal(profile_get(p, "profile lab", NULL, "output"),
                        "json");
    assert_null(profile_get(p, "default", NULL, "output"));
    assert_null(profile_get(p, "lab", NULL, "region"));
    assert_true(profile_has(p, "profile lab"));
    assert_false(profile_has(p, "profile other"));
    profile_free(p);
}

static void comments_blank_lines_and_line_ends_do_not_count(void **state)
{
    struct profile *p = parse("\xef\xbb\xbf# first\r\n\r\n; second\n"
                              "  # indented\n[a] # behind\r\nk = v\r\n"
                              "  \n\nl = w # behind a blank\n"
                              "m = x# part of it\nn = # all");

    (void)state;
    assert_string_equal(profile_get(p, "a", NULL, "k"), "v");
    assert_string_equal(profile_get(p, "a", NULL, "l"), "w");
    assert_string_equal(profile_get(p, "a", NULL, "m"), "x# part of it");
    assert_string_equal(profile_get(p, "a", NULL, "n"), "");
    profile_free(p);
}

static void indented_keys_belong_to_the_key_above(void **state)
{
    struct profile *p = parse("[services local]\n"
                              "ebs =\n"
                              "  endpoint_url = http://127.0.0.1:1\n"
                              "ec2 = \n"
                              "\tendpoint_url = http://127.0.0.1:2\n"
                              "plain = x\n");

    (void)state;
    assert_string_equal(profile_get(p, "services local", "ebs",
                                    "endpoint_url"), "http://127.0.0.1:1");
    assert_string_equal(profile_get(p, "services local", "ec2",
                                    "endpoint_url"), "http://127.0.0.1:2");
    assert_string_equal(profile_get(p, "services local", NULL, "plain"), "x");
    assert_null(profile_get(p, "services local", NULL, "endpoint_url"));
    assert_null(profile_get(p, "services local", "sts", "endpoint_url"));
    profile_free(p);
}

static void a_section_may_be_indented_as_a_whole(void **state)
{
    struct profile *p = parse("[a]\n    k = 1\n    l =\n        m = 3\n");

    (void)state;
    assert_string_equal(profile_get(p, "a", NULL, "k"), "1");
    assert_string_equal(profile_get(p, "a", NULL, "l"), "");
    assert_string_equal(profile_get(p, "a", "l", "m"), "3");
    profile_free(p);
}

static void a_section_name_may_have_quotes_and_blanks(void **state)
{
    struct profile *p = parse("[ profile   \"my lab\" ]\nk=v\n");

    (void)state;
    assert_string_equal(profile_get(p, "profile my lab", NULL, "k"), "v");
    profile_free(p);
}

static void a_value_may_have_an_equals_sign(void **state)
{
    struct profile *p = parse("[a]\naws_session_token = AQo//+a==\n");

    (void)state;
    assert_string_equal(profile_get(p, "a", NULL, "aws_session_token"),
                        "AQo//+a==");
    profile_free(p);
}

static void an_empty_value_is_there(void **state)
{
    struct profile *p = parse("[a]\nk =\n");

    (void)state;
    assert_string_equal(profile_get(p, "a", NULL, "k"), "");
    profile_free(p);
}

static void an_empty_file_has_nothing(void **state)
{
    struct profile *p = parse("");

    (void)state;
    assert_false(profile_has(p, "default"));
    profile_free(p);
}

static void an_indented_line_goes_on_with_the_value(void **state)
{
    struct profile *p = parse("[a]\nk = get-keys\n    --account 1\r\n"
                              "\n\t--mfa # x\nl = 2\n[b]\nm = 3\n");

    (void)state;
    assert_string_equal(profile_get(p, "a", NULL, "k"),
                        "get-keys\n--account 1\n--mfa # x");
    assert_string_equal(profile_get(p, "a", NULL, "l"), "2");
    assert_string_equal(profile_get(p, "b", NULL, "m"), "3");
    profile_free(p);
}

static void a_colon_is_as_good_as_an_equals_sign(void **state)
{
    struct profile *p = parse("[a]\nregion: us-east-1\nk = b:c\n");

    (void)state;
    assert_string_equal(profile_get(p, "a", NULL, "region"), "us-east-1");
    assert_string_equal(profile_get(p, "a", NULL, "k"), "b:c");
    profile_free(p);
}

static void what_stands_behind_the_brackets_does_not_count(void **state)
{
    struct profile *p = parse("[a] /* s3://path */\nk = v\n");

    (void)state;
    assert_string_equal(profile_get(p, "a", NULL, "k"), "v");
    profile_free(p);
}

static void what_is_there_twice_counts_as_it_stands_last(void **state)
{
    struct profile *p = parse("[a]\nk = 1\nK = 2\n[b]\n[a]\nl = 3\n");

    (void)state;
    assert_string_equal(profile_get(p, "a", NULL, "k"), "2");
    assert_string_equal(profile_get(p, "a", NULL, "l"), "3");
    profile_free(p);
}

static void three_words_are_no_name(void **state)
{
    struct profile *p = parse("[profile in valid]\nk = 1\n"
                              "[profile \"in valid\"]\nk = 2\n");

    (void)state;
    assert_string_equal(profile_get(p, "profile in valid", NULL, "k"), "2");
    profile_free(p);
}

static void what_makes_no_sense_spoils_its_section(void **state)
{
    static const struct {
        const char *text, *where;
    } rows[] = {
        { "k = v\n[a]\n", "FILE, line 1" },
        { "[a]\nk v\n", "FILE, line 2" },
        { "[a\nk = v\n", "FILE, line 1" },
        { "[a]\n = v\n", "FILE, line 2" },
        { "[a]\n  goes-on\n", "FILE, line 2" },
        { "[a]\nk = 1\n[a]\n  goes-on\n", "FILE, line 4" },
        { "[a]\nk =\n  x = 1\n  x 2\n", "FILE, line 4" },
        { "[a]\nk =\n  = 2\n", "FILE, line 3" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = ERR_INIT;
        struct profile *p = parse(rows[i].text);

        assert_int_equal(profile_check(p, "a", &e), -1);
        assert_int_equal(e.kind, ERR_USAGE);
        if (!strstr(e.msg, rows[i].where))
            fail_msg("\"%s\": %s", rows[i].text, e.msg);
        profile_free(p);
    }
}

static void another_section_does_not_suffer(void **state)
{
    struct profile *p = parse("[a]\nk v\n[b]\nk = v\n");
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(profile_check(p, "a", &e), -1);
    assert_int_equal(profile_check(p, "b", &e), 0);
    assert_string_equal(profile_get(p, "b", NULL, "k"), "v");
    profile_free(p);
}

static void a_file_that_cannot_be_read_spoils_them_all(void **state)
{
    struct err e = ERR_INIT, why = ERR_INIT;
    struct profile *p;

    (void)state;
    err_set(&why, ERR_USAGE, 0, "cannot read it");
    p = profile_unreadable(&why, &e);
    assert_non_null(p);
    assert_false(profile_has(p, "a"));
    assert_int_equal(profile_check(p, "a", &e), -1);
    assert_string_equal(e.msg, "cannot read it");
    profile_free(p);
}

static void no_error_shows_a_secret(void **state)
{
    struct profile *p = parse("[a]\naws_secret_access_key wJalrXUtnFEMI\n");
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(profile_check(p, "a", &e), -1);
    assert_null(strstr(e.msg, "wJalr"));
    profile_free(p);
}

static void a_nul_byte_hides_nothing(void **state)
{
    struct err e = ERR_INIT;
    struct profile *p = profile_parse("[a]\nk = v\0\nk = w\n", 17, "FILE", &e);

    (void)state;
    assert_non_null(p);
    assert_int_equal(profile_check(p, "a", &e), -1);
    assert_null(profile_get(p, "a", NULL, "k"));
    profile_free(p);
}

static void words_are_those_of_a_shell(void **state)
{
    static const struct {
        const char *line;
        const char *words[6];
    } rows[] = {
        { "get-keys  --account\t1\n--x", { "get-keys", "--account", "1",
                                          "--x" } },
        { "'a b'\"c d\"e f", { "a bc de", "f" } },
        { "a\\ b \\'c", { "a b", "'c" } },
        { "\"a\\\"b\\\\c\\d\"", { "a\"b\\c\\d" } },
        { "'a\\b'", { "a\\b" } },
        { "'' \"\" x", { "", "", "x" } },
        { "$HOME `x` *", { "$HOME", "`x`", "*" } },
        { "  ", { NULL } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = ERR_INIT;
        size_t n, k;
        autofree char **words = words_split(rows[i].line, &n, &e);

        assert_non_null(words);
        for (k = 0; rows[i].words[k]; k++) {
            assert_true(k < n);
            assert_string_equal(words[k], rows[i].words[k]);
        }
        assert_int_equal(k, n);
        assert_null(words[n]);
    }
}

static void words_that_do_not_end_are_refused(void **state)
{
    static const char *const rows[] = { "'a", "a \"b", "a\\", "\"a\\\"" };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = ERR_INIT;
        size_t n;

        assert_null(words_split(rows[i], &n, &e));
        assert_int_equal(e.kind, ERR_USAGE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_belong_to_their_section),
        cmocka_unit_test(comments_blank_lines_and_line_ends_do_not_count),
        cmocka_unit_test(indented_keys_belong_to_the_key_above),
        cmocka_unit_test(a_section_may_be_indented_as_a_whole),
        cmocka_unit_test(a_section_name_may_have_quotes_and_blanks),
        cmocka_unit_test(a_value_may_have_an_equals_sign),
        cmocka_unit_test(an_empty_value_is_there),
        cmocka_unit_test(an_empty_file_has_nothing),
        cmocka_unit_test(an_indented_line_goes_on_with_the_value),
        cmocka_unit_test(a_colon_is_as_good_as_an_equals_sign),
        cmocka_unit_test(what_stands_behind_the_brackets_does_not_count),
        cmocka_unit_test(what_is_there_twice_counts_as_it_stands_last),
        cmocka_unit_test(three_words_are_no_name),
        cmocka_unit_test(what_makes_no_sense_spoils_its_section),
        cmocka_unit_test(another_section_does_not_suffer),
        cmocka_unit_test(a_file_that_cannot_be_read_spoils_them_all),
        cmocka_unit_test(no_error_shows_a_secret),
        cmocka_unit_test(a_nul_byte_hides_nothing),
        cmocka_unit_test(words_are_those_of_a_shell),
        cmocka_unit_test(words_that_do_not_end_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
