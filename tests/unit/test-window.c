/* SPDX-License-Identifier: Apache-2.0 */
/* The ring of slots, one call at a time: who gets which slot when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/thread.h"
#include "flow/window.h"

enum { GATE = WINDOW_GATE, WRITER = 1 };

static unsigned woken;

static void count_wake(void *ctx)
{
    (void)ctx;
    woken++;
}

static struct window *make_for(unsigned readers, unsigned slots,
                               unsigned packed)
{
    static const size_t room[] = { 64 };
    struct window_config c = {
        .slots = slots, .readers = readers, .packed = packed,
        .pack_room = room, .sinks = 1, .wake = count_wake,
    };
    struct err e = ERR_INIT;
    struct window *w = window_new(&c, &e);

    assert_non_null(w);
    woken = 0;
    return w;
}

static struct window *make(unsigned slots, unsigned packed)
{
    return make_for(2, slots, packed);
}

static struct slot *reserve(struct window *w)
{
    struct slot *s = window_reserve(w);

    if (s) {
        s->offset = s->seq * BLOCK_SIZE;
        s->len = BLOCK_SIZE;
        window_buffer(w, s);
    }
    return s;
}

/* From a worker through gate and writer. */
static void pass(struct window *w, uint64_t seq)
{
    struct slot *s = window_take(w);

    assert_int_equal(s->seq, seq);
    window_commit(w, s);
    assert_ptr_equal(window_next(w, GATE), s);
    window_done(w, GATE);
    assert_ptr_equal(window_next(w, WRITER), s);
    window_done(w, WRITER);
}

static void workers_get_the_oldest_first(void **state)
{
    struct window *w = make(4, 0);
    struct slot *s[4];

    (void)state;
    for (int i = 0; i < 4; i++)
        s[i] = reserve(w);
    for (int i = 3; i >= 0; i--)
        window_arrived(w, s[i]);
    for (uint64_t i = 0; i < 4; i++)
        pass(w, i);
    window_free(w);
}

/* Two of the oldest may be packed: the others wait, though they are there. */
static void only_the_oldest_have_room_for_packed_data(void **state)
{
    struct window *w = make(4, 2);
    struct slot *s[4];
    struct slot *one, *two;

    (void)state;
    for (int i = 0; i < 4; i++)
        s[i] = reserve(w);
    window_arrived(w, s[3]);
    window_arrived(w, s[1]);
    one = window_take(w);
    assert_int_equal(one->seq, 1);
    window_commit(w, one);
    window_arrived(w, s[0]);
    two = window_take(w);
    assert_int_equal(two->seq, 0);
    assert_ptr_not_equal(one->packed[0], two->packed[0]);
    window_commit(w, two);
    for (int i = 0; i < 2; i++) {
        window_next(w, GATE);
        window_done(w, GATE);
        window_next(w, WRITER);
        window_done(w, WRITER);
    }
    assert_int_equal(window_take(w)->seq, 3);
    window_free(w);
}

static void buffers_used_last_are_used_next(void **state)
{
    struct window *w = make(8, 0);
    const unsigned char *first = NULL;

    (void)state;
    for (uint64_t i = 0; i < 30; i++) {
        struct slot *s = reserve(w);

        if (!first)
            first = s->raw;
        assert_ptr_equal(s->raw, first);
        assert_int_equal(s->number, 0);
        window_arrived(w, s);
        pass(w, i);
    }
    window_free(w);
}

static void what_was_only_asked_for_has_no_buffer(void **state)
{
    struct window *w = make(3, 0);
    struct slot *s = window_reserve(w), *other = window_reserve(w);
    const unsigned char *raw = window_buffer(w, s);

    (void)state;
    assert_non_null(raw);
    assert_ptr_equal(s->raw, raw);
    assert_ptr_equal(window_buffer(w, s), raw);
    assert_null(other->raw);
    s->len = BLOCK_SIZE;
    window_arrived(w, s);
    pass(w, 0);
    assert_null(s->raw);
    assert_ptr_equal(window_buffer(w, other), raw);
    window_free(w); /* while a slot has it */
}

static void every_slot_can_have_a_buffer(void **state)
{
    struct window *w = make(4, 0);
    const unsigned char *raw[4];

    (void)state;
    for (int i = 0; i < 4; i++) {
        raw[i] = reserve(w)->raw;
        for (int k = 0; k < i; k++)
            assert_ptr_not_equal(raw[i], raw[k]);
    }
    window_free(w);
}

static void a_hole_needs_no_buffer(void **state)
{
    struct window *w = make(1, 0);
    struct slot *s = window_reserve(w);

    (void)state;
    s->len = BLOCK_SIZE;
    s->hole = true;
    window_arrived(w, s);
    pass(w, 0);
    assert_non_null(reserve(w)->raw);
    window_free(w);
}

static void a_limit_holds_until_it_is_raised(void **state)
{
    struct window *w = make(8, 0);
    struct slot *first;

    (void)state;
    window_limit(w, 2);
    first = reserve(w);
    assert_non_null(reserve(w));
    assert_null(reserve(w));
    window_limit(w, 3);
    assert_non_null(reserve(w));
    assert_null(reserve(w));
    window_limit(w, 2); /* below what is in use */
    window_arrived(w, first);
    pass(w, 0);
    assert_null(reserve(w));
    window_limit(w, 100);
    for (int i = 0; i < 6; i++)
        assert_non_null(reserve(w));
    assert_null(reserve(w));
    window_free(w);
}

static void the_source_is_woken_when_it_had_asked_in_vain(void **state)
{
    struct window *w = make(2, 0);
    struct slot *s[2];

    (void)state;
    for (int i = 0; i < 2; i++)
        window_arrived(w, s[i] = reserve(w));
    pass(w, 0);
    assert_int_equal(woken, 0);
    assert_non_null(reserve(w));
    assert_null(reserve(w));
    pass(w, 1);
    assert_int_equal(woken, 1);
    window_free(w);
}

static void a_slot_that_was_refused_comes_to_the_gate_again(void **state)
{
    struct window *w = make(2, 0);
    struct slot *s = reserve(w);
    struct window_counts c;

    (void)state;
    window_arrived(w, s);
    window_commit(w, window_take(w));
    assert_ptr_equal(window_next(w, GATE), s);
    window_refused(w, s);
    window_counts(w, &c);
    assert_int_equal(c.fetching, 1);
    window_arrived(w, s);
    pass(w, 0);
    window_free(w);
}

/* Only a block, only the very next one, and only when it is ready. */
static void the_gate_may_look_at_the_next_block(void **state)
{
    struct window *w = make(4, 0);
    struct slot *s[4];

    (void)state;
    assert_null(window_peek(w));
    for (int i = 0; i < 4; i++)
        s[i] = reserve(w);
    s[3]->hole = true;
    window_arrived(w, s[2]);
    window_commit(w, window_take(w));
    window_arrived(w, s[0]);
    window_commit(w, window_take(w));
    assert_ptr_equal(window_next(w, GATE), s[0]);
    assert_null(window_peek(w));
    window_arrived(w, s[1]);
    assert_null(window_peek(w));
    assert_ptr_equal(window_take(w), s[1]);
    assert_null(window_peek(w));
    window_commit(w, s[1]);
    assert_ptr_equal(window_peek(w), s[1]);
    window_refused(w, s[0]);
    window_arrived(w, s[0]);
    window_commit(w, window_take(w));
    assert_ptr_equal(window_next(w, GATE), s[0]);
    window_done(w, GATE);
    assert_ptr_equal(window_next(w, GATE), s[1]);
    window_done(w, GATE);
    window_arrived(w, s[3]);
    window_commit(w, window_take(w));
    assert_ptr_equal(window_next(w, GATE), s[2]);
    assert_null(window_peek(w)); /* never stored: nothing to hash ahead */
    window_free(w);
}

static void a_slot_may_arrive_again_before_it_is_refused(void **state)
{
    struct window *w = make(2, 0);
    struct slot *s = reserve(w);

    (void)state;
    window_arrived(w, s);
    window_commit(w, window_take(w));
    assert_ptr_equal(window_next(w, GATE), s);
    window_arrived(w, s);
    window_refused(w, s);
    pass(w, 0);
    window_free(w);
}

/* A reader that asks for its next slot on a thread of its own. */
struct asking {
    struct window *w;
    unsigned reader;
    pthread_t thread;
    atomic_bool got;
};

static void *ask(void *arg)
{
    struct asking *a = arg;

    window_next(a->w, a->reader);
    a->got = true;
    return NULL;
}

static void start_asking(struct asking *a, struct window *w, unsigned reader)
{
    struct err e = ERR_INIT;

    *a = (struct asking){ .w = w, .reader = reader };
    assert_int_equal(thread_start(&a->thread, ask, a, "reader", &e), 0);
    usleep(50000);
    assert_false(a->got); /* it waits */
}

static void end_asking(struct asking *a)
{
    thread_join(a->thread);
    assert_true(a->got);
}

/* The gate behind the worker, the digests behind the gate, the writer behind
 * the digests, and only then the slot is free. */
static void each_reader_waits_for_its_turn(void **state)
{
    enum { DIGEST = 1, LAST = 2 };
    struct window *w = make_for(3, 1, 0);
    struct asking a;
    struct slot *s;

    (void)state;
    window_arrived(w, reserve(w));
    s = window_take(w);
    start_asking(&a, w, WINDOW_GATE);
    window_commit(w, s);
    end_asking(&a);
    start_asking(&a, w, DIGEST);
    window_done(w, WINDOW_GATE);
    end_asking(&a);
    start_asking(&a, w, LAST);
    window_done(w, DIGEST);
    end_asking(&a);
    assert_null(window_reserve(w));
    window_done(w, LAST);
    assert_non_null(window_reserve(w));
    window_free(w);
}

static void the_first_failure_stays(void **state)
{
    struct window *w = make(2, 0);
    struct err e = ERR_INIT;

    (void)state;
    err_set(&e, ERR_DEST, 0, "one");
    window_fail(w, &e);
    err_set(&e, ERR_SERVICE, 0, "two");
    window_fail(w, &e);
    assert_true(window_failed(w, &e));
    assert_int_equal(e.kind, ERR_DEST);
    assert_string_equal(e.msg, "one");
    window_free(w);
}

static void lose(struct window *w, const struct slot *s, const char *why)
{
    struct err e = ERR_INIT;

    err_set(&e, ERR_SERVICE, 0, "%s", why);
    window_fail_at(w, s, &e);
}

/* In the order of the image, not of the time: else two runs would end with
 * different reasons. */
static void the_first_lost_block_gives_the_reason(void **state)
{
    struct window *w = make(4, 0);
    struct slot *s[4];
    struct err e = ERR_INIT;

    (void)state;
    for (int i = 0; i < 4; i++)
        s[i] = reserve(w);
    lose(w, s[2], "third");
    lose(w, s[1], "second");
    lose(w, s[3], "fourth");
    window_arrived(w, s[0]);
    pass(w, 0); /* what comes before it is written */
    assert_null(window_next(w, GATE));
    assert_false(window_failed(w, NULL));
    assert_null(window_next(w, WRITER));
    assert_true(window_failed(w, &e));
    assert_string_equal(e.msg, "second");
    window_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(workers_get_the_oldest_first),
        cmocka_unit_test(only_the_oldest_have_room_for_packed_data),
        cmocka_unit_test(buffers_used_last_are_used_next),
        cmocka_unit_test(what_was_only_asked_for_has_no_buffer),
        cmocka_unit_test(every_slot_can_have_a_buffer),
        cmocka_unit_test(a_hole_needs_no_buffer),
        cmocka_unit_test(a_limit_holds_until_it_is_raised),
        cmocka_unit_test(the_source_is_woken_when_it_had_asked_in_vain),
        cmocka_unit_test(a_slot_that_was_refused_comes_to_the_gate_again),
        cmocka_unit_test(the_gate_may_look_at_the_next_block),
        cmocka_unit_test(a_slot_may_arrive_again_before_it_is_refused),
        cmocka_unit_test(each_reader_waits_for_its_turn),
        cmocka_unit_test(the_first_failure_stays),
        cmocka_unit_test(the_first_lost_block_gives_the_reason),
    };

    alarm(60); /* a wait that does not end is a failure */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
