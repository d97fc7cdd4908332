/* SPDX-License-Identifier: Apache-2.0 */
/* Region, endpoints and certificates: option before environment before
 * files, and nothing is guessed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "aws-files.h"

static struct settings loaded;

static int fresh(void **state)
{
    aws_files_fresh(state);
    setenv("AWS_ACCESS_KEY_ID", "AKID", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "secret", 1);
    memset(&loaded, 0, sizeof(loaded));
    return 0;
}

static int forget(void **state)
{
    (void)state;
    settings_free(&loaded);
    return 0;
}

static const struct settings *load(const char *region, const char *url,
                                   const char *ca)
{
    struct settings_options o = { .region = region, .endpoint_url = url,
                                  .ca_bundle = ca };
    struct err e = ERR_INIT;

    settings_free(&loaded);
    if (settings_load(&o, &loaded, &e) < 0)
        fail_msg("%s", e.msg);
    return &loaded;
}

static void refuse(const char *region, const char *url, enum err_kind kind,
                   const char *words)
{
    struct settings_options o = { .region = region, .endpoint_url = url };
    struct err e = ERR_INIT;

    settings_free(&loaded);
    assert_int_equal(settings_load(&o, &loaded, &e), -1);
    if (e.kind != kind || !strstr(e.msg, words))
        fail_msg("%s: %s", err_kind_name(e.kind), e.msg);
}

/* ---------------------------------------------------------------- region */

static void each_source_of_the_region_wins_over_the_next(void **state)
{
    (void)state;
    config_file("[default]\nregion = eu-west-1\n");
    assert_string_equal(load(NULL, NULL, NULL)->region, "eu-west-1");
    setenv("AWS_DEFAULT_REGION", "eu-west-2", 1);
    assert_string_equal(load(NULL, NULL, NULL)->region, "eu-west-2");
    setenv("AWS_REGION", "eu-west-3", 1);
    assert_string_equal(load(NULL, NULL, NULL)->region, "eu-west-3");
    assert_string_equal(load("eu-north-1", NULL, NULL)->region, "eu-north-1");
}

static void the_default_profile_may_be_written_either_way(void **state)
{
    (void)state;
    config_file("[profile default]\nregion = eu-west-1\n");
    assert_string_equal(load(NULL, NULL, NULL)->region, "eu-west-1");
}

static void no_region_is_not_guessed(void **state)
{
    (void)state;
    refuse(NULL, NULL, ERR_ACCESS, "--region");
}

static void a_region_must_look_like_one(void **state)
{
    (void)state;
    refuse("eu-west-1.evil.example", NULL, ERR_USAGE, "region");
    setenv("AWS_REGION", "Ireland", 1);
    refuse(NULL, NULL, ERR_USAGE, "Ireland");
}

/* ------------------------------------------------------------- endpoints */

static void without_a_url_each_service_has_its_own(void **state)
{
    const struct settings *s = load("eu-west-1", NULL, NULL);

    (void)state;
    assert_string_equal(s->endpoint_url[AWS_EBS],
                        "https://ebs.eu-west-1.amazonaws.com");
    assert_string_equal(s->endpoint_url[AWS_EC2],
                        "https://ec2.eu-west-1.amazonaws.com");
    assert_string_equal(s->endpoint_url[AWS_STS],
                        "https://sts.eu-west-1.amazonaws.com");
}

static const char *ebs_url(const char *option)
{
    return load("eu-west-1", option, NULL)->endpoint_url[AWS_EBS];
}

static void each_source_of_the_endpoint_wins_over_the_next(void **state)
{
    (void)state;
    config_file("[default]\nendpoint_url = https://profile.example\n");
    assert_string_equal(ebs_url(NULL), "https://profile.example");
    config_file("[default]\nendpoint_url = https://profile.example\n"
                "services = here\n"
                "[services here]\nebs =\n"
                "  endpoint_url = https://services.example/\n");
    assert_string_equal(ebs_url(NULL), "https://services.example");
    setenv("AWS_ENDPOINT_URL", "https://all.example", 1);
    assert_string_equal(ebs_url(NULL), "https://all.example");
    setenv("AWS_ENDPOINT_URL_EBS", "https://ebs.example:8443", 1);
    assert_string_equal(ebs_url(NULL), "https://ebs.example:8443");
    assert_string_equal(loaded.endpoint_url[AWS_EC2], "https://all.example");
    assert_string_equal(ebs_url("http://127.0.0.1:4566"),
                        "http://127.0.0.1:4566");
    assert_string_equal(loaded.endpoint_url[AWS_STS],
                        "http://127.0.0.1:4566");
}

static void configured_endpoints_can_be_ignored(void **state)
{
    (void)state;
    config_file("[default]\nendpoint_url = https://profile.example\n");
    setenv("AWS_ENDPOINT_URL", "https://all.example", 1);
    setenv("AWS_ENDPOINT_URL_EBS", "https://ebs.example", 1);
    setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true", 1);
    assert_string_equal(ebs_url(NULL), "https://ebs.eu-west-1.amazonaws.com");
    assert_string_equal(ebs_url("https://option.example"),
                        "https://option.example");
}

static void an_endpoint_that_is_no_url_is_refused(void **state)
{
    (void)state;
    refuse("eu-west-1", "ebs.example", ERR_USAGE, "https://");
    refuse("eu-west-1", "http://10.0.0.1", ERR_USAGE, "plain http");
    setenv("AWS_ENDPOINT_URL_STS", "https://user:pw@sts.example", 1);
    refuse("eu-west-1", NULL, ERR_USAGE, "endpoint");
}

static void fips_and_dualstack_have_their_own_names(void **state)
{
    (void)state;
    setenv("AWS_USE_FIPS_ENDPOINT", "true", 1);
    assert_string_equal(load("us-east-1", NULL, NULL)->endpoint_url[AWS_EBS],
                        "https://ebs-fips.us-east-1.amazonaws.com");
    setenv("AWS_USE_FIPS_ENDPOINT", "false", 1);
    config_file("[default]\nuse_dualstack_endpoint = true\n");
    assert_string_equal(load("us-east-1", NULL, NULL)->endpoint_url[AWS_EBS],
                        "https://ebs.us-east-1.api.aws");
}

static void fips_and_a_custom_endpoint_contradict_each_other(void **state)
{
    (void)state;
    setenv("AWS_USE_FIPS_ENDPOINT", "true", 1);
    refuse("us-east-1", "https://ebs.example", ERR_USAGE, "FIPS");
}

/* ---------------------------------------------------------- certificates */

static void each_source_of_the_ca_bundle_wins_over_the_next(void **state)
{
    (void)state;
    assert_null(load("eu-west-1", NULL, NULL)->ca_bundle);
    config_file("[default]\nca_bundle = /profile.pem\n");
    assert_string_equal(load("eu-west-1", NULL, NULL)->ca_bundle,
                        "/profile.pem");
    setenv("AWS_CA_BUNDLE", "/env.pem", 1);
    assert_string_equal(load("eu-west-1", NULL, NULL)->ca_bundle, "/env.pem");
    assert_string_equal(load("eu-west-1", NULL, "/option.pem")->ca_bundle,
                        "/option.pem");
}

/* ---------------------------------------------------------- other regions */

static const char *endpoint_there(const struct settings *home,
                                  const char *region, enum aws_service s)
{
    static char url[200];
    struct settings there;
    struct err e = ERR_INIT;

    if (settings_in_region(home, region, &there, &e) < 0)
        fail_msg("%s", e.msg);
    assert_string_equal(there.region, region);
    assert_string_equal(there.endpoint_region[s], region);
    assert_ptr_equal(there.identity, home->identity);
    assert_string_equal(there.credentials.access_key_id, "AKID");
    snprintf(url, sizeof(url), "%s", there.endpoint_url[s]);
    settings_free(&there);
    return url;
}

static void another_region_has_the_same_keys_and_its_own_endpoints(void **state)
{
    const struct settings *home = load("eu-west-1", NULL, "/ca.pem");

    (void)state;
    assert_string_equal(endpoint_there(home, "us-west-2", AWS_EC2),
                        "https://ec2.us-west-2.amazonaws.com");
    assert_string_equal(endpoint_there(home, "eu-west-1", AWS_EC2),
                        "https://ec2.eu-west-1.amazonaws.com");
    /* The keys are those of home, and still there. */
    assert_non_null(home->identity);
    assert_string_equal(home->credentials.access_key_id, "AKID");
    setenv("AWS_USE_FIPS_ENDPOINT", "true", 1);
    home = load("us-east-1", NULL, NULL);
    assert_string_equal(endpoint_there(home, "us-west-2", AWS_EC2),
                        "https://ec2-fips.us-west-2.amazonaws.com");
}

static void an_endpoint_of_ones_own_stays_in_another_region(void **state)
{
    const struct settings *home = load("eu-west-1", "https://vpc.example",
                                       NULL);

    (void)state;
    assert_string_equal(endpoint_there(home, "us-west-2", AWS_EC2),
                        "https://vpc.example");
}

static void another_region_must_look_like_one(void **state)
{
    const struct settings *home = load("eu-west-1", NULL, NULL);
    struct settings there;
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(settings_in_region(home, "evil.example/", &there, &e),
                     -1);
    assert_int_equal(e.kind, ERR_USAGE);
    settings_free(&there);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_source_of_the_region_wins_over_the_next),
        TEST(the_default_profile_may_be_written_either_way),
        TEST(no_region_is_not_guessed),
        TEST(a_region_must_look_like_one),
        TEST(without_a_url_each_service_has_its_own),
        TEST(each_source_of_the_endpoint_wins_over_the_next),
        TEST(configured_endpoints_can_be_ignored),
        TEST(an_endpoint_that_is_no_url_is_refused),
        TEST(fips_and_dualstack_have_their_own_names),
        TEST(fips_and_a_custom_endpoint_contradict_each_other),
        TEST(each_source_of_the_ca_bundle_wins_over_the_next),
        TEST(another_region_has_the_same_keys_and_its_own_endpoints),
        TEST(an_endpoint_of_ones_own_stays_in_another_region),
        TEST(another_region_must_look_like_one),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
