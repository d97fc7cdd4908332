/* SPDX-License-Identifier: Apache-2.0 */
/* The map of a volume, and its picture, which stays small whatever it is of;
 * and the course of a run, in steps that grow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/block.h"
#include "base/clock.h"
#include "base/number.h"
#include "report/draw.h"
#include "scratch.h"

#define STARTED 1785585600000000000ull

static struct report r;

static struct manifest *create(uint64_t size)
{
    struct manifest_header h = { "snap-0123456789abcdef0", size, BLOCK_SIZE,
                                 STARTED };
    struct err e = ERR_INIT;
    struct manifest *m;

    unlink(scratch_path("m"));
    m = manifest_create(scratch_path("m"), &h, &e);
    assert_non_null(m);
    return m;
}

static void add(struct manifest *m, uint32_t index, enum block_class class,
                unsigned age)
{
    struct manifest_row row = {
        .index = index, .time = STARTED, .attempts = 1, .class = class,
        .age = age, .provider = class != BLOCK_UNREADABLE,
    };
    struct err e = ERR_INIT;

    if (row.provider)
        memset(row.sha256, 7, sizeof(row.sha256));
    assert_int_equal(manifest_add(m, &row, &e), 0);
}

static void finish(struct manifest *m)
{
    unsigned char file[MANIFEST_HASH], root[MANIFEST_HASH];
    char path[600];
    struct evidence ev = { .manifest_path = path };
    struct err e = ERR_INIT;

    assert_int_equal(manifest_finish(m, file, root, &e), 0);
    manifest_free(m);
    snprintf(path, sizeof(path), "%s", scratch_path("m"));
    memset(&r, 0, sizeof(r));
    r.disk.partitions.table = "";
    assert_int_equal(map_read(&r.map, &ev, &e), 0);
    assert_true(r.map.known);
}

static void test_each_kind_where_it_is(void **state)
{
    struct manifest *m = create(1 * GIB); /* 2048 blocks: 2 a step */

    (void)state;
    add(m, 0, BLOCK_STORED, 0);
    add(m, 1, BLOCK_STORED, 3);
    add(m, 7, BLOCK_ZERO, 0);
    add(m, 2047, BLOCK_UNREADABLE, 0);
    finish(m);
    assert_int_equal(r.map.step, 2);
    assert_int_equal(r.map.steps, 1024);
    assert_int_equal(r.map.at[0][MAP_STORED], 1);
    assert_int_equal(r.map.at[0][MAP_CARRIED], 1);
    assert_int_equal(r.map.at[0][MAP_NEVER], 0);
    assert_int_equal(r.map.at[3][MAP_ZERO], 1);
    assert_int_equal(r.map.at[1023][MAP_UNREADABLE], 1);
    assert_int_equal(r.map.of[MAP_NEVER], 2044);
}

/* Of 131072 blocks in a column, one. */
static void test_one_block_of_64_tib_is_seen(void **state)
{
    struct manifest *m = create(64 * TIB);
    autotext struct text t = TEXT_INIT;

    (void)state;
    add(m, 77000000, BLOCK_ZERO, 0);
    add(m, 134217727, BLOCK_UNREADABLE, 0);
    finish(m);
    assert_int_equal(r.map.step, 131072);
    draw_map(&t, &r);
    assert_false(t.failed);
    assert_non_null(strstr(t.s, "class=\"zero\" d=\"M75 21h1v3h-1z\"/>"));
    assert_non_null(strstr(t.s, "class=\"lost\" d=\"M255 26h1v6h-1z\"/>"));
}

static void test_picture_of_64_tib_stays_small(void **state)
{
    struct manifest *m = create(64 * TIB);
    autotext struct text t = TEXT_INIT;
    uint32_t chance = 1;

    (void)state;
    for (uint64_t i = 0; i < 64 * TIB / BLOCK_SIZE; i += 1 + chance % 2000) {
        chance = chance * 1664525u + 1013904223u;
        if (chance >> 29 == 0)
            add(m, (uint32_t)i, BLOCK_UNREADABLE, 0);
        else
            add(m, (uint32_t)i, chance >> 30 ? BLOCK_STORED : BLOCK_ZERO,
                chance >> 28 & 1);
    }
    finish(m);
    draw_map(&t, &r);
    assert_false(t.failed);
    assert_true(t.len < 200 * KIB);
}

/* ---- the course */

static void test_what_passed_is_there_once(void **state)
{
    static struct timeline t;
    uint64_t sum = 0;

    (void)state;
    timeline_session(&t, STARTED);
    for (uint64_t s = 1; s <= 100000; s += 7)
        timeline_passed(&t, STARTED + s * NS_PER_S, s * 3);
    timeline_add(&t, TIMELINE_THROTTLED, STARTED + 5 * NS_PER_S, 2);
    timeline_session(&t, STARTED + 900000 * NS_PER_S);
    timeline_passed(&t, STARTED + 900001 * NS_PER_S, 40);
    assert_true(timeline_steps(&t) <= TIMELINE_STEPS);
    for (size_t i = 0; i < timeline_steps(&t); i++)
        sum += t.of[TIMELINE_BLOCKS][i];
    assert_int_equal(sum, 99996 * 3 + 40);
    assert_int_equal(t.nbreaks, 1);
    assert_int_equal(timeline_top(&t, TIMELINE_THROTTLED), 2);
}

static void test_clock_that_is_set(void **state)
{
    static struct timeline t;

    (void)state;
    timeline_session(&t, STARTED);
    timeline_passed(&t, STARTED + 10 * NS_PER_S, 10);
    timeline_passed(&t, STARTED - 99 * NS_PER_S, 20);
    timeline_passed(&t, STARTED + 9000000000 * NS_PER_S, 30);
    timeline_passed(&t, 0, 5);
    assert_true(timeline_steps(&t) <= TIMELINE_STEPS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_kind_where_it_is),
        cmocka_unit_test(test_one_block_of_64_tib_is_seen),
        cmocka_unit_test(test_picture_of_64_tib_stays_small),
        cmocka_unit_test(test_what_passed_is_there_once),
        cmocka_unit_test(test_clock_that_is_set),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
