/* SPDX-License-Identifier: Apache-2.0 */
/* What a control that was not done, or does not agree, makes of an image. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "acquire/controls.h"

/* As after a run in which all went well. */
static struct controls all_done(void)
{
    struct controls c = { 0 };

    for (int i = 0; i < CONTROLS; i++)
        controls_set(&c, (enum control)i, CONTROL_DONE, "%s", "");
    return c;
}

static void nothing_is_held_against_an_image_with_all_controls(void **state)
{
    struct controls c = all_done();

    (void)state;
    assert_int_equal(controls_reserves(&c), 0);
    assert_int_equal(controls_verdict(&c), OUTCOME_COMPLETE);
}

/* Whoever forgets to set a result gets the worst that its absence means. */
static void a_control_that_nobody_set_was_not_done(void **state)
{
    struct controls c = { 0 };

    (void)state;
    assert_int_equal(c.of[CONTROL_SECOND_LIST].result, CONTROL_NOT_HAD);
    assert_int_equal(controls_verdict(&c), OUTCOME_DOUBT);
    assert_true(controls_reserves(&c) & OUTCOME_BIT(OUTCOME_UNCHECKED));
}

/* Each alone: what its absence means, what a difference means. */
static void each_control_means_what_the_table_says(void **state)
{
    static const struct {
        enum control which;
        enum outcome absent, differs;
    } want[] = {
        { CONTROL_SECOND_LIST, OUTCOME_UNCHECKED, OUTCOME_DOUBT },
        { CONTROL_EC2_COUNT, OUTCOME_COMPLETE, OUTCOME_DOUBT },
        { CONTROL_VOLUME_SIZE, OUTCOME_COMPLETE, OUTCOME_DOUBT },
        { CONTROL_SAME_SNAPSHOT, OUTCOME_COMPLETE, OUTCOME_DOUBT },
        { CONTROL_KEPT_BLOCKS, OUTCOME_DOUBT, OUTCOME_DOUBT },
        { CONTROL_RECHECK, OUTCOME_COMPLETE, OUTCOME_DOUBT },
        { CONTROL_CHECKSUMS, OUTCOME_UNREADABLE, OUTCOME_DOUBT },
        { CONTROL_CHANGES, OUTCOME_COMPLETE, OUTCOME_COMPLETE },
        { CONTROL_SAMPLE, OUTCOME_COMPLETE, OUTCOME_COMPLETE },
        { CONTROL_CARRIED, OUTCOME_LISTED, OUTCOME_DOUBT },
        { CONTROL_DIGESTS, OUTCOME_DOUBT, OUTCOME_DOUBT },
        { CONTROL_READBACK, OUTCOME_DOUBT, OUTCOME_DOUBT },
        { CONTROL_CLOCK, OUTCOME_COMPLETE, OUTCOME_COMPLETE },
    };

    (void)state;
    assert_int_equal(sizeof(want) / sizeof(want[0]), CONTROLS);
    for (size_t i = 0; i < CONTROLS; i++) {
        struct controls c = all_done();

        controls_set(&c, want[i].which, CONTROL_NOT_HAD, "%s", "refused");
        assert_int_equal(controls_reserve(&c, want[i].which),
                         want[i].absent);
        assert_int_equal(controls_verdict(&c), want[i].absent);
        controls_set(&c, want[i].which, CONTROL_DIFFERS, "%s", "others");
        assert_int_equal(controls_verdict(&c), want[i].differs);
        controls_set(&c, want[i].which, CONTROL_OFF, "%s", "--option");
        assert_int_equal(controls_verdict(&c), OUTCOME_COMPLETE);
        controls_set(&c, want[i].which, CONTROL_MOOT, "%s", "");
        assert_int_equal(controls_verdict(&c), OUTCOME_COMPLETE);
    }
}

static void the_second_list_stands_in_for_the_count_and_not_the_other_way(
    void **state)
{
    struct controls c = all_done();

    (void)state;
    controls_set(&c, CONTROL_EC2_COUNT, CONTROL_NOT_HAD, "%s", "refused");
    assert_int_equal(controls_stand_in(&c, CONTROL_EC2_COUNT),
                     CONTROL_SECOND_LIST);
    controls_set(&c, CONTROL_SECOND_LIST, CONTROL_NOT_HAD, "%s", "refused");
    assert_int_equal(controls_stand_in(&c, CONTROL_EC2_COUNT), CONTROL_NONE);
    assert_int_equal(controls_reserve(&c, CONTROL_EC2_COUNT),
                     OUTCOME_UNCHECKED);
    controls_set(&c, CONTROL_EC2_COUNT, CONTROL_DONE, "%s", "");
    assert_int_equal(controls_stand_in(&c, CONTROL_SECOND_LIST),
                     CONTROL_NONE);
    assert_int_equal(controls_verdict(&c), OUTCOME_UNCHECKED);
}

static void one_that_differs_was_done(void **state)
{
    struct controls c = all_done();

    (void)state;
    controls_set(&c, CONTROL_EC2_COUNT, CONTROL_NOT_HAD, "%s", "refused");
    controls_set(&c, CONTROL_SECOND_LIST, CONTROL_DIFFERS, "%s", "others");
    assert_int_equal(controls_stand_in(&c, CONTROL_EC2_COUNT),
                     CONTROL_SECOND_LIST);
    assert_int_equal(controls_reserves(&c), OUTCOME_BIT(OUTCOME_DOUBT));
}

static void one_that_was_not_done_stands_in_for_nothing(void **state)
{
    struct controls c = all_done();

    (void)state;
    controls_set(&c, CONTROL_EC2_COUNT, CONTROL_NOT_HAD, "%s", "refused");
    controls_set(&c, CONTROL_SECOND_LIST, CONTROL_OFF, "%s", "--option");
    assert_int_equal(controls_stand_in(&c, CONTROL_EC2_COUNT), CONTROL_NONE);
    assert_int_equal(controls_verdict(&c), OUTCOME_UNCHECKED);
}

/* A list has the indices of the blocks, not their bytes. */
static void a_list_does_not_show_that_it_is_the_same_disk(void **state)
{
    struct controls c = all_done();

    (void)state;
    controls_set(&c, CONTROL_SAME_SNAPSHOT, CONTROL_NOT_HAD, "%s", "refused");
    assert_int_equal(controls_stand_in(&c, CONTROL_SAME_SNAPSHOT),
                     CONTROL_RECHECK);
    controls_set(&c, CONTROL_RECHECK, CONTROL_OFF, "%s", "--recheck 0");
    assert_int_equal(controls_verdict(&c), OUTCOME_UNPROVED);
    controls_set(&c, CONTROL_RECHECK, CONTROL_NOT_HAD, "%s", "unreadable");
    assert_int_equal(controls_verdict(&c), OUTCOME_UNPROVED);
}

static void all_reserves_are_kept_and_the_worst_is_the_verdict(void **state)
{
    struct controls c = all_done();

    (void)state;
    controls_set(&c, CONTROL_CARRIED, CONTROL_NOT_HAD, "%s", "");
    assert_int_equal(controls_verdict(&c), OUTCOME_LISTED);
    controls_set(&c, CONTROL_CHECKSUMS, CONTROL_NOT_HAD, "%s", "");
    assert_int_equal(controls_verdict(&c), OUTCOME_UNREADABLE);
    controls_set(&c, CONTROL_SECOND_LIST, CONTROL_NOT_HAD, "%s", "");
    assert_int_equal(controls_verdict(&c), OUTCOME_UNCHECKED);
    assert_int_equal(controls_reserves(&c), OUTCOME_BIT(OUTCOME_LISTED)
                     | OUTCOME_BIT(OUTCOME_UNREADABLE)
                     | OUTCOME_BIT(OUTCOME_UNCHECKED));
}

static void a_long_reason_is_cut(void **state)
{
    struct controls c = all_done();
    char text[2 * CONTROL_WHY];

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    controls_set(&c, CONTROL_CLOCK, CONTROL_NOT_HAD, "%s", text);
    assert_int_equal(strlen(c.of[CONTROL_CLOCK].why), CONTROL_WHY - 1);
}

/* The log, verify and the next run read the words back. */
static void words_are_told_apart(void **state)
{
    (void)state;
    for (int i = 0; i < CONTROLS; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(control_name((enum control)i),
                                    control_name((enum control)j));
    for (int i = OUTCOME_COMPLETE; i <= OUTCOME_INTERRUPTED; i++) {
        struct err none = ERR_INIT;
        enum outcome o;

        assert_int_equal(outcome_parse(outcome_name((enum outcome)i), &o), 0);
        assert_int_equal(o, i);
        assert_int_equal(outcome_is_good(o), i < OUTCOME_FAILED);
        if (outcome_is_good(o))
            assert_int_equal(outcome_status(o, &none), i > OUTCOME_COMPLETE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_held_against_an_image_with_all_controls),
        cmocka_unit_test(a_control_that_nobody_set_was_not_done),
        cmocka_unit_test(each_control_means_what_the_table_says),
        cmocka_unit_test(
            the_second_list_stands_in_for_the_count_and_not_the_other_way),
        cmocka_unit_test(one_that_differs_was_done),
        cmocka_unit_test(one_that_was_not_done_stands_in_for_nothing),
        cmocka_unit_test(a_list_does_not_show_that_it_is_the_same_disk),
        cmocka_unit_test(all_reserves_are_kept_and_the_worst_is_the_verdict),
        cmocka_unit_test(a_long_reason_is_cut),
        cmocka_unit_test(words_are_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
