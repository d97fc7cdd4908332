/* SPDX-License-Identifier: Apache-2.0 */
/* Which run is meant by the name that was typed or pasted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit/typed.h"

struct row {
    const char *typed, *meant;
};

static void compare(const struct row *rows, size_t n,
                    char *(*meant)(const char *name))
{
    for (size_t i = 0; i < n; i++) {
        char *got = meant(rows[i].typed);

        assert_string_equal(got, rows[i].meant);
        free(got);
    }
}

/* Nothing of these names is in the folder. */
static void a_file_of_an_unfinished_run_means_the_run(void **state)
{
    static const struct row rows[] = {
        { "no/x", "no/x" },                 { "no/x.E01", "no/x" },
        { "no/x.e01", "no/x" },             { "no/x.dd", "no/x" },
        { "no/x.raw", "no/x" },             { "no/x.001", "no/x" },
        { "no/x.partial", "no/x" },         { "no/x.partial///", "no/x" },
        { "no/x.log.jsonl", "no/x" },       { "no/x.case.jsonl", "no/x" },
        { "no/x.y.E01", "no/x.y" },         { "no/.E01", "no/.E01" },
        { ".partial", ".partial" },         { "no/x.E02", "no/x.E02" },
        { "no/x.txt", "no/x.txt" },         { "/", "/" },
        { "", "" },
    };

    (void)state;
    compare(rows, sizeof(rows) / sizeof(rows[0]), typed_unfinished);
}

/* There an image is itself, or it is none. */
static void an_image_of_a_finished_run_means_the_image(void **state)
{
    static const struct row rows[] = {
        { "no/x.E01", "no/x.E01" },     { "no/x.dd", "no/x.dd" },
        { "no/x.partial/", "no/x" },    { "no/x.log.jsonl", "no/x" },
        { "no/x", "no/x" },             { "no/.log.jsonl", "no/.log.jsonl" },
    };

    (void)state;
    compare(rows, sizeof(rows) / sizeof(rows[0]), typed_finished);
}

static void an_ending_is_never_all_of_a_name(void **state)
{
    (void)state;
    assert_int_equal(typed_image_ending("x.E01"), 4);
    assert_int_equal(typed_image_ending("x.DD"), 3);
    assert_int_equal(typed_image_ending(".dd"), 0);
    assert_int_equal(typed_image_ending("x.E02"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_of_an_unfinished_run_means_the_run),
        cmocka_unit_test(an_image_of_a_finished_run_means_the_image),
        cmocka_unit_test(an_ending_is_never_all_of_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
