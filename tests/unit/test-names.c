/* SPDX-License-Identifier: Apache-2.0 */
/* Names are found again, in whatever order they came. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/names.h"

enum { MANY = 100000 };

static char texts[MANY][8];
static struct err err;

static void each_name_has_its_number(void **state)
{
    struct names n = { NULL };

    (void)state;
    for (size_t i = 0; i < MANY; i++) { /* ascending: the worst for a tree */
        snprintf(texts[i], sizeof(texts[i]), "%06zu", i);
        assert_int_equal(names_add(&n, texts[i], i, &err), 0);
    }
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(names_find(&n, texts[i]), i);
    assert_int_equal(names_find(&n, "none"), NAMES_NONE);
    assert_int_equal(names_find(&n, ""), NAMES_NONE);
    names_free(&n);
    assert_int_equal(names_find(&n, "000000"), NAMES_NONE);
}

static void a_name_keeps_its_first_number(void **state)
{
    struct names n = { NULL };

    (void)state;
    assert_int_equal(names_add(&n, "a", 1, &err), 0);
    assert_int_equal(names_add(&n, "a", 2, &err), 0);
    assert_int_equal(names_find(&n, "a"), 1);
    names_free(&n);
}

static void nothing_is_in_an_empty_set(void **state)
{
    struct names n = { NULL };

    (void)state;
    assert_int_equal(names_find(&n, "a"), NAMES_NONE);
    names_free(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_name_has_its_number),
        cmocka_unit_test(a_name_keeps_its_first_number),
        cmocka_unit_test(nothing_is_in_an_empty_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
