/* SPDX-License-Identifier: Apache-2.0 */
/* One row for each documented error, in both dialects: what it means decides
 * whether an image goes on, waits, or ends, and with which exit status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "aws/verdict.h"

static const char coral[] = "http://internal.amazon.com/coral/";

static void set(struct http_answer *a, int status, const char *headers,
                const char *body)
{
    memset(a, 0, sizeof(*a));
    a->status = status;
    text_addf(&a->headers, "HTTP/1.1 %d x\r\n%s\r\n", status, headers);
    text_add(&a->body, body);
    a->len = a->body.len;
}

static void drop(struct http_answer *a)
{
    text_free(&a->headers);
    text_free(&a->body);
}

static enum verdict judge(int status, const char *headers, const char *body,
                          struct err *e)
{
    struct http_answer a;
    enum verdict v;

    memset(e, 0, sizeof(*e));
    set(&a, status, headers, body);
    v = verdict_of(&a, e);
    drop(&a);
    return v;
}

/* ------------------------------------------------------- documented errors */

struct row {
    int status;
    const char *type;   /* NULL: none is told */
    const char *reason; /* NULL: none is told */
    enum verdict verdict;
    enum err_kind kind;
    const char *hint;   /* words that the sentence must have */
};

static const struct row json_rows[] = {
    /* EBS: the model's exceptions with their Reasons. */
    { 403, "AccessDeniedException", "UNAUTHORIZED_ACCOUNT", V_GIVE_UP,
      ERR_ACCESS, "share" },
    { 403, "AccessDeniedException", "DEPENDENCY_ACCESS_DENIED", V_GIVE_UP,
      ERR_ACCESS, "kms:Decrypt" },
    { 403, "AccessDeniedException", NULL, V_GIVE_UP, ERR_ACCESS, "right" },
    { 400, "AccessDeniedException", NULL, V_GIVE_UP, ERR_ACCESS, "right" },
    { 400, "ValidationException", "INVALID_CUSTOMER_KEY", V_GIVE_UP,
      ERR_ACCESS, "KMS" },
    { 400, "ValidationException", "INVALID_PAGE_TOKEN", V_STALE_PAGE_TOKEN,
      ERR_SERVICE, "page" },
    { 400, "ValidationException", "INVALID_BLOCK_TOKEN", V_STALE_BLOCK_TOKEN,
      ERR_SERVICE, "block" },
    { 400, "ValidationException", "INVALID_GRANT_TOKEN", V_GIVE_UP,
      ERR_ACCESS, "grant" },
    { 400, "ValidationException", "INVALID_SNAPSHOT_ID", V_GIVE_UP,
      ERR_SOURCE, "public" },
    { 400, "ValidationException", "UNRELATED_SNAPSHOTS", V_GIVE_UP,
      ERR_SOURCE, "volume" },
    { 412, "DryRunOperation", NULL, V_GIVE_UP, ERR_SERVICE, "allowed" },
    { 400, "ValidationException", "INVALID_BLOCK", V_GIVE_UP, ERR_SERVICE,
      "INVALID_BLOCK" },
    { 400, "ValidationException", "INVALID_DEPENDENCY_REQUEST", V_GIVE_UP,
      ERR_ACCESS, "disabled" },
    { 400, "ValidationException", "INVALID_PARAMETER_VALUE", V_GIVE_UP,
      ERR_SERVICE, "INVALID_PARAMETER_VALUE" },
    { 400, "ValidationException", NULL, V_GIVE_UP, ERR_SERVICE,
      "refuses the request" },
    { 404, "ResourceNotFoundException", "SNAPSHOT_NOT_FOUND", V_NOT_READY,
      ERR_SOURCE, "another region" },
    { 404, "ResourceNotFoundException", "GRANT_NOT_FOUND", V_GIVE_UP,
      ERR_ACCESS, "grant" },
    { 404, "ResourceNotFoundException", "DEPENDENCY_RESOURCE_NOT_FOUND",
      V_GIVE_UP, ERR_ACCESS, "kms:DescribeKey" },
    { 404, "ResourceNotFoundException", "IMAGE_NOT_FOUND", V_GIVE_UP,
      ERR_SOURCE, "IMAGE_NOT_FOUND" },
    { 404, "ResourceNotFoundException", NULL, V_GIVE_UP, ERR_SOURCE,
      "does not know" },
    { 400, "RequestThrottledException", "ACCOUNT_THROTTLED", V_SLOW_DOWN,
      ERR_SERVICE, "fewer" },
    { 400, "RequestThrottledException", "DEPENDENCY_REQUEST_THROTTLED",
      V_SLOW_DOWN, ERR_SERVICE, "fewer" },
    { 400, "RequestThrottledException", "RESOURCE_LEVEL_THROTTLE",
      V_SLOW_DOWN, ERR_SERVICE, "fewer" },
    { 400, "RequestThrottledException", NULL, V_SLOW_DOWN, ERR_SERVICE,
      "fewer" },
    { 400, "ThrottlingException", NULL, V_SLOW_DOWN, ERR_SERVICE, "fewer" },
    { 402, "ServiceQuotaExceededException",
      "DEPENDENCY_SERVICE_QUOTA_EXCEEDED", V_GIVE_UP, ERR_SERVICE, "quota" },
    { 500, "InternalServerException", NULL, V_RETRY, ERR_SERVICE,
      "problem of its own" },

    /* Signatures, keys and clocks. */
    { 403, "InvalidSignatureException", NULL, V_CLOCK, ERR_ACCESS, "clock" },
    { 403, "SignatureDoesNotMatch", NULL, V_CLOCK, ERR_ACCESS, "clock" },
    { 403, "RequestTimeTooSkewed", NULL, V_CLOCK, ERR_ACCESS, "clock" },
    { 403, "RequestInTheFuture", NULL, V_CLOCK, ERR_ACCESS, "clock" },
    { 400, "RequestExpired", NULL, V_CLOCK, ERR_ACCESS, "clock" },
    { 403, "ExpiredTokenException", NULL, V_RENEW, ERR_ACCESS, "expired" },
    { 400, "ExpiredTokenException", NULL, V_RENEW, ERR_ACCESS, "expired" },
    { 403, "UnrecognizedClientException", NULL, V_GIVE_UP, ERR_ACCESS,
      "access key" },
    { 403, "MissingAuthenticationTokenException", NULL, V_GIVE_UP,
      ERR_ACCESS, "signature" },
    { 400, "IncompleteSignatureException", NULL, V_GIVE_UP, ERR_ACCESS,
      "signature" },

    /* What services have in common. */
    { 429, "TooManyRequestsException", NULL, V_SLOW_DOWN, ERR_SERVICE,
      "fewer" },
    { 429, NULL, NULL, V_SLOW_DOWN, ERR_SERVICE, "fewer" },
    { 400, "LimitExceededException", NULL, V_SLOW_DOWN, ERR_SERVICE,
      "fewer" },
    { 400, "RequestTimeoutException", NULL, V_RETRY, ERR_SERVICE, "problem" },
    { 503, "ServiceUnavailableException", NULL, V_RETRY, ERR_SERVICE,
      "problem" },
    { 403, "OptInRequired", NULL, V_GIVE_UP, ERR_ACCESS, "subscribed" },

    /* Nothing but a status. */
    { 500, NULL, NULL, V_RETRY, ERR_SERVICE, "HTTP 500" },
    { 502, NULL, NULL, V_RETRY, ERR_SERVICE, "HTTP 502" },
    { 503, NULL, NULL, V_RETRY, ERR_SERVICE, "HTTP 503" },
    { 504, NULL, NULL, V_RETRY, ERR_SERVICE, "HTTP 504" },
    { 408, NULL, NULL, V_RETRY, ERR_SERVICE, "HTTP 408" },
    { 400, NULL, NULL, V_GIVE_UP, ERR_SERVICE, "HTTP 400" },
    { 401, NULL, NULL, V_GIVE_UP, ERR_ACCESS, "HTTP 401" },
    { 402, NULL, NULL, V_GIVE_UP, ERR_SERVICE, "quota" },
    { 403, NULL, NULL, V_GIVE_UP, ERR_ACCESS, "HTTP 403" },
    { 404, NULL, NULL, V_GIVE_UP, ERR_SOURCE, "HTTP 404" },
    { 405, NULL, NULL, V_GIVE_UP, ERR_SERVICE, "HTTP 405" },
    { 407, NULL, NULL, V_GIVE_UP, ERR_ACCESS, "proxy" },
    { 301, NULL, NULL, V_GIVE_UP, ERR_SERVICE, "redirection" },
    { 302, NULL, NULL, V_GIVE_UP, ERR_SERVICE, "login page" },
    { 201, NULL, NULL, V_GIVE_UP, ERR_SERVICE, "success" },
    { 204, NULL, NULL, V_GIVE_UP, ERR_SERVICE, "success" },
    { 206, NULL, NULL, V_GIVE_UP, ERR_SERVICE, "success" },
    { 999, NULL, NULL, V_GIVE_UP, ERR_SERVICE, "no sense" },

    /* Types that nobody has told us of. */
    { 400, "BrandNewException", NULL, V_GIVE_UP, ERR_SERVICE,
      "BrandNewException" },
    { 403, "BrandNewException", "NEW_REASON", V_GIVE_UP, ERR_ACCESS,
      "BrandNewException/NEW_REASON" },
    { 404, "BrandNewException", NULL, V_GIVE_UP, ERR_SOURCE,
      "BrandNewException" },
    { 500, "BrandNewException", NULL, V_RETRY, ERR_SERVICE,
      "BrandNewException" },
};

static void check(const struct row *r, const char *dialect,
                  const char *headers, const char *body)
{
    struct err e;
    enum verdict v = judge(r->status, headers, body, &e);

    if (v != r->verdict || e.kind != r->kind || !strstr(e.msg, r->hint))
        fail_msg("%s: %d %s/%s is \"%s\", %s: %s", dialect, r->status,
                 r->type ? r->type : "-", r->reason ? r->reason : "-",
                 verdict_name(v), err_kind_name(e.kind), e.msg);
    assert_int_equal(e.http_status, r->status);
}

static void service_errors_are_judged_by_type_and_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(json_rows) / sizeof(json_rows[0]); i++) {
        const struct row *r = &json_rows[i];
        char headers[256] = "";
        char body[256];

        if (r->type)
            snprintf(headers, sizeof(headers), "x-amzn-ErrorType: %s:%s"
                     "com.amazon.zeppelindataservice/\r\n", r->type, coral);
        snprintf(body, sizeof(body), r->reason
                 ? "{\"Message\":\"words\",\"Reason\":\"%s\"}"
                 : "{\"Message\":\"words\"}", r->reason);
        check(r, "service", headers, body);
    }
}

static void framework_errors_have_their_type_in_the_body_too(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(json_rows) / sizeof(json_rows[0]); i++) {
        const struct row *r = &json_rows[i];
        char body[256];

        if (!r->type || r->reason)
            continue;
        snprintf(body, sizeof(body), "{\"__type\":\"com.amazon.coral.service#"
                 "%s\",\"message\":\"words\"}", r->type);
        check(r, "__type", "", body);
        snprintf(body, sizeof(body), "{\"code\":\"%s\",\"message\":\"words\"}",
                 r->type);
        check(r, "code", "", body);
    }
}

static const struct row xml_rows[] = {
    { 400, "InvalidSnapshot.NotFound", NULL, V_GIVE_UP, ERR_SOURCE,
      "another region" },
    { 400, "InvalidSnapshotID.Malformed", NULL, V_GIVE_UP, ERR_SOURCE,
      "id" },
    { 400, "InvalidVolume.NotFound", NULL, V_GIVE_UP, ERR_SOURCE, "volume" },
    { 403, "UnauthorizedOperation", NULL, V_GIVE_UP, ERR_ACCESS, "right" },
    { 403, "AccessDenied", NULL, V_GIVE_UP, ERR_ACCESS, "right" },
    { 503, "RequestLimitExceeded", NULL, V_SLOW_DOWN, ERR_SERVICE, "fewer" },
    { 400, "Throttling", NULL, V_SLOW_DOWN, ERR_SERVICE, "fewer" },
    { 401, "AuthFailure", NULL, V_CLOCK, ERR_ACCESS, "clock" },
    { 403, "SignatureDoesNotMatch", NULL, V_CLOCK, ERR_ACCESS, "clock" },
    { 400, "RequestExpired", NULL, V_CLOCK, ERR_ACCESS, "clock" },
    { 403, "ExpiredToken", NULL, V_RENEW, ERR_ACCESS, "expired" },
    { 403, "InvalidClientTokenId", NULL, V_GIVE_UP, ERR_ACCESS,
      "access key" },
    { 403, "MissingAuthenticationToken", NULL, V_GIVE_UP, ERR_ACCESS,
      "signature" },
    { 400, "IncompleteSignature", NULL, V_GIVE_UP, ERR_ACCESS, "signature" },
    { 403, "RegionDisabledException", NULL, V_GIVE_UP, ERR_ACCESS,
      "enabled" },
    { 400, "IDPCommunicationError", NULL, V_RETRY, ERR_SERVICE, "identity" },
    { 500, "InternalError", NULL, V_RETRY, ERR_SERVICE, "problem" },
    { 500, "InternalFailure", NULL, V_RETRY, ERR_SERVICE, "problem" },
    { 503, "Unavailable", NULL, V_RETRY, ERR_SERVICE, "problem" },
    { 503, "ServiceUnavailable", NULL, V_RETRY, ERR_SERVICE, "problem" },
};

static void ec2_and_sts_errors_are_xml(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(xml_rows) / sizeof(xml_rows[0]); i++) {
        const struct row *r = &xml_rows[i];
        char body[512];

        snprintf(body, sizeof(body), "<?xml version=\"1.0\"?>\n"
                 "<Response><Errors><Error><Code>%s</Code><Message>words"
                 "</Message></Error></Errors><RequestID>1</RequestID>"
                 "</Response>", r->type);
        check(r, "EC2", "", body);
        snprintf(body, sizeof(body), "<ErrorResponse xmlns=\"https://sts."
                 "amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>"
                 "<Code>%s</Code><Message>words</Message></Error>"
                 "<RequestId>1</RequestId></ErrorResponse>", r->type);
        check(r, "STS", "", body);
    }
}

/* ------------------------------------- a signature for something else */

static void a_region_that_the_answer_names_is_told(void **state)
{
    static const struct {
        const char *message;
        enum verdict verdict;
        const char *says;
    } rows[] = {
        { "Credential should be scoped to a valid region, not 'us-east-1'. ",
          V_GIVE_UP, "another region than us-east-1," },
        { "Credential should be scoped to a valid region.",
          V_GIVE_UP, "another region than the one" },
        { "Credential should be scoped to a valid region, not 'a b\x1b[1m'.",
          V_GIVE_UP, "another region than the one" },
        { "Credential should be scoped to a valid region, not 'us-east-1",
          V_GIVE_UP, "another region than the one" },
        { "Credential should be scoped to a valid region, not ''.",
          V_GIVE_UP, "another region than the one" },
        { "the region 'us-east-1' is wrong; expecting 'eu-west-1'",
          V_GIVE_UP, "the region eu-west-1," },
        { "Credential should be scoped to correct service: 'ec2'.",
          V_GIVE_UP, "the service ec2," },
        { "Signature expired: it is now earlier", V_CLOCK, "clock" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char body[256];
        struct err e;

        snprintf(body, sizeof(body), "{\"message\":\"%s\"}",
                 rows[i].message);
        assert_int_equal(judge(403, "x-amzn-ErrorType: InvalidSignature"
                               "Exception\r\n", body, &e),
                         rows[i].verdict);
        assert_int_equal(e.kind, ERR_ACCESS);
        if (!strstr(e.msg, rows[i].says))
            fail_msg("%s: %s", rows[i].message, e.msg);
        assert_int_equal(strstr(e.msg, "clock") != NULL,
                         rows[i].verdict == V_CLOCK);
    }
}

/* -------------------------------------------------------- no whole answer */

static void a_broken_transfer_is_tried_again_but_bad_tls_is_not(void **state)
{
    static const struct {
        enum http_fault fault;
        enum verdict verdict;
    } rows[] = {
        { HTTP_NO_HOST, V_RETRY },  { HTTP_NO_CONNECT, V_RETRY },
        { HTTP_BAD_TLS, V_GIVE_UP }, { HTTP_TIMEOUT, V_RETRY },
        { HTTP_BROKEN, V_RETRY },   { HTTP_TOO_LARGE, V_RETRY },
        { HTTP_CANCELLED, V_RETRY },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct http_answer a = { .fault = rows[i].fault, .status = 200,
                                 .fault_text = "libcurl's words" };
        struct err e = ERR_INIT;

        assert_int_equal(verdict_of(&a, &e), rows[i].verdict);
        assert_int_equal(e.kind, ERR_SERVICE);
        assert_non_null(strstr(e.msg, "libcurl's words"));
    }
}

static void a_whole_200_is_the_only_success(void **state)
{
    struct err e;

    (void)state;
    assert_int_equal(judge(200, "", "anything", &e), V_OK);
    assert_int_equal(e.kind, ERR_NONE);
}

/* ------------------------------------------------------------ hostile text */

static struct fault read_fault(int status, const char *headers,
                               const char *body)
{
    struct http_answer a;
    struct fault f;

    set(&a, status, headers, body);
    fault_read(&a, &f);
    drop(&a);
    return f;
}

static void what_is_no_error_document_leaves_the_status_alone(void **state)
{
    static const char *const bodies[] = {
        "",
        "   ",
        "<html><body><h1>502 Bad Gateway</h1></body></html>",
        "<html><br></html>",
        "Bad Gateway",
        "{",
        "{\"Message\":",
        "[]",
        "null",
        "{\"Reason\":5,\"Message\":{},\"__type\":null}",
        "<Response><Errors><Error><Code>Throttling</Code>",
        "<Response><Other><Code>Throttling</Code></Other></Response>",
        "<Response><Error><A><Code>Throttling</Code></A></Error></Response>",
        "\x1f\x8b\x08",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        struct fault f = read_fault(502, "", bodies[i]);

        assert_int_equal(f.status, 502);
        assert_string_equal(f.type, "");
        assert_string_equal(f.reason, "");
    }
}

static void the_header_wins_over_the_body(void **state)
{
    struct fault f = read_fault(
        400, "X-AMZN-ERRORTYPE: ValidationException\r\n",
        "{\"__type\":\"ThrottlingException\",\"Reason\":\"INVALID_BLOCK\"}");

    (void)state;
    assert_string_equal(f.type, "ValidationException");
    assert_string_equal(f.reason, "INVALID_BLOCK");
}

static void a_namespace_is_cut_off_on_both_sides(void **state)
{
    struct fault f = read_fault(
        400, "", "{\"__type\":\"aws.ebs#FooError:http://x/#y\"}");

    (void)state;
    assert_string_equal(f.type, "FooError");
}

static void document_types_and_entities_are_refused(void **state)
{
    struct fault f = read_fault(
        400, "",
        "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>"
        "<r><Error><Code>Throttling&b;</Code></Error></r>");

    (void)state;
    assert_string_equal(f.type, "");
    f = read_fault(400, "",
                   "<!DOCTYPE r SYSTEM \"file:///etc/passwd\">"
                   "<r><Error><Code>Throttling</Code></Error></r>");
    assert_string_equal(f.type, "");
}

static void a_document_that_is_too_deep_is_refused(void **state)
{
    autotext struct text t = TEXT_INIT;
    struct fault f;

    (void)state;
    text_add(&t, "<Error><Code>Throttling</Code>");
    for (int i = 0; i < 10000; i++)
        text_add(&t, "<a>");
    for (int i = 0; i < 10000; i++)
        text_add(&t, "</a>");
    text_add(&t, "</Error>");
    f = read_fault(400, "", t.s);
    assert_string_equal(f.type, "");
}

static void json_that_is_too_deep_is_refused(void **state)
{
    autotext struct text t = TEXT_INIT;
    struct fault f;

    (void)state;
    text_add(&t, "{\"__type\":\"Throttling\",\"a\":");
    for (int i = 0; i < 30000; i++)
        text_add(&t, "[");
    for (int i = 0; i < 30000; i++)
        text_add(&t, "]");
    text_add(&t, "}");
    f = read_fault(400, "", t.s);
    assert_string_equal(f.type, "");
}

static void the_sentence_of_an_attacker_stays_on_one_line(void **state)
{
    struct err e;

    (void)state;
    judge(400, "", "{\"message\":\"a\\u001b[2Jb\\nc\\u202ed\",\"Reason\":\"X"
                   "\\u001bY\",\"__type\":\"T\\nU\"}", &e);
    assert_non_null(strstr(e.msg, "(HTTP 400 T?U/X?Y: a\\x1b[2Jb\\x0ac"
                                  "\\u202ed)"));
    assert_string_equal(e.code, "T?U/X?Y");
}

static void a_long_message_is_cut_between_two_characters(void **state)
{
    autotext struct text t = TEXT_INIT;
    struct fault f;
    size_t used;
    size_t n;

    (void)state;
    text_add(&t, "{\"message\":\"");
    for (int i = 0; i < 1000; i++)
        text_add(&t, "\xe2\x82\xac");
    text_add(&t, "\"}");
    f = read_fault(400, "", t.s);
    n = strlen(f.message);
    assert_in_range(n, sizeof(f.message) - 4, sizeof(f.message) - 1);
    for (size_t i = 0; i < n; i += used)
        assert_int_equal(text_utf8(f.message + i, n - i, &used), 0x20ac);
}

/* The right that a caller would name must not be blamed for what a key or
 * the owner of the snapshot refuses. */
static void only_a_plain_refusal_means_a_missing_right(void **state)
{
    static const struct {
        const char *body;
        bool lacks;
    } refusals[] = {
        { "{\"__type\":\"AccessDeniedException\",\"message\":\"no\"}", true },
        { "{\"__type\":\"AccessDenied\"}", true },
        { "{\"__type\":\"AccessDeniedException\",\"Reason\":"
          "\"DEPENDENCY_ACCESS_DENIED\"}", false },
        { "{\"__type\":\"AccessDeniedException\",\"Reason\":"
          "\"UNAUTHORIZED_ACCOUNT\"}", false },
        { "{\"__type\":\"AccessDeniedException\",\"message\":\"x is not "
          "authorized to perform: kms:Decrypt on y\"}", false },
        { "{\"__type\":\"ValidationException\"}", false },
        { "{}", false },
    };
    struct err e;

    (void)state;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        judge(403, "", refusals[i].body, &e);
        if (verdict_lacks_right(&e) != refusals[i].lacks)
            fail_msg("%s", refusals[i].body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(service_errors_are_judged_by_type_and_reason),
        cmocka_unit_test(framework_errors_have_their_type_in_the_body_too),
        cmocka_unit_test(ec2_and_sts_errors_are_xml),
        cmocka_unit_test(a_region_that_the_answer_names_is_told),
        cmocka_unit_test(a_broken_transfer_is_tried_again_but_bad_tls_is_not),
        cmocka_unit_test(a_whole_200_is_the_only_success),
        cmocka_unit_test(what_is_no_error_document_leaves_the_status_alone),
        cmocka_unit_test(the_header_wins_over_the_body),
        cmocka_unit_test(a_namespace_is_cut_off_on_both_sides),
        cmocka_unit_test(document_types_and_entities_are_refused),
        cmocka_unit_test(a_document_that_is_too_deep_is_refused),
        cmocka_unit_test(json_that_is_too_deep_is_refused),
        cmocka_unit_test(the_sentence_of_an_attacker_stays_on_one_line),
        cmocka_unit_test(a_long_message_is_cut_between_two_characters),
        cmocka_unit_test(only_a_plain_refusal_means_a_missing_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
