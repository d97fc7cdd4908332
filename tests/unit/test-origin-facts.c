/* SPDX-License-Identifier: Apache-2.0 */
/* Where the blocks of a run come from, then and now: what may be another one,
 * and what is told of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "acquire/origin-facts.h"

static const struct origin_facts home = {
    .partition = "aws", .region = "us-east-1",
    .endpoint = "https://ebs.us-east-1.amazonaws.com",
    .account = "111122223333",
    .caller = "arn:aws:iam::111122223333:user/alice",
    .owner = "444455556666", .volume = "vol-0123",
    .start_time = "2026-01-01T00:00:00Z",
};

/* All three questions. */
static int compare(const struct origin_facts *then,
                   const struct origin_facts *now,
                   bool other_account, struct origin_look *look,
                   struct err *e)
{
    memset(look, 0, sizeof(*look));
    memset(e, 0, sizeof(*e));
    for (int part = ORIGIN_SERVICE; part <= ORIGIN_SNAPSHOT; part++)
        if (origin_compare(then, now, (enum origin_part)part, other_account,
                           look, e) < 0)
            return -1;
    return 0;
}

static void the_same_is_the_same(void **state)
{
    struct origin_look look;
    struct err e;

    (void)state;
    assert_int_equal(compare(&home, &home, false, &look, &e), 0);
    assert_int_equal(look.same, 0xff);
    assert_int_equal(look.other | look.unknown, 0);
}

/* Refused; both values are in the sentence. */
static void must_refuse(const struct origin_facts *now, const char *then,
                        const char *is, bool other_account)
{
    struct origin_look look;
    struct err e;

    assert_int_equal(compare(&home, now, other_account, &look, &e), -1);
    assert_int_equal(e.kind, ERR_SOURCE);
    assert_non_null(strstr(e.msg, then));
    assert_non_null(strstr(e.msg, is));
}

static void another_disk_is_refused(void **state)
{
    struct origin_facts o = home;

    (void)state;
    o.region = "eu-west-1";
    must_refuse(&o, "us-east-1", "eu-west-1", true);
    o = home;
    o.partition = "aws-cn";
    must_refuse(&o, "was aws when", "aws-cn", true);
    o = home;
    o.owner = "999999999999";
    must_refuse(&o, "444455556666", "999999999999", true);
    o = home;
    o.volume = "vol-0999";
    must_refuse(&o, "vol-0123", "vol-0999", true);
    o = home;
    o.start_time = "2026-01-02T00:00:00Z";
    must_refuse(&o, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", true);
}

static void another_way_to_it_is_told(void **state)
{
    struct origin_facts o = home;
    struct origin_look look;
    struct err e;
    autotext struct text t = TEXT_INIT;

    (void)state;
    o.endpoint = "https://vpce.example";
    o.caller = "arn:aws:iam::111122223333:user/bob";
    assert_int_equal(compare(&home, &o, false, &look, &e), 0);
    origin_tell_other(&t, &home, &o, &look);
    assert_string_equal(t.s, "the endpoint was "
                        "https://ebs.us-east-1.amazonaws.com and is "
                        "https://vpce.example now; the owner of the keys was "
                        "arn:aws:iam::111122223333:user/alice and is "
                        "arn:aws:iam::111122223333:user/bob now");
}

static void another_account_needs_the_option(void **state)
{
    struct origin_facts o = home;
    struct origin_look look;
    struct err e;
    autotext struct text t = TEXT_INIT;

    (void)state;
    o.account = "999999999999";
    must_refuse(&o, "111122223333", "--allow-other-account", false);
    assert_int_equal(compare(&home, &o, true, &look, &e), 0);
    origin_tell_other(&t, &home, &o, &look);
    assert_string_equal(t.s, "the account of the keys was 111122223333 and "
                        "is 999999999999 now");
}

/* Not known is neither the same nor another one, on whichever side. */
static void what_is_not_known_is_named(void **state)
{
    struct origin_facts o = home;
    struct origin_look look;
    struct err e;
    autotext struct text now = TEXT_INIT;
    autotext struct text then = TEXT_INIT;

    (void)state;
    o.owner = o.volume = o.start_time = NULL;
    assert_int_equal(compare(&home, &o, false, &look, &e), 0);
    origin_tell_unknown(&now, &look);
    assert_string_equal(now.s, "the owner of the snapshot, the volume of the "
                        "snapshot, the time of the snapshot");
    o = home;
    o.account = o.caller = NULL;
    assert_int_equal(compare(&o, &home, false, &look, &e), 0);
    origin_tell_unknown(&then, &look);
    assert_string_equal(then.s, "the account of the keys, the owner of the "
                        "keys");
}

static void the_log_has_all_three(void **state)
{
    autorecord struct record r = RECORD_INIT;
    struct origin_facts o = home;
    struct origin_look look;
    struct err e;

    (void)state;
    o.endpoint = "https://x\n";
    o.volume = NULL;
    assert_int_equal(compare(&home, &o, false, &look, &e), 0);
    origin_add_look(&r, &home, &o, &look);
    assert_string_equal(r.json.s, ",\"same\":[\"partition\",\"region\","
                        "\"account\",\"caller\",\"owner\",\"start_time\"],"
                        "\"unknown\":[\"volume\"],\"other\":[{\"what\":"
                        "\"endpoint\",\"then\":"
                        "\"https://ebs.us-east-1.amazonaws.com\","
                        "\"now\":\"https://x\\u000a\"}]");
}

/* The region becomes a part of the host that is asked. */
static void a_region_that_is_none_is_not_possible(void **state)
{
    static const char *const bad[] = {
        "", "evil.example/x", "us-east-1.evil.example", "US-EAST-1", "a b",
    };
    struct origin_facts o = home;

    (void)state;
    assert_true(origin_possible(&o));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        o.region = bad[i];
        assert_false(origin_possible(&o));
    }
    o.region = NULL;
    assert_false(origin_possible(&o));
    o = home;
    o.partition = "aws-cn";
    assert_false(origin_possible(&o));
    o.region = "cn-north-1";
    assert_true(origin_possible(&o));
    o.endpoint = NULL;
    assert_false(origin_possible(&o));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_is_the_same),
        cmocka_unit_test(another_disk_is_refused),
        cmocka_unit_test(another_way_to_it_is_told),
        cmocka_unit_test(another_account_needs_the_option),
        cmocka_unit_test(what_is_not_known_is_named),
        cmocka_unit_test(the_log_has_all_three),
        cmocka_unit_test(a_region_that_is_none_is_not_possible),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
