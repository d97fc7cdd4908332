/* SPDX-License-Identifier: Apache-2.0 */
/* The cache of blocks: one request for a block, nothing unproved, bounded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/number.h"
#include "base/thread.h"
#include "volume/cache.h"

#define READERS 64

/* Brings each block at once, or when it is told to. */
struct shop {
    struct cache_supply supply;
    struct cache *cache;
    bool holds_back;
    bool signals;             /* a signal comes with every wish */
    _Atomic unsigned wanted;
    _Atomic unsigned proved;
    struct slot *held;        /* the last one that was wanted */
    unsigned bad_times;       /* blocks that come back bad, so often */
    bool never;               /* none can be had */
    bool refuses;             /* none is good */
};

static void fill(struct slot *s)
{
    memset(s->raw, (int)slot_index(s) + 1, s->len);
}

static void want(struct cache_supply *u, struct slot *s)
{
    struct shop *p = (struct shop *)u;
    struct delivery *to = cache_delivery(p->cache);
    struct err why = ERR_INIT;

    p->held = s;
    p->wanted++;
    if (p->signals)
        interrupted = SIGINT;
    if (p->holds_back)
        return;
    if (p->never) {
        err_set(&why, ERR_SERVICE, 0, "gone");
        to->lost(to, s, &why);
        return;
    }
    fill(s);
    to->arrived(to, s);
}

static int prove(struct cache_supply *u, struct slot *s, struct err *e)
{
    struct shop *p = (struct shop *)u;
    struct delivery *to = cache_delivery(p->cache);

    p->proved++;
    if (p->refuses)
        return err_set(e, ERR_VERIFY, 0, "not good");
    if (!p->bad_times)
        return 1;
    p->bad_times--;
    to->arrived(to, s); /* again, before the reader is back */
    return 0;
}

static void open_shop(struct shop *p, unsigned blocks)
{
    struct err e = ERR_INIT;

    *p = (struct shop){ .supply = { want, prove } };
    p->cache = cache_new(&p->supply, blocks, GIB + 1000, &e);
    assert_non_null(p->cache);
}

/* The byte that all of the block is, or -1. */
static int look(struct shop *p, uint64_t index, struct err *e)
{
    const struct slot *s;
    int byte;

    memset(e, 0, sizeof(*e));
    s = cache_get(p->cache, index, e);
    if (!s)
        return -1;
    byte = s->raw[0];
    assert_int_equal(s->raw[s->len - 1], byte);
    cache_put(p->cache, s);
    return byte;
}

static void what_is_there_is_not_asked_for_again(void **state)
{
    struct shop p;
    struct err e;

    (void)state;
    open_shop(&p, 3);
    for (int round = 0; round < 5; round++)
        for (uint64_t i = 0; i < 3; i++)
            assert_int_equal(look(&p, i, &e), i + 1);
    assert_int_equal(p.wanted, 3);
    assert_int_equal(p.proved, 3);
    cache_free(p.cache);
}

static void the_longest_unused_one_makes_room(void **state)
{
    struct shop p;
    struct err e;

    (void)state;
    open_shop(&p, 3);
    for (uint64_t i = 0; i < 3; i++)
        look(&p, i, &e);
    look(&p, 0, &e);                         /* 1 is the oldest now */
    assert_int_equal(look(&p, 7, &e), 8);
    assert_int_equal(look(&p, 0, &e), 1);
    assert_int_equal(look(&p, 2, &e), 3);
    assert_int_equal(p.wanted, 4);
    assert_int_equal(look(&p, 1, &e), 2);
    assert_int_equal(p.wanted, 5);
    cache_free(p.cache);
}

static void the_last_block_may_be_short(void **state)
{
    struct shop p;
    struct err e = ERR_INIT;
    const struct slot *s;

    (void)state;
    open_shop(&p, 2);
    s = cache_get(p.cache, GIB / BLOCK_SIZE, &e);
    assert_non_null(s);
    assert_int_equal(s->len, 1000);
    cache_put(p.cache, s);
    cache_free(p.cache);
}

static void a_lost_block_is_asked_for_again(void **state)
{
    struct shop p;
    struct err e;

    (void)state;
    open_shop(&p, 2);
    p.never = true;
    for (int i = 0; i < 5; i++) {
        assert_int_equal(look(&p, 4, &e), -1);
        assert_string_equal(e.msg, "gone");
    }
    assert_int_equal(p.wanted, 5);
    p.never = false;
    assert_int_equal(look(&p, 4, &e), 5);
    cache_free(p.cache);
}

static void nothing_unproved_is_given_out(void **state)
{
    struct shop p;
    struct err e;

    (void)state;
    open_shop(&p, 2);
    p.bad_times = 3;
    assert_int_equal(look(&p, 4, &e), 5);
    assert_int_equal(p.proved, 4);
    p.refuses = true;
    assert_int_equal(look(&p, 5, &e), -1);
    assert_int_equal(e.kind, ERR_VERIFY);
    p.refuses = false;
    assert_int_equal(look(&p, 5, &e), 6);
    cache_free(p.cache);
}

/* Each that came has been through the hands of who logs it. */
static void what_nobody_read_is_proved_before_it_goes(void **state)
{
    struct shop p;
    struct err e;

    (void)state;
    open_shop(&p, 2);
    cache_ask(p.cache, 1);
    cache_ask(p.cache, 2);
    cache_ask(p.cache, 3);                   /* no room: not asked for */
    assert_int_equal(p.wanted, 2);
    assert_int_equal(p.proved, 0);
    assert_int_equal(look(&p, 9, &e), 10);
    assert_int_equal(p.proved, 2);
    cache_settle(p.cache);
    assert_int_equal(p.proved, 3);
    cache_free(p.cache);
}

/* ------------------------------------------------------------------ threads */

struct reader {
    struct shop *shop;
    pthread_t thread;
    int got;
    struct err e;
};

static void *reader_main(void *arg)
{
    struct reader *r = arg;

    r->got = look(r->shop, 6, &r->e);
    return NULL;
}

static void start_readers(struct shop *p, struct reader *readers)
{
    struct err e = ERR_INIT;

    p->holds_back = true;
    for (int i = 0; i < READERS; i++) {
        readers[i].shop = p;
        assert_int_equal(thread_start(&readers[i].thread, reader_main,
                                      &readers[i], "reader", &e), 0);
    }
    while (!p->wanted)
        usleep(1000);
    usleep(50 * 1000); /* for the others to come and wait */
}

static void join_readers(struct reader *readers)
{
    for (int i = 0; i < READERS; i++)
        thread_join(readers[i].thread);
}

static void many_readers_of_a_block_make_one_request(void **state)
{
    static struct reader readers[READERS];
    struct shop p;
    struct delivery *to;

    (void)state;
    open_shop(&p, 2);
    to = cache_delivery(p.cache);
    start_readers(&p, readers);
    fill(p.held);
    to->arrived(to, p.held);
    join_readers(readers);
    assert_int_equal(p.wanted, 1);
    assert_int_equal(p.proved, 1);
    for (int i = 0; i < READERS; i++)
        assert_int_equal(readers[i].got, 7);
    cache_free(p.cache);
}

static void the_end_of_everything_reaches_all_who_wait(void **state)
{
    static struct reader readers[READERS];
    struct shop p;
    struct err why = ERR_INIT;
    struct delivery *to;
    struct err e;

    (void)state;
    open_shop(&p, 1);
    to = cache_delivery(p.cache);
    start_readers(&p, readers);
    err_set(&why, ERR_DEST, 0, "the first reason");
    to->lost(to, NULL, &why);
    err_set(&why, ERR_DEST, 0, "another one");
    to->lost(to, NULL, &why);
    join_readers(readers);
    for (int i = 0; i < READERS; i++) {
        assert_int_equal(readers[i].got, -1);
        assert_string_equal(readers[i].e.msg, "the first reason");
    }
    assert_int_equal(look(&p, 1, &e), -1);
    assert_string_equal(e.msg, "the first reason");
    cache_free(p.cache);
}

static void a_signal_ends_the_wait(void **state)
{
    struct shop p;
    struct err e;

    (void)state;
    open_shop(&p, 1);
    p.holds_back = true;
    p.signals = true;
    assert_int_equal(look(&p, 1, &e), -1);
    interrupted = 0;
    assert_int_equal(e.kind, ERR_INTERRUPTED);
    cache_free(p.cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_there_is_not_asked_for_again),
        cmocka_unit_test(the_longest_unused_one_makes_room),
        cmocka_unit_test(the_last_block_may_be_short),
        cmocka_unit_test(a_lost_block_is_asked_for_again),
        cmocka_unit_test(nothing_unproved_is_given_out),
        cmocka_unit_test(what_nobody_read_is_proved_before_it_goes),
        cmocka_unit_test(many_readers_of_a_block_make_one_request),
        cmocka_unit_test(the_end_of_everything_reaches_all_who_wait),
        cmocka_unit_test(a_signal_ends_the_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
