/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a failure ends the run or is a note, from the answer as a service
 * sends it to the decision. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "aws/failure.h"
#include "aws/verdict.h"

#define NEEDED 1
#define TARGET 2
#define USEFUL 4
#define ONE 8
#define CONTROL 16
#define ALL (NEEDED | TARGET | USEFUL | ONE | CONTROL)

static void check(const char *what, const struct err *e, unsigned ends)
{
    static const unsigned bits[QUESTIONS] = {
        [ASKED_AS_NEEDED] = NEEDED,     [ASKED_OF_THE_TARGET] = TARGET,
        [ASKED_AS_USEFUL] = USEFUL,     [ASKED_FOR_ONE_OF_MANY] = ONE,
        [ASKED_AS_A_CONTROL] = CONTROL,
    };

    for (int q = 0; q < QUESTIONS; q++)
        if (failure_ends((enum question)q, e) != !!(ends & bits[q]))
            fail_msg("%s, question %d: %s", what, q,
                     ends & bits[q] ? "is a note" : "ends the run");
}

/* The error that an answer with this status and body becomes. */
static struct err answered(int status, const char *body)
{
    struct http_answer a = { .fault = HTTP_ANSWERED, .status = status };
    struct err e = ERR_INIT;

    text_addf(&a.headers, "HTTP/1.1 %d x\r\n\r\n", status);
    text_add(&a.body, body);
    a.len = a.body.len;
    verdict_of(&a, &e);
    text_free(&a.headers);
    text_free(&a.body);
    err_in(&e, "as a caller says where");
    return e;
}

#define EC2(code) "<Response><Errors><Error><Code>" code "</Code><Message>m" \
    "</Message></Error></Errors></Response>"

static void what_the_service_says_decides_by_why_it_was_asked(void **state)
{
    static const struct {
        int status;
        const char *body;
        unsigned ends;
    } rows[] = {
        /* With these keys nothing more is to be had. */
        { 400, EC2("ExpiredToken"), ALL & ~CONTROL },
        { 401, EC2("AuthFailure"), ALL & ~CONTROL },
        { 403, EC2("InvalidClientTokenId"), ALL & ~CONTROL },
        { 403, "{\"__type\":\"ExpiredTokenException\"}", ALL & ~CONTROL },
        { 403, EC2("BrandNewException"), ALL & ~CONTROL },
        { 407, "", ALL & ~CONTROL },
        /* They are good, and may not do this; or a firewall is between. */
        { 403, EC2("UnauthorizedOperation"), NEEDED },
        { 403, EC2("UnauthorizedException"), NEEDED },
        { 403, "{\"__type\":\"AccessDeniedException\"}", NEEDED },
        { 403, "<html>Forbidden</html>", NEEDED },
        /* One snapshot is closed to them, not the others. */
        { 403, "{\"__type\":\"AccessDeniedException\","
               "\"Reason\":\"DEPENDENCY_ACCESS_DENIED\"}", NEEDED | TARGET },
        { 403, "{\"__type\":\"AccessDeniedException\","
               "\"Reason\":\"UNAUTHORIZED_ACCOUNT\"}", NEEDED | TARGET },
        { 403, "{\"__type\":\"AccessDeniedException\","
               "\"Reason\":\"NEW_REASON\"}", NEEDED | TARGET },
        { 404, "{\"__type\":\"ResourceNotFoundException\","
               "\"Reason\":\"DEPENDENCY_RESOURCE_NOT_FOUND\"}",
          NEEDED | TARGET },
        { 400, "{\"__type\":\"ValidationException\","
               "\"Reason\":\"INVALID_DEPENDENCY_REQUEST\"}",
          NEEDED | TARGET },
        { 400, EC2("InvalidSnapshot.NotFound"), NEEDED | TARGET },
        { 404, "{\"Reason\":\"SNAPSHOT_NOT_FOUND\"}", NEEDED | TARGET },
        /* The service is in trouble, for the others of many, too. */
        { 503, "", NEEDED | ONE },
        { 400, EC2("RequestLimitExceeded"), NEEDED | ONE },
        { 302, "", NEEDED | ONE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = answered(rows[i].status, rows[i].body);

        check(rows[i].body[0] ? rows[i].body : e.msg, &e, rows[i].ends);
    }
}

static void what_nobody_answered_decides_by_its_kind(void **state)
{
    static const struct {
        enum err_kind kind;
        unsigned ends;
    } rows[] = {
        { ERR_INTERRUPTED, ALL },
        { ERR_INTERNAL, ALL },
        { ERR_DEST, ALL },
        { ERR_ACCESS, ALL & ~CONTROL }, /* there are no keys */
        { ERR_SERVICE, NEEDED | ONE },
        { ERR_VERIFY, ALL & ~USEFUL },
        { ERR_USAGE, ALL & ~USEFUL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = ERR_INIT;

        err_set(&e, rows[i].kind, 0, "x");
        check(err_kind_name(rows[i].kind), &e, rows[i].ends);
    }
}

static void a_block_that_may_not_be_read_is_none_of_many(void **state)
{
    struct err right = answered(403, "{\"__type\":\"AccessDeniedException\"}");
    struct err key = answered(403, "{\"__type\":\"AccessDeniedException\","
                                   "\"Reason\":\"DEPENDENCY_ACCESS_DENIED\"}");
    struct err gone = answered(404, "{\"Reason\":\"SNAPSHOT_NOT_FOUND\"}");

    (void)state;
    assert_true(failure_of_block_ends(&right));
    assert_true(failure_of_block_ends(&key));
    assert_false(failure_of_block_ends(&gone));
}

static void lack_of_memory_ends_whatever_was_tried(void **state)
{
    struct err e = ERR_INIT;

    (void)state;
    err_set(&e, ERR_SERVICE, ENOMEM, "x");
    check("ENOMEM", &e, ALL);
    err_nomem(&e);
    check("no memory", &e, ALL);
}

/* The error is used again: an old meaning must not stay in it. */
static void another_error_has_another_meaning(void **state)
{
    struct err e = answered(403, EC2("UnauthorizedOperation"));

    (void)state;
    err_set(&e, ERR_ACCESS, 0, "no keys");
    check("no keys after a refusal", &e, ALL & ~CONTROL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_service_says_decides_by_why_it_was_asked),
        cmocka_unit_test(what_nobody_answered_decides_by_its_kind),
        cmocka_unit_test(a_block_that_may_not_be_read_is_none_of_many),
        cmocka_unit_test(lack_of_memory_ends_whatever_was_tried),
        cmocka_unit_test(another_error_has_another_meaning),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
