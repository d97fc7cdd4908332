/* SPDX-License-Identifier: Apache-2.0 */
/* What a case log says of an image beside it: who exchanged the image for
 * another sound set is found out, and nobody else is accused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "audit/voucher.h"
#include "scratch.h"

#define ONE "snap-01111111111111111"
#define TWO "snap-02222222222222222"

static unsigned char head[32], manifest[32], root[32], other[32];

static void must(int r, const struct err *e)
{
    if (r < 0)
        fail_msg("%s", e->msg);
}

static struct log *begin(const char *name)
{
    struct err e = ERR_INIT;
    struct log *l;

    unlink(scratch_path(name));
    l = log_create(scratch_path(name), &clock_system, &e);
    must(l ? 0 : -1, &e);
    must(log_write(l, "case", NULL, &e), &e);
    return l;
}

/* An image with these heads; NULL: one that failed. */
static void add(struct log *l, const char *snapshot, const void *log_head)
{
    autorecord struct record r = RECORD_INIT;
    struct err e = ERR_INIT;

    record_str(&r, "snapshot", snapshot);
    if (log_head) {
        record_hex(&r, "log_head", log_head, 32);
        record_hex(&r, "manifest_sha256", manifest, 32);
        record_hex(&r, "manifest_root", root, 32);
    }
    must(log_write(l, "image", &r, &e), &e);
}

static void finish(struct log *l)
{
    struct err e = ERR_INIT;

    must(log_close(l, &e), &e);
}

static int find(const char *prefix, struct voucher *v, struct err *e)
{
    memset(e, 0, sizeof(*e));
    return voucher_find(scratch_path(prefix), v, e);
}

static int setup(void **state)
{
    memset(head, 1, 32);
    memset(manifest, 2, 32);
    memset(root, 3, 32);
    memset(other, 4, 32);
    return scratch_setup(state);
}

static void the_image_that_it_knows_is_compared(void **state)
{
    struct log *l = begin("c.case.jsonl");
    struct voucher v;
    struct err e;

    (void)state;
    add(l, ONE, other);
    add(l, TWO, head);
    finish(l);
    must(find("c-" TWO, &v, &e), &e);
    assert_true(v.known);
    must(voucher_check(&v, head, manifest, root, &e), &e);
    must(voucher_check(&v, head, NULL, NULL, &e), &e);
    assert_int_equal(voucher_check(&v, other, manifest, root, &e), -1);
    assert_int_equal(e.kind, ERR_VERIFY);
    assert_non_null(strstr(e.msg, "acquisition log"));
    assert_non_null(strstr(e.msg, "c.case.jsonl"));
    assert_int_equal(voucher_check(&v, head, other, root, &e), -1);
    assert_non_null(strstr(e.msg, "its manifest"));
    assert_int_equal(voucher_check(&v, head, manifest, other, &e), -1);
    assert_non_null(strstr(e.msg, "root"));
    voucher_free(&v);
}

/* A failure is none: it would be easy to bring about. */
static void the_last_word_on_it_counts(void **state)
{
    struct log *l = begin("c.case.jsonl");
    struct voucher v;
    struct err e;

    (void)state;
    add(l, ONE, NULL);
    add(l, ONE, other);
    add(l, ONE, head);
    add(l, TWO, head);
    add(l, TWO, NULL);
    add(l, "snap-03333333333333333", NULL);
    finish(l);
    must(find("c-" ONE, &v, &e), &e);
    must(voucher_check(&v, head, manifest, root, &e), &e);
    assert_int_equal(voucher_check(&v, other, NULL, NULL, &e), -1);
    voucher_free(&v);
    must(find("c-" TWO, &v, &e), &e);
    assert_int_equal(voucher_check(&v, other, NULL, NULL, &e), -1);
    voucher_free(&v);
    must(find("c-snap-03333333333333333", &v, &e), &e);
    assert_false(v.known);
    voucher_free(&v);
}

static void nobody_vouches_for_what_is_of_no_chain(void **state)
{
    static const char *const names[] = {
        "c-snap-03333333333333333", "d-" ONE, ONE, "c", "c-" ONE "x",
        "c-" ONE "-1", "-snap-",
    };
    struct log *l = begin("c.case.jsonl");

    (void)state;
    add(l, ONE, head);
    finish(l);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct voucher v;
        struct err e;

        must(find(names[i], &v, &e), &e);
        assert_false(v.known);
        must(voucher_check(&v, other, other, other, &e), &e);
        voucher_free(&v);
    }
}

/* The default prefix of a chain is the name that was asked for. */
static void a_chain_may_be_named_like_a_snapshot(void **state)
{
    struct log *l = begin(TWO ".case.jsonl");
    struct voucher v;
    struct err e;

    (void)state;
    add(l, ONE, head);
    finish(l);
    must(find(TWO "-" ONE, &v, &e), &e);
    assert_true(v.known);
    voucher_free(&v);
}

/* A chain that is being made, or that died. */
static void part_of_a_line_at_the_end_is_none(void **state)
{
    struct log *l = begin("c.case.jsonl");
    struct voucher v;
    struct err e;
    FILE *f;

    (void)state;
    add(l, ONE, head);
    finish(l);
    f = fopen(scratch_path("c.case.jsonl"), "a");
    fputs("{\"seq\":3,\"ti", f);
    fclose(f);
    must(find("c-" ONE, &v, &e), &e);
    assert_true(v.known);
    voucher_free(&v);
    f = fopen(scratch_path("c.case.jsonl"), "a");
    fputs("\n", f);
    fclose(f);
    assert_int_equal(find("c-" ONE, &v, &e), -1);
    assert_int_equal(e.kind, ERR_VERIFY);
    voucher_free(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_image_that_it_knows_is_compared),
        cmocka_unit_test(the_last_word_on_it_counts),
        cmocka_unit_test(nobody_vouches_for_what_is_of_no_chain),
        cmocka_unit_test(a_chain_may_be_named_like_a_snapshot),
        cmocka_unit_test(part_of_a_line_at_the_end_is_none),
    };

    return cmocka_run_group_tests(tests, setup, scratch_teardown);
}
