/* SPDX-License-Identifier: Apache-2.0 */
/* Host names by region, and the URLs that people give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "aws/endpoint.h"

static const struct endpoint_wish none;

static enum aws_service service_of(const char *name)
{
    enum aws_service s = 0;

    while (strcmp(endpoint_service_name(s), name) != 0)
        if (++s == AWS_SERVICES)
            fail_msg("no service %s", name);
    return s;
}

static void compare_row(const char *line)
{
    char service[16], region[64], url[128];
    autotext struct text own = TEXT_INIT;
    struct endpoint_wish wish;
    int fips, dual;
    struct err e;

    assert_int_equal(sscanf(line, "%15s %63s %d %d %127s", service, region,
                            &fips, &dual, url), 5);
    wish = (struct endpoint_wish){ .fips = fips, .dualstack = dual };
    assert_int_equal(endpoint_url(service_of(service), region, &wish, &own,
                                  &e), 0);
    assert_string_equal(own.s, url);
    assert_true(endpoint_is_usual(service_of(service), region, url));
}

/* Every partition, region, service, FIPS and dual-stack. */
static void every_host_name_is_the_one_that_botocore_resolves(void **state)
{
    const char *srcdir = getenv("srcdir");
    char path[4096], line[512];
    unsigned rows = 0;
    FILE *f;

    (void)state;
    snprintf(path, sizeof(path), "%s/tests/data/botocore/endpoints.tsv",
             srcdir ? srcdir : ".");
    f = fopen(path, "r");
    assert_non_null(f);
    while (fgets(line, sizeof(line), f)) {
        if (line[0] == '#')
            continue;
        compare_row(line);
        rows++;
    }
    fclose(f);
    assert_true(rows > 1000);
}

static void an_unknown_region_is_looked_for_in_the_ordinary_part(void **state)
{
    autotext struct text url = TEXT_INIT;
    struct err e;

    (void)state;
    assert_int_equal(endpoint_url(AWS_EBS, "xx-future-9", &none, &url, &e),
                     0);
    assert_string_equal(url.s, "https://ebs.xx-future-9.amazonaws.com");
}

static void a_region_cannot_smuggle_a_host(void **state)
{
    static const char *const wrong[] = {
        "", "evil.example/", "us-east-1.evil.example", "US-EAST-1",
        "us east 1", "us-east-1\n", "us_east_1", "u@h",
        "a234567890123456789012345678901234567890123456789012345678901234",
    };
    struct err e;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        autotext struct text url = TEXT_INIT;

        assert_false(endpoint_region_valid(wrong[i]));
        assert_int_equal(endpoint_url(AWS_EBS, wrong[i], &none, &url, &e),
                         -1);
    }
}

static void a_url_is_taken_apart(void **state)
{
    static const struct {
        const char *url, *host, *path;
    } rows[] = {
        { "https://example.com", "example.com", "" },
        { "https://example.com/", "example.com", "" },
        { "https://example.com:443", "example.com", "" },
        { "https://example.com:8443", "example.com:8443", "" },
        { "https://example.com/ebs/", "example.com", "/ebs" },
        { "https://vpce-1.ebs.eu-west-1.vpce.amazonaws.com",
          "vpce-1.ebs.eu-west-1.vpce.amazonaws.com", "" },
        { "http://127.0.0.1:4566", "127.0.0.1:4566", "" },
        { "http://127.8.9.10", "127.8.9.10", "" },
        { "http://localhost:80/a/b", "localhost", "/a/b" },
        { "http://[::1]:4566", "[::1]:4566", "" },
        { "https://[fd00::1]", "[fd00::1]", "" },
        { "https://10.0.0.1:8443", "10.0.0.1:8443", "" },
        { "https://3com.example", "3com.example", "" },
        { "https://4th", "4th", "" },
        { "https://a_b.x-", "a_b.x-", "" },
    };
    struct err e;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct endpoint p;

        if (endpoint_parse(rows[i].url, &p, &e) < 0)
            fail_msg("%s: %s", rows[i].url, e.msg);
        assert_string_equal(p.host.s, rows[i].host);
        assert_string_equal(p.path.s, rows[i].path);
        endpoint_free(&p);
    }
}

static void what_is_no_plain_url_is_refused(void **state)
{
    static const char *const wrong[] = {
        "",
        "example.com",
        "ftp://example.com",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://user:secret@example.com",
        "https://example.com:0",
        "https://example.com:65536",
        "https://example.com:123456",
        "https://example.com:",
        "https://example.com:https",
        "https://example.com/?x=1",
        "https://example.com/#x",
        "https://example.com/a b",
        "https://example.com/a%20b",
        "https://example.com/../x",
        "https://example.com//x",
        "https://example.com\r\nX: y",
        "https://[::1",
        "https://[]",
        "https://exa mple.com",
        " https://example.com",
        "http://127.999.0.1",
        "http://127.0.0.256",
        "http://127.0..1",
        "http://127.0.0.01",
        "http://127.0.0.1.",
        "http://127.0.0.1.2",
        "http://127.1",
        "http://0x7f000001",
        "http://0x7f.1",
        "http://2130706433",
        "https://127.1",
        "https://example.0x1f",
        "https://[::1::2]",
        "https://[fe80::1%eth0]",
        "https://[127.0.0.1]",
        "https://-example.com",
        "https://example.-com",
        "https://.example.com",
        "https://example..com",
        "http://127.0.0.1@evil.example",
        "HTTP://127.0.0.1",
    };
    struct err e;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct endpoint p;

        if (endpoint_parse(wrong[i], &p, &e) == 0)
            fail_msg("\"%s\" was accepted", wrong[i]);
        assert_int_equal(e.kind, ERR_USAGE);
        endpoint_free(&p);
    }
}

static void a_refused_url_is_shown_without_its_password(void **state)
{
    static const char *const wrong[] = {
        "https://user:secret@example.com", "https://secret@",
        "https://a@b:secret@bad host", "http://user:secret@127.0.0.1",
        "ftp://user:secret@example.com", "//secret@x", "user:secret@x",
        "https:/user:secret@x",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct err e = ERR_INIT;
        struct endpoint p;

        assert_int_equal(endpoint_parse(wrong[i], &p, &e), -1);
        assert_non_null(strstr(e.msg, "[removed]@"));
        assert_null(strstr(e.msg, "secret"));
        endpoint_free(&p);
    }
}

static void each_region_is_in_a_partition(void **state)
{
    static const struct {
        const char *region, *partition;
    } rows[] = {
        { "eu-central-1", "aws" },      { "cn-north-1", "aws-cn" },
        { "us-gov-west-1", "aws-us-gov" }, { "us-iso-east-1", "aws-iso" },
        { "us-isob-east-1", "aws-iso-b" }, { "eu-isoe-west-1", "aws-iso-e" },
        { "us-isof-south-1", "aws-iso-f" }, { "eusc-de-east-1", "aws-eusc" },
        { "xx-new-1", "aws" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(endpoint_partition(rows[i].region),
                            rows[i].partition);
}

static void only_the_hosts_of_aws_itself_are_usual(void **state)
{
    static const struct {
        enum aws_service service;
        const char *url;
        bool usual;
    } rows[] = {
        { AWS_EBS, "https://ebs.us-east-1.amazonaws.com", true },
        { AWS_EBS, "https://ebs-fips.us-east-1.amazonaws.com", true },
        { AWS_EBS, "https://ebs.us-east-1.api.aws", true },
        { AWS_EBS, "https://ebs-fips.us-east-1.api.aws", true },
        { AWS_EC2, "https://ec2.us-east-1.amazonaws.com", true },
        { AWS_EC2, "https://ebs.us-east-1.amazonaws.com", false },
        { AWS_EBS, "https://ebs.us-east-2.amazonaws.com", false },
        { AWS_EBS, "https://ebs.us-east-1.amazonaws.com/x", false },
        { AWS_EBS, "https://ebs.us-east-1.amazonaws.com:444", false },
        { AWS_EBS, "http://127.0.0.1:4566", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (endpoint_is_usual(rows[i].service, "us-east-1", rows[i].url)
            != rows[i].usual)
            fail_msg("%s", rows[i].url);
    assert_true(endpoint_is_usual(AWS_STS, "us-iso-east-1",
                                  "https://sts.us-iso-east-1.c2s.ic.gov"));
}

static void plain_http_stays_on_this_machine(void **state)
{
    static const char *const wrong[] = {
        "http://example.com",         "http://10.0.0.1",
        "http://127.evil.example",    "http://127.0.0.1.evil.example",
        "http://localhost.evil.example", "http://[::2]",
        "http://localhost.",          "http://LOCALHOST",
        "http://[::ffff:127.0.0.1]",  "http://0.0.0.0",
        "http://128.0.0.1",           "http://[::]",
        "http://127.a",               "http://127-0-0-1.example",
    };
    struct err e;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct endpoint p;

        assert_int_equal(endpoint_parse(wrong[i], &p, &e), -1);
        assert_int_equal(e.kind, ERR_USAGE);
        assert_non_null(strstr(e.msg, "plain http"));
        endpoint_free(&p);
    }
}

/* One that nobody knows is taken for an ordinary one, like its host names. */
static void each_region_is_of_a_partition(void **state)
{
    static const char *const rows[][2] = {
        { "us-east-1", "aws" },          { "xx-future-9", "aws" },
        { "cn-north-1", "aws-cn" },      { "us-gov-west-1", "aws-us-gov" },
        { "us-iso-east-1", "aws-iso" },  { "us-isob-east-1", "aws-iso-b" },
        { "eu-isoe-west-1", "aws-iso-e" }, { "us-isof-south-1", "aws-iso-f" },
        { "eusc-de-east-1", "aws-eusc" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(endpoint_partition(rows[i][0]), rows[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_host_name_is_the_one_that_botocore_resolves),
        cmocka_unit_test(each_region_is_of_a_partition),
        cmocka_unit_test(
            an_unknown_region_is_looked_for_in_the_ordinary_part),
        cmocka_unit_test(a_region_cannot_smuggle_a_host),
        cmocka_unit_test(a_url_is_taken_apart),
        cmocka_unit_test(what_is_no_plain_url_is_refused),
        cmocka_unit_test(plain_http_stays_on_this_machine),
        cmocka_unit_test(a_refused_url_is_shown_without_its_password),
        cmocka_unit_test(each_region_is_in_a_partition),
        cmocka_unit_test(only_the_hosts_of_aws_itself_are_usual),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
