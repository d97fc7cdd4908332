/* SPDX-License-Identifier: Apache-2.0 */
/* What EC2 is asked when snapshots are looked for, and its answers about
 * regions, locks, tiers and sharing: silence is never a "no". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "ebs/ec2-details.h"
#include "ebs/ec2-search.h"

#define ID "snap-0123456789abcdef0"

/* ---- requests; calls without a network behind them */

static char form[2000];

void call_reset(struct call *c)
{
    text_clear(&c->path);
    form[0] = '\0';
}

void call_form(struct call *c, const char *name, const char *value)
{
    size_t n = strlen(form);

    (void)c;
    snprintf(form + n, sizeof(form) - n, "%s=%s\n", name, value);
}

static void a_search_names_owners_and_filters(void **state)
{
    static const char *const owners[] = { "self" };
    static const char *const volumes[] = { "vol-1", "vol-2" };
    static const char *const values[] = { "a b" };
    const struct ec2_filter filters[] = {
        { "volume-id", volumes, 2 }, { "tag:Case", values, 1 },
    };
    const struct ec2_search s = { owners, 1, filters, 2 };
    struct call c = { .method = "GET" };

    (void)state;
    ec2_search_snapshots(&c, &s, "token");
    assert_string_equal(form, "Action=DescribeSnapshots\n"
                        "Version=2016-11-15\nOwner.1=self\n"
                        "Filter.1.Name=volume-id\nFilter.1.Value.1=vol-1\n"
                        "Filter.1.Value.2=vol-2\nFilter.2.Name=tag:Case\n"
                        "Filter.2.Value.1=a b\nMaxResults=100\n"
                        "NextToken=token\n");
    assert_string_equal(c.method, "POST");
    assert_string_equal(c.path.s, "/");
    assert_int_equal(c.service, AWS_EC2);
    text_free(&c.path);
}

static void details_are_asked_by_id(void **state)
{
    static const char *const ids[] = { ID };
    struct call c = { .method = "GET" };

    (void)state;
    ec2_describe_locks(&c, ids, 1, NULL);
    assert_string_equal(form, "Action=DescribeLockedSnapshots\n"
                        "Version=2016-11-15\nSnapshotId.1=" ID "\n");
    ec2_describe_tiers(&c, ids, 1, NULL);
    assert_string_equal(form, "Action=DescribeSnapshotTierStatus\n"
                        "Version=2016-11-15\nFilter.1.Name=snapshot-id\n"
                        "Filter.1.Value.1=" ID "\n");
    ec2_describe_sharing(&c, ID);
    assert_string_equal(form, "Action=DescribeSnapshotAttribute\n"
                        "Version=2016-11-15\n"
                        "Attribute=createVolumePermission\n"
                        "SnapshotId=" ID "\n");
    ec2_search_images(&c, ids, 1, NULL);
    assert_non_null(strstr(form, "IncludeDeprecated=true\n"
                                 "IncludeDisabled=true\n"));
    text_free(&c.path);
}

/* ---- regions */

#define REGIONS(inside) "<DescribeRegionsResponse><regionInfo>" inside \
                        "</regionInfo></DescribeRegionsResponse>"
#define REGION(name) "<item><regionName>" name "</regionName></item>"

static int regions(const char *xml, struct xmllist *l, struct err *e)
{
    autofree char *next = NULL;

    memset(e, 0, sizeof(*e));
    return ec2_parse_regions(xml, strlen(xml), l, &next, e);
}

static void regions_come_in_the_order_of_their_names(void **state)
{
    struct xmllist l;
    struct err e;

    (void)state;
    assert_int_equal(regions(REGIONS(REGION("us-east-1")
                                     REGION("af-south-1")), &l, &e), 0);
    assert_int_equal(l.count, 2);
    assert_string_equal(ec2_region_at(&l, 0)->name, "af-south-1");
    assert_string_equal(ec2_region_at(&l, 1)->name, "us-east-1");
    ec2_regions_free(&l);
}

static void what_is_no_region_is_refused(void **state)
{
    static const char *const bad[] = {
        REGIONS(""), REGIONS(REGION("")), REGIONS(REGION("evil.example/")),
        REGIONS(REGION("us-east-1") REGION("us-east-1")),
        REGIONS("<item/>"), "<DescribeRegionsResponse/>",
        "<html></html>", "",
    };
    struct xmllist l;
    struct err e;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(regions(bad[i], &l, &e), -1);
        assert_int_equal(e.kind, ERR_SERVICE);
        ec2_regions_free(&l);
    }
}

/* ---- locks and tiers */

static void locks_have_a_state_and_an_end(void **state)
{
    static const char xml[] =
        "<DescribeLockedSnapshotsResponse><snapshotSet><item>"
        "<ownerId>123456789012</ownerId><snapshotId>" ID "</snapshotId>"
        "<lockState>compliance-cooloff</lockState>"
        "<coolOffPeriodExpiresOn>2026-12-01T00:00:00.000Z"
        "</coolOffPeriodExpiresOn>"
        "<lockExpiresOn>2027-01-01T00:00:00.000Z</lockExpiresOn>"
        "</item></snapshotSet><nextToken>more</nextToken>"
        "</DescribeLockedSnapshotsResponse>";
    autofree char *next = NULL;
    struct err e = ERR_INIT;
    struct xmllist l;
    const struct ec2_lock *k;

    (void)state;
    assert_int_equal(ec2_parse_locks(xml, strlen(xml), &l, &next, &e), 0);
    assert_int_equal(l.count, 1);
    k = l.items;
    assert_string_equal(k->snapshot_id, ID);
    assert_string_equal(k->state, "compliance-cooloff");
    assert_string_equal(k->expires, "2027-01-01T00:00:00.000Z");
    assert_string_equal(k->cooloff_expires, "2026-12-01T00:00:00.000Z");
    assert_string_equal(next, "more");
    ec2_locks_free(&l);
}

static void a_lock_without_a_state_is_refused(void **state)
{
    static const char xml[] =
        "<DescribeLockedSnapshotsResponse><snapshotSet><item><snapshotId>" ID
        "</snapshotId></item></snapshotSet>"
        "</DescribeLockedSnapshotsResponse>";
    autofree char *next = NULL;
    struct err e = ERR_INIT;
    struct xmllist l;

    (void)state;
    assert_int_equal(ec2_parse_locks(xml, strlen(xml), &l, &next, &e), -1);
    assert_int_equal(e.kind, ERR_SERVICE);
    ec2_locks_free(&l);
}

static void tiers_tell_the_last_move(void **state)
{
    static const char xml[] =
        "<DescribeSnapshotTierStatusResponse><snapshotTierStatusSet>"
        "<item><snapshotId>" ID "</snapshotId><tagSet><item><key>a</key>"
        "<value>b</value></item></tagSet>"
        "<lastTieringOperationStatus>archival-completed"
        "</lastTieringOperationStatus>"
        "<archivalCompleteTime>2026-01-01T00:00:00.000Z"
        "</archivalCompleteTime></item>"
        "<item><snapshotId>snap-1</snapshotId></item>"
        "</snapshotTierStatusSet></DescribeSnapshotTierStatusResponse>";
    autofree char *next = NULL;
    struct err e = ERR_INIT;
    struct xmllist l;
    const struct ec2_tier *k;

    (void)state;
    assert_int_equal(ec2_parse_tiers(xml, strlen(xml), &l, &next, &e), 0);
    assert_int_equal(l.count, 2);
    k = l.items;
    assert_string_equal(k[0].operation, "archival-completed");
    assert_string_equal(k[0].archived, "2026-01-01T00:00:00.000Z");
    assert_null(k[1].operation);
    assert_null(next);
    ec2_tiers_free(&l);
}

/* ---- sharing */

#define SHARING(inside) "<DescribeSnapshotAttributeResponse>" \
    "<requestId>r</requestId><snapshotId>" ID "</snapshotId>" inside \
    "</DescribeSnapshotAttributeResponse>"
#define SHARES(inside) SHARING("<createVolumePermission>" inside \
                               "</createVolumePermission>")

static int sharing(const char *xml, struct ec2_sharing *s, struct err *e)
{
    memset(e, 0, sizeof(*e));
    return ec2_parse_sharing(xml, strlen(xml), s, e);
}

static void sharing_is_with_accounts_or_with_all(void **state)
{
    struct ec2_sharing s;
    const struct ec2_permission *p;
    struct err e;

    (void)state;
    assert_int_equal(sharing(SHARES("<item><userId>111111111111</userId>"
                                    "</item><item><group>all</group>"
                                    "</item>"), &s, &e), 0);
    assert_string_equal(s.snapshot_id, ID);
    assert_int_equal(s.permissions.count, 2);
    p = s.permissions.items;
    assert_string_equal(p[0].account, "111111111111");
    assert_null(p[0].group);
    assert_string_equal(p[1].group, "all");
    ec2_sharing_free(&s);
}

static void an_empty_list_is_private(void **state)
{
    struct ec2_sharing s;
    struct err e;

    (void)state;
    assert_int_equal(sharing(SHARES(""), &s, &e), 0);
    assert_int_equal(s.permissions.count, 0);
    ec2_sharing_free(&s);
    assert_int_equal(sharing(SHARING("<createVolumePermission/>"), &s, &e),
                     0);
    assert_int_equal(s.permissions.count, 0);
    ec2_sharing_free(&s);
}

static void silence_about_sharing_is_not_private(void **state)
{
    static const char *const bad[] = {
        SHARING(""), SHARES("<item/>"), SHARING("<productCodes/>"),
        "<DescribeSnapshotAttributeResponse><createVolumePermission/>"
        "</DescribeSnapshotAttributeResponse>",
        "<DescribeSnapshotAttributeResponse/>", "<html/>", "",
    };
    struct ec2_sharing s;
    struct err e;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(sharing(bad[i], &s, &e), -1);
        assert_int_equal(e.kind, ERR_SERVICE);
        ec2_sharing_free(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_search_names_owners_and_filters),
        cmocka_unit_test(details_are_asked_by_id),
        cmocka_unit_test(regions_come_in_the_order_of_their_names),
        cmocka_unit_test(what_is_no_region_is_refused),
        cmocka_unit_test(locks_have_a_state_and_an_end),
        cmocka_unit_test(a_lock_without_a_state_is_refused),
        cmocka_unit_test(tiers_tell_the_last_move),
        cmocka_unit_test(sharing_is_with_accounts_or_with_all),
        cmocka_unit_test(an_empty_list_is_private),
        cmocka_unit_test(silence_about_sharing_is_not_private),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
