/* SPDX-License-Identifier: Apache-2.0 */
/* A list that ends, and lists that do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ebs/pager.h"

/* Turns pages until the list ends by itself (0) or by an error (-1): `lead'
 * tokens that come once, then `circle' ones again and again. */
static int turn(unsigned lead, unsigned circle, unsigned *pages)
{
    autopager struct pager p = { NULL };
    struct err e = ERR_INIT;
    unsigned n = 0;
    int r;

    do {
        char token[32];

        snprintf(token, sizeof(token), "token %u",
                 n < lead || !circle ? n : lead + (n - lead) % circle);
        r = pager_turn(&p, strdup(token), &e);
        n++;
    } while (r == 0 && pager_goes_on(&p, PAGER_PAGES_MAX));
    *pages = n;
    return r;
}

static void a_circle_is_noticed_before_it_was_gone_round_often(void **state)
{
    (void)state;
    for (unsigned lead = 0; lead < 20; lead++)
        for (unsigned circle = 1; circle < 30; circle++) {
            unsigned pages;

            if (turn(lead, circle, &pages) == 0)
                fail_msg("%u and %u", lead, circle);
            assert_true(pages <= 4 * (lead + circle) + 2);
        }
}

static void a_list_without_an_end_is_left(void **state)
{
    unsigned pages;

    (void)state;
    assert_int_equal(turn(0, 0, &pages), 0);
    assert_int_equal(pages, PAGER_PAGES_MAX);
}

static void a_list_ends_with_the_page_that_names_no_other(void **state)
{
    autopager struct pager p = { NULL };
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(pager_turn(&p, strdup("a"), &e), 0);
    assert_true(pager_goes_on(&p, PAGER_PAGES_MAX));
    assert_string_equal(p.next, "a");
    assert_int_equal(pager_turn(&p, NULL, &e), 0);
    assert_false(pager_goes_on(&p, PAGER_PAGES_MAX));
    assert_null(p.next);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_circle_is_noticed_before_it_was_gone_round_often),
        cmocka_unit_test(a_list_without_an_end_is_left),
        cmocka_unit_test(a_list_ends_with_the_page_that_names_no_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
