/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of blocks, and the proof that three lists agree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fetch/delta.h"
#include "flow/blockset.h"

static void a_set_holds_what_was_put_in(void **state)
{
    static const uint64_t in[] = { 0, 63, 64, 65, 2047 };
    struct err e = ERR_INIT;
    autoblockset struct blockset *s = blockset_new(2048, &e);
    uint64_t at = 0;

    (void)state;
    assert_non_null(s);
    assert_int_equal(blockset_next(s, 0), BLOCKSET_END);
    for (size_t i = 0; i < 5; i++)
        blockset_add(s, in[i]);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(blockset_next(s, at), in[i]);
        at = in[i] + 1;
    }
    assert_int_equal(blockset_next(s, at), BLOCKSET_END);
    assert_int_equal(blockset_next(s, 1000000), BLOCKSET_END);
    assert_int_equal(blockset_count(s), 5);
    assert_true(blockset_has(s, 63) && !blockset_has(s, 62));
    assert_false(blockset_has(s, 2048));
    assert_false(blockset_has(NULL, 0));
    blockset_fill(s);
    assert_int_equal(blockset_count(s), 2048);
}

/* One letter a block: what each of the lists says.
 * . nothing  = both store it  a, b one stores it
 * C both, listed   A, B one stores it, listed */
static struct delta make(const char *blocks)
{
    struct err e = ERR_INIT;
    size_t n = strlen(blocks);
    struct delta d = {
        blockset_new(n, &e), blockset_new(n, &e), blockset_new(n, &e),
        blockset_new(n, &e), blockset_new(n, &e),
    };

    for (size_t i = 0; i < n; i++) {
        char c = blocks[i];

        if (strchr("=aCA", c)) {
            blockset_add(d.a, i);
            if (strchr("CA", c))
                blockset_add(d.first, i);
        }
        if (strchr("=bCB", c)) {
            blockset_add(d.b, i);
            if (strchr("CB", c))
                blockset_add(d.second, i);
        }
        if (strchr("CAB", c))
            blockset_add(d.listed, i);
    }
    return d;
}

static void lists_that_agree_are_accepted(void **state)
{
    struct delta d = make("..==CC=AA.BBB=.");
    struct err e = ERR_INIT;
    struct delta_counts c = delta_count(&d);

    (void)state;
    assert_int_equal(delta_prove(&d, &e), 0);
    assert_int_equal(c.changed, 2);
    assert_int_equal(c.removed, 2);
    assert_int_equal(c.added, 3);
    delta_free(&d);
}

static void refused(struct delta *d, uint64_t block, const char *why)
{
    struct err e = ERR_INIT;
    char place[40];

    snprintf(place, sizeof(place), "at block %d:", (int)block);
    assert_int_equal(delta_prove(d, &e), -1);
    assert_int_equal(e.kind, ERR_SERVICE);
    if (!strstr(e.msg, place) || !strstr(e.msg, why))
        fail_msg("%s", e.msg);
    delta_free(d);
}

static void lists_that_contradict_each_other_are_refused(void **state)
{
    struct delta d;

    (void)state;
    d = make("=a="); /* only in A, and not listed */
    refused(&d, 1, "not listed");
    d = make("==b");
    refused(&d, 2, "not listed");
    d = make("=..");
    blockset_add(d.listed, 1); /* listed, and nobody stores it: a token */
    blockset_add(d.second, 1);
    refused(&d, 1, "not stored");
    d = make("=..=");
    blockset_add(d.listed, 2); /* the same, without any token */
    refused(&d, 2, "neither of them stores it");
    d = make("=A=");
    blockset_add(d.second, 1);
    refused(&d, 1, "not stored");
    d = make("===");
    blockset_add(d.listed, 2); /* both store it, and it lacks its tokens */
    refused(&d, 2, "without a token");
    d = make("===");
    blockset_add(d.listed, 2);
    blockset_add(d.first, 2); /* B's would be taken for a deletion */
    refused(&d, 2, "without a token");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_holds_what_was_put_in),
        cmocka_unit_test(lists_that_agree_are_accepted),
        cmocka_unit_test(lists_that_contradict_each_other_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
