/* SPDX-License-Identifier: Apache-2.0 */
/* How long a run of several sessions took, from the events of its log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/spent.h"

static struct spent after(const char *const *events, size_t n)
{
    struct spent s = { 0 };

    for (size_t i = 0; i < n; i++) {
        cJSON *event = cJSON_Parse(events[i]);

        assert_non_null(event);
        spent_event(&s, event);
        cJSON_Delete(event);
    }
    spent_next(&s);
    return s;
}

#define AFTER(...)                                                           \
    after((const char *const[]){ __VA_ARGS__ },                              \
          sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

#define START "{\"event\":\"start\"}"
#define RESUME "{\"event\":\"resume\"}"
#define END(ms) "{\"event\":\"end\",\"milliseconds\":" #ms "}"
#define PROGRESS(ms) "{\"event\":\"progress\",\"milliseconds\":" #ms "}"

static void sessions_that_ended_add_up(void **state)
{
    struct spent s = AFTER(START, END(300), RESUME, END(40), RESUME, END(5));

    (void)state;
    assert_int_equal(s.before, 345);
    assert_int_equal(s.died, 0);
}

static void of_two_ends_the_last_one_counts(void **state)
{
    struct spent s = AFTER(START, END(300), END(320), RESUME, END(5));

    (void)state;
    assert_int_equal(s.before, 325);
    assert_int_equal(s.died, 0);
}

static void a_session_that_died_is_counted_so_far_as_it_told(void **state)
{
    struct spent s = AFTER(START, PROGRESS(60), PROGRESS(120), RESUME,
                           RESUME, PROGRESS(7), END(9));

    (void)state;
    assert_int_equal(s.before, 129);
    assert_int_equal(s.died, 2);
}

static void the_session_before_this_one_may_have_died(void **state)
{
    struct spent s = AFTER(START, END(10), RESUME, PROGRESS(3));

    (void)state;
    assert_int_equal(s.before, 13);
    assert_int_equal(s.died, 1);
}

/* As the log of a program had it that measured by the wall clock. */
static void what_no_session_takes_is_not_known(void **state)
{
    struct spent s = AFTER(START, PROGRESS(8), END(18446571275120), RESUME,
                           END(-4), RESUME, "{\"event\":\"end\"}", RESUME,
                           END("5"));

    (void)state;
    assert_int_equal(s.before, 8);
    assert_int_equal(s.died, 4);
}

static void no_event_is_no_session(void **state)
{
    struct spent s = { 0 };

    (void)state;
    spent_next(&s);
    assert_int_equal(s.before, 0);
    assert_int_equal(s.died, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_that_ended_add_up),
        cmocka_unit_test(of_two_ends_the_last_one_counts),
        cmocka_unit_test(a_session_that_died_is_counted_so_far_as_it_told),
        cmocka_unit_test(the_session_before_this_one_may_have_died),
        cmocka_unit_test(what_no_session_takes_is_not_known),
        cmocka_unit_test(no_event_is_no_session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
