/* SPDX-License-Identifier: Apache-2.0 */
/* What several acquisitions at once share: the account's pace, memory,
 * threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "aws/quota.h"
#include "base/clock.h"
#include "flow/budget.h"

enum { MEMBERS = 4, RATE = 1000 };

/* Asks again and again, as often a millisecond as `eager' says. */
struct asker {
    struct quota_member *member;
    unsigned eager, got;
};

static struct quota *quota;
static uint64_t now;

static void begin(void)
{
    struct err e = ERR_INIT;

    now = NS_PER_S;
    quota = quota_new(RATE, 40, now, &e);
    assert_non_null(quota);
}

static struct asker join(unsigned eager)
{
    struct err e = ERR_INIT;
    struct asker a = { .member = quota_join(quota, &e), .eager = eager };

    assert_non_null(a.member);
    return a;
}

static void ask(struct asker *a)
{
    for (unsigned i = 0; i < a->eager; i++)
        a->got += quota_take(a->member, QUOTA_BLOCK, now) == 0;
}

static unsigned run(struct asker *a, size_t n, unsigned milliseconds)
{
    unsigned sum = 0;

    for (unsigned ms = 0; ms < milliseconds; ms++) {
        now += NS_PER_MS;
        for (size_t i = 0; i < n; i++)
            ask(&a[i]);
    }
    for (size_t i = 0; i < n; i++)
        sum += a[i].got;
    return sum;
}

static void end(struct asker *a, size_t n)
{
    for (size_t i = 0; i < n; i++)
        quota_leave(a[i].member);
    quota_free(quota);
}

static void nobody_starves_beside_one_that_is_eager(void **state)
{
    struct asker a[MEMBERS];
    unsigned sum;

    (void)state;
    begin();
    for (size_t i = 0; i < MEMBERS; i++)
        a[i] = join(i == 0 ? 20 : 1);
    sum = run(a, MEMBERS, 10000);
    assert_in_range(sum, 10 * RATE * 0.95, 10 * RATE * 1.05);
    for (size_t i = 0; i < MEMBERS; i++)
        assert_in_range(a[i].got, 2375, 2625);
    end(a, MEMBERS);
}

static void what_one_does_not_want_the_others_have(void **state)
{
    struct asker a[2];
    unsigned before;

    (void)state;
    begin();
    a[0] = join(5);
    a[1] = join(0);
    assert_in_range(run(a, 2, 10000), 9500, 10500);
    before = a[0].got;
    a[1].eager = 5; /* and has no claim on the time that it was away */
    run(a, 2, 2000);
    assert_in_range(a[0].got - before, 900, 1100);
    end(a, 2);
}

static void one_that_comes_late_does_not_hold_up_the_others(void **state)
{
    struct asker a[2];
    unsigned before;

    (void)state;
    begin();
    a[0] = join(5);
    run(a, 1, 5000);
    a[1] = join(5);
    before = a[0].got;
    run(a, 2, 2000);
    assert_in_range(a[0].got - before, 900, 1100);
    end(a, 2);
}

static void the_service_slows_down_all_of_them(void **state)
{
    struct asker a[2];
    double speed;

    (void)state;
    begin();
    a[0] = join(5);
    a[1] = join(5);
    run(a, 2, 1000);
    assert_true(quota_slow_down(a[0].member, QUOTA_BLOCK, now, &speed));
    assert_in_range(speed, RATE * 0.6, RATE * 0.8);
    assert_false(quota_slow_down(a[1].member, QUOTA_BLOCK, now, &speed));
    a[0].got = a[1].got = 0;
    assert_in_range(run(a, 2, 500), 300, 450);
    end(a, 2);
}

static void lists_have_a_pace_of_their_own(void **state)
{
    struct asker a;

    (void)state;
    begin();
    a = join(1);
    while (quota_take(a.member, QUOTA_BLOCK, now) == 0)
        a.got++;
    assert_int_equal(quota_take(a.member, QUOTA_LIST, now), 0);
    end(&a, 1);
}

static void check_share(uint64_t threads, uint64_t memory, unsigned n,
                        uint64_t threads_each, uint64_t memory_each,
                        unsigned places)
{
    assert_int_equal(budget_share(&threads, &memory, n), places);
    assert_int_equal(threads, threads_each);
    assert_int_equal(memory, memory_each);
}

static void memory_and_threads_are_parted(void **state)
{
    uint64_t threads = 0, memory = 0;

    (void)state;
    check_share(8, 400 * MIB, 4, 2, 100 * MIB, 4);
    check_share(2, 400 * MIB, 4, 1, 100 * MIB, 4);
    check_share(2, 20 * MIB, 4, 1, 10 * MIB, 2);
    check_share(2, 8 * MIB, 4, 2, 8 * MIB, 1);
    assert_int_equal(budget_share(&threads, &memory, 3), 3);
    assert_true(threads >= 1 && memory >= BUDGET_MEMORY_MIN
                && memory <= 64 * MIB * 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_starves_beside_one_that_is_eager),
        cmocka_unit_test(what_one_does_not_want_the_others_have),
        cmocka_unit_test(one_that_comes_late_does_not_hold_up_the_others),
        cmocka_unit_test(the_service_slows_down_all_of_them),
        cmocka_unit_test(lists_have_a_pace_of_their_own),
        cmocka_unit_test(memory_and_threads_are_parted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
