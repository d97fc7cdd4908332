/* SPDX-License-Identifier: Apache-2.0 */
/* Signature Version 4 against published vectors: a signature that differs in
 * one bit is refused, so every stage is compared with values that others
 * computed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "aws/sigv4.h"
#include "sigv4-cases.h"

static const char empty_sha256[] =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/* The part of an Authorization header behind "Signature=". */
static const char *signature_in(const struct text *authorization)
{
    const char *at = strstr(authorization->s, "Signature=");

    assert_non_null(at);
    return at + strlen("Signature=");
}

/* ----------------------------------------------------- AWS's own suite */

static void sign_suite_case(const struct suite_case *c, struct text *out)
{
    struct sigv4_header headers[6] = {
        { "Host", suite_host },
        { "X-Amz-Date", suite_key.time },
    };
    const char *body = c->body ? c->body : "";
    char payload[65];
    struct sigv4_request r = {
        .method = c->method,
        .path = c->path,
        .query = c->query ? c->query : "",
        .headers = headers,
        .nheaders = 2,
        .payload_sha256 = payload,
        .normalize_path = !c->unnormalized,
    };

    for (int i = 0; i < 4 && c->headers[i].name; i++)
        headers[r.nheaders++] = c->headers[i];
    assert_int_equal(sigv4_sha256_hex(body, strlen(body), payload), 0);
    assert_int_equal(sigv4_authorization(&r, &suite_key, out, NULL), 0);
}

static void every_case_of_the_aws_suite_has_its_signature(void **state)
{
    size_t n = sizeof(suite_cases) / sizeof(suite_cases[0]);

    (void)state;
    assert_int_equal(n, 38);
    for (size_t i = 0; i < n; i++) {
        const struct suite_case *c = &suite_cases[i];
        autotext struct text out = TEXT_INIT;

        sign_suite_case(c, &out);
        if (strcmp(signature_in(&out), c->signature) != 0)
            fail_msg("%s: signature %s", c->name, signature_in(&out));
    }
}

/* --------------------------------------------- requests of this program */

static const char own_token[] =
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWL"
    "WsKWHGBuFqwAeMicRXmxfPSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQr"
    "mGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HF"
    "vlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scq"
    "Kmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

/* Computed independently, most of them by two implementations. */
static const struct own_case {
    const char *name;
    const char *method;
    const char *path;
    const char *query;
    const char *region, *service;
    struct sigv4_header headers[5]; /* besides x-amz-date */
    const char *body;
    const char *payload;            /* NULL: the hash of the body */
    const char *canonical_sha256;
    const char *signature;
} own_cases[] = {
    {
        .name = "A: a block, its token has + / =",
        .method = "GET",
        .path = "/snapshots/snap-0c900000001b30e2f/blocks/6001",
        .query = "blockToken=AAUBASsPq%2B%2Fk7ZK5JI0yOYaEjrwt5vq4sEPWdwqAyAcI"
                 "S3mHmMMdh6Vi0g%3D%3D",
        .region = "us-east-1",
        .service = "ebs",
        .headers = { { "host", "ebs.us-east-1.amazonaws.com" } },
        .canonical_sha256 =
            "ca2fc20b455a5658ed48471b075ffb06"
            "9492ef06685eadb5ccca7a8d7a12036d",
        .signature =
            "2108f8b5401b0de9331f74018fef238a"
            "ab151efdcc5f01f1f6c1e90f38897c9b",
    },
    {
        .name = "B: the same with a session token",
        .method = "GET",
        .path = "/snapshots/snap-0c900000001b30e2f/blocks/6001",
        .query = "blockToken=AAUBASsPq%2B%2Fk7ZK5JI0yOYaEjrwt5vq4sEPWdwqAyAcI"
                 "S3mHmMMdh6Vi0g%3D%3D",
        .region = "us-east-1",
        .service = "ebs",
        .headers = {
            { "host", "ebs.us-east-1.amazonaws.com" },
            { "x-amz-security-token", own_token },
        },
        .canonical_sha256 =
            "ed72c6d883ed76ab8c93f6a68e4da160"
            "c3bd413836827c0fee120d7baa383fcd",
        .signature =
            "eaab07fab9f91ea124421a2eaf68120f"
            "6b31a05185ced57a15a03bf757a403ca",
    },
    {
        .name = "C: a page of a list",
        .method = "GET",
        .path = "/snapshots/snap-0c900000001b30e2f/blocks",
        .query = "maxResults=10000&pageToken=AlMD-_x1y2"
                 "&startingBlockIndex=1000",
        .region = "eu-west-1",
        .service = "ebs",
        .headers = { { "host", "ebs.eu-west-1.amazonaws.com" } },
        .canonical_sha256 =
            "fd512c1d7b0db66bdea9640ef9afe622"
            "da8c1385aaa196626abb4a489eac4577",
        .signature =
            "4c43df2300b9b7c94a9ed9fc2d08e4ef"
            "97c0521faf78f72d3a936bb816e351f9",
    },
    {
        .name = "D: the Host header has a port",
        .method = "GET",
        .path = "/snapshots/snap-0c900000001b30e2f/blocks",
        .query = "maxResults=100",
        .region = "us-east-1",
        .service = "ebs",
        .headers = { { "host", "127.0.0.1:4566" } },
        .canonical_sha256 =
            "4515e946f9b00f8d857bf4169b0684f5"
            "65b3a824e6b80f2fb1622bdc39d84f6f",
        .signature =
            "ea39ada6e57e506de236f8939a97524b"
            "cdcb68a915fff0f74e2e00dea40a4472",
    },
    {
        .name = "E: STS, a form",
        .method = "POST",
        .path = "/",
        .query = "",
        .region = "us-east-1",
        .service = "sts",
        .headers = {
            { "host", "sts.us-east-1.amazonaws.com" },
            { "content-type",
              "application/x-www-form-urlencoded; charset=utf-8" },
        },
        .body = "Action=GetCallerIdentity&Version=2011-06-15",
        .canonical_sha256 =
            "d72269d0797eb6a86b2b83727f2615ac"
            "fcd9637c66cde44a3cd8c1f8d20690e9",
        .signature =
            "c49a290255eafd2fe3817978bf130a76"
            "8601d45d89db3ab9e6423d2731ef0d44",
    },
    {
        .name = "F: EC2, a form",
        .method = "POST",
        .path = "/",
        .query = "",
        .region = "us-east-1",
        .service = "ec2",
        .headers = {
            { "host", "ec2.us-east-1.amazonaws.com" },
            { "content-type",
              "application/x-www-form-urlencoded; charset=utf-8" },
        },
        .body = "Action=DescribeSnapshots"
                "&SnapshotId.1=snap-0c900000001b30e2f&Version=2016-11-15",
        .canonical_sha256 =
            "493c9e13a34f6b3ebda0fea865d6213f"
            "1acbb96d63c201c1b4f7385aa3897313",
        .signature =
            "224aeb102c7cb07c4185afd8fefdb2c2"
            "d2ed316e3f7887ca7d17c9a8e0613e0b",
    },
    {
        .name = "G: a body that is not signed",
        .method = "PUT",
        .path = "/snapshots/snap-0c900000001b30e2f/blocks/0",
        .query = "",
        .region = "us-east-1",
        .service = "ebs",
        .headers = {
            { "host", "ebs.us-east-1.amazonaws.com" },
            { "x-amz-checksum",
              "B4VNL+8pega6gWheZgwzLeNtXRjVRpJ9MNqtbX/aFUE=" },
            { "x-amz-checksum-algorithm", "SHA256" },
            { "x-amz-content-sha256", "UNSIGNED-PAYLOAD" },
            { "x-amz-data-length", "524288" },
        },
        .payload = "UNSIGNED-PAYLOAD",
        .canonical_sha256 =
            "45641de99ffa4a6c697006144b755f01"
            "bf545c9d7a59f5dcdfc3acdaf2fd944b",
        .signature =
            "f5c6b71031df8963df6dde6a964cfebb"
            "da09b07a28b0385b9e9859dfb77b08b8",
    },
};

static const char own_time[] = "20260801T120000Z";

static void check_own_case(const struct own_case *c)
{
    struct sigv4_header headers[6] = { { "x-amz-date", own_time } };
    char payload[65];
    char sha[65];
    autotext struct text canonical = TEXT_INIT;
    autotext struct text out = TEXT_INIT;
    struct sigv4_request r = {
        .method = c->method,
        .path = c->path,
        .query = c->query,
        .headers = headers,
        .nheaders = 1,
        .payload_sha256 = c->payload ? c->payload : payload,
        .normalize_path = true,
    };
    struct sigv4_key k = suite_key;

    k.region = c->region;
    k.service = c->service;
    k.time = own_time;
    for (int i = 0; i < 5 && c->headers[i].name; i++)
        headers[r.nheaders++] = c->headers[i];
    sigv4_sha256_hex(c->body ? c->body : "", c->body ? strlen(c->body) : 0,
                     payload);
    assert_int_equal(sigv4_canonical(&r, &canonical), 0);
    sigv4_sha256_hex(canonical.s, canonical.len, sha);
    if (strcmp(sha, c->canonical_sha256) != 0)
        fail_msg("%s: canonical request\n%s", c->name, canonical.s);
    assert_int_equal(sigv4_authorization(&r, &k, &out, NULL), 0);
    if (strcmp(signature_in(&out), c->signature) != 0)
        fail_msg("%s: signature %s", c->name, signature_in(&out));
}

static void requests_of_this_program_have_their_signatures(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(own_cases) / sizeof(own_cases[0]); i++)
        check_own_case(&own_cases[i]);
}

/* --------------------------------------------------------------- details */

static void canonical(const char *path, const char *query, bool normalize,
                      struct text *out)
{
    struct sigv4_header host = { "host", "h" };
    struct sigv4_request r = {
        .method = "GET",
        .path = path,
        .query = query,
        .headers = &host,
        .nheaders = 1,
        .payload_sha256 = empty_sha256,
        .normalize_path = normalize,
    };

    assert_int_equal(sigv4_canonical(&r, out), 0);
}

/* One line of a canonical request, counted from 0. */
static void expect_line(const char *path, const char *query, bool normalize,
                        int line, const char *expected)
{
    autotext struct text out = TEXT_INIT;
    char *rest;
    char *l = NULL;

    canonical(path, query, normalize, &out);
    rest = out.s;
    while (line-- >= 0)
        l = strsep(&rest, "\n");
    assert_string_equal(l, expected);
}

static void a_query_is_sorted_by_encoded_name_and_then_value(void **state)
{
    (void)state;
    expect_line("/", "b=2&a=%2F&a=%2B&B=1", true, 2, "B=1&a=%2B&a=%2F&b=2");
}

static void a_parameter_without_a_value_gets_an_equals_sign(void **state)
{
    (void)state;
    expect_line("/", "uploads&acl=", true, 2, "acl=&uploads=");
}

static void escapes_in_a_query_are_not_escaped_again(void **state)
{
    (void)state;
    expect_line("/", "t=a%2Bb+c%", true, 2, "t=a%2Bb%2Bc%25");
}

static void an_encoded_path_is_encoded_once_more(void **state)
{
    (void)state;
    expect_line("/a%20b/c", "", true, 1, "/a%2520b/c");
}

static void an_s3_path_is_signed_as_it_is(void **state)
{
    (void)state;
    expect_line("/a%20b//../c", "", false, 1, "/a%20b//../c");
}

static void dots_cannot_climb_above_the_root(void **state)
{
    (void)state;
    expect_line("/../../a/./b/..", "", true, 1, "/a/");
}

static void an_empty_path_is_the_root(void **state)
{
    (void)state;
    expect_line("", "", true, 1, "/");
    expect_line("", "", false, 1, "/");
}

static void the_header_names_key_scope_and_signed_headers(void **state)
{
    struct sigv4_header headers[] = {
        { "X-Amz-Date", "20150830T123600Z" },
        { "Host", "example.amazonaws.com" },
    };
    struct sigv4_request r = {
        .method = "GET",
        .path = "/",
        .query = "",
        .headers = headers,
        .nheaders = 2,
        .payload_sha256 = empty_sha256,
        .normalize_path = true,
    };
    autotext struct text out = TEXT_INIT;

    (void)state;
    assert_int_equal(sigv4_authorization(&r, &suite_key, &out, NULL), 0);
    assert_string_equal(
        out.s,
        "AWS4-HMAC-SHA256 "
        "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        "SignedHeaders=host;x-amz-date, "
        "Signature=5fa00fa31553b73ebf1942676e86291e"
        "8372ff2a2260956d9b8aae1d763fbf31");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_of_the_aws_suite_has_its_signature),
        cmocka_unit_test(requests_of_this_program_have_their_signatures),
        cmocka_unit_test(a_query_is_sorted_by_encoded_name_and_then_value),
        cmocka_unit_test(a_parameter_without_a_value_gets_an_equals_sign),
        cmocka_unit_test(escapes_in_a_query_are_not_escaped_again),
        cmocka_unit_test(an_encoded_path_is_encoded_once_more),
        cmocka_unit_test(an_s3_path_is_signed_as_it_is),
        cmocka_unit_test(dots_cannot_climb_above_the_root),
        cmocka_unit_test(an_empty_path_is_the_root),
        cmocka_unit_test(the_header_names_key_scope_and_signed_headers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
