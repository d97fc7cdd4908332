/* SPDX-License-Identifier: Apache-2.0 */
/* Two pipelines side by side: every block of both is seen once, in order,
 * together with the one at its offset; whoever stops, all waits end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "flow/zip.h"
#include "volume.h"

#define BLOCKS 60

struct lane {
    struct volume volume;
    struct zip *zip;
    unsigned side;
    int result;
    pthread_t thread;
};

static void *lane_main(void *arg)
{
    struct lane *l = arg;
    struct err e = ERR_INIT;
    struct hashes h;

    l->result = volume_write(&l->volume, zip_sink(l->zip, l->side), &h, &e);
    if (l->result == 0)
        zip_end(l->zip, l->side);
    else
        zip_stop(l->zip, &e);
    return NULL;
}

static void start(struct lane *lanes, struct zip *z, const char *a,
                  const char *b)
{
    const char *const names[] = { a, b };

    for (unsigned i = 0; i < 2; i++) {
        struct err e = ERR_INIT;

        volume_init(&lanes[i].volume, names[i], BLOCKS);
        lanes[i].zip = z;
        lanes[i].side = i;
        assert_int_equal(thread_start(&lanes[i].thread, lane_main, &lanes[i],
                                      "lane", &e), 0);
    }
}

static void join(struct lane *lanes, struct zip *z)
{
    thread_join(lanes[0].thread);
    thread_join(lanes[1].thread);
    zip_free(z);
}

static int next(struct zip *z, struct zip_pair *p, struct err *e)
{
    int r;

    do
        r = zip_next(z, p, 10 * NS_PER_MS, e);
    while (r == 2);
    return r;
}

static bool stores(const struct volume *v, uint64_t i)
{
    return v->kind(i, v->blocks) != HOLE;
}

/* The next block that one of them stores. */
static uint64_t after(const struct lane *lanes, uint64_t i)
{
    while (i < BLOCKS && !stores(&lanes[0].volume, i)
           && !stores(&lanes[1].volume, i))
        i++;
    return i;
}

static void check_pair(const struct lane *lanes, const struct zip_pair *p,
                       uint64_t i)
{
    static unsigned char block[BLOCK_SIZE];

    assert_int_equal(p->offset, i * BLOCK_SIZE);
    for (int k = 0; k < 2; k++) {
        assert_int_equal(p->slot[k] != NULL, stores(&lanes[k].volume, i));
        if (!p->slot[k])
            continue;
        volume_fill(&lanes[k].volume, i, block);
        assert_memory_equal(p->slot[k]->raw, block, BLOCK_SIZE);
    }
}

static void every_block_of_both_is_seen_once(void **state)
{
    static const char *const pairs[][2] = {
        { "mixed", "mixed" }, { "mixed", "sparse" }, { "all", "none" },
        { "none", "all" },    { "first", "last" },   { "none", "none" },
        { "last", "last" },   { "all", "zeros" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        struct lane lanes[2] = { 0 };
        struct err e = ERR_INIT;
        struct zip *z = zip_new(&e);
        struct zip_pair p;
        uint64_t at;
        int r;

        start(lanes, z, pairs[i][0], pairs[i][1]);
        at = after(lanes, 0);
        while ((r = next(z, &p, &e)) == 1) {
            check_pair(lanes, &p, at);
            at = after(lanes, at + 1);
            zip_done(z);
        }
        assert_int_equal(r, 0);
        assert_int_equal(at, BLOCKS);
        join(lanes, z);
        assert_int_equal(lanes[0].result, 0);
        assert_int_equal(lanes[1].result, 0);
    }
}

static void who_takes_the_pairs_can_stop(void **state)
{
    struct lane lanes[2] = { 0 };
    struct err e = ERR_INIT;
    struct err why = ERR_INIT;
    struct zip *z = zip_new(&e);
    struct zip_pair p;

    (void)state;
    err_set(&why, ERR_DEST, 0, "enough");
    start(lanes, z, "all", "mixed");
    for (int i = 0; i < 10; i++) {
        assert_int_equal(next(z, &p, &e), 1);
        zip_done(z);
    }
    zip_stop(z, &why);
    assert_int_equal(next(z, &p, &e), -1);
    assert_string_equal(e.msg, "enough");
    assert_int_equal(zip_check(z, &e), -1);
    join(lanes, z);
    assert_int_equal(lanes[0].result, -1);
    assert_int_equal(lanes[1].result, -1);
}

/* One side fails while the other waits for it; a slot that is being looked
 * at stays until zip_done(). */
static void a_lane_can_stop(void **state)
{
    struct lane lanes[2] = { 0 };
    struct err e = ERR_INIT;
    struct zip *z = zip_new(&e);
    struct zip_pair p;

    (void)state;
    start(lanes, z, "all", "none");
    assert_int_equal(next(z, &p, &e), 1);
    assert_non_null(p.slot[0]);
    zip_done(z);
    err_set(&e, ERR_SERVICE, 0, "lost");
    zip_stop(z, &e);
    while (next(z, &p, &e) == 1)
        zip_done(z);
    assert_string_equal(e.msg, "lost");
    join(lanes, z);
    assert_int_equal(lanes[0].result, -1);
}

struct stopping {
    struct zip *zip;
    pthread_t thread;
    atomic_bool stopped;
};

static void *stop_main(void *arg)
{
    struct stopping *s = arg;
    struct err why = ERR_INIT;

    err_set(&why, ERR_SERVICE, 0, "lost");
    zip_stop(s->zip, &why);
    s->stopped = true;
    return NULL;
}

/* Else the slot would be filled anew under the eyes of who looks at it. */
static void a_pair_stays_until_it_is_done(void **state)
{
    static unsigned char block[BLOCK_SIZE];
    struct lane lanes[2] = { 0 };
    struct err e = ERR_INIT;
    struct stopping s = { .zip = zip_new(&e) };
    struct zip_pair p;

    (void)state;
    start(lanes, s.zip, "all", "none");
    assert_int_equal(next(s.zip, &p, &e), 1);
    assert_int_equal(thread_start(&s.thread, stop_main, &s, "stop", &e), 0);
    usleep(50000);
    assert_false(s.stopped);
    volume_fill(&lanes[0].volume, 0, block);
    assert_memory_equal(p.slot[0]->raw, block, BLOCK_SIZE);
    zip_done(s.zip);
    thread_join(s.thread);
    assert_int_equal(next(s.zip, &p, &e), -1);
    join(lanes, s.zip);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_block_of_both_is_seen_once),
        cmocka_unit_test(who_takes_the_pairs_can_stop),
        cmocka_unit_test(a_lane_can_stop),
        cmocka_unit_test(a_pair_stays_until_it_is_done),
    };

    alarm(60); /* a wait that does not end is a failure */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
