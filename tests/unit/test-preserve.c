/* SPDX-License-Identifier: Apache-2.0 */
/* Orders for snapshots: what is sent, what is read, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "ebs/ec2-create.h"
#include "preserve/label.h"

/* ------------------------------------------------------------- the answers */

static int read_made(const char *xml, bool instance, struct xmllist *l)
{
    const struct ec2_order o = { .instance = instance ? "i-1" : NULL };
    struct err e = ERR_INIT;

    return ec2_parse_made(xml, strlen(xml), &o, l, &e);
}

#define ONE "<snapshotId>snap-1</snapshotId><volumeId>vol-1</volumeId>" \
            "<volumeSize>8</volumeSize><tagSet><item><key>snapshotId</key>" \
            "<value>snap-9</value></item></tagSet>"

static void one_snapshot_is_read(void **state)
{
    struct xmllist l;
    const struct ec2_made *m;

    (void)state;
    assert_int_equal(read_made("<CreateSnapshotResponse>" ONE
                               "<status>pending</status>"
                               "</CreateSnapshotResponse>", false, &l), 0);
    m = l.items;
    assert_int_equal(l.count, 1);
    assert_string_equal(m->id, "snap-1");
    assert_string_equal(m->volume_id, "vol-1");
    assert_string_equal(m->state, "pending");
    assert_int_equal(m->gib, 8);
    ec2_made_free(&l);
}

static void several_snapshots_are_read(void **state)
{
    struct xmllist l;

    (void)state;
    assert_int_equal(read_made("<CreateSnapshotsResponse><snapshotSet><item>"
                               ONE "<state>pending</state></item><item>" ONE
                               "</item></snapshotSet>"
                               "</CreateSnapshotsResponse>", true, &l), 0);
    assert_int_equal(l.count, 2);
    assert_string_equal(((const struct ec2_made *)l.items)->state,
                        "pending");
    ec2_made_free(&l);
}

static void what_is_no_new_snapshot_is_refused(void **state)
{
    static const char *const bad[] = {
        "<CreateSnapshotResponse></CreateSnapshotResponse>",
        "<CreateSnapshotResponse><snapshotId>snap-1</snapshotId>"
        "</CreateSnapshotResponse>",
        "<CreateSnapshotsResponse><snapshotSet/></CreateSnapshotsResponse>",
        "<DescribeSnapshotsResponse/>",
        "pending",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        for (int instance = 0; instance < 2; instance++) {
            struct xmllist l;

            assert_int_equal(read_made(bad[i], instance, &l), -1);
            ec2_made_free(&l);
        }
}

/* ---------------------------------------------------------------- the tags */

static int check_tag(const char *tag)
{
    struct preserve_options o = { .price = "0.05",
                                  .tags = { .items = { tag }, .count = 1 } };
    struct err e = ERR_INIT;

    return preserve_check_labels(&o, &e);
}

static void only_tags_that_ec2_takes_are_taken(void **state)
{
    char key[2 * EC2_TAG_VALUE_MAX];

    (void)state;
    assert_int_equal(check_tag("a=b"), 0);
    assert_int_equal(check_tag("a="), 0);
    assert_int_equal(check_tag("a=b=c"), 0);
    assert_int_equal(check_tag("a"), -1);
    assert_int_equal(check_tag("=b"), -1);
    assert_int_equal(check_tag("aws:a=b"), -1);
    assert_int_equal(check_tag("ebsimg-case=b"), -1);
    assert_int_equal(check_tag("a=\x1b[31m"), -1);
    memset(key, 'k', sizeof(key));
    strcpy(key + EC2_TAG_KEY_MAX, "=b");
    assert_int_equal(check_tag(key), 0);
    key[EC2_TAG_KEY_MAX] = 'k';
    strcpy(key + EC2_TAG_KEY_MAX + 1, "=b");
    assert_int_equal(check_tag(key), -1);
}

static void a_case_that_is_too_long_is_refused(void **state)
{
    char text[EC2_TAG_VALUE_MAX + 2];
    struct preserve_options o = { .case_number = text };
    struct err e = ERR_INIT;

    (void)state;
    memset(text, '7', sizeof(text));
    text[EC2_TAG_VALUE_MAX] = '\0';
    assert_int_equal(preserve_check_labels(&o, &e), 0);
    text[EC2_TAG_VALUE_MAX] = '7';
    text[EC2_TAG_VALUE_MAX + 1] = '\0';
    assert_int_equal(preserve_check_labels(&o, &e), -1);
    assert_non_null(strstr(e.msg, "--case-number"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_snapshot_is_read),
        cmocka_unit_test(several_snapshots_are_read),
        cmocka_unit_test(what_is_no_new_snapshot_is_refused),
        cmocka_unit_test(only_tags_that_ec2_takes_are_taken),
        cmocka_unit_test(a_case_that_is_too_long_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
