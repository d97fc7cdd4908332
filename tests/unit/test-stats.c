/* SPDX-License-Identifier: Apache-2.0 */
/* What a run waits for, what it tells about its time, and what it takes of
 * the machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/machine.h"
#include "flow/budget.h"
#include "flow/slot.h"
#include "show/stats.h"

/* After so many tenths of a second: who has worked how many of them. */
static struct stats after(unsigned tenths, unsigned net, unsigned workers,
                          unsigned gate, unsigned writer)
{
    const uint64_t tenth = NS_PER_S / 10;
    struct stats s = {
        .times = {
            .wall = tenths * tenth,
            .workers = { .threads = 2, .busy = workers * tenth },
            .gate = { .threads = 1, .busy = gate * tenth },
            .writer = { .threads = 1, .busy = writer * tenth },
        },
        .slots = { .fetching = 16, .arrived = 1, .working = 2 },
        .network = true,
        .service = { .block_rate = 1000,
                     .idle_ns = (tenths - net) * tenth },
        .rate = 1000,
    };

    return s;
}

static void expect(const struct stats *then, const struct stats *now,
                   const char *what)
{
    assert_string_equal(stats_waits_for(then, now), what);
}

static void the_busiest_stage_is_what_the_others_wait_for(void **state)
{
    const struct stats start = { .times = { .wall = 0 } };
    struct stats now = after(10, 3, 19, 5, 1);

    (void)state;
    expect(&start, &now, "the processor");
    now = after(10, 3, 10, 9, 1);
    expect(&start, &now, "the digests");
    now = after(10, 3, 10, 5, 10);
    expect(&start, &now, "the disk");
    now = after(10, 10, 10, 5, 1);
    expect(&start, &now, "the network thread");
}

static void a_run_that_is_not_busy_waits_for_the_network(void **state)
{
    const struct stats start = { .times = { .wall = 0 } };
    struct stats now = after(10, 2, 4, 3, 1);

    (void)state;
    expect(&start, &now, "the network");
    now.slots = (struct window_counts){ .working = 16 }; /* just then */
    expect(&start, &now, "the network");
    now.times.gate.busy = NS_PER_S / 10 * 6;
    expect(&start, &now, "the digests");
    now = after(10, 6, 4, 5, 1); /* the network thread is behind nobody */
    now.slots = (struct window_counts){ .committed = 16 };
    expect(&start, &now, "the digests");
}

static void a_pace_that_holds_blocks_back_is_what_it_waits_for(void **state)
{
    const struct stats start = { .times = { .wall = 0 } };
    struct stats now = after(10, 2, 4, 3, 1);

    (void)state;
    now.service.block_rate = 700;
    expect(&start, &now, "the network");
    now.service.paced_ns = NS_PER_S / 10 * 6;
    expect(&start, &now, "the service, which throttles");
    now.service.block_rate = 1000;
    expect(&start, &now, "the limit of requests (--rate)");
}

/* One of forty may be an accident. */
static void many_throttled_answers_are_what_it_waits_for(void **state)
{
    const struct stats start = { .times = { .wall = 0 } };
    struct stats now = after(10, 2, 4, 3, 1);

    (void)state;
    now.service.requests = 40;
    now.service.throttled = 1;
    expect(&start, &now, "the network");
    now.service.throttled = 5;
    expect(&start, &now, "the service, which throttles");
    now.service.requests = 0;
    now.service.throttled = 1;
    expect(&start, &now, "the network");
}

/* Nobody is busy where no network is: it is read from a disk. */
static void an_image_that_does_not_come_waits_for_the_disk(void **state)
{
    const struct stats start = { .times = { .wall = 0 } };
    struct stats now = after(10, 0, 4, 3, 1);

    (void)state;
    now.network = false;
    expect(&start, &now, "the disk");
    now = after(10, 0, 4, 9, 1);
    now.network = false;
    expect(&start, &now, "the digests");
}

/* What ran on for a moment longer than was thought. */
static void a_stage_that_seems_to_go_back_is_not_busy(void **state)
{
    struct stats then = after(100, 20, 50, 50, 30);
    struct stats now = after(110, 22, 52, 51, 29);

    (void)state;
    expect(&then, &now, "the network");
}

static void only_what_happened_since_counts(void **state)
{
    struct stats then = after(100, 20, 195, 50, 10);
    struct stats now = after(110, 22, 197, 59, 11);

    (void)state;
    expect(&then, &now, "the digests");
}

static void json_is_json(void **state)
{
    struct stats s = after(10, 3, 19, 5, 1);
    autotext struct text t = TEXT_INIT;
    cJSON *j;

    (void)state;
    stats_json(&s, &t);
    j = cJSON_Parse(t.s);
    assert_non_null(j);
    assert_string_equal(cJSON_GetObjectItem(j, "busiest")->valuestring,
                        "workers");
    assert_true(cJSON_GetObjectItem(cJSON_GetObjectItem(j, "gate"),
                                    "busy_seconds")->valuedouble == 0.5);
    cJSON_Delete(j);
    s = after(10, 3, 5, 4, 1);
    text_clear(&t);
    stats_json(&s, &t);
    j = cJSON_Parse(t.s);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(j, "busiest")));
    cJSON_Delete(j);
}

static void times_of_two_images_add_up(void **state)
{
    struct stats one = after(10, 3, 19, 5, 1);
    struct stats sum = { .times = { .wall = 0 } };

    (void)state;
    stats_add(&sum, &one.times);
    stats_add(&sum, &one.times);
    assert_int_equal(sum.times.wall, 2 * NS_PER_S);
    assert_int_equal(sum.times.workers.threads, 2);
    assert_int_equal(sum.times.gate.busy, NS_PER_S);
}

/* ------------------------------------------------------------------ room */

static uint64_t used(const struct budget *r)
{
    return (uint64_t)(r->slots + r->packed) * BLOCK_SIZE;
}

static void the_memory_that_was_given_is_kept_to(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 256; threads *= 2) {
        for (uint64_t m = BUDGET_MEMORY_MIN; m <= GIB; m *= 2) {
            struct budget r;

            budget_for_acquire(&r, threads, m, true, 10000);
            assert_int_equal(r.threads, threads);
            assert_true(used(&r) <= m);
            assert_true(r.packed >= 2 && r.packed < r.slots);
            budget_for_acquire(&r, threads, m, false, 10000);
            assert_int_equal(used(&r), m);
            budget_for_verify(&r, threads, m, true);
            assert_true(r.slots >= 4 && 2 * used(&r) <= m);
        }
    }
}

static void by_itself_it_takes_little(void **state)
{
    struct budget r;

    (void)state;
    budget_for_acquire(&r, 2, 0, true, 10000);
    assert_int_equal(r.memory, 44 * MIB);
    assert_int_equal(r.slots, 80);
    budget_for_acquire(&r, 2, 0, true, 32);
    assert_int_equal(r.slots, 32);
    budget_for_acquire(&r, 0, 0, true, 32);
    assert_int_equal(r.threads, machine_processors());
    budget_for_verify(&r, 2, 0, true);
    assert_int_equal(r.memory, 32 * MIB);
    assert_int_equal(r.slots, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_busiest_stage_is_what_the_others_wait_for),
        cmocka_unit_test(a_run_that_is_not_busy_waits_for_the_network),
        cmocka_unit_test(
            a_pace_that_holds_blocks_back_is_what_it_waits_for),
        cmocka_unit_test(many_throttled_answers_are_what_it_waits_for),
        cmocka_unit_test(an_image_that_does_not_come_waits_for_the_disk),
        cmocka_unit_test(a_stage_that_seems_to_go_back_is_not_busy),
        cmocka_unit_test(only_what_happened_since_counts),
        cmocka_unit_test(json_is_json),
        cmocka_unit_test(times_of_two_images_add_up),
        cmocka_unit_test(the_memory_that_was_given_is_kept_to),
        cmocka_unit_test(by_itself_it_takes_little),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
