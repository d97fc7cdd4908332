/* SPDX-License-Identifier: Apache-2.0 */
/* What `ebsimg preflight' makes of answers, and that it knows how to try every
 * right there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "aws/verdict.h"
#include "policy/rights.h"
#include "preflight/check.h"
#include "preflight/probes.h"

static void every_right_of_the_table_can_be_tried(void **state)
{
    (void)state;
    for (size_t i = 0; i < rights_rows; i++)
        if (!probe_find(rights_table[i].right))
            fail_msg("no probe for %s", rights_table[i].right);
    assert_null(probe_find("ec2:DeleteSnapshot"));
}

static void a_spare_right_is_none_that_is_needed_to_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROBE_SPARES; i++) {
        const char *action = probe_action(probe_spares[i].right);

        /* Harmless where DryRun is not heeded: it makes, and changes or
         * deletes nothing. */
        assert_true(strncmp(action, "Create", 6) == 0
                    || strncmp(action, "Copy", 4) == 0);
    }
    assert_string_equal(probe_action("ec2:DescribeVolumes"),
                        "DescribeVolumes");
}

static struct err refused(int meaning, const char *msg)
{
    struct err e = ERR_INIT;

    err_set(&e, ERR_ACCESS, 0, "%s", msg);
    e.meaning = meaning;
    return e;
}

static void an_answer_tells_of_the_right_or_it_does_not(void **state)
{
    static const struct {
        enum meaning meaning;
        enum check_answer right;
    } rows[] = {
        { MEANS_ALLOWED, CHECK_YES },
        { MEANS_UNRELATED, CHECK_YES },
        { MEANS_GONE, CHECK_YES },
        { MEANS_NO_RIGHT, CHECK_NO },
        { MEANS_NOTHING, CHECK_UNKNOWN },
        { MEANS_TROUBLE, CHECK_UNKNOWN },
        { MEANS_FORBIDDEN, CHECK_UNKNOWN },
        { MEANS_NOT_THIS_ONE, CHECK_UNKNOWN },
        { MEANS_UNREADABLE, CHECK_UNKNOWN },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = refused(rows[i].meaning, "no");

        assert_int_equal(probe_judge(&e), rows[i].right);
    }
}

static void a_key_is_blamed_only_when_it_is_named(void **state)
{
    struct err key = refused(MEANS_NOT_THIS_ONE, "its KMS key is gone");
    struct err named = refused(MEANS_NO_RIGHT, "may not kms:Decrypt");
    struct err right = refused(MEANS_NO_RIGHT, "may not ebs:Get");
    struct err trouble = refused(MEANS_TROUBLE, "later");

    (void)state;
    assert_int_equal(probe_judge_key(&key), CHECK_NO);
    assert_int_equal(probe_judge_key(&named), CHECK_NO);
    assert_int_equal(probe_judge_key(&right), CHECK_UNKNOWN);
    assert_int_equal(probe_judge_key(&trouble), CHECK_UNKNOWN);
}

static void add(struct checks *c, enum check_need need,
                enum check_answer answer)
{
    const struct check k = { .need = need, .answer = answer, .name = "x",
                             .needed_for = "y" };
    struct err e = ERR_INIT;

    assert_int_equal(checks_add(c, &k, "says", NULL, &e), 0);
}

static void what_is_not_known_is_not_there(void **state)
{
    struct checks c = { 0 };
    struct checks_sum sum;

    (void)state;
    add(&c, NEED_TO_RUN, CHECK_YES);
    add(&c, NEED_TO_RUN, CHECK_SPARED);
    add(&c, NEED_NONE, CHECK_NO);
    sum = checks_sum(&c);
    assert_int_equal(sum.prevent + sum.missing, 0);
    assert_null(sum.first);
    add(&c, NEED_USEFUL, CHECK_UNKNOWN);
    add(&c, NEED_TO_RUN, CHECK_UNKNOWN);
    add(&c, NEED_TO_RUN, CHECK_NO);
    sum = checks_sum(&c);
    assert_int_equal(sum.prevent, 2);
    assert_int_equal(sum.missing, 1);
    assert_ptr_equal(sum.first, &c.list[4]);
    checks_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_right_of_the_table_can_be_tried),
        cmocka_unit_test(a_spare_right_is_none_that_is_needed_to_read),
        cmocka_unit_test(an_answer_tells_of_the_right_or_it_does_not),
        cmocka_unit_test(a_key_is_blamed_only_when_it_is_named),
        cmocka_unit_test(what_is_not_known_is_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
