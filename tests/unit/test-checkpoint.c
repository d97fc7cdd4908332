/* SPDX-License-Identifier: Apache-2.0 */
/* The checkpoints of an unfinished run: what was written comes back, what
 * was being written when the run died does not count, and no changed line is
 * believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/checkpoint.h"
#include "scratch.h"

static void must(int r, const struct err *e)
{
    if (r < 0)
        fail_msg("%s", e->msg);
}

static struct checkpoint sample(uint64_t offset)
{
    struct checkpoint c = {
        .offset = offset,
        .digest = {
            .kinds = HASH_ALL, .bytes = offset,
            .md5 = { 1, 2, 0xffffffff, 4 },
            .sha1 = { 0x80000000, 6, 7, 8, 9 },
            .sha256 = { 10, 11, 12, 13, 14, 15, 16, 0xdeadbeef },
        },
        .rows = offset / 7,
        .log = { .events = 12, .size = 3456 },
    };

    memset(c.manifest, 0xab, sizeof(c.manifest));
    memset(c.chunks, 0xcd, sizeof(c.chunks));
    memset(c.log.head, 0xef, sizeof(c.log.head));
    return c;
}

static struct log *begin(void)
{
    autorecord struct record r = RECORD_INIT;
    struct err e = ERR_INIT;
    struct log *l;

    unlink(scratch_path("x"));
    l = log_create(scratch_path("x"), &clock_system, &e);
    must(l ? 0 : -1, &e);
    record_str(&r, "snapshot", "snap-1");
    checkpoint_seal(&r);
    must(log_write(l, "begin", &r, &e), &e);
    return l;
}

static void add(struct log *l, uint64_t offset)
{
    struct checkpoint c = sample(offset);
    struct err e = ERR_INIT;

    must(checkpoint_write(l, &c, &e), &e);
}

static void finish(struct log *l)
{
    struct err e = ERR_INIT;

    must(log_close(l, &e), &e);
}

/* The reader's side of the first line. */
static int on_begin(void *ctx, const cJSON *line, struct record *again,
                    struct err *e)
{
    const cJSON *s = cJSON_GetObjectItemCaseSensitive(line, "snapshot");

    (void)ctx;
    (void)e;
    record_str(again, "snapshot", s ? s->valuestring : NULL);
    return 0;
}

static int read_all(struct checkpoints *out, struct err *e)
{
    memset(e, 0, sizeof(*e));
    return checkpoints_read(scratch_path("x"), on_begin, NULL, out, e);
}

static void what_was_written_comes_back(void **state)
{
    struct log *l = begin();
    struct checkpoint want = sample(1 << 30);
    struct checkpoints c;
    struct err e;

    (void)state;
    add(l, 512);
    add(l, 1 << 30);
    must(checkpoint_publish(l, "complete", &e), &e);
    finish(l);
    must(read_all(&c, &e), &e);
    assert_int_equal(c.n, 2);
    assert_memory_equal(&c.at[1], &want, sizeof(want));
    assert_true(c.published);
    assert_string_equal(c.verdict, "complete");
    assert_int_equal(c.end.events, 4);
    checkpoints_free(&c);
}

static void only_digests_that_are_computed_are_kept(void **state)
{
    struct log *l = begin();
    struct checkpoint none = { .offset = 512 };
    struct checkpoints c;
    struct err e = ERR_INIT;

    (void)state;
    none.digest.bytes = 512;
    must(checkpoint_write(l, &none, &e), &e);
    finish(l);
    must(read_all(&c, &e), &e);
    assert_int_equal(c.at[0].digest.kinds, 0);
    assert_memory_equal(&c.at[0], &none, sizeof(none));
    checkpoints_free(&c);
}

/* Cut at every byte: each whole line counts, and no part of one. */
static void a_torn_line_does_not_count(void **state)
{
    struct log *l = begin();
    struct checkpoints c;
    struct err e;
    size_t n, lines = 0;
    char *whole;

    (void)state;
    add(l, 512);
    add(l, 1024);
    finish(l);
    whole = scratch_read("x", &n);
    for (size_t cut = 0; cut <= n; cut++) {
        int r;

        lines += cut && whole[cut - 1] == '\n';
        scratch_write("x", whole, cut);
        r = read_all(&c, &e);
        assert_int_equal(r, lines ? 0 : -1);
        if (r == 0)
            assert_int_equal(c.n, lines - 1);
        checkpoints_free(&c);
    }
    free(whole);
}

/* Whatever byte is changed, no checkpoint comes back that was not written. */
static void a_changed_line_is_not_believed(void **state)
{
    struct checkpoint want = sample(512);
    struct log *l = begin();
    struct checkpoints c;
    struct err e;
    char *whole;
    size_t n;

    (void)state;
    add(l, 512);
    finish(l);
    whole = scratch_read("x", &n);
    for (size_t i = 0; i < n; i++) {
        char was = whole[i];

        whole[i] = was == '1' ? '2' : '1';
        scratch_write("x", whole, n);
        if (read_all(&c, &e) == 0 && c.n)
            assert_memory_equal(&c.at[0], &want, sizeof(want));
        checkpoints_free(&c);
        whole[i] = was;
    }
    free(whole);
}

static void going_back_makes_later_ones_void(void **state)
{
    struct log *l = begin();
    struct checkpoints c;
    struct err e;

    (void)state;
    add(l, 512);
    add(l, 1024);
    add(l, 2048);
    add(l, 1024); /* a run was gone on with here */
    add(l, 1536);
    finish(l);
    must(read_all(&c, &e), &e);
    assert_int_equal(c.n, 3);
    assert_int_equal(c.at[0].offset, 512);
    assert_int_equal(c.at[1].offset, 1024);
    assert_int_equal(c.at[2].offset, 1536);
    checkpoints_free(&c);
}

static void it_goes_on_behind_the_last_good_line(void **state)
{
    struct log *l = begin();
    struct checkpoints c;
    struct err e;
    size_t n;
    char *whole;

    (void)state;
    add(l, 512);
    finish(l);
    whole = scratch_read("x", &n);
    whole = realloc(whole, n + 9);
    memcpy(whole + n, "{\"seq\":3,", 9);
    scratch_write("x", whole, n + 9);
    free(whole);
    must(read_all(&c, &e), &e);
    l = log_reopen(scratch_path("x"), &clock_system, &c.end, &e);
    assert_non_null(l);
    checkpoints_free(&c);
    add(l, 1024);
    finish(l);
    must(read_all(&c, &e), &e);
    assert_int_equal(c.n, 2);
    checkpoints_free(&c);
}

/* A run that had finished its files, and was gone on with all the same. */
static void a_checkpoint_behind_publish_takes_it_back(void **state)
{
    struct log *l = begin();
    struct checkpoints c;
    struct err e = ERR_INIT;

    (void)state;
    add(l, 512);
    must(checkpoint_publish(l, "complete", &e), &e);
    add(l, 512);
    finish(l);
    must(read_all(&c, &e), &e);
    assert_false(c.published);
    assert_int_equal(c.n, 1);
    checkpoints_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_comes_back),
        cmocka_unit_test(only_digests_that_are_computed_are_kept),
        cmocka_unit_test(a_torn_line_does_not_count),
        cmocka_unit_test(a_changed_line_is_not_believed),
        cmocka_unit_test(going_back_makes_later_ones_void),
        cmocka_unit_test(it_goes_on_behind_the_last_good_line),
        cmocka_unit_test(a_checkpoint_behind_publish_takes_it_back),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
