/* SPDX-License-Identifier: Apache-2.0 */
/* Whose keys sign: AWS's own cases of roles, and the parts that ask for
 * keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#include "aws-files.h"
#include "aws/dpop.h"
#include "aws/keys-json.h"
#include "aws/keys-plan.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"

/* Where AWS's tools differ among themselves, it is as with the AWS CLI. */
static const struct {
    const char *docs, *why;
} apart[] = {
    { "SSO token profile selected",
      "without an account and a role there is a token and there are no keys" },
};

static cJSON *cases;

static const cJSON *member(const cJSON *j, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(j, key);
}

static const char *word(const cJSON *j, const char *key)
{
    return cJSON_GetStringValue(member(j, key));
}

static void add_sections(struct text *t, const char *kind,
                         const cJSON *sections)
{
    const cJSON *s, *k;

    cJSON_ArrayForEach(s, sections) {
        text_addf(t, "[%s %s]\n", kind, s->string);
        cJSON_ArrayForEach(k, s)
            text_addf(t, "%s = %s\n", k->string, k->valuestring);
    }
}

static int make(const char *profile, struct keys_plan *plan, struct err *e)
{
    const struct keys_wish none = { 0 };
    struct shared s;
    int r = shared_load(profile, &s, e);

    memset(plan, 0, sizeof(*plan));
    if (r == 0)
        r = keys_plan_make(&s, &none, plan, e);
    shared_free(&s);
    return r;
}

static void same(const char *got, const cJSON *want, const char *key)
{
    const char *w = word(want, key);

    if (!w)
        return;
    if (!got || strcmp(got, w) != 0)
        fail_msg("%s: %s, not %s", key, got ? got : "nothing", w);
}

static void check_base(const struct keys_base *b, const cJSON *step)
{
    const cJSON *j;

    if ((j = member(step, "AccessKey"))) {
        assert_int_equal(b->from, KEYS_FIXED);
        same(b->fixed.access_key_id, j, "access_key_id");
        same(b->fixed.secret_access_key, j, "secret_access_key");
    } else if ((j = member(step, "WebIdentityToken"))) {
        assert_int_equal(b->from, KEYS_WEB);
        same(b->web.arn, j, "role_arn");
        same(b->token_file, j, "web_identity_token_file");
        same(b->web.session_name, j, "role_session_name");
    } else if ((j = member(step, "Sso"))) {
        assert_int_equal(b->from, KEYS_SSO);
        same(b->sso_account, j, "sso_account_id");
        same(b->sso_region, j, "sso_region");
        same(b->sso_role, j, "sso_role_name");
        same(b->sso_start_url, j, "sso_start_url");
    } else {
        assert_string_equal(word(step, "NamedSource"), "Ec2InstanceMetadata");
        assert_int_equal(b->from, KEYS_INSTANCE);
    }
}

static void check_role(const struct keys_role *r, const cJSON *step)
{
    const cJSON *j = member(step, "AssumeRole");

    assert_non_null(j);
    same(r->arn, j, "role_arn");
    same(r->session_name, j, "role_session_name");
    same(r->external_id, j, "external_id");
}

static void check_plan(const struct keys_plan *plan, const cJSON *chain)
{
    size_t i = 0;
    const cJSON *step;

    cJSON_ArrayForEach(step, chain) {
        if (i == 0)
            check_base(&plan->base, step);
        else
            check_role(&plan->roles[i - 1], step);
        i++;
    }
    assert_int_equal(plan->nroles + 1, i);
}

static void check_case(const cJSON *c)
{
    const cJSON *in = member(c, "input"), *out = member(c, "output");
    autotext struct text config = TEXT_INIT;
    struct keys_plan plan;
    struct err e = ERR_INIT;
    int r;

    print_message("%s\n", word(c, "docs"));
    text_add(&config, "");
    add_sections(&config, "profile", member(in, "profiles"));
    add_sections(&config, "sso-session", member(in, "sso_sessions"));
    config_file(config.s);
    credentials_file("");
    r = make(word(in, "selected_profile"), &plan, &e);
    if (member(out, "Error"))
        assert_int_equal(r, -1);
    else if (r < 0)
        fail_msg("%s", e.msg);
    else
        check_plan(&plan, member(out, "ProfileChain"));
    keys_plan_free(&plan);
}

static bool is_apart(const char *docs)
{
    for (size_t i = 0; i < sizeof(apart) / sizeof(apart[0]); i++)
        if (strcmp(docs, apart[i].docs) == 0)
            return print_message("left out: %s (%s)\n", docs, apart[i].why),
                   true;
    return false;
}

static void each_case_of_a_role_is_as_with_aws(void **state)
{
    const cJSON *c;
    size_t done = 0;

    (void)state;
    cJSON_ArrayForEach(c, cases) {
        if (!is_apart(word(c, "docs")))
            check_case(c);
        done++;
    }
    assert_int_equal(done, 28);
}

/* ----------------------------------------------------------------- order */

static void check_from(const char *profile, enum keys_from from)
{
    struct keys_plan plan;
    struct err e = ERR_INIT;

    if (make(profile, &plan, &e) < 0)
        fail_msg("%s", e.msg);
    assert_int_equal(plan.base.from, from);
    keys_plan_free(&plan);
}

static void refused(const char *profile, const char *words)
{
    struct keys_plan plan;
    struct err e = ERR_INIT;

    assert_int_equal(make(profile, &plan, &e), -1);
    if (!strstr(e.msg, words))
        fail_msg("%s", e.msg);
    keys_plan_free(&plan);
}

static void the_order_is_that_of_the_aws_cli(void **state)
{
    (void)state;
    setenv("AWS_EC2_METADATA_DISABLED", "false", 1);
    config_file("");
    credentials_file("");
    check_from(NULL, KEYS_INSTANCE);
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/x", 1);
    check_from(NULL, KEYS_CONTAINER);
    config_file("[default]\naws_access_key_id = AKIDC\n"
                "aws_secret_access_key = s\n");
    check_from(NULL, KEYS_FIXED);
    config_file("[default]\naws_access_key_id = AKIDC\n"
                "aws_secret_access_key = s\ncredential_process = x\n");
    check_from(NULL, KEYS_PROCESS);
    config_file("[default]\ncredential_process = x\nlogin_session = y\n");
    check_from(NULL, KEYS_LOGIN);
    credentials_file("[default]\naws_access_key_id = AKIDS\n"
                     "aws_secret_access_key = s\n");
    check_from(NULL, KEYS_FIXED);
    config_file("[default]\nsso_start_url = https://x/start\n"
                "sso_region = us-east-1\nsso_account_id = 1\n"
                "sso_role_name = r\n");
    check_from(NULL, KEYS_SSO);
    setenv("AWS_WEB_IDENTITY_TOKEN_FILE", "/t", 1);
    setenv("AWS_ROLE_ARN", "arn:aws:iam::1:role/r", 1);
    check_from(NULL, KEYS_WEB);
    check_from("default", KEYS_SSO);
    setenv("AWS_ACCESS_KEY_ID", "AKIDENV", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "s", 1);
    check_from(NULL, KEYS_FIXED);
    check_from("default", KEYS_SSO);
}

/* As AWS's SDKs do, and unlike botocore, which signs with the blanks. */
static void blanks_in_the_environment_are_no_keys(void **state)
{
    (void)state;
    credentials_file("[default]\naws_access_key_id = AKIDS\n"
                     "aws_secret_access_key = s\n");
    config_file("[profile web]\nrole_arn = r\n"
                "web_identity_token_file = /t\n");
    setenv("AWS_PROFILE", "web", 1);
    setenv("AWS_ACCESS_KEY_ID", " ", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "\t ", 1);
    check_from(NULL, KEYS_WEB);
    setenv("AWS_SECRET_ACCESS_KEY", "s", 1);
    refused(NULL, "no access key id");
    setenv("AWS_ACCESS_KEY_ID", "AK ID", 1);
    refused(NULL, "characters that cannot be part");
    unsetenv("AWS_PROFILE");
}

static void a_role_that_wants_a_code_is_not_renewed(void **state)
{
    struct keys_plan plan;
    struct err e = ERR_INIT;

    (void)state;
    credentials_file("[base]\naws_access_key_id = AKIDS\n"
                     "aws_secret_access_key = s\n");
    config_file("[profile a]\nrole_arn = r\nsource_profile = base\n"
                "[profile b]\nrole_arn = r\nsource_profile = base\n"
                "mfa_serial = m\n");
    assert_int_equal(make("a", &plan, &e), 0);
    assert_true(keys_plan_renews(&plan));
    keys_plan_free(&plan);
    assert_int_equal(make("b", &plan, &e), 0);
    assert_false(keys_plan_renews(&plan));
    keys_plan_free(&plan);
    assert_int_equal(make("base", &plan, &e), 0);
    assert_false(keys_plan_renews(&plan));
    keys_plan_free(&plan);
}

static void a_session_and_its_profile_must_agree(void **state)
{
    struct keys_plan plan;
    struct err e = ERR_INIT;

    (void)state;
    credentials_file("");
    config_file("[sso-session s]\nsso_region = us-east-1\n"
                "sso_start_url = https://x/start\n"
                "[profile p]\nsso_session = s\nsso_region = us-east-2\n"
                "sso_account_id = 1\nsso_role_name = r\n");
    assert_int_equal(make("p", &plan, &e), -1);
    assert_non_null(strstr(e.msg, "do not agree on sso_region"));
    keys_plan_free(&plan);
}

/* ------------------------------------------------------------------ times */

static void a_time_is_read_as_aws_writes_it(void **state)
{
    const uint64_t noon = 1785585600000000000ull;

    (void)state;
    assert_true(keys_parse_time("2026-08-01T12:00:00Z") == noon);
    assert_true(keys_parse_time("2026-08-01T12:00:00UTC") == noon);
    assert_true(keys_parse_time("2026-08-01T14:00:00+02:00") == noon);
    assert_true(keys_parse_time("2026-08-01T07:30:00-04:30") == noon);
    assert_true(keys_parse_time("2026-08-01T12:00:00.5Z")
                == noon + 500000000);
    /* Some write this of keys that do not expire. */
    assert_true(keys_parse_time("9999-12-31T23:59:59Z") > 2 * noon);
    assert_true(keys_parse_time("3024-02-29T00:00:00+01:00") > 2 * noon);
    assert_true(keys_parse_time("9999-12-32T00:00:00Z") == 0);
    assert_true(keys_parse_time("2026-08-01T12:00:00") == 0);
    assert_true(keys_parse_time("2026-08-01T12:00:00+2") == 0);
    assert_true(keys_parse_time("") == 0);
    assert_true(keys_parse_time("soon") == 0);
}

static void a_number_of_the_far_future_is_a_time(void **state)
{
    static const struct keys_names names = {
        .id = "i", .secret = "s", .expires = "e", .in_ms = true,
    };
    static const char text[] =
        "{\"i\": \"AKID\", \"s\": \"s\", \"e\": 253402300799000}";
    struct credentials c = { 0 };
    struct err e = ERR_INIT;
    cJSON *o = cJSON_Parse(text);

    (void)state;
    assert_int_equal(keys_from_json(o, &names, &c, &e), 0);
    assert_true(c.expires > keys_parse_time("2259-12-31T23:59:59Z"));
    assert_true(c.expires < keys_parse_time("2260-12-31T23:59:59Z"));
    credentials_free(&c);
    cJSON_Delete(o);
}

/* ------------------------------------------------------------------ proof */

/* A key that AWS publishes for tests. */
static const char pem[] =
    "-----BEGIN EC PRIVATE KEY-----\n"
    "MHcCAQEEIPt/u8InPLpQeQLJTvVX+sNDzni8vMDMt3Liu+nMBigfoAoGCCqGSM49\n"
    "AwEHoUQDQgAEILkGG7rNOnxiIJlMgimY1UPP8eDMFP0DAY6WGjngP4bvTAiUCQ/I\n"
    "ffut2379uP+OBCm2ovGpBOJRgrl1RspUOQ==\n"
    "-----END EC PRIVATE KEY-----\n";

/* What stands before the signature; that is checked by openssl in
 * identity.test. */
static void a_proof_names_key_and_request(void **state)
{
    static const char head[] =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIi"
        "wieCI6IklMa0dHN3JOT254aUlKbE1naW1ZMVVQUDhlRE1GUDBEQVk2V0dqbmdQNFki"
        "LCJ5IjoiNzB3SWxBa1B5SDM3cmR0LV9ial9qZ1FwdHFMeHFRVGlVWUs1ZFViS1ZEay"
        "IsImNydiI6IlAtMjU2In19."
        "eyJodG0iOiJQT1NUIiwiaHR1IjoiaHR0cHM6Ly94L3YxL3Rva2VuIiwiaWF0IjoxNz"
        "g1NTg1NjAwLCJqdGkiOiJvbmUifQ.";
    autotext struct text t = TEXT_INIT;
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(dpop_add(&t, pem, "https://x/v1/token", 1785585600,
                              "one", &e), 0);
    assert_memory_equal(t.s, head, strlen(head));
    assert_int_equal(t.len, strlen(head) + 86);
    assert_null(strpbrk(t.s, "+/="));
}

static void another_kind_of_key_makes_no_proof(void **state)
{
    autotext struct text t = TEXT_INIT;
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(dpop_add(&t, "no key", "https://x", 1, "a", &e), -1);
    assert_int_equal(e.kind, ERR_ACCESS);
    assert_int_equal(t.len, 0);
}

/* ------------------------------------------------------------------- main */

static int load(void **state)
{
    const char *srcdir = getenv("srcdir");
    autofree char *path = NULL;
    autotext struct text t = TEXT_INIT;
    struct err e = ERR_INIT;

    if (scratch_setup(state) < 0
        || asprintf(&path, "%s/tests/data/smithy-rs/assume-role-tests.json",
                    srcdir ? srcdir : ".") < 0
        || file_slurp(path, 1 << 20, &t, &e) < 0)
        return -1;
    cases = cJSON_Parse(t.s);
    return cases ? 0 : -1;
}

static int unload(void **state)
{
    cJSON_Delete(cases);
    return scratch_teardown(state);
}

#define TEST(name) cmocka_unit_test_setup(name, aws_files_fresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_case_of_a_role_is_as_with_aws),
        TEST(the_order_is_that_of_the_aws_cli),
        TEST(blanks_in_the_environment_are_no_keys),
        TEST(a_role_that_wants_a_code_is_not_renewed),
        TEST(a_session_and_its_profile_must_agree),
        cmocka_unit_test(a_time_is_read_as_aws_writes_it),
        cmocka_unit_test(a_number_of_the_far_future_is_a_time),
        cmocka_unit_test(a_proof_names_key_and_request),
        cmocka_unit_test(another_kind_of_key_makes_no_proof),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
