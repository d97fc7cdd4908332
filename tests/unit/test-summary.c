/* SPDX-License-Identifier: Apache-2.0 */
/* The summary is made of the log alone, and says what is out of the
 * ordinary. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit/summary.h"
#include "audit/unusual.h"
#include "base/number.h"
#include "run-log.h"

/* The summary, in this form, of the honest log with these lines more before
 * its list. */
static void compose_form(char form, const char *const *more, size_t n,
                         struct text *t)
{
    struct log *l = run_log_new();
    autotext struct text start = TEXT_INIT;
    struct run_record r;

    text_add(&start, honest[L_START]);
    strstr(start.s, "\"summary\":")[10] = form;
    run_log_add(l, start.s);
    for (size_t i = L_START + 1; i < L_LINES; i++) {
        for (size_t k = 0; i == L_LIST && k < n; k++)
            run_log_add(l, more[k]);
        run_log_add(l, honest[i]);
    }
    run_log_read(l, &r);
    summary_text(&r, t);
    assert_true(summary_form_is_known(&r));
    assert_false(t->failed);
    run_record_free(&r);
}

static void compose(const char *const *more, size_t n, struct text *t)
{
    compose_form('2', more, n, t);
}

static void expect_line(const struct text *t, const char *line)
{
    if (!strstr(t->s, line))
        fail_msg("%s is not in\n%s", line, t->s);
}

static const char form_1[] =
    "ebsimg 9.9: acquisition of an EBS snapshot\n"
    "\n"
    "  COMPLETE WITH UNREADABLE RANGES\n"
    "\n"
    "  Examiner            A\n"
    "\n"
    "Source\n"
    "  Snapshot            snap-1\n"
    "  Region              us-east-1\n"
    "  Endpoint            https://e\n"
    "  Volume size         1073741824 bytes (1 GiB)\n"
    "  Volume              vol-1\n"
    "  Acquired as         not known\n"
    "  Keys from           environment\n"
    "\n"
    "Time\n"
    "  Began               2026-08-01T12:00:01.000000000Z\n"
    "  Ended               2026-08-01T12:00:12.000000000Z\n"
    "  Took                1 min 05 s\n"
    "\n"
    "Content\n"
    "  Stored, with data   1 blocks (512 KiB)\n"
    "  Stored, all zeros   1 blocks (512 KiB)\n"
    "  Never stored        2045 blocks (1022.5 MiB)\n"
    "  Unreadable          1 blocks (512 KiB)\n"
    "                      Unreadable blocks are zeros in the "
    "image; the log names each\n"
    "\n"
    "Digests of the whole volume, computed while it passed\n"
    "  MD5                 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
    "\n"
    "Files\n"
    "  x.dd                1073741824 bytes (1 GiB)\n"
    "  x.blocks            704 bytes (704 B)\n"
    "  x.log.jsonl         2573 bytes (2.5 KiB)\n"
    "  Head of the log     b183ee89f32f51159b481130b7bd3a00003276"
    "9527b4010f295ee7e400ea005a\n"
    "  Root of the blocks  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaa\n"
    "\n"
    "  Keep the head of the log somewhere else, in print for "
    "instance: it\n"
    "  shows any later change of the log, and the log holds all "
    "other digests.\n"
    "\n"
    "To check it again:  ebsimg verify x\n";

/* With another text SUMMARY_FORM must be another number, or the summaries of
 * older runs are called changed. */
static void this_is_form_1(void **state)
{
    autotext struct text t = TEXT_INIT;

    (void)state;
    run_log_now = 1785585600000000000ull;
    compose_form('1', NULL, 0, &t);
    assert_string_equal(t.s, form_1);
}

/* Of a run like this one only the log is another, which names the form. */
static void form_2_is_the_same_where_nothing_is_out_of_the_ordinary(
    void **state)
{
    static const char head[] = "  Head of the log     ";
    autotext struct text t = TEXT_INIT, expected = TEXT_INIT;
    const char *at;

    (void)state;
    assert_int_equal(SUMMARY_FORM, 2);
    run_log_now = 1785585600000000000ull;
    compose(NULL, 0, &t);
    text_add(&expected, form_1);
    at = strstr(t.s, head);
    assert_non_null(at);
    memcpy(strstr(expected.s, head), at, sizeof(head) - 1 + 2 * LOG_HASH);
    assert_string_equal(t.s, expected.s);
}

/* It told of two other endpoints, of one proxy and of the file, and had no
 * words for what the log does not tell. */
static void form_1_passed_over_the_others(void **state)
{
    static const char *const more[] = {
        "credentials,\"endpoint_sts\":\"https://sts\","
        "\"proxy\":\"http://p\",\"proxy_sts\":\"http://q\","
        "\"unusual\":[\"endpoint_ec2\",\"endpoint_sts\",\"proxy\","
        "\"proxy_sts\",\"ca_file\"]",
    };
    autotext struct text t = TEXT_INIT;

    (void)state;
    compose_form('1', more, 1, &t);
    expect_line(&t, "  STS endpoint        https://sts\n"
                    "  Proxy               http://p\n");
    assert_null(strstr(t.s, "http://q"));
    assert_null(strstr(t.s, "CA file"));
    assert_null(strstr(t.s, "EC2 endpoint"));
}

/* As the event names it, alone. */
static void expect_unusual(const char *member, const char *title)
{
    autotext struct text event = TEXT_INIT, t = TEXT_INIT, line = TEXT_INIT;
    const char *more[1];

    text_addf(&event, "credentials,\"%s\":\"v-%s\",\"unusual\":[\"%s\"]",
              member, member, member);
    text_addf(&line, "  %-20sv-%s\n", title, member);
    more[0] = event.s;
    compose(more, 1, &t);
    expect_line(&t, line.s);
}

static void whatever_the_log_calls_unusual_has_its_line(void **state)
{
    (void)state;
    for (int s = 0; s < UNUSUAL_SERVICES; s++) {
        const struct unusual_names *n = &unusual_names[s];

        expect_unusual(n->endpoint, n->endpoint_title);
        expect_unusual(n->proxy, n->proxy_title);
    }
    expect_unusual(UNUSUAL_CA, "CA file");
}

static void even_without_a_value_or_a_name(void **state)
{
    static const char *const more[] = {
        "credentials,\"proxy_sts\":null,\"ca_file\":\"/ca\","
        "\"ca_sha256\":null,"
        "\"unusual\":[\"proxy_sts\",\"ca_file\",\"of-later\"]",
    };
    autotext struct text t = TEXT_INIT;

    (void)state;
    compose(more, 1, &t);
    expect_line(&t, "  STS proxy           not known\n"
                    "  CA file             /ca\n"
                    "  CA file's SHA-256   not known\n"
                    "  Not the usual       of-later\n");
}

static void what_is_out_of_the_ordinary_has_its_line(void **state)
{
    static const char *const more[] = {
        "credentials,\"source\":\"k\",\"endpoint_ec2\":\"https://ec2\","
        "\"endpoint_sts\":\"https://sts\",\"proxy\":\"http://p\","
        "\"ca_file\":\"/ca\",\"ca_sha256\":\"cafe\","
        "\"unusual\":[\"endpoint_ec2\",\"ca_file\"]",
        "control,\"name\":\"second-list\",\"result\":\"not-had\","
        "\"why\":\"403\"",
        "control,\"name\":\"ec2-count\",\"result\":\"switched-off\"",
        "control,\"name\":\"checksums\",\"result\":\"done\"",
        "control,\"name\":\"clock\",\"result\":\"done\"",
        "control,\"name\":\"sample\",\"result\":\"does-not-apply\"",
        "recheck,\"kept\":64,\"compared\":12",
        "origin,\"other\":[{\"what\":\"endpoint\",\"then\":\"https://e0\","
        "\"now\":\"https://e\"}]",
        "folder,\"filesystem\":\"exfat\",\"not_had\":[\"owners\",\"locks\"],"
        "\"others_may_write\":true",
    };
    static const char *const lines[] = {
        "  EC2 endpoint        https://ec2\n",
        "  CA file             /ca\n",
        "  CA file's SHA-256   cafe\n",
        "  second-list         could not be had: 403\n",
        "  ec2-count           switched off by the operator\n",
        "  Agree               checksums, clock\n",
        "  Kept blocks         12 of 64 were fetched again and are what the "
        "service has\n",
        "with the endpoint https://e, before with https://e0\n",
        "  File system         exfat, without: owners, locks\n",
        "  Folder              Others may write in it\n",
    };
    autotext struct text t = TEXT_INIT;

    (void)state;
    compose(more, sizeof(more) / sizeof(more[0]), &t);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        expect_line(&t, lines[i]);
    assert_null(strstr(t.s, "https://sts"));
    assert_null(strstr(t.s, "http://p"));
    assert_null(strstr(t.s, "  sample"));
}

static void the_last_hint_can_be_pasted(void **state)
{
    static const char *const more[] = {
        "output,\"prefix\":\"/case/a\\u0009b\",\"formats\":\"raw\"",
    };
    autotext struct text t = TEXT_INIT, old = TEXT_INIT;

    (void)state;
    compose(more, 1, &t);
    expect_line(&t, "To check it again:  ebsimg verify $'a\\tb'\n");
    compose_form('1', more, 1, &old);
    expect_line(&old, "To check it again:  ebsimg verify PREFIX\n");
}

/* The summary of a run that had no digests, and was asked for these. */
static void compose_unhashed(char form, const char *asked, struct text *t)
{
    struct log *l = run_log_new();
    autotext struct text start = TEXT_INIT;
    struct run_record r;

    text_addf(&start, "start,\"summary\":%c,\"hashes\":\"%s\"", form, asked);
    run_log_add(l, start.s);
    run_log_add(l, "hashes,\"bytes\":1073741824");
    run_log_add(l, honest[L_END]);
    run_log_read(l, &r);
    summary_text(&r, t);
    run_record_free(&r);
}

static void no_digest_is_no_empty_heading(void **state)
{
    autotext struct text t = TEXT_INIT, odd = TEXT_INIT, old = TEXT_INIT;

    (void)state;
    compose_unhashed('2', "", &t);
    expect_line(&t, "\nDigests of the whole volume\n  None                "
                    "--hash none was given: none was computed\n");
    compose_unhashed('2', "md5", &odd);
    expect_line(&odd, "  None                the log has none\n");
    compose_unhashed('1', "", &old);
    expect_line(&old, "\nDigests of the whole volume, computed while it "
                      "passed\n\nFiles\n");
}

/* ------------------------------------------------------------------ clocks */

/* The summary of a run of two sessions, the second of which begins so many
 * seconds after the first one's last line; `end' are its last members. */
static void compose_two(char form, int64_t seconds, const char *end,
                        struct text *t)
{
    struct log *l = run_log_new();
    autotext struct text line = TEXT_INIT;
    struct run_record r;

    run_log_now = 1785585600000000000ull;
    run_log_add(l, honest[L_START]);
    run_log_now = (uint64_t)((int64_t)run_log_now + seconds * NS_PER_S);
    text_addf(&line, "resume,\"session\":2,\"offset\":0,\"summary\":%c",
              form);
    run_log_add(l, line.s);
    for (size_t i = L_CREDENTIALS; i < L_END; i++)
        run_log_add(l, honest[i]);
    run_log_add(l, end);
    run_log_read(l, &r);
    summary_text(&r, t);
    assert_false(t->failed);
    run_record_free(&r);
}

#define END "end,\"verdict\":\"complete-with-unreadable\"," \
    "\"exit_status\":1,\"milliseconds\":11000"

static void a_clock_that_was_set_between_sessions_is_told(void **state)
{
    autotext struct text t = TEXT_INIT, old = TEXT_INIT;

    (void)state;
    compose_two('2', -3600, END ",\"run_milliseconds\":12000", &t);
    expect_line(&t,
        "  Ended               2026-08-01T11:00:13.000000000Z\n"
        "                      This machine's clock was set back between two "
        "sessions:\n"
        "                      from Began to Ended is not how long the run "
        "took\n"
        "  Took                12 s\n");
    compose_two('1', -3600, END ",\"run_milliseconds\":12000", &old);
    assert_null(strstr(old.s, "set back"));
}

static void what_nobody_has_measured_is_not_made_up(void **state)
{
    autotext struct text t = TEXT_INIT;

    (void)state;
    compose_two('2', -5, END, &t); /* it ends later than it began */
    expect_line(&t, "  Took                not known\n");
}

static void one_that_was_set_within_a_session_is_told(void **state)
{
    struct log *l = run_log_new();
    autotext struct text t = TEXT_INIT;
    struct run_record r;

    (void)state;
    for (size_t i = 0; i < L_LINES; i++) {
        run_log_now -= i == L_LIST ? 3600 * NS_PER_S : 0;
        run_log_add(l, honest[i]);
    }
    run_log_read(l, &r);
    r.summary_form = 2;
    summary_text(&r, &t);
    expect_line(&t, "clock was set back in between:\n");
    run_record_free(&r);
}

static void a_clock_that_nobody_set_is_no_matter(void **state)
{
    autotext struct text t = TEXT_INIT;

    (void)state;
    compose_two('2', 3600, END ",\"run_milliseconds\":12000", &t);
    assert_null(strstr(t.s, "set back"));
}

static void sessions_that_died_took_longer_than_is_known(void **state)
{
    autotext struct text t = TEXT_INIT, none = TEXT_INIT, old = TEXT_INIT;

    (void)state;
    compose_two('2', 60, END ",\"run_milliseconds\":72000,"
                "\"sessions_died\":1", &t);
    expect_line(&t,
        "  Took                1 min 12 s, and more\n"
        "                      1 of 2 sessions ended without a word (killed, "
        "or no power):\n"
        "                      how long they went on, the log does not tell"
        "\n");
    compose_two('2', 60, END ",\"run_milliseconds\":400,"
                "\"sessions_died\":1", &none);
    expect_line(&none, "  Took                not known\n"
                "                      1 of 2 sessions ended");
    compose_two('1', 60, END ",\"run_milliseconds\":400,"
                "\"sessions_died\":1", &old);
    expect_line(&old, "  Took                at least 0 s: 1 of the sessions "
                "died\n");
}

static void each_reserve_has_its_headline(void **state)
{
    static const char *const end[] = {
        "end,\"verdict\":\"complete-with-doubt\",\"exit_status\":1,"
        "\"reserves\":[\"complete-with-doubt\","
        "\"complete-with-unreadable\"]",
    };
    struct log *l = run_log_new();
    autotext struct text t = TEXT_INIT;
    struct run_record r;

    (void)state;
    run_log_add(l, honest[L_START]);
    run_log_add(l, end[0]);
    run_log_read(l, &r);
    summary_text(&r, &t);
    assert_non_null(strstr(t.s, "\n\n  COMPLETE, BUT THE SERVICE CONTRADICTS "
                           "ITSELF\n  COMPLETE WITH UNREADABLE RANGES\n\n"));
    run_record_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(this_is_form_1),
        cmocka_unit_test(
            form_2_is_the_same_where_nothing_is_out_of_the_ordinary),
        cmocka_unit_test(form_1_passed_over_the_others),
        cmocka_unit_test(whatever_the_log_calls_unusual_has_its_line),
        cmocka_unit_test(even_without_a_value_or_a_name),
        cmocka_unit_test(what_is_out_of_the_ordinary_has_its_line),
        cmocka_unit_test(the_last_hint_can_be_pasted),
        cmocka_unit_test(no_digest_is_no_empty_heading),
        cmocka_unit_test(a_clock_that_was_set_between_sessions_is_told),
        cmocka_unit_test(what_nobody_has_measured_is_not_made_up),
        cmocka_unit_test(one_that_was_set_within_a_session_is_told),
        cmocka_unit_test(a_clock_that_nobody_set_is_no_matter),
        cmocka_unit_test(sessions_that_died_took_longer_than_is_known),
        cmocka_unit_test(each_reserve_has_its_headline),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
