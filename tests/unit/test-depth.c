/* SPDX-License-Identifier: Apache-2.0 */
/* How many requests are in flight, against simulated lines: a latency, a
 * largest rate, and what the program itself takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "fetch/depth.h"

struct line {
    double latency;   /* seconds */
    double rate;      /* blocks a second at most */
    double program;   /* blocks a second that the program takes at most */
};

/* Blocks a second by Little's law. */
static double speed(const struct line *l, unsigned depth)
{
    double r = depth / l->latency;

    return r < l->rate ? r : l->rate;
}

static double run(const struct line *l, struct depth *d, double *at,
                  double seconds)
{
    double end = *at + seconds;
    double blocks = 0;

    for (; *at < end; blocks++) {
        double r = speed(l, d->now);
        bool limited = r <= l->program;

        *at += 1 / (limited ? r : l->program);
        depth_done(d, limited, (uint64_t)(*at * (double)NS_PER_S));
    }
    return blocks / seconds;
}

static void slow_answers_get_many_requests(void **state)
{
    const struct line l = { .latency = 0.05, .rate = 1000, .program = 2000 };
    struct depth d;
    double at = 0;

    (void)state;
    depth_init(&d, 64, 0);
    assert_int_equal(d.now, 16);
    run(&l, &d, &at, 1.5);
    assert_in_range(d.now, 51, 64); /* 50 make 1000 a second */
    assert_true(run(&l, &d, &at, 20) > 950);
}

/* The machine was busy while most was tried. */
static void a_stumble_at_the_start_costs_little(void **state)
{
    struct line l = { .latency = 0.05, .rate = 1000, .program = 2000 };
    struct depth d;
    double at = 0;

    (void)state;
    depth_init(&d, 64, 0);
    while (d.now < 64)
        run(&l, &d, &at, 0.01);
    l.rate = 790;
    while (d.now == 64)
        run(&l, &d, &at, 0.01);
    assert_true(d.now < 50);
    l.rate = 1000;
    run(&l, &d, &at, 1);
    assert_in_range(d.now, 51, 64);
}

static void a_full_line_gets_no_more_than_it_needs(void **state)
{
    const struct line l = { .latency = 0.01, .rate = 230, .program = 2000 };
    struct depth d;
    double at = 0;
    double many = 0;

    (void)state;
    depth_init(&d, 256, 0);
    for (int i = 0; i < 600; i++) {
        run(&l, &d, &at, 0.1);
        assert_true(d.now <= 32);
        many += d.now > 16;
    }
    assert_true(many / 600 < 0.2); /* it tries now and then */
}

static void a_slow_program_keeps_few(void **state)
{
    const struct line l = { .latency = 0.005, .rate = 5000, .program = 300 };
    struct depth d;
    double at = 0;

    (void)state;
    depth_init(&d, 64, 0);
    run(&l, &d, &at, 30);
    assert_int_equal(d.now, 16);
}

static void a_line_that_grows_slow_is_followed_and_back(void **state)
{
    struct line l = { .latency = 0.005, .rate = 1000, .program = 2000 };
    struct depth d;
    double at = 0;

    (void)state;
    depth_init(&d, 64, 0);
    run(&l, &d, &at, 60);
    assert_true(d.now <= 32);
    l.latency = 0.06;
    run(&l, &d, &at, 60);
    assert_int_equal(d.now, 64);
    l.latency = 0.005;
    l.program = 400; /* now the processor is the limit */
    run(&l, &d, &at, 60);
    assert_int_equal(d.now, 16);
}

static void it_stays_within_what_is_allowed(void **state)
{
    const struct line l = { .latency = 0.5, .rate = 1e6, .program = 1e6 };
    static const unsigned most[] = { 1, 2, 15, 16, 17, 40, 100, 256 };

    (void)state;
    for (size_t i = 0; i < sizeof(most) / sizeof(most[0]); i++) {
        struct depth d;
        double at = 0;

        depth_init(&d, most[i], 0);
        for (int k = 0; k < 300; k++) {
            assert_in_range(d.now, 1, most[i]);
            run(&l, &d, &at, 0.1);
        }
        assert_true(d.now * 10 >= most[i] * 9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slow_answers_get_many_requests),
        cmocka_unit_test(a_stumble_at_the_start_costs_little),
        cmocka_unit_test(a_full_line_gets_no_more_than_it_needs),
        cmocka_unit_test(a_slow_program_keeps_few),
        cmocka_unit_test(a_line_that_grows_slow_is_followed_and_back),
        cmocka_unit_test(it_stays_within_what_is_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
