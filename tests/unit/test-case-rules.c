/* SPDX-License-Identifier: Apache-2.0 */
/* What an honest case log holds, and what none can: each row is a log of these
 * events, with the beginning of what is said of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "audit/case-rules.h"
#include "base/json.h"

#define DIGEST "0123456789abcdef0123456789abcdef" \
    "0123456789abcdef0123456789abcdef"
#define ONE "snap-00000000000000001"
#define TWO "snap-00000000000000002"

#define CASE "{\"event\":\"case\",\"snapshots\":2}"
#define FIRST "{\"event\":\"member\",\"position\":1,\"snapshot\":\"" ONE "\"}"
#define SECOND "{\"event\":\"member\",\"position\":2,\"snapshot\":\"" TWO "\"}"
#define WARNING "{\"event\":\"warning\",\"text\":\"x\"}"
#define RESUME "{\"event\":\"resume\"}"
#define DIGESTS "\"log_head\":\"" DIGEST "\",\"manifest_sha256\":\"" DIGEST \
    "\",\"manifest_root\":\"" DIGEST "\""
#define MADE(snap, verdict, status) \
    "{\"event\":\"image\",\"snapshot\":\"" snap "\",\"verdict\":\"" verdict \
    "\",\"exit_status\":" status "," DIGESTS "}"
#define FAILED(snap) "{\"event\":\"image\",\"snapshot\":\"" snap \
    "\",\"verdict\":\"failed\",\"exit_status\":3,\"error\":\"x\"}"
#define END(images, failed, status) "{\"event\":\"end\",\"images\":" images \
    ",\"failed\":" failed ",\"exit_status\":" status "}"
#define BEGIN CASE, FIRST, SECOND
#define BOTH MADE(ONE, "complete", "0"), MADE(TWO, "complete", "0")

struct row {
    const char *events[12];
    const char *wrong;     /* what is said begins so; "": nothing is */
};

static void judge(const struct row *row)
{
    struct case_rules r = { 0 };
    struct err e = ERR_INIT;

    for (size_t i = 0; row->events[i]; i++) {
        autojson cJSON *event = cJSON_Parse(row->events[i]);

        assert_non_null(event);
        assert_int_equal(case_rules_event(&r, event, &e), 0);
    }
    if (strncmp(r.wrong, row->wrong, strlen(row->wrong)) != 0
        || (!row->wrong[0] && r.wrong[0]))
        fail_msg("\"%s\" is said, not \"%s\"", r.wrong, row->wrong);
    case_rules_free(&r);
}

static void an_honest_one_breaks_none(void **state)
{
    static const struct row rows[] = {
        { { BEGIN, BOTH, END("2", "0", "0") }, "" },
        { { BEGIN, WARNING, BOTH, END("2", "0", "1") }, "" },
        { { BEGIN, MADE(ONE, "complete-by-list", "1"), FAILED(TWO),
            END("1", "1", "3") }, "" },
        { { BEGIN, FAILED(ONE), END("0", "2", "3") }, "" },
        /* It was killed, at one time or another. */
        { { CASE }, "" },
        { { CASE, FIRST }, "" },
        { { BEGIN }, "" },
        { { BEGIN, MADE(ONE, "complete", "0") }, "" },
        /* It is gone on with: what failed is made, and what is there is not
         * come to again. */
        { { BEGIN, FAILED(ONE), FAILED(TWO), END("0", "2", "3"), RESUME, BOTH,
            END("2", "0", "0") }, "" },
        { { BEGIN, MADE(ONE, "complete", "0"), RESUME,
            MADE(TWO, "complete", "0"), END("2", "0", "0") }, "" },
        { { BEGIN, BOTH, RESUME, END("0", "1", "130") }, "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        judge(&rows[i]);
}

static void what_nobody_wrote_breaks_one(void **state)
{
    static const struct row rows[] = {
        { { "{\"event\":\"start\"}", BEGIN }, "line 1: is not the beginning" },
        { { "{\"event\":\"case\"}" }, "line 1: does not say how many" },
        { { "{\"event\":\"case\",\"snapshots\":0}" }, "line 1: does not say" },
        { { BEGIN, CASE }, "line 4: a second" },
        { { CASE, FIRST, FIRST }, "line 3: " ONE " is a member twice" },
        { { CASE, SECOND }, "line 2: a member that is not in its place" },
        { { CASE, "{\"event\":\"member\",\"position\":1,\"snapshot\":\"x\"}" },
          "line 2: a member that is no snapshot" },
        { { BEGIN, "{\"event\":\"member\",\"position\":3,\"snapshot\":"
            "\"snap-00000000000000003\"}" }, "line 4: a member more" },
        { { CASE, FIRST, MADE(ONE, "complete", "0") },
          "line 3: 1 snapshots are named before it, of 2" },
        { { CASE, END("0", "0", "0") }, "line 2: 0 snapshots are named" },
        { { BEGIN, MADE("snap-00000000000000003", "complete", "0") },
          "line 4: an image of no member" },
        { { BEGIN, MADE(ONE, "splendid", "0") }, "line 4: does not say what" },
        { { BEGIN, MADE(ONE, "complete", "3") }, "line 4: the verdict on" },
        { { BEGIN, MADE(ONE, "failed", "0") }, "line 4: the verdict on" },
        { { BEGIN, "{\"event\":\"image\",\"snapshot\":\"" ONE "\",\"verdict\":"
            "\"complete\",\"exit_status\":0}" }, "line 4: the image of " ONE },
        { { BEGIN, BOTH, END("0", "7", "9") }, "line 6: says that 0 images" },
        { { BEGIN, BOTH, END("1", "0", "0") }, "line 6: says that 1 images" },
        { { BEGIN, BOTH, END("3", "0", "0") }, "line 6: says that 3 images" },
        { { BEGIN, MADE(ONE, "complete", "0"), FAILED(TWO),
            END("1", "0", "3") }, "line 6: says that 1 images" },
        { { BEGIN, MADE(ONE, "complete", "0"), FAILED(TWO),
            END("1", "1", "0") }, "line 6: says that all went well" },
        { { BEGIN, BOTH, RESUME, END("2", "1", "0") }, "line 7: says that 2" },
        { { BEGIN, BOTH, "{\"event\":\"end\"}" }, "line 6: does not say how" },
        { { BEGIN, BOTH, END("2", "0", "0"), MADE(ONE, "complete", "0") },
          "line 7: stands behind the end" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        judge(&rows[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_honest_one_breaks_none),
        cmocka_unit_test(what_nobody_wrote_breaks_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
