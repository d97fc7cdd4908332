/* SPDX-License-Identifier: Apache-2.0 */
/* The block map: pages in, blocks out, in order and never twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fetch/blockmap.h"

/* A page with the indexes from `first' to `last', by steps. */
static struct listing page(uint32_t first, uint32_t last, uint32_t step,
                           uint64_t gib, const char *next)
{
    struct listing l = { .volume_gib = gib };
    size_t room = (last - first) / step + 1;
    size_t used = 0;

    l.entries = calloc(room, sizeof(*l.entries));
    l.tokens = malloc(room * 16);
    for (uint32_t i = first; i <= last; i += step) {
        l.entries[l.count].index = i;
        l.entries[l.count++].token = (uint32_t)used;
        used += (size_t)sprintf(l.tokens + used, "t%u", i) + 1;
    }
    strcpy(l.next, next);
    return l;
}

static struct listing empty(uint64_t gib, const char *next)
{
    struct listing l = { .volume_gib = gib };

    strcpy(l.next, next);
    return l;
}

static int add(struct blockmap *m, struct listing l, struct err *e)
{
    return blockmap_add(m, &l, e);
}

static struct blockmap *new_map(void)
{
    struct err e = ERR_INIT;
    struct blockmap *m = blockmap_new(0, &e);

    assert_non_null(m);
    return m;
}

static void expect_take(struct blockmap *m, uint32_t want)
{
    uint32_t index;
    char token[TOKEN_MAX + 1], want_token[16];

    assert_true(blockmap_peek(m, &index));
    assert_int_equal(index, want);
    blockmap_take(m, &index, token);
    assert_int_equal(index, want);
    snprintf(want_token, sizeof(want_token), "t%u", want);
    assert_string_equal(token, want_token);
}

static void blocks_come_out_in_order_over_page_borders(void **state)
{
    struct blockmap *m = new_map();
    struct err e = ERR_INIT;
    uint32_t index;

    (void)state;
    assert_int_equal(add(m, page(0, 2, 1, 1, "n1"), &e), 0);
    assert_string_equal(blockmap_page_token(m), "n1");
    assert_int_equal(add(m, empty(0, "n2"), &e), 0);
    assert_int_equal(add(m, page(5, 9, 4, 1, ""), &e), 0);
    assert_true(blockmap_complete(m));
    assert_int_equal(blockmap_listed(m), 5);
    for (uint32_t i = 0; i < 3; i++)
        expect_take(m, i);
    expect_take(m, 5);
    assert_false(blockmap_done(m));
    expect_take(m, 9);
    assert_true(blockmap_done(m));
    assert_false(blockmap_peek(m, &index));
    assert_int_equal(blockmap_volume_size(m), 1ull << 30);
    blockmap_free(m);
}

/* Else nothing was compared with what EC2 says. */
static void it_is_known_whether_a_page_has_told_the_size(void **state)
{
    struct err e = ERR_INIT;
    struct blockmap *m = blockmap_new(8, &e);

    (void)state;
    assert_non_null(m);
    assert_int_equal(add(m, page(0, 2, 1, 0, "n1"), &e), 0);
    assert_false(blockmap_size_told(m));
    assert_int_equal(blockmap_volume_size(m), 8ull << 30);
    assert_int_equal(add(m, page(5, 9, 1, 8, "n2"), &e), 0);
    assert_int_equal(add(m, empty(0, ""), &e), 0);
    assert_true(blockmap_size_told(m));
    blockmap_free(m);
}

static void an_index_that_comes_again_is_refused(void **state)
{
    struct blockmap *m = new_map();
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(add(m, page(0, 5, 1, 1, "n"), &e), 0);
    assert_int_equal(add(m, page(5, 9, 1, 1, ""), &e), -1);
    assert_int_equal(e.kind, ERR_SERVICE);
    assert_false(blockmap_complete(m));
    /* and the true page is still welcome */
    assert_int_equal(add(m, page(6, 9, 1, 1, ""), &e), 0);
    assert_int_equal(blockmap_listed(m), 10);
    blockmap_free(m);
}

static void a_block_past_the_end_is_refused(void **state)
{
    struct blockmap *m = new_map();
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(add(m, page(2040, 2048, 1, 1, ""), &e), -1);
    assert_int_equal(add(m, page(2040, 2047, 1, 1, ""), &e), 0);
    blockmap_free(m);
}

static void a_volume_that_changes_its_size_is_refused(void **state)
{
    struct blockmap *m = new_map();
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(add(m, page(0, 5, 1, 2, "n"), &e), 0);
    assert_int_equal(add(m, page(6, 9, 1, 1, ""), &e), -1);
    assert_int_equal(blockmap_volume_size(m), 2ull << 30);
    blockmap_free(m);
}

static void what_ec2_said_of_the_size_counts(void **state)
{
    struct err e = ERR_INIT;
    struct blockmap *m = blockmap_new(8, &e);

    (void)state;
    assert_int_equal(add(m, page(0, 5, 1, 9, ""), &e), -1);
    assert_int_equal(add(m, page(0, 5, 1, 8, ""), &e), 0);
    blockmap_free(m);
}

static void a_list_that_never_says_the_size_is_refused(void **state)
{
    struct blockmap *m = new_map();
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(add(m, empty(0, ""), &e), -1);
    blockmap_free(m);
}

static void the_same_page_token_again_is_a_loop(void **state)
{
    struct blockmap *m = new_map();
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(add(m, empty(1, "n"), &e), 0);
    assert_int_equal(add(m, empty(1, "n"), &e), -1);
    blockmap_free(m);
}

static void empty_pages_without_end_are_refused(void **state)
{
    struct blockmap *m = new_map();
    struct err e = ERR_INIT;
    int n = 0;

    (void)state;
    for (; n < 100000; n++) {
        char next[16];

        snprintf(next, sizeof(next), "n%d", n);
        if (add(m, empty(1, next), &e) < 0)
            break;
    }
    assert_in_range(n, 100, 1000);
    blockmap_free(m);
}

static void listing_again_goes_on_behind_the_last_block_taken(void **state)
{
    struct blockmap *m = new_map();
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(add(m, page(0, 9, 1, 1, ""), &e), 0);
    expect_take(m, 0);
    expect_take(m, 1);
    assert_int_equal(blockmap_relist(m, &e), 0);
    assert_false(blockmap_complete(m));
    assert_string_equal(blockmap_page_token(m), "");
    assert_int_equal(blockmap_next_index(m), 2);
    assert_int_equal(blockmap_listed(m), 2);
    assert_int_equal(add(m, page(2, 9, 1, 1, ""), &e), 0);
    assert_int_equal(blockmap_listed(m), 10);
    expect_take(m, 2);
    blockmap_free(m);
}

static void a_block_that_a_new_list_leaves_out_is_missed(void **state)
{
    struct blockmap *m = new_map();
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(add(m, page(0, 9, 1, 1, ""), &e), 0);
    expect_take(m, 0);
    assert_int_equal(blockmap_relist(m, &e), 0);
    assert_int_equal(add(m, page(1, 5, 2, 1, ""), &e), -1); /* no 2 */
    assert_int_equal(add(m, page(1, 8, 1, 1, ""), &e), -1); /* no 9 */
    assert_int_equal(add(m, empty(1, ""), &e), -1);
    assert_int_equal(add(m, page(1, 4, 1, 1, "n"), &e), 0);
    expect_take(m, 1);
    assert_int_equal(blockmap_relist(m, &e), 0); /* 2 to 9 are owed now */
    assert_int_equal(add(m, page(2, 6, 2, 1, "n"), &e), -1);
    assert_int_equal(add(m, page(2, 6, 1, 1, "n"), &e), 0);
    assert_int_equal(add(m, page(7, 8, 1, 1, ""), &e), -1);
    assert_int_equal(add(m, page(7, 9, 1, 1, ""), &e), 0);
    for (uint32_t i = 2; i < 10; i++)
        expect_take(m, i);
    assert_true(blockmap_done(m));
    blockmap_free(m);
}

static void a_page_that_is_refused_leaves_nothing_behind(void **state)
{
    struct blockmap *m = new_map();
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(add(m, empty(0, ""), &e), -1);
    assert_int_equal(add(m, page(5000, 5000, 1, 2, ""), &e), -1);
    assert_int_equal(blockmap_volume_size(m), 0);
    assert_int_equal(add(m, page(0, 5, 1, 1, ""), &e), 0);
    blockmap_free(m);
}

static void pages_are_asked_for_before_the_last_one_is_used_up(void **state)
{
    struct blockmap *m = new_map();
    struct err e = ERR_INIT;

    (void)state;
    assert_true(blockmap_wants_page(m));
    assert_int_equal(add(m, page(0, 9999, 1, 64, "n"), &e), 0);
    assert_false(blockmap_wants_page(m));
    for (uint32_t i = 0; i < 7000; i++)
        expect_take(m, i);
    assert_true(blockmap_wants_page(m));
    blockmap_free(m);
}

/* Blocks of an earlier run count, and are not asked for again. */
static void a_list_can_begin_in_the_middle(void **state)
{
    struct blockmap *m = new_map();
    struct err e = ERR_INIT;

    (void)state;
    blockmap_begin_at(m, 10, 4);
    assert_int_equal(blockmap_next_index(m), 10);
    assert_int_equal(add(m, page(8, 12, 2, 1, "next"), &e), -1);
    assert_int_equal(add(m, page(10, 12, 2, 1, ""), &e), 0);
    expect_take(m, 10);
    expect_take(m, 12);
    assert_true(blockmap_done(m));
    assert_int_equal(blockmap_listed(m), 6);
    blockmap_free(m);
}

static void what_is_not_of_interest_is_skipped(void **state)
{
    struct blockmap *m = new_map();
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(add(m, page(0, 9, 1, 1, "a"), &e), 0);
    blockmap_skip_to(m, 5); /* has come already */
    assert_int_equal(blockmap_next_index(m), 10);
    assert_string_equal(blockmap_page_token(m), "a");
    blockmap_skip_to(m, 100);
    assert_int_equal(blockmap_next_index(m), 100);
    assert_string_equal(blockmap_page_token(m), "");
    expect_take(m, 0);
    assert_int_equal(blockmap_relist(m, &e), 0); /* 1 to 9 are owed */
    blockmap_skip_to(m, 8); /* and now 8 and 9 alone */
    assert_int_equal(add(m, page(8, 9, 1, 1, "b"), &e), 0);
    expect_take(m, 8);
    assert_int_equal(blockmap_relist(m, &e), 0);
    blockmap_skip_to(m, 9);
    assert_int_equal(add(m, page(10, 12, 1, 1, ""), &e), -1);
    blockmap_end(m);
    assert_true(blockmap_done(m));
    blockmap_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_can_begin_in_the_middle),
        cmocka_unit_test(blocks_come_out_in_order_over_page_borders),
        cmocka_unit_test(it_is_known_whether_a_page_has_told_the_size),
        cmocka_unit_test(an_index_that_comes_again_is_refused),
        cmocka_unit_test(a_block_past_the_end_is_refused),
        cmocka_unit_test(a_volume_that_changes_its_size_is_refused),
        cmocka_unit_test(what_ec2_said_of_the_size_counts),
        cmocka_unit_test(a_list_that_never_says_the_size_is_refused),
        cmocka_unit_test(the_same_page_token_again_is_a_loop),
        cmocka_unit_test(empty_pages_without_end_are_refused),
        cmocka_unit_test(listing_again_goes_on_behind_the_last_block_taken),
        cmocka_unit_test(a_block_that_a_new_list_leaves_out_is_missed),
        cmocka_unit_test(a_page_that_is_refused_leaves_nothing_behind),
        cmocka_unit_test(pages_are_asked_for_before_the_last_one_is_used_up),
        cmocka_unit_test(what_is_not_of_interest_is_skipped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
