/* SPDX-License-Identifier: Apache-2.0 */
/* Durations, and a wall clock that somebody sets, by clocks that the test
 * moves by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/span.h"

#define NOON (1785585600ull * NS_PER_S)
#define HOUR (3600 * (int64_t)NS_PER_S)

/* Behind the next `stops' readings the process is stopped for a minute. */
struct hands {
    uint64_t elapsed;
    int64_t wall;              /* minus elapsed */
    int stops;
};

static uint64_t read_elapsed(void *ctx)
{
    struct hands *h = ctx;
    uint64_t now = h->elapsed;

    if (h->stops-- > 0)
        h->elapsed += 60 * NS_PER_S;
    return now;
}

static uint64_t read_wall(void *ctx)
{
    struct hands *h = ctx;

    return h->elapsed + (uint64_t)h->wall;
}

static uint64_t no_clock(void *ctx)
{
    (void)ctx;
    fail_msg("a duration must not stand still while the machine sleeps");
    return 0;
}

static struct hands hands;
static const struct clock by_hand = { read_wall, no_clock, &hands,
                                      read_elapsed };

static struct span begun(void)
{
    struct span s;

    hands = (struct hands){ .elapsed = NS_PER_S, .wall = (int64_t)NOON };
    span_begin(&s, &by_hand);
    return s;
}

static void the_wall_clock_is_no_matter_to_a_duration(void **state)
{
    struct span s = begun();

    (void)state;
    hands.elapsed += 7 * NS_PER_S;
    hands.wall -= 400000 * HOUR;
    assert_true(span_ns(&s) == 7 * NS_PER_S);
}

static void time_alone_sets_no_clock(void **state)
{
    struct span s = begun();

    (void)state;
    hands.elapsed += 90000 * NS_PER_S;
    assert_true(span_clock_set(&s) == 0);
}

static void a_step_is_told_once_in_its_direction(void **state)
{
    struct span s = begun();

    (void)state;
    hands.wall -= HOUR;
    assert_true(span_clock_set(&s) == -HOUR);
    assert_true(span_clock_set(&s) == 0);
    hands.wall += 2 * HOUR;
    assert_true(span_clock_set(&s) == 2 * HOUR);
}

static void small_steps_add_up(void **state)
{
    struct span s = begun();

    (void)state;
    hands.wall += 3 * (int64_t)NS_PER_S;
    assert_true(span_clock_set(&s) == 0);
    hands.wall += 3 * (int64_t)NS_PER_S;
    assert_true(span_clock_set(&s) == 6 * (int64_t)NS_PER_S);
}

static void five_seconds_are_a_step(void **state)
{
    struct span s = begun();

    (void)state;
    hands.wall -= (int64_t)SPAN_STEP_NS - 1;
    assert_true(span_clock_set(&s) == 0);
    hands.wall -= 1;
    assert_true(span_clock_set(&s) == -(int64_t)SPAN_STEP_NS);
}

/* A process that is stopped between the two readings sees a wall clock that
 * is a minute late. */
static void a_reading_that_took_long_says_nothing(void **state)
{
    struct span s = begun();

    (void)state;
    hands.stops = 3;
    assert_true(span_clock_set(&s) == 0);
    hands.stops = 1000;
    assert_true(span_clock_set(&s) == 0);
    hands.stops = 0;
    assert_true(span_clock_set(&s) == 0);
    hands.wall += HOUR;
    assert_true(span_clock_set(&s) == HOUR);
}

static void a_clock_without_an_elapsed_one_has_the_monotonic(void **state)
{
    struct clock c = { read_wall, read_elapsed, &hands, NULL };

    (void)state;
    hands = (struct hands){ .elapsed = 42 };
    assert_true(clock_elapsed(&c) == 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_wall_clock_is_no_matter_to_a_duration),
        cmocka_unit_test(time_alone_sets_no_clock),
        cmocka_unit_test(a_step_is_told_once_in_its_direction),
        cmocka_unit_test(small_steps_add_up),
        cmocka_unit_test(five_seconds_are_a_step),
        cmocka_unit_test(a_reading_that_took_long_says_nothing),
        cmocka_unit_test(a_clock_without_an_elapsed_one_has_the_monotonic),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
