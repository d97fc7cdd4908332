/* SPDX-License-Identifier: Apache-2.0 */
/* What EC2 and STS answer: every field, hostile documents, lists, and the
 * decision whether a snapshot can be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xml.h"
#include "ebs/ec2-around.h"
#include "ebs/ec2.h"
#include "ebs/sts.h"

#define ID "snap-0123456789abcdef0"

/* ---- requests; calls without a network behind them */

static char form[500];

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

static void the_requests_name_action_and_version(void **state)
{
    struct call c = { .method = "GET", .pace = PACE_BLOCK };

    (void)state;
    ec2_describe_snapshot(&c, ID);
    assert_string_equal(form, "Action=DescribeSnapshots\n"
                        "Version=2016-11-15\nSnapshotId.1=" ID "\n");
    assert_int_equal(c.service, AWS_EC2);
    assert_int_equal(c.pace, PACE_NONE);
    assert_string_equal(c.method, "POST");
    assert_string_equal(c.path.s, "/");

    sts_caller_identity(&c);
    assert_string_equal(form, "Action=GetCallerIdentity\n"
                        "Version=2011-06-15\n");
    assert_int_equal(c.service, AWS_STS);
    assert_string_equal(c.path.s, "/");
    text_free(&c.path);
}

/* ---- answers */

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define OPEN "<DescribeSnapshotsResponse " \
             "xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
#define CLOSE "</DescribeSnapshotsResponse>"
#define LEAST "<snapshotId>" ID "</snapshotId><status>completed</status>" \
              "<volumeSize>8</volumeSize>"
#define ANSWER(inside) \
    HEAD OPEN "<snapshotSet><item>" inside "</item></snapshotSet>" CLOSE

static int parse(const char *xml, struct ec2_snapshot *s, struct err *e)
{
    memset(e, 0, sizeof(*e));
    return ec2_parse_snapshot(xml, strlen(xml), s, e);
}

static void every_field_is_read(void **state)
{
    static const char xml[] = HEAD OPEN
        "<requestId>11111111-2222-3333-4444-555555555555</requestId>\n"
        "<snapshotSet>\n  <item>\n"
        "<snapshotId>" ID "</snapshotId><volumeId>vol-1</volumeId>"
        "<status>completed</status><statusMessage>fine</statusMessage>"
        "<startTime>2026-08-01T12:00:00.000Z</startTime>"
        "<completionTime>2026-08-01T12:10:00.000Z</completionTime>"
        "<progress>100%</progress><ownerId>123456789012</ownerId>"
        "<ownerAlias>amazon</ownerAlias><volumeSize>65536</volumeSize>"
        "<description>a &lt;b&gt; &amp; &#x263a; &quot;c&quot;</description>"
        "<encrypted>true</encrypted><kmsKeyId>arn:aws:kms:x</kmsKeyId>"
        "<dataEncryptionKeyId>dek</dataEncryptionKeyId>"
        "<sseType>sse-kms</sseType><storageTier>standard</storageTier>"
        "<transferType>standard</transferType>"
        "<restoreExpiryTime>2026-09-01T00:00:00Z</restoreExpiryTime>"
        "<outpostArn>arn:o</outpostArn>"
        "<availabilityZone>us-east-1a</availabilityZone>"
        "<fullSnapshotSizeInBytes>70368744177664</fullSnapshotSizeInBytes>"
        "<tagSet><item><key>Name</key><value>web</value></item>"
        "<item><key>empty</key><value/></item>"
        "<item><key>none</key></item></tagSet>"
        "<brandNew><item><key>x</key></item></brandNew>\n"
        "  </item>\n</snapshotSet>" CLOSE;
    struct ec2_snapshot s;
    struct err e;

    (void)state;
    assert_int_equal(parse(xml, &s, &e), 0);
    assert_string_equal(s.id, ID);
    assert_string_equal(s.volume_id, "vol-1");
    assert_string_equal(s.status, "completed");
    assert_string_equal(s.status_message, "fine");
    assert_string_equal(s.start_time, "2026-08-01T12:00:00.000Z");
    assert_string_equal(s.completion_time, "2026-08-01T12:10:00.000Z");
    assert_string_equal(s.progress, "100%");
    assert_string_equal(s.owner_id, "123456789012");
    assert_string_equal(s.owner_alias, "amazon");
    assert_string_equal(s.description, "a <b> & \xe2\x98\xba \"c\"");
    assert_true(s.encrypted.told);
    assert_true(s.encrypted.value);
    assert_string_equal(s.kms_key_id, "arn:aws:kms:x");
    assert_string_equal(s.data_encryption_key_id, "dek");
    assert_string_equal(s.sse_type, "sse-kms");
    assert_string_equal(s.storage_tier, "standard");
    assert_string_equal(s.transfer_type, "standard");
    assert_string_equal(s.restore_expiry_time, "2026-09-01T00:00:00Z");
    assert_string_equal(s.outpost_arn, "arn:o");
    assert_string_equal(s.availability_zone, "us-east-1a");
    assert_int_equal(s.volume_gib, 65536);
    assert_true(s.full_size.told);
    assert_int_equal(s.full_size.value, 70368744177664);
    assert_int_equal(s.ntags, 3);
    assert_string_equal(s.tags[0].key, "Name");
    assert_string_equal(s.tags[0].value, "web");
    assert_string_equal(s.tags[1].value, "");
    assert_string_equal(s.tags[2].key, "none");
    assert_string_equal(s.tags[2].value, "");
    ec2_snapshot_free(&s);
}

static void what_is_not_said_stays_empty(void **state)
{
    struct ec2_snapshot s;
    struct err e;

    (void)state;
    assert_int_equal(parse(ANSWER(LEAST), &s, &e), 0);
    assert_null(s.description);
    assert_null(s.kms_key_id);
    assert_false(s.encrypted.told);
    assert_false(s.full_size.told);
    assert_int_equal(s.ntags, 0);
    ec2_snapshot_free(&s);
    assert_int_equal(parse(ANSWER(LEAST "<encrypted>false</encrypted>"), &s,
                           &e), 0);
    assert_true(s.encrypted.told);
    assert_false(s.encrypted.value);
    ec2_snapshot_free(&s);
}

/* EC2 tells it of an empty snapshot. */
static void a_size_of_nothing_is_told(void **state)
{
    struct ec2_snapshot s;
    struct err e;

    (void)state;
    assert_int_equal(parse(ANSWER(LEAST "<fullSnapshotSizeInBytes>0"
                                  "</fullSnapshotSizeInBytes>"), &s, &e), 0);
    assert_true(s.full_size.told);
    assert_int_equal(s.full_size.value, 0);
    ec2_snapshot_free(&s);
}

#define ENTITY "<!DOCTYPE a [<!ENTITY x \"y\">]>"

static void documents_that_make_no_sense_are_refused(void **state)
{
    static const struct {
        const char *xml;
        enum err_kind kind;
        const char *says;
    } rows[] = {
        { "", ERR_SERVICE, "not well-formed" },
        { "<html><body>Gateway</body></html>", ERR_SERVICE,
          "not about snapshots" },
        { ANSWER(LEAST) "<more/>", ERR_SERVICE, "not well-formed" },
        { OPEN "<snapshotSet><item>" LEAST, ERR_SERVICE, "not well-formed" },
        { HEAD OPEN "<snapshotSet/>" CLOSE, ERR_SOURCE, "no such snapshot" },
        { HEAD OPEN "<snapshotSet><item>" LEAST "</item><item>" LEAST
          "</item></snapshotSet>" CLOSE, ERR_SERVICE, "more than one" },
        { ANSWER(LEAST "<status>completed</status>"), ERR_SERVICE, "twice" },
        { ANSWER(LEAST "<encrypted>true</encrypted>"
                 "<encrypted>false</encrypted>"), ERR_SERVICE, "twice" },
        { ANSWER("<status>completed</status><volumeSize>8</volumeSize>"),
          ERR_SERVICE, "snapshotId is missing" },
        { ANSWER("<snapshotId>" ID "</snapshotId><volumeSize>8"
                 "</volumeSize>"), ERR_SERVICE, "status is missing" },
        { ANSWER("<snapshotId>" ID "</snapshotId><status>completed"
                 "</status>"), ERR_SERVICE, "volumeSize is missing" },
        { ANSWER("<snapshotId>" ID "</snapshotId><status>completed"
                 "</status><volumeSize>-8</volumeSize>"), ERR_SERVICE,
          "not a number" },
        { ANSWER("<snapshotId>" ID "</snapshotId><status>completed"
                 "</status><volumeSize>0</volumeSize>"), ERR_SERVICE,
          "a volume of 0 GiB" },
        { ANSWER("<snapshotId>" ID "</snapshotId><status>completed"
                 "</status><volumeSize>65537</volumeSize>"), ERR_SERVICE,
          "a volume of 65537 GiB" },
        { ANSWER("<snapshotId>" ID "</snapshotId><status>completed"
                 "</status><volumeSize>18446744073709551615</volumeSize>"),
          ERR_SERVICE, "a volume of 18446744073709551615 GiB" },
        { ANSWER(LEAST "<encrypted>maybe</encrypted>"), ERR_SERVICE,
          "neither true nor false" },
        { ANSWER(LEAST "<fullSnapshotSizeInBytes>99999999999999999999"
                 "</fullSnapshotSizeInBytes>"), ERR_SERVICE,
          "not a number" },
        { ANSWER(LEAST "<description><b>x</b></description>"), ERR_SERVICE,
          "not a text" },
        { ANSWER(LEAST "<tagSet><item><value>x</value></item></tagSet>"),
          ERR_SERVICE, "key is missing" },
        { ANSWER(LEAST "<tagSet><item><key>a</key><key>b</key></item>"
                 "</tagSet>"), ERR_SERVICE, "twice" },
        { ANSWER(LEAST "<description>\xff</description>"), ERR_SERVICE,
          "not well-formed" },
        { ANSWER(LEAST "<description>\x01</description>"), ERR_SERVICE,
          "not well-formed" },
        { ENTITY OPEN "<snapshotSet><item>" LEAST "</item></snapshotSet>"
          CLOSE, ERR_SERVICE, "document type" },
        { "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">" OPEN CLOSE,
          ERR_SERVICE, "document type" },
        { ANSWER(LEAST "<description>&x;</description>"), ERR_SERVICE,
          "not well-formed" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct ec2_snapshot s;
        struct err e;

        if (parse(rows[i].xml, &s, &e) == 0)
            fail_msg("row %zu was accepted", i);
        if (e.kind != rows[i].kind || !strstr(e.msg, rows[i].says))
            fail_msg("row %zu: %s", i, e.msg);
        ec2_snapshot_free(&s);
    }
}

static void crowds_are_refused(void **state)
{
    static const struct {
        const char *before, *piece, *after;
        int times;
        int result;
    } rows[] = {
        { LEAST "<tagSet>", "<item><key>k</key></item>", "</tagSet>", 200,
          0 },
        { LEAST "<tagSet>", "<item><key>k</key></item>", "</tagSet>", 201,
          -1 },
        { LEAST "<description>", "x", "</description>", 16 * 1024, 0 },
        { LEAST "<description>", "x", "</description>", 16 * 1024 + 1, -1 },
        { LEAST, "<deep>", "", 100, -1 },
        { LEAST, "<a/>", "", 2 * 1024 * 1024 + 1, -1 },
        { LEAST "<", "x", "/>", 600, -1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        autotext struct text t = TEXT_INIT;
        struct ec2_snapshot s;
        struct err e;
        int r;

        text_addf(&t, "%s<snapshotSet><item>%s", OPEN, rows[i].before);
        for (int k = 0; k < rows[i].times; k++)
            text_add(&t, rows[i].piece);
        text_addf(&t, "%s</item></snapshotSet>%s", rows[i].after, CLOSE);
        r = parse(t.s, &s, &e);
        if (r != rows[i].result)
            fail_msg("row %zu: %s", i, r < 0 ? e.msg : "was accepted");
        ec2_snapshot_free(&s);
    }
}

/* Cut anywhere, the answer is refused and nothing leaks. */
static void every_cut_is_refused(void **state)
{
    static const char xml[] = ANSWER(LEAST "<tagSet><item><key>a</key>"
                                     "</item></tagSet>");

    (void)state;
    for (size_t n = 0; n < sizeof(xml) - 1; n++) {
        struct ec2_snapshot s;
        struct err e = ERR_INIT;

        if (ec2_parse_snapshot(xml, n, &s, &e) == 0)
            fail_msg("cut to %zu bytes: accepted", n);
        ec2_snapshot_free(&s);
    }
}

/* ---- the decision */

static void each_state_has_its_sentence(void **state)
{
    static const struct {
        const char *status, *progress, *tier, *outpost, *message;
        const char *says; /* NULL: it can be read */
    } rows[] = {
        { "completed", "100%", "standard", NULL, NULL, NULL },
        { "completed", NULL, NULL, NULL, NULL, NULL },
        { "completed", NULL, NULL, "", NULL, NULL },
        { "pending", "36%", "standard", NULL, NULL,
          "snapshot " ID " is still being made (36%); wait for it: aws ec2 "
          "wait snapshot-completed --snapshot-ids " ID },
        { "error", "0%", NULL, NULL, "KMS key\x1b[2J gone",
          "snapshot " ID " has failed, EC2 says, and cannot be read "
          "(KMS key\\x1b[2J gone); take another snapshot of the volume" },
        { "recoverable", "", NULL, NULL, NULL,
          "snapshot " ID " is in the Recycle Bin; restore it: aws ec2 "
          "restore-snapshot-from-recycle-bin --snapshot-id " ID },
        { "recovering", NULL, NULL, NULL, NULL,
          "snapshot " ID " is being restored from the Recycle Bin; wait for "
          "it: aws ec2 wait snapshot-completed --snapshot-ids " ID },
        { "completing", NULL, NULL, NULL, NULL,
          "snapshot " ID " has a status that this program does not know "
          "(completing); only completed snapshots can be read" },
        { "Completed", NULL, NULL, NULL, NULL,
          "snapshot " ID " has a status that this program does not know "
          "(Completed); only completed snapshots can be read" },
        { "completed", "100%", "archive", NULL, NULL,
          "snapshot " ID " is archived and cannot be read from there; "
          "restore it, which can take three days: aws ec2 "
          "restore-snapshot-tier --permanent-restore --snapshot-id " ID },
        { "completed", "100%", "frozen", NULL, NULL,
          "snapshot " ID " is in a storage tier that this program does not "
          "know (frozen); only snapshots in the standard tier can be read" },
        { "completed", "100%", NULL, "arn:o", NULL,
          "snapshot " ID " is on an Outpost, where the EBS direct APIs "
          "cannot read it (arn:o); make an image on an instance of that "
          "Outpost instead" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct ec2_snapshot s = { .id = (char[]){ ID } };
        struct err e = ERR_INIT;
        const char *const *from = &rows[i].status;
        char **to[] = { &s.status, &s.progress, &s.storage_tier,
                        &s.outpost_arn, &s.status_message };

        for (int k = 0; k < 5; k++)
            *to[k] = from[k] ? strdup(from[k]) : NULL;
        assert_int_equal(ec2_snapshot_usable(&s, ID, &e),
                         rows[i].says ? -1 : 0);
        if (rows[i].says) {
            assert_int_equal(e.kind, ERR_SOURCE);
            assert_string_equal(e.msg, rows[i].says);
        }
        for (int k = 0; k < 5; k++)
            free(*to[k]);
    }
}

static void another_snapshot_is_refused(void **state)
{
    struct ec2_snapshot s;
    struct err e;

    (void)state;
    assert_int_equal(parse(ANSWER(LEAST), &s, &e), 0);
    assert_int_equal(ec2_snapshot_usable(&s, "snap-1", &e), -1);
    assert_int_equal(e.kind, ERR_SOURCE);
    assert_string_equal(e.msg, "snapshot snap-1 was asked for, and EC2 "
                        "answered about another one (" ID "); "
                        "check the endpoint");
    ec2_snapshot_free(&s);
}

/* ---- lists */

static void lists_are_asked_for_with_filters(void **state)
{
    static const char *const two[] = { "snap-1", "snap-2" };
    struct call c = { .method = "GET" };

    (void)state;
    ec2_describe_owned(&c, "self", "vol-1", NULL);
    assert_string_equal(form, "Action=DescribeSnapshots\n"
                        "Version=2016-11-15\nOwner.1=self\n"
                        "Filter.1.Name=volume-id\nFilter.1.Value.1=vol-1\n"
                        "MaxResults=100\n");
    ec2_describe_owned(&c, "123456789012", NULL, "t/+=");
    assert_string_equal(form, "Action=DescribeSnapshots\n"
                        "Version=2016-11-15\nOwner.1=123456789012\n"
                        "MaxResults=100\nNextToken=t/+=\n");
    ec2_describe_volume(&c, "vol-1");
    assert_string_equal(form, "Action=DescribeVolumes\n"
                        "Version=2016-11-15\nFilter.1.Name=volume-id\n"
                        "Filter.1.Value.1=vol-1\n");
    ec2_describe_images(&c, two, 2, NULL);
    assert_string_equal(form, "Action=DescribeImages\n"
                        "Version=2016-11-15\n"
                        "Filter.1.Name=block-device-mapping.snapshot-id\n"
                        "Filter.1.Value.1=snap-1\n"
                        "Filter.1.Value.2=snap-2\n"
                        "IncludeDeprecated=true\n");
    text_free(&c.path);
}

static void a_page_of_snapshots_is_read(void **state)
{
    static const char xml[] = OPEN "<snapshotSet><item>" LEAST
        "<tagSet><item><key>a</key></item></tagSet></item><item>"
        "<snapshotId>snap-2</snapshotId><status>pending</status>"
        "<volumeSize>1</volumeSize></item></snapshotSet>"
        "<nextToken>more==</nextToken>" CLOSE;
    struct xmllist l;
    char *next = NULL;
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(ec2_parse_snapshots(xml, strlen(xml), &l, &next, &e),
                     0);
    assert_int_equal(l.count, 2);
    assert_string_equal(ec2_snapshot_at(&l, 0)->tags[0].value, "");
    assert_string_equal(ec2_snapshot_at(&l, 1)->id, "snap-2");
    assert_int_equal(ec2_snapshot_at(&l, 1)->ntags, 0);
    assert_string_equal(next, "more==");
    free(next);
    ec2_snapshots_free(&l);
}

static void volumes_are_read(void **state)
{
    static const char xml[] =
        "<DescribeVolumesResponse><volumeSet><item><volumeId>vol-1"
        "</volumeId><size>8</size><snapshotId>snap-1</snapshotId>"
        "<attachmentSet><item><volumeId>vol-1</volumeId><instanceId>i-1"
        "</instanceId><device>/dev/sda1</device></item><item><instanceId>i-2"
        "</instanceId></item></attachmentSet></item></volumeSet>"
        "<nextToken/></DescribeVolumesResponse>";
    const struct ec2_attachment *a;
    const struct ec2_volume *v;
    struct xmllist l;
    char *next = NULL;
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(ec2_parse_volumes(xml, strlen(xml), &l, &next, &e), 0);
    assert_int_equal(l.count, 1);
    v = l.items;
    a = v->attachments.items;
    assert_string_equal(v->snapshot_id, "snap-1");
    assert_null(v->source_volume_id);
    assert_int_equal(v->attachments.count, 2);
    assert_string_equal(a[0].device, "/dev/sda1");
    assert_string_equal(a[1].instance_id, "i-2");
    assert_null(next);
    ec2_volumes_free(&l);
}

static void instances_and_images_are_read(void **state)
{
    static const char instances[] =
        "<DescribeInstancesResponse><reservationSet><item><instancesSet>"
        "<item><instanceId>i-1</instanceId><imageId>ami-1</imageId>"
        "<blockDeviceMapping><item><deviceName>/dev/sdf</deviceName><ebs>"
        "<volumeId>vol-1</volumeId></ebs></item></blockDeviceMapping></item>"
        "</instancesSet></item></reservationSet></DescribeInstancesResponse>";
    static const char images[] =
        "<DescribeImagesResponse><imagesSet><item><imageId>ami-1</imageId>"
        "<blockDeviceMapping><item><deviceName>/dev/sda1</deviceName><ebs>"
        "<snapshotId>snap-1</snapshotId></ebs></item><item><deviceName>"
        "/dev/sdb</deviceName><virtualName>ephemeral0</virtualName></item>"
        "</blockDeviceMapping></item></imagesSet></DescribeImagesResponse>";
    const struct ec2_device *d;
    struct xmllist l;
    char *next = NULL;
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(ec2_parse_instances(instances, strlen(instances), &l,
                                         &next, &e), 0);
    d = ((struct ec2_instance *)l.items)->devices.items;
    assert_string_equal(((struct ec2_instance *)l.items)->image_id, "ami-1");
    assert_string_equal(d->volume_id, "vol-1");
    ec2_instances_free(&l);
    assert_int_equal(ec2_parse_images(images, strlen(images), &l, &next, &e),
                     0);
    d = ((struct ec2_image *)l.items)->devices.items;
    assert_int_equal(((struct ec2_image *)l.items)->devices.count, 2);
    assert_string_equal(d[0].snapshot_id, "snap-1");
    assert_null(d[1].snapshot_id);
    ec2_images_free(&l);
    assert_int_equal(ec2_parse_images(instances, strlen(instances), &l,
                                      &next, &e), -1);
    assert_non_null(strstr(e.msg, "not about images"));
    ec2_images_free(&l);
}

/* ---- STS */

#define STS(inside) \
    "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/" \
    "2011-06-15/\"><GetCallerIdentityResult>" inside \
    "</GetCallerIdentityResult><ResponseMetadata><RequestId>r-1</RequestId>" \
    "</ResponseMetadata></GetCallerIdentityResponse>"
#define WHO "<Arn>arn:aws:iam::123456789012:user/lab</Arn>" \
            "<UserId>AIDA</UserId><Account>123456789012</Account>"

static void the_caller_is_read(void **state)
{
    static const char xml[] = STS(WHO);
    struct sts_identity who;
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(sts_parse_identity(xml, strlen(xml), &who, &e), 0);
    assert_string_equal(who.account, "123456789012");
    assert_string_equal(who.arn, "arn:aws:iam::123456789012:user/lab");
    assert_string_equal(who.user_id, "AIDA");
    assert_string_equal(who.request_id, "r-1");
    sts_identity_free(&who);
}

static void half_a_caller_is_refused(void **state)
{
    static const char *const rows[] = {
        STS("<Arn>a</Arn><UserId>b</UserId>"),
        STS(WHO "<Account>210987654321</Account>"),
        "<GetCallerIdentityResult>" WHO "</GetCallerIdentityResult>",
        ENTITY STS(WHO),
        "",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sts_identity who;
        struct err e = ERR_INIT;

        if (sts_parse_identity(rows[i], strlen(rows[i]), &who, &e) == 0)
            fail_msg("row %zu was accepted", i);
        assert_int_equal(e.kind, ERR_SERVICE);
        sts_identity_free(&who);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_requests_name_action_and_version),
        cmocka_unit_test(every_field_is_read),
        cmocka_unit_test(what_is_not_said_stays_empty),
        cmocka_unit_test(a_size_of_nothing_is_told),
        cmocka_unit_test(documents_that_make_no_sense_are_refused),
        cmocka_unit_test(crowds_are_refused),
        cmocka_unit_test(every_cut_is_refused),
        cmocka_unit_test(each_state_has_its_sentence),
        cmocka_unit_test(another_snapshot_is_refused),
        cmocka_unit_test(lists_are_asked_for_with_filters),
        cmocka_unit_test(a_page_of_snapshots_is_read),
        cmocka_unit_test(volumes_are_read),
        cmocka_unit_test(instances_and_images_are_read),
        cmocka_unit_test(the_caller_is_read),
        cmocka_unit_test(half_a_caller_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
