/* The ring of slots, one call at a time: who gets which slot when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flow/window.h"

enum { GATE = WINDOW_GATE, WRITER = 1 };

static unsigned woken;

static void count_wake(void *ctx)
{
    (void)ctx;
    woken++;
}

static struct window *make(unsigned slots, unsigned packed)
{
    static const size_t room[] = { 64 };
    struct window_config c = {
        .slots = slots, .readers = 2, .packed = packed, .pack_room = room,
        .sinks = 1, .wake = count_wake,
    };
    struct err e = ERR_INIT;
    struct window *w = window_new(&c, &e);

    assert_non_null(w);
    woken = 0;
    return w;
}

static struct slot *reserve(struct window *w)
{
    struct slot *s = window_reserve(w);

    if (s) {
        s->offset = s->seq * BLOCK_SIZE;
        s->len = BLOCK_SIZE;
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

/* The source was faster than the gate's last word. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(workers_get_the_oldest_first),
        cmocka_unit_test(only_the_oldest_have_room_for_packed_data),
        cmocka_unit_test(buffers_used_last_are_used_next),
        cmocka_unit_test(a_limit_holds_until_it_is_raised),
        cmocka_unit_test(the_source_is_woken_when_it_had_asked_in_vain),
        cmocka_unit_test(a_slot_that_was_refused_comes_to_the_gate_again),
        cmocka_unit_test(a_slot_may_arrive_again_before_it_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
