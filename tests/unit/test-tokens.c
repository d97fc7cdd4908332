/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens of the pages that were listed last. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "fetch/tokens.h"

/* A page of two blocks; `by' is in their tokens. */
static struct listing page(unsigned first, const char *by)
{
    struct err e = ERR_INIT;
    struct listing l;
    char json[512];

    snprintf(json, sizeof(json), "{\"BlockSize\":524288,\"VolumeSize\":100,"
             "\"ExpiryTime\":1,\"Blocks\":["
             "{\"BlockIndex\":%u,\"BlockToken\":\"%s%u\"},"
             "{\"BlockIndex\":%u,\"BlockToken\":\"%s%u\"}]}", first, by,
             first, first + 1, by, first + 1);
    assert_int_equal(listing_parse(json, strlen(json), &l, &e), 0);
    return l;
}

static void keep(struct tokens *t, unsigned first, const char *by)
{
    struct listing l = page(first, by);

    tokens_keep(t, &l);
    assert_null(l.entries); /* taken over */
}

static void tokens_are_found_by_their_block(void **state)
{
    struct tokens t = { .newest = 0 };

    (void)state;
    assert_null(tokens_find(&t, 0));
    keep(&t, 10, "a");
    keep(&t, 20, "b");
    assert_string_equal(tokens_find(&t, 11), "a11");
    assert_string_equal(tokens_find(&t, 20), "b20");
    assert_null(tokens_find(&t, 12));
    tokens_free(&t);
}

static void the_newest_page_counts(void **state)
{
    struct tokens t = { .newest = 0 };

    (void)state;
    keep(&t, 10, "old");
    keep(&t, 11, "new");
    assert_string_equal(tokens_find(&t, 10), "old10");
    assert_string_equal(tokens_find(&t, 11), "new11");
    tokens_free(&t);
}

static void the_oldest_page_is_forgotten(void **state)
{
    struct tokens t = { .newest = 0 };

    (void)state;
    for (unsigned i = 0; i <= TOKENS_PAGES; i++)
        keep(&t, 10 * i, "t");
    assert_null(tokens_find(&t, 0));
    assert_string_equal(tokens_find(&t, 10), "t10");
    assert_non_null(tokens_find(&t, 10 * TOKENS_PAGES));
    tokens_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_found_by_their_block),
        cmocka_unit_test(the_newest_page_counts),
        cmocka_unit_test(the_oldest_page_is_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
