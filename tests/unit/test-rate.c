/* SPDX-License-Identifier: Apache-2.0 */
/* The pace: never faster than the limit, slower when the service says so,
 * and never standing still. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "aws/rate.h"
#include "base/clock.h"

#define MS NS_PER_MS

/* How many go out when somebody asks at every millisecond of `from'..`to'. */
static unsigned run(struct rate *r, uint64_t from, uint64_t to)
{
    unsigned n = 0;

    for (uint64_t t = from; t < to; t += MS)
        while (rate_take(r, t) == 0)
            n++;
    return n;
}

static void no_second_has_more_than_the_limit_and_its_burst(void **state)
{
    struct rate r;

    (void)state;
    rate_init(&r, 1000, 0);
    assert_in_range(run(&r, 0, NS_PER_S), 990, 1051);
    assert_in_range(run(&r, NS_PER_S, 2 * NS_PER_S), 990, 1001);
}

static void an_idle_hour_saves_up_no_more_than_the_burst(void **state)
{
    struct rate r;

    (void)state;
    rate_init(&r, 1000, 0);
    run(&r, 0, NS_PER_S);
    assert_in_range(run(&r, 3600 * NS_PER_S, 3600 * NS_PER_S + MS), 45, 51);
}

static void waiting_as_long_as_told_is_enough(void **state)
{
    uint64_t now = 5;
    struct rate r;

    (void)state;
    rate_init(&r, 3, now);
    for (int i = 0; i < 100; i++) {
        uint64_t ns = rate_take(&r, now);

        now += ns;
        if (ns)
            assert_int_equal(rate_take(&r, now), 0);
    }
}

static void a_throttle_takes_three_tenths_away(void **state)
{
    struct rate r;

    (void)state;
    rate_init(&r, 1000, 0);
    assert_true(rate_slow_down(&r, MS));
    assert_in_range((unsigned)r.speed, 699, 701);
    assert_in_range(run(&r, MS, 101 * MS), 65, 75);
}

static void a_hundred_throttles_at_once_are_one(void **state)
{
    struct rate r;

    (void)state;
    rate_init(&r, 1000, 0);
    assert_true(rate_slow_down(&r, NS_PER_S));
    for (int i = 0; i < 100; i++)
        assert_false(rate_slow_down(&r, NS_PER_S + (uint64_t)i * MS));
    assert_in_range((unsigned)r.speed, 695, 715);
    assert_true(rate_slow_down(&r, NS_PER_S + 600 * MS));
}

static void the_speed_comes_back_but_not_above_the_limit(void **state)
{
    struct rate r;

    (void)state;
    rate_init(&r, 1000, 0);
    rate_slow_down(&r, MS);
    run(&r, MS, 1 * NS_PER_S);
    assert_in_range((unsigned)r.speed, 780, 820);
    run(&r, 1 * NS_PER_S, 3 * NS_PER_S);
    assert_in_range((unsigned)r.speed, 950, 980);
    run(&r, 3 * NS_PER_S, 20 * NS_PER_S);
    assert_int_equal((unsigned)r.speed, 1000);
}

/* A service with a bucket of its own: what it takes, and what it refuses. */
struct service {
    double speed, tokens;
    unsigned taken, refused;
};

static void serve(struct service *s, struct rate *r, uint64_t from,
                  uint64_t to)
{
    for (uint64_t t = from; t < to; t += MS) {
        s->tokens += s->speed / 1000;
        if (s->tokens > s->speed / 10)
            s->tokens = s->speed / 10;
        while (rate_take(r, t) == 0) {
            if (s->tokens >= 1) {
                s->tokens--;
                s->taken++;
                continue;
            }
            s->refused++;
            rate_slow_down(r, t);
        }
    }
}

static void a_lower_limit_is_found_and_used(void **state)
{
    struct service s = { .speed = 500 };
    struct rate r;

    (void)state;
    rate_init(&r, 1000, 0);
    serve(&s, &r, 0, 10 * NS_PER_S);
    s.taken = s.refused = 0;
    serve(&s, &r, 10 * NS_PER_S, 70 * NS_PER_S);
    assert_in_range(s.taken, 60 * 500 * 90 / 100, 60 * 500);
    assert_in_range(s.refused, 0, s.taken / 100);
}

/* Requests that were held up on their way arrive in a heap. */
static void one_throttle_costs_little(void **state)
{
    struct rate r;

    (void)state;
    rate_init(&r, 1000, 0);
    run(&r, 0, NS_PER_S);
    rate_slow_down(&r, NS_PER_S);
    assert_in_range(run(&r, NS_PER_S, 11 * NS_PER_S), 9400, 10000);
}

static void throttles_without_end_leave_one_a_second(void **state)
{
    struct rate r;

    (void)state;
    rate_init(&r, 1, 0);
    for (uint64_t t = 1; t < 100; t++)
        rate_slow_down(&r, t * NS_PER_S);
    assert_true(r.speed >= 1);
    assert_true(rate_take(&r, 99 * NS_PER_S) <= NS_PER_S + 1);
}

static void a_limit_below_one_is_one(void **state)
{
    struct rate r;

    (void)state;
    rate_init(&r, 0, 0);
    assert_int_equal(rate_take(&r, 0), 0);
    assert_in_range(rate_take(&r, 0), 1, NS_PER_S + 1);
}

static void a_clock_that_goes_back_does_no_harm(void **state)
{
    struct rate r;

    (void)state;
    rate_init(&r, 10, 100 * NS_PER_S);
    assert_int_equal(rate_take(&r, NS_PER_S), 0);
    assert_in_range(rate_take(&r, NS_PER_S), 1, NS_PER_S);
    assert_true(rate_slow_down(&r, NS_PER_S));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_second_has_more_than_the_limit_and_its_burst),
        cmocka_unit_test(an_idle_hour_saves_up_no_more_than_the_burst),
        cmocka_unit_test(waiting_as_long_as_told_is_enough),
        cmocka_unit_test(a_throttle_takes_three_tenths_away),
        cmocka_unit_test(a_hundred_throttles_at_once_are_one),
        cmocka_unit_test(the_speed_comes_back_but_not_above_the_limit),
        cmocka_unit_test(a_lower_limit_is_found_and_used),
        cmocka_unit_test(one_throttle_costs_little),
        cmocka_unit_test(throttles_without_end_leave_one_a_second),
        cmocka_unit_test(a_limit_below_one_is_one),
        cmocka_unit_test(a_clock_that_goes_back_does_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
