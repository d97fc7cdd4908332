/* SPDX-License-Identifier: Apache-2.0 */
/* What a cache has: found by its index, and given up in the order of use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/scope.h"
#include "volume/kept-set.h"

#define BLOCKS 5000u

static struct kept_set set_of(bool origins)
{
    struct kept_set s;
    struct err e = ERR_INIT;

    assert_int_equal(kept_set_init(&s, BLOCKS, origins, &e), 0);
    return s;
}

static void put(struct kept_set *s, uint32_t index)
{
    struct kept_origin from = { .time = index, .attempts = 1 };
    unsigned char sha256[32];

    memset(sha256, (int)index & 255, sizeof(sha256));
    assert_int_equal(kept_set_put(s, index, sha256, &from), 0);
}

static uint32_t oldest(const struct kept_set *s)
{
    uint32_t i = 0;

    return kept_set_oldest(s, &i) ? i : BLOCKS;
}

static void what_is_put_is_found(void **state)
{
    struct kept_set s = set_of(true);

    (void)state;
    assert_null(kept_set_digest(&s, 0));
    put(&s, 0);
    put(&s, BLOCKS - 1);
    assert_int_equal(kept_set_digest(&s, BLOCKS - 1)[31],
                     (BLOCKS - 1) & 255);
    assert_int_equal(kept_set_origin(&s, BLOCKS - 1)->time, BLOCKS - 1);
    assert_null(kept_set_digest(&s, 1));
    assert_null(kept_set_digest(&s, 2000));
    assert_int_equal(s.blocks, 2);
    put(&s, 0); /* once more */
    assert_int_equal(s.blocks, 2);
    kept_set_remove(&s, 0);
    kept_set_remove(&s, 0);
    kept_set_remove(&s, 3000);
    assert_null(kept_set_digest(&s, 0));
    assert_int_equal(s.blocks, 1);
    kept_set_free(&s);
}

static void the_oldest_goes_first(void **state)
{
    struct kept_set s = set_of(false);

    (void)state;
    assert_int_equal(oldest(&s), BLOCKS);
    for (uint32_t i = 0; i < 4; i++)
        put(&s, 1500 * (3 - i)); /* 4500, 3000, 1500, 0 */
    assert_int_equal(oldest(&s), 4500);
    kept_set_hold(&s, 4500);     /* used: the newest now */
    kept_set_release(&s, 4500);
    assert_int_equal(oldest(&s), 3000);
    kept_set_remove(&s, 1500);   /* from the middle */
    kept_set_remove(&s, 3000);   /* from the end */
    assert_int_equal(oldest(&s), 0);
    kept_set_remove(&s, 4500);   /* the newest */
    put(&s, 7);
    kept_set_remove(&s, 0);
    assert_int_equal(oldest(&s), 7);
    kept_set_remove(&s, 7);
    assert_int_equal(oldest(&s), BLOCKS);
    kept_set_free(&s);
}

static void what_is_read_stays(void **state)
{
    struct kept_set s = set_of(false);

    (void)state;
    put(&s, 1);
    put(&s, 2);
    kept_set_hold(&s, 1);
    kept_set_hold(&s, 1);
    kept_set_hold(&s, 2);
    assert_int_equal(oldest(&s), BLOCKS);
    kept_set_release(&s, 1);
    assert_int_equal(oldest(&s), BLOCKS);
    kept_set_release(&s, 1);
    assert_int_equal(oldest(&s), 1);
    kept_set_release(&s, 2);
    kept_set_free(&s);
}

static void all_are_listed(void **state)
{
    struct kept_set s = set_of(false);
    struct err e = ERR_INIT;
    autoblockset struct blockset *all = blockset_new(BLOCKS, &e);

    (void)state;
    put(&s, 4999);
    put(&s, 17);
    kept_set_list(&s, all);
    assert_int_equal(blockset_count(all), 2);
    assert_true(blockset_has(all, 17) && blockset_has(all, 4999));
    kept_set_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_is_found),
        cmocka_unit_test(the_oldest_goes_first),
        cmocka_unit_test(what_is_read_stays),
        cmocka_unit_test(all_are_listed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
