/* SPDX-License-Identifier: Apache-2.0 */
/* The documents of `ebsimg policy': who gets which rights on what, and which
 * names are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "policy/arn.h"
#include "policy/policy.h"

#define ONE "snap-0123456789abcdef0"
#define TWO "snap-0fedcba9876543210"
#define BASE "snap-0aaaaaaaaaaaaaaaa"
#define KEY "arn:aws:kms:eu-west-1:111122223333:key/" \
    "01234567-89ab-cdef-0123-456789abcdef"
#define ROLE "arn:aws:iam::111122223333:role/forensics"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const one[] = { ONE };
static const char *const two[] = { ONE, TWO };
static const char *const keys[] = { KEY };
static const char *const roles[] = { ROLE };

static struct policy_wish wish_of(const char *command,
                                  const char *const *targets, size_t n)
{
    return (struct policy_wish){
        .command = command ? rights_find(command) : NULL,
        .targets = { targets, n },
        .partition = "aws",
        .trail = "trail",
    };
}

typedef int writer(const struct policy_wish *w, struct text *out,
                   struct err *e);

/* The document; it must be JSON, and the wish one that is let through. */
static cJSON *document(const struct policy_wish *w, writer *write)
{
    autotext struct text t = TEXT_INIT;
    struct err e = ERR_INIT;
    cJSON *c;

    assert_int_equal(policy_check(w, &e), 0);
    assert_int_equal(write(w, &t, &e), 0);
    c = cJSON_Parse(t.s);
    assert_non_null(c);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(c,
                        "Version")), "2012-10-17");
    return c;
}

static cJSON *statement(cJSON *doc, const char *sid)
{
    cJSON *s;

    cJSON_ArrayForEach(s, cJSON_GetObjectItem(doc, "Statement"))
        if (strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(s, "Sid")), sid)
            == 0)
            return s;
    return NULL;
}

/* A member as words with blanks between: of a list, or one string. */
static const char *words(const cJSON *statement, const char *name)
{
    static char out[1024];
    const cJSON *m = cJSON_GetObjectItem(statement, name);
    const cJSON *i;
    size_t n = 0;

    assert_non_null(m);
    if (cJSON_IsString(m))
        return m->valuestring;
    out[0] = '\0';
    cJSON_ArrayForEach(i, m)
        n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%s", n ? " " : "",
                              i->valuestring);
    return out;
}

/* OPERATOR KEY of a condition as words. */
static const char *condition(const cJSON *statement, const char *operator,
                             const char *key)
{
    const cJSON *c = cJSON_GetObjectItem(statement, "Condition");

    return words(cJSON_GetObjectItem(c, operator), key);
}

/* ---------------------------------------------------------------- allowing */

static void acquire_reads_the_snapshot_and_asks_about_it(void **state)
{
    struct policy_wish w = wish_of("acquire", one, 1);
    cJSON *c = document(&w, policy_write_allow);
    cJSON *s = statement(c, "ReadSnapshots");

    (void)state;
    assert_string_equal(words(s, "Effect"), "Allow");
    assert_string_equal(words(s, "Action"),
                        "ebs:ListSnapshotBlocks ebs:GetSnapshotBlock");
    assert_string_equal(words(s, "Resource"), "arn:aws:ec2:*::snapshot/" ONE);
    s = statement(c, "AskAbout");
    assert_string_equal(words(s, "Action"),
                        "ec2:DescribeSnapshots sts:GetCallerIdentity");
    assert_string_equal(words(s, "Resource"), "*");
    assert_null(cJSON_GetObjectItem(s, "Condition"));
    assert_null(statement(c, "ListChanges"));
    assert_null(statement(c, "UseKeysForEbs"));
    cJSON_Delete(c);
}

static void the_least_of_acquire_is_two_calls(void **state)
{
    struct policy_wish w = wish_of("acquire", one, 1);
    cJSON *c;

    (void)state;
    w.least = true;
    w.since = BASE; /* without a list of changes every block is fetched */
    c = document(&w, policy_write_allow);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(c, "Statement")),
                     1);
    assert_string_equal(words(statement(c, "ReadSnapshots"), "Action"),
                        "ebs:ListSnapshotBlocks ebs:GetSnapshotBlock");
    cJSON_Delete(c);
}

static void an_earlier_image_lends_its_snapshot_to_lists(void **state)
{
    struct policy_wish w = wish_of("acquire", one, 1);
    cJSON *c;

    (void)state;
    w.since = BASE;
    c = document(&w, policy_write_allow);
    assert_string_equal(words(statement(c, "ListChanges"), "Action"),
                        "ebs:ListChangedBlocks");
    assert_string_equal(words(statement(c, "ListChanges"), "Resource"),
                        "arn:aws:ec2:*::snapshot/" ONE
                        " arn:aws:ec2:*::snapshot/" BASE);
    assert_string_equal(words(statement(c, "ReadSnapshots"), "Resource"),
                        "arn:aws:ec2:*::snapshot/" ONE);
    cJSON_Delete(c);
}

static void a_chain_lists_changes_of_all_its_snapshots(void **state)
{
    struct policy_wish w = wish_of("acquire", two, 2);
    cJSON *c = document(&w, policy_write_allow);

    (void)state;
    assert_null(statement(c, "ListChanges"));
    cJSON_Delete(c);
    w.chain = true;
    c = document(&w, policy_write_allow);
    assert_string_equal(words(statement(c, "ListChanges"), "Resource"),
                        "arn:aws:ec2:*::snapshot/" ONE
                        " arn:aws:ec2:*::snapshot/" TWO);
    cJSON_Delete(c);
}

static void a_region_keeps_everything_to_itself(void **state)
{
    struct policy_wish w = wish_of("acquire", one, 1);
    cJSON *c;

    (void)state;
    w.region = "cn-north-1";
    w.partition = "aws-cn";
    c = document(&w, policy_write_allow);
    assert_string_equal(words(statement(c, "ReadSnapshots"), "Resource"),
                        "arn:aws-cn:ec2:cn-north-1::snapshot/" ONE);
    assert_string_equal(condition(statement(c, "AskAbout"), "StringEquals",
                                  "aws:RequestedRegion"), "cn-north-1");
    cJSON_Delete(c);
}

static void a_key_may_be_used_through_ebs_alone(void **state)
{
    struct policy_wish w = wish_of("diff", two, 2);
    cJSON *c;
    cJSON *s;

    (void)state;
    w.keys = (struct policy_names){ keys, 1 };
    w.region = "eu-west-1";
    c = document(&w, policy_write_allow);
    s = statement(c, "UseKeysForEbs");
    assert_string_equal(words(s, "Action"), "kms:Decrypt kms:DescribeKey");
    assert_string_equal(words(s, "Resource"), KEY);
    assert_string_equal(condition(s, "StringEquals", "kms:ViaService"),
                        "ec2.eu-west-1.amazonaws.com");
    cJSON_Delete(c);
}

static void diff_lists_changes_only_between_two_snapshots(void **state)
{
    struct policy_wish w = wish_of("diff", one, 1);
    cJSON *c = document(&w, policy_write_allow);

    (void)state;
    assert_string_equal(words(statement(c, "ReadSnapshots"), "Action"),
                        "ebs:ListSnapshotBlocks ebs:GetSnapshotBlock");
    assert_null(statement(c, "AskAbout"));
    cJSON_Delete(c);
    w = wish_of("diff", two, 2);
    c = document(&w, policy_write_allow);
    assert_string_equal(words(statement(c, "ReadSnapshots"), "Action"),
                        "ebs:ListSnapshotBlocks ebs:GetSnapshotBlock "
                        "ebs:ListChangedBlocks");
    cJSON_Delete(c);
}

/* What chain cannot do without depends on what it is asked about. */
static void chain_needs_an_answer_about_its_target(void **state)
{
    static const struct {
        const char *target, *least, *all;
    } rows[] = {
        { ONE, "ec2:DescribeSnapshots",
          "ec2:DescribeSnapshots ec2:DescribeVolumes ec2:DescribeImages" },
        { "vol-0123456789abcdef0",
          "ec2:DescribeSnapshots ec2:DescribeVolumes",
          "ec2:DescribeSnapshots ec2:DescribeVolumes ec2:DescribeImages" },
        { "i-0123456789abcdef0", "ec2:DescribeInstances",
          "ec2:DescribeSnapshots ec2:DescribeVolumes ec2:DescribeInstances "
          "ec2:DescribeImages" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct policy_wish w = wish_of("chain", &rows[i].target, 1);
        cJSON *c = document(&w, policy_write_allow);

        assert_string_equal(words(statement(c, "AskAbout"), "Action"),
                            rows[i].all);
        assert_int_equal(statement(c, "ReadSnapshots") != NULL, i == 0);
        cJSON_Delete(c);
        w.least = true;
        c = document(&w, policy_write_allow);
        assert_string_equal(words(statement(c, "AskAbout"), "Action"),
                            rows[i].least);
        assert_null(statement(c, "ReadSnapshots"));
        cJSON_Delete(c);
    }
}

static void a_key_without_a_snapshot_is_of_no_use(void **state)
{
    static const char *const volume[] = { "vol-0123456789abcdef0" };
    struct policy_wish w = wish_of("chain", volume, 1);
    cJSON *c;

    (void)state;
    w.keys = (struct policy_names){ keys, 1 };
    c = document(&w, policy_write_allow);
    assert_null(statement(c, "UseKeysForEbs"));
    cJSON_Delete(c);
}

static void who_asks_nothing_needs_nothing(void **state)
{
    static const char *const commands[] = { "verify", "info", "report",
                                            "policy", "readers", "reconcile" };

    (void)state;
    for (size_t i = 0; i < COUNT(commands); i++) {
        struct policy_wish w = wish_of(commands[i], NULL, 0);
        cJSON *c = document(&w, policy_write_allow);

        assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(c,
                                            "Statement")), 0);
        cJSON_Delete(c);
    }
    assert_null(rights_find("frobnicate"));
}

/* ---------------------------------------------------------------- guarding */

static void only_the_roles_may_read_directly(void **state)
{
    struct policy_wish w = wish_of(NULL, NULL, 0);
    cJSON *c;
    cJSON *s;

    (void)state;
    w.roles = (struct policy_names){ roles, 1 };
    c = document(&w, policy_write_scp);
    s = statement(c, "KeepSnapshotReads");
    assert_string_equal(words(s, "Effect"), "Deny");
    assert_string_equal(words(s, "Action"), "ebs:ListSnapshotBlocks "
                        "ebs:GetSnapshotBlock ebs:ListChangedBlocks");
    assert_string_equal(words(s, "Resource"), "*");
    assert_string_equal(condition(s, "ArnNotEquals", "aws:PrincipalArn"),
                        ROLE);
    cJSON_Delete(c);
    w.targets = (struct policy_names){ one, 1 };
    c = document(&w, policy_write_scp);
    assert_string_equal(words(statement(c, "KeepSnapshotReads"), "Resource"),
                        "arn:aws:ec2:*::snapshot/" ONE);
    cJSON_Delete(c);
}

static void a_key_lets_the_roles_read_through_ebs(void **state)
{
    struct policy_wish w = wish_of(NULL, NULL, 0);
    cJSON *c;
    cJSON *s;

    (void)state;
    w.roles = (struct policy_names){ roles, 1 };
    c = document(&w, policy_write_kms);
    s = statement(c, "ReadSnapshotsThroughEbs");
    assert_string_equal(words(s, "Effect"), "Allow");
    assert_string_equal(words(cJSON_GetObjectItem(s, "Principal"), "AWS"),
                        ROLE);
    assert_string_equal(words(s, "Action"), "kms:Decrypt kms:DescribeKey");
    assert_string_equal(words(s, "Resource"), "arn:aws:kms:*:*:key/*");
    assert_string_equal(condition(s, "StringLike", "kms:ViaService"),
                        "ec2.*.amazonaws.com");
    cJSON_Delete(c);
}

/* How EC2's name ends there for KMS is not known. */
static void in_other_partitions_the_end_of_the_service_is_open(void **state)
{
    static const struct {
        const char *partition, *region, *operator, *service;
    } rows[] = {
        { "aws", "eu-west-1", "StringEquals", "ec2.eu-west-1.amazonaws.com" },
        { "aws-us-gov", "us-gov-west-1", "StringEquals",
          "ec2.us-gov-west-1.amazonaws.com" },
        { "aws-cn", "cn-north-1", "StringLike", "ec2.cn-north-1.*" },
        { "aws-iso", NULL, "StringLike", "ec2.*.*" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct policy_wish w = wish_of(NULL, NULL, 0);
        cJSON *c;

        w.partition = rows[i].partition;
        w.region = rows[i].region;
        c = document(&w, policy_write_kms);
        assert_string_equal(condition(statement(c, "ReadSnapshotsThroughEbs"),
                                      rows[i].operator, "kms:ViaService"),
                            rows[i].service);
        cJSON_Delete(c);
    }
}

static void more_snapshots_than_a_rule_takes_are_refused(void **state)
{
    static char ids[64][24];
    const char *names[64];
    struct policy_wish w = wish_of(NULL, names, COUNT(names));
    autotext struct text t = TEXT_INIT;
    struct err e = ERR_INIT;

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        snprintf(ids[i], sizeof(ids[i]), "snap-%017zx", i);
        names[i] = ids[i];
    }
    assert_int_equal(policy_check(&w, &e), 0);
    assert_int_equal(policy_write_detect(&w, &t, &e), -1);
    assert_int_equal(e.kind, ERR_USAGE);
    w.targets.count = 40;
    text_clear(&t);
    assert_int_equal(policy_write_detect(&w, &t, &e), 0);
}

static void blanks_between_do_not_count(void **state)
{
    (void)state;
    assert_int_equal(policy_size("{\n  \"a b\": [\"c\"]\n}\n"), 13);
}

/* ---------------------------------------------------------------- refusing */

static void only_names_that_are_whole_are_taken(void **state)
{
    static const char *const good[] = {
        KEY, "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/"
        "mrk-0123456789abcdef0123456789abcdef",
    };
    static const char *const bad[] = {
        "", "key", KEY "0", KEY "/x",
        "arn:aws:kms:eu-west-1:111122223333:key/*",
        "arn:aws:kms:*:111122223333:key/01234567-89ab-cdef-0123-456789abcdef",
        "arn:aws:kms::111122223333:key/01234567-89ab-cdef-0123-456789abcdef",
        "arn:aws:kms:eu-west-1:11112222333:key/"
        "01234567-89ab-cdef-0123-456789abcdef",
        "arn:aws:kms:eu-west-1:1111222233334:key/"
        "01234567-89ab-cdef-0123-456789abcdef",
        "arn:aws-x:kms:eu-west-1:111122223333:key/"
        "01234567-89ab-cdef-0123-456789abcdef",
        "arn:aws:ec2:eu-west-1:111122223333:key/"
        "01234567-89ab-cdef-0123-456789abcdef",
        "arn:aws:kms:eu-west-1:111122223333:key/"
        "01234567-89AB-cdef-0123-456789abcdef",
        "arn:aws:kms:eu-west-1:111122223333:key/"
        "0123456789ab-cdef-0123-456789abcdef",
        "arn:aws:kms:eu-west-1:111122223333:key/"
        "01234567_89ab-cdef-0123-456789abcdef",
        "arn:aws:kms:eu-west-1:111122223333:key/mrk-0123",
        "arn:aws:kms:eu-west-1:111122223333:alias/x", ROLE,
    };
    struct err e = ERR_INIT;
    struct arn a;

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        assert_int_equal(arn_parse_key(good[i], &a, &e), 0);
    assert_string_equal(a.partition, "aws-us-gov");
    assert_string_equal(a.region, "us-gov-west-1");
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(arn_parse_key(bad[i], &a, &e), -1);
        assert_int_equal(e.kind, ERR_USAGE);
    }
    assert_int_equal(arn_parse_key("arn:aws:kms:eu-west-1:111122223333:"
                                   "alias/x", &a, &e), -1);
    assert_non_null(strstr(e.msg, "an alias is no key"));
}

static void a_role_is_a_role_and_no_pattern(void **state)
{
    static const char *const good[] = {
        ROLE, "arn:aws-cn:iam::111122223333:role/a",
        "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/"
        "eu-west-1/AWSReservedSSO_Forensics_0123456789abcdef",
        "arn:aws:iam::111122223333:role/a+b=c,d.e@f_g-h",
    };
    static const char *const bad[] = {
        "", "forensics", "arn:aws:iam::111122223333:role/",
        "arn:aws:iam::111122223333:role/a/", "arn:aws:iam::1:role/a",
        "arn:aws:iam::111122223333:role//a",
        "arn:aws:iam::111122223333:role/*",
        "arn:aws:iam::111122223333:role/a?",
        "arn:aws:iam::111122223333:role/${aws:username}",
        "arn:aws:iam::111122223333:role/a\"b",
        "arn:aws:iam::111122223333:user/a",
        "arn:aws:iam:eu-west-1:111122223333:role/a",
        "arn:aws:iam::*:role/a",
        "arn:aws:sts::111122223333:assumed-role/a/b",
        "arn:aws:iam::111122223333:role/"
        "0123456789012345678901234567890123456789012345678901234567890123x",
        KEY,
    };
    struct err e = ERR_INIT;
    struct arn a;

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        if (arn_parse_role(good[i], &a, &e) < 0)
            fail_msg("%s: %s", good[i], e.msg);
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (arn_parse_role(bad[i], &a, &e) == 0)
            fail_msg("%s is taken", bad[i]);
        assert_int_equal(e.kind, ERR_USAGE);
    }
    assert_int_equal(arn_parse_role("arn:aws:sts::111122223333:assumed-role/"
                                    "a/b", &a, &e), -1);
    assert_non_null(strstr(e.msg, "a session of a role"));
}

static void ids_and_regions_are_whole(void **state)
{
    static const char *const ids[] = {
        "", "snap-", "snap-0123456", "snap-012345678", "snap-0123456789abcdef",
        "snap-0123456789abcdef01", "snap-0123456789ABCDEF0", ONE " ", "*",
        "snap-*", "SNAP-01234567", "snap-01234567\n",
        "vol-0123456789abcdef0",
    };
    static const char *const regions[] = {
        "", "*", "eu", "eu-west", "eu-west-", "eu-west-123", "EU-WEST-1",
        "eu--west-1", "-west-1", "eu-west-1x", "eu-1", "eu_west_1",
        "eu-west-west-west-west-west-west-1",
    };

    (void)state;
    assert_true(arn_id_ok("snap-", ONE));
    assert_true(arn_id_ok("snap-", "snap-01234567"));
    assert_true(arn_region_ok("eu-west-1"));
    assert_true(arn_region_ok("us-isob-east-1"));
    assert_true(arn_region_ok("ap-southeast-10"));
    for (size_t i = 0; i < COUNT(ids); i++)
        assert_false(arn_id_ok("snap-", ids[i]));
    for (size_t i = 0; i < COUNT(regions); i++)
        assert_false(arn_region_ok(regions[i]));
}

static void what_does_not_fit_together_is_refused(void **state)
{
    static const char *const twice[] = { ONE, ONE };
    static const char *const volume[] = { "vol-0123456789abcdef0" };
    struct policy_wish w[7];
    static const char *const words[COUNT(w)] = {
        "twice", "is a volume", "not in us-east-1", "the partition aws, not",
        "named among", "two at least", "not the name of a trail",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(w); i++)
        w[i] = wish_of("acquire", one, 1);
    w[0].targets = (struct policy_names){ twice, 2 };
    w[1].targets = (struct policy_names){ volume, 1 };
    w[2].keys = (struct policy_names){ keys, 1 };
    w[2].region = "us-east-1";
    w[3].roles = (struct policy_names){ roles, 1 };
    w[3].partition = "aws-cn";
    w[4].since = ONE;
    w[5].chain = true;
    w[6].trail = "a..b";
    for (size_t i = 0; i < COUNT(w); i++) {
        struct err e = ERR_INIT;

        assert_int_equal(policy_check(&w[i], &e), -1);
        assert_int_equal(e.kind, ERR_USAGE);
        if (!strstr(e.msg, words[i]))
            fail_msg("\"%s\" says nothing of \"%s\"", e.msg, words[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acquire_reads_the_snapshot_and_asks_about_it),
        cmocka_unit_test(the_least_of_acquire_is_two_calls),
        cmocka_unit_test(an_earlier_image_lends_its_snapshot_to_lists),
        cmocka_unit_test(a_chain_lists_changes_of_all_its_snapshots),
        cmocka_unit_test(a_region_keeps_everything_to_itself),
        cmocka_unit_test(a_key_may_be_used_through_ebs_alone),
        cmocka_unit_test(diff_lists_changes_only_between_two_snapshots),
        cmocka_unit_test(chain_needs_an_answer_about_its_target),
        cmocka_unit_test(a_key_without_a_snapshot_is_of_no_use),
        cmocka_unit_test(who_asks_nothing_needs_nothing),
        cmocka_unit_test(only_the_roles_may_read_directly),
        cmocka_unit_test(a_key_lets_the_roles_read_through_ebs),
        cmocka_unit_test(in_other_partitions_the_end_of_the_service_is_open),
        cmocka_unit_test(more_snapshots_than_a_rule_takes_are_refused),
        cmocka_unit_test(blanks_between_do_not_count),
        cmocka_unit_test(only_names_that_are_whole_are_taken),
        cmocka_unit_test(a_role_is_a_role_and_no_pattern),
        cmocka_unit_test(ids_and_regions_are_whole),
        cmocka_unit_test(what_does_not_fit_together_is_refused),
    };

    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
