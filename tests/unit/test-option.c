/* SPDX-License-Identifier: Apache-2.0 */
/* Options are rows of a table; what is typed fits them or is refused with a
 * sentence that names the option. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/number.h"
#include "base/option.h"

struct values {
    const char *output;
    uint64_t size, number, count;
    int choice;
    unsigned set;
    bool flag;
    struct options_given given;
};

static const char *const words[] = { "one", "two", "three", NULL };

#define AT(field) offsetof(struct values, field)

static const struct option_row rows[] = {
    { OPTION_GROUP, .help = "A group" },
    { OPTION_TEXT, 'o', "output", "X", "h", AT(output) },
    { OPTION_SIZE, 0, "size", "X", "h", AT(size), .min = 1 * MIB,
      .max = 1 * GIB },
    { OPTION_NUMBER, 'n', "number", "X", "h", AT(number), .min = 2,
      .max = 9 },
    { OPTION_COUNT, 0, "count", "X", "h", AT(count), .min = 0, .max = 9 },
    { OPTION_CHOICE, 0, "choice", "X", "h", AT(choice), words },
    { OPTION_SET, 0, "set", "X", "h", AT(set), words },
    { OPTION_FLAG, 'q', "quiet", NULL, "h", AT(flag) },
    OPTIONS_END,
};

static const struct command command = {
    .name = "test",
    .options = rows,
    .given = AT(given),
};

static int parse(struct values *v, int *first, struct err *e,
                 const char *a, const char *b, const char *c)
{
    static char copies[4][64];
    char *argv[5] = { copies[0], NULL, NULL, NULL, NULL };
    const char *args[] = { a, b, c };
    int argc = 1;
    int help;

    strcpy(copies[0], "test");
    for (int i = 0; i < 3 && args[i]; i++) {
        snprintf(copies[argc], sizeof(copies[0]), "%s", args[i]);
        argv[argc] = copies[argc];
        argc++;
    }
    memset(v, 0, sizeof(*v));
    return options_parse(&command, argc, argv, v, first, &help, e);
}

static void values_arrive_where_the_row_says(void **state)
{
    struct values v;
    struct err e = ERR_INIT;
    int first;

    (void)state;
    assert_int_equal(parse(&v, &first, &e, "--size=20M", "-n9", "-qoX"), 0);
    assert_int_equal(v.size, 20 * MIB);
    assert_int_equal(v.number, 9);
    assert_true(v.flag);
    assert_string_equal(v.output, "X");
    assert_int_equal(parse(&v, &first, &e, "--choice", "two", "--set=three,"
                           "one"), 0);
    assert_int_equal(v.choice, 1);
    assert_int_equal(v.set, 5);
}

static void a_count_may_be_all(void **state)
{
    struct values v;
    struct err e = ERR_INIT;
    int first;

    (void)state;
    assert_int_equal(parse(&v, &first, &e, "--count=all", NULL, NULL), 0);
    assert_true(v.count == OPTION_ALL);
    assert_int_equal(parse(&v, &first, &e, "--count", "0", NULL), 0);
    assert_int_equal(v.count, 0);
}

static void a_set_given_twice_has_the_words_of_both(void **state)
{
    struct values v;
    struct err e = ERR_INIT;
    int first;

    (void)state;
    assert_int_equal(parse(&v, &first, &e, "--set=one", "--set=three",
                           "--choice=two"), 0);
    assert_int_equal(v.set, 5);
    assert_int_equal(parse(&v, &first, &e, "--choice=one", "--choice=two",
                           "--set=two"), 0);
    assert_int_equal(v.choice, 1);
    assert_int_equal(v.set, 2);
}

static void operands_and_options_may_be_mixed(void **state)
{
    struct values v;
    struct err e = ERR_INIT;
    int first;

    (void)state;
    assert_int_equal(parse(&v, &first, &e, "snap-1", "-o", "x"), 0);
    assert_string_equal(v.output, "x");
    assert_int_equal(first, 3);
    assert_int_equal(parse(&v, &first, &e, "--", "-o", NULL), 0);
    assert_null(v.output);
}

static const struct {
    const char *a, *b;
    const char *named;
} wrong[] = {
    { "--nope", NULL, "--nope" },
    { "-x", NULL, "-x" },
    { "--output", NULL, "--output" },
    { "-o", NULL, "-o" },
    { "--output=", NULL, "--output" },
    { "--output=caf\xe9", NULL, "--output" },
    { "--output=\xff\xfe", NULL, "--output" },
    { "--size=1", NULL, "--size" },
    { "--size=2G", NULL, "--size" },
    { "--size=10X", NULL, "--size" },
    { "--size=-5M", NULL, "--size" },
    { "--size=99999999999999999999", NULL, "--size" },
    { "--size=18014398509481985K", NULL, "--size" },
    { "-n", "1", "--number" },
    { "-n", "10", "--number" },
    { "-n", "3x", "--number" },
    { "--count", "10", "--count" },
    { "--count", "al", "--count" },
    { "--count", "ALL", "--count" },
    { "--count", "", "--count" },
    { "--choice", "four", "--choice" },
    { "--choice", "one,two", "--choice" },
    { "--choice", "on", "--choice" },
    { "--set", "one,,two", "--set" },
    { "--set", "one,", "--set" },
    { "--set", "", "--set" },
    { "--quiet=1", NULL, "--quiet" },
};

static void what_does_not_fit_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct values v;
        struct err e = ERR_INIT;
        int first;

        if (parse(&v, &first, &e, wrong[i].a, wrong[i].b, NULL) == 0)
            fail_msg("accepted: %s %s", wrong[i].a,
                     wrong[i].b ? wrong[i].b : "");
        assert_int_equal(e.kind, ERR_USAGE);
        if (!strstr(e.msg, wrong[i].named))
            fail_msg("%s: the message does not name it: %s", wrong[i].a,
                     e.msg);
    }
}

static void refuse(const char *arg, const char *sentence)
{
    struct values v;
    struct err e = ERR_INIT;
    int first;

    assert_int_equal(parse(&v, &first, &e, arg, NULL, NULL), -1);
    assert_int_equal(e.kind, ERR_USAGE);
    assert_string_equal(e.msg, sentence);
}

static void an_abbreviation_of_two_options_names_both(void **state)
{
    (void)state;
    refuse("--s", "test: --s is short for several options: --size, --set");
    refuse("--s=1M", "test: --s is short for several options: --size, --set");
}

static void an_abbreviation_of_one_option_is_that_option(void **state)
{
    struct values v;
    struct err e = ERR_INIT;
    int first;

    (void)state;
    assert_int_equal(parse(&v, &first, &e, "--si=20M", "--q", NULL), 0);
    assert_int_equal(v.size, 20 * MIB);
    assert_true(v.flag);
}

static void a_flag_takes_no_value(void **state)
{
    (void)state;
    refuse("--quiet=1",
           "test: --quiet takes no value; see ebsimg test --help");
    refuse("--help=1",
           "test: --help takes no value; see ebsimg test --help");
}

static void what_was_given_is_known(void **state)
{
    struct values v;
    struct err e = ERR_INIT;
    int first;

    (void)state;
    assert_int_equal(parse(&v, &first, &e, "--size=20M", "-n9", NULL), 0);
    assert_true(option_given(rows, &v.given, "size"));
    assert_true(option_given(rows, &v.given, "number"));
    assert_false(option_given(rows, &v.given, "output"));
    assert_false(option_given(rows, &v.given, "quiet"));
    assert_false(option_given(rows, &v.given, "nonsense"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_given_is_known),
        cmocka_unit_test(values_arrive_where_the_row_says),
        cmocka_unit_test(a_count_may_be_all),
        cmocka_unit_test(a_set_given_twice_has_the_words_of_both),
        cmocka_unit_test(operands_and_options_may_be_mixed),
        cmocka_unit_test(what_does_not_fit_is_named),
        cmocka_unit_test(an_abbreviation_of_two_options_names_both),
        cmocka_unit_test(an_abbreviation_of_one_option_is_that_option),
        cmocka_unit_test(a_flag_takes_no_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
