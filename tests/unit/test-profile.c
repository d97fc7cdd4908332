/* The text of AWS's shared files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "aws/profile.h"
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
                              "  \n\nl = w # part of the value");

    (void)state;
    assert_string_equal(profile_get(p, "a", NULL, "k"), "v");
    assert_string_equal(profile_get(p, "a", NULL, "l"),
                        "w # part of the value");
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
    struct profile *p = parse("[a]\n    k = 1\n    l = 2\n        m = 3\n");

    (void)state;
    assert_string_equal(profile_get(p, "a", NULL, "k"), "1");
    assert_string_equal(profile_get(p, "a", NULL, "l"), "2");
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

static void what_makes_no_sense_is_told_with_its_line(void **state)
{
    static const struct {
        const char *text, *where;
    } rows[] = {
        { "k = v\n", "FILE, line 1" },
        { "[a]\nk v\n", "FILE, line 2" },
        { "[a\nk = v\n", "FILE, line 1" },
        { "[]\n", "FILE, line 1" },
        { "[\"\"]\n", "FILE, line 1" },
        { "[a] b\n", "FILE, line 1" },
        { "[a]\n = v\n", "FILE, line 2" },
        { "[a]\n\nk = 1\n# x\nk = 2\n", "FILE, line 5" },
        { "[a]\nK = 1\nk = 2\n", "FILE, line 3" },
        { "[a]\n[b]\n[a]\n", "FILE, line 3" },
        { "[a]\nk =\n  x = 1\n  x = 2\n", "FILE, line 4" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = ERR_INIT;

        assert_null(profile_parse(rows[i].text, strlen(rows[i].text), "FILE",
                                  &e));
        assert_int_equal(e.kind, ERR_USAGE);
        if (!strstr(e.msg, rows[i].where))
            fail_msg("\"%s\": %s", rows[i].text, e.msg);
    }
}

static void no_error_shows_a_secret(void **state)
{
    static const char text[] = "[a]\naws_secret_access_key wJalrXUtnFEMI\n";
    struct err e = ERR_INIT;

    (void)state;
    assert_null(profile_parse(text, strlen(text), "FILE", &e));
    assert_null(strstr(e.msg, "wJalr"));
}

static void a_nul_byte_hides_nothing(void **state)
{
    struct err e = ERR_INIT;

    (void)state;
    assert_null(profile_parse("[a]\nk = v\0\nk = w\n", 17, "FILE", &e));
    assert_int_equal(e.kind, ERR_USAGE);
}

/* Finding twins takes time that grows with the square of the keys. */
static void a_file_of_too_many_keys_is_refused(void **state)
{
    autotext struct text t = TEXT_INIT;
    struct err e = ERR_INIT;

    (void)state;
    text_add(&t, "[a]\n");
    for (int i = 0; i < 100000; i++)
        text_addf(&t, "k%d=\n", i);
    assert_null(profile_parse(t.s, t.len, "FILE", &e));
    assert_non_null(strstr(e.msg, "too many"));
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
        cmocka_unit_test(what_makes_no_sense_is_told_with_its_line),
        cmocka_unit_test(no_error_shows_a_secret),
        cmocka_unit_test(a_nul_byte_hides_nothing),
        cmocka_unit_test(a_file_of_too_many_keys_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
