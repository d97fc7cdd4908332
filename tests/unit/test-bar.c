/* SPDX-License-Identifier: Apache-2.0 */
/* The progress line at every width: it fits, the more important part stays
 * longer, and there is a bar where there is room for one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "show/bar.h"

static const struct bar usual = {
    .what = "snap-0123456789abcdef0",
    .percent = 37,
    .parts = { "3.7 GiB of 10 GiB", "120.5 MiB/s", "1 min 02 s left",
               "waits for the network", "retries 12", "throttled 3" },
};

static void expect(const struct bar *b, size_t columns, const char *want)
{
    autotext struct text t = TEXT_INIT;

    bar_line(b, columns, &t);
    assert_string_equal(t.s ? t.s : "", want);
}

static void parts_go_in_the_order_of_their_worth(void **state)
{
    (void)state;
    expect(&usual, 124, "snap-0123456789abcdef0  37%  3.7 GiB of 10 GiB  "
           "120.5 MiB/s  1 min 02 s left  waits for the network  retries 12  "
           "throttled 3");
    expect(&usual, 137, "snap-0123456789abcdef0  37% [###-------]  3.7 GiB "
           "of 10 GiB  120.5 MiB/s  1 min 02 s left  waits for the network  "
           "retries 12  throttled 3");
    expect(&usual, 111, "snap-0123456789abcdef0  37%  3.7 GiB of 10 GiB  "
           "120.5 MiB/s  1 min 02 s left  waits for the network  retries 12");
}

static void eighty_columns_have_all_that_matters(void **state)
{
    (void)state;
    expect(&usual, 79, "snap-0123456789abcdef0  37%  3.7 GiB of 10 GiB  "
           "120.5 MiB/s  1 min 02 s left");
    expect(&usual, 60, "snap-0123456789abcdef0  37%  120.5 MiB/s  "
           "1 min 02 s left");
    expect(&usual, 45, "snap-0123456789abcdef0  37%  1 min 02 s left");
}

static void a_narrow_one_has_the_number(void **state)
{
    (void)state;
    expect(&usual, 28, "snap-0123456789abcdef0  37%");
    expect(&usual, 27, "snap-0123456789abcdef0  37%");
    expect(&usual, 20, "snap-0123456789  37%");
    expect(&usual, 5, "  37%");
    expect(&usual, 4, "");
    expect(&usual, 0, "");
}

static size_t columns(const char *s)
{
    size_t n = 0, used;

    for (; *s; s += used)
        n += text_utf8(s, strlen(s), &used) >= 0x1100 ? 2 : 1;
    return n;
}

/* A file's name, with what takes two columns. */
static void no_line_is_wider_than_allowed(void **state)
{
    const char *const names[] = { "x", "snap-0123456789abcdef0",
        "\xe8\xa8\xbc\xe6\x8b\xa0\xe8\xa8\xbc\xe6\x8b\xa0.dd",
        "\xc3\xa9\xc3\xa9\xc3\xa9.E01" };

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        for (size_t n = 0; n < 250; n++) {
            autotext struct text t = TEXT_INIT;
            struct bar b = usual;

            b.what = names[i];
            b.percent = (unsigned)n % 101;
            bar_line(&b, n, &t);
            if (columns(t.s ? t.s : "") > n)
                fail_msg("%zu columns: %s", n, t.s);
        }
}

static void a_bar_fills_from_empty_to_full(void **state)
{
    struct bar b = { .what = "x", .parts = { "", "", "", "", "", "" } };

    (void)state;
    expect(&b, 19, "x   0% [----------]");
    b.percent = 99;
    expect(&b, 19, "x  99% [#########-]");
    b.percent = 100;
    expect(&b, 19, "x 100% [##########]");
    expect(&b, 18, "x 100%");
    b.percent = 50;
    expect(&b, 1000, "x  50% [####################--------------------]");
}

static void words_are_all_of_it(void **state)
{
    autotext struct text t = TEXT_INIT;

    (void)state;
    bar_words(&usual, &t);
    assert_string_equal(t.s, "snap-0123456789abcdef0  37%  3.7 GiB of 10 GiB  "
                        "120.5 MiB/s  1 min 02 s left  waits for the network  "
                        "retries 12  throttled 3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_go_in_the_order_of_their_worth),
        cmocka_unit_test(eighty_columns_have_all_that_matters),
        cmocka_unit_test(a_narrow_one_has_the_number),
        cmocka_unit_test(no_line_is_wider_than_allowed),
        cmocka_unit_test(a_bar_fills_from_empty_to_full),
        cmocka_unit_test(words_are_all_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
