/* SPDX-License-Identifier: Apache-2.0 */
/* The case log of a chain: what was written comes back, a line that was being
 * written is cut off, and what nobody wrote is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "audit/artefacts.h"
#include "base/scope.h"
#include "case/case-log.h"
#include "scratch.h"

#define ONE "snap-00000000000000001"
#define TWO "snap-00000000000000002"
#define NAME "x" CASE_SUFFIX

static char *names[] = { (char[]){ ONE }, (char[]){ TWO } };

static void must(int r, const struct err *e)
{
    if (r < 0)
        fail_msg("%s", e->msg);
}

/* -------------------------------------------------- what the program writes */

static void begin(struct case_log *c, struct acquire_options *o)
{
    struct err e = ERR_INIT;

    unlink(scratch_path(NAME));
    acquire_defaults(o);
    o->output = scratch_path("x");
    o->case_number = "7";
    o->audit = OPTION_ALL;
    must(case_init(c, o->output, &e), &e);
    for (size_t i = 0; i < 2; i++)
        must(case_add_member(c, names[i], i ? NULL : "2026-08-01", true, &e),
             &e);
    must(case_begin(c, o, names, 2, &e), &e);
}

static struct result good_result(void)
{
    struct result r = {
        .outcome = OUTCOME_LISTED,
        .counts = { .stored = 10, .zero = 4, .carried = 6 },
        .since = "/case/earlier",
        .built_upon = true,
        .audited = 3,
    };

    return r;
}

/* Read again, by another session. */
static int read_again(struct case_log *c, struct err *e)
{
    memset(e, 0, sizeof(*e));
    must(case_init(c, scratch_path("x"), e), e);
    return case_read(c, e);
}

static void what_was_written_comes_back(void **state)
{
    struct result res = good_result();
    const struct err why = { .kind = ERR_ACCESS, .msg = "no" };
    struct acquire_options o;
    struct case_log c;
    struct err e = ERR_INIT, none = ERR_INIT;

    (void)state;
    begin(&c, &o);
    must(case_write_image(&c, &c.members[0], "p", &res, &none, &e), &e);
    must(case_write_image(&c, &c.members[1], "q", &res, &why, &e), &e);
    must(case_write_end(&c, 1, 1, 3, &e), &e);
    case_free(&c);
    must(read_again(&c, &e), &e);
    assert_int_equal(c.count, 2);
    assert_true(case_is_of(&c, names, 2) && !case_is_of(&c, names, 1));
    assert_string_equal(c.members[0].time, "2026-08-01");
    assert_null(c.members[1].time);
    assert_int_equal(c.members[0].status, 1);
    assert_int_equal(c.members[0].outcome, OUTCOME_LISTED);
    assert_true(c.members[0].counted);
    assert_int_equal(c.members[0].fetched, 10 + 4 - 6 + 3);
    assert_int_equal(c.members[0].carried, 6);
    assert_int_equal(c.members[1].status, 3);
    assert_false(c.members[1].counted);
    assert_string_equal(c.options.case_number, "7");
    assert_true(c.options.audit == OPTION_ALL);
    case_free(&c);
}

/* What was told to the terminal at the end of the run is what is read. */
static void a_member_is_filled_in_as_it_is_written(void **state)
{
    struct result res = good_result();
    struct acquire_options o;
    struct case_log c;
    struct err e = ERR_INIT, none = ERR_INIT;

    (void)state;
    begin(&c, &o);
    must(case_write_image(&c, &c.members[0], "p", &res, &none, &e), &e);
    assert_int_equal(c.members[0].status, 1);
    assert_int_equal(c.members[0].fetched, 11);
    case_free(&c);
}

static void a_second_session_is_kept_out(void **state)
{
    struct acquire_options o;
    struct case_log c, other;
    struct err e = ERR_INIT;

    (void)state;
    begin(&c, &o);
    assert_int_equal(read_again(&other, &e), -1);
    assert_int_equal(e.kind, ERR_DEST);
    case_free(&other);
    case_free(&c);
    must(read_again(&other, &e), &e);
    case_free(&other);
}

static void a_case_log_is_never_overwritten(void **state)
{
    struct acquire_options o;
    struct case_log c;
    struct err e = ERR_INIT;

    (void)state;
    begin(&c, &o);
    case_free(&c);
    assert_true(case_exists(scratch_path("x")));
    must(case_init(&c, scratch_path("x"), &e), &e);
    assert_int_equal(case_begin(&c, &o, names, 2, &e), -1);
    assert_int_equal(e.kind, ERR_DEST);
    case_free(&c);
}

static void half_a_line_is_cut_and_gone_on_behind(void **state)
{
    struct acquire_options o;
    struct case_log c;
    struct err e = ERR_INIT;
    FILE *f;

    (void)state;
    begin(&c, &o);
    case_free(&c);
    f = fopen(scratch_path(NAME), "a");
    assert_true(f && fputs("{\"seq\":4,\"ti", f) >= 0 && fclose(f) == 0);
    must(read_again(&c, &e), &e);
    assert_int_equal(c.cut, 12);
    must(case_reopen(&c, &e), &e);
    case_free(&c);
    must(read_again(&c, &e), &e);
    assert_int_equal(c.cut, 0);
    assert_int_equal(c.end.events, 4);
    case_free(&c);
}

/* ------------------------------------------------- what anybody could write */

#define OPTIONS "\"options\":{\"format\":1,\"hash\":7,\"file-hash\":0," \
    "\"segment-size\":0,\"chunk-size\":0,\"compression\":1,\"audit\":64}"
#define CASE "case,\"snapshots\":1,\"all_listed\":true," OPTIONS
#define MEMBER "member,\"snapshot\":\"" ONE "\",\"usable\":true"
#define IMAGE "image,\"snapshot\":\"" ONE "\",\"verdict\":\"complete\"," \
    "\"exit_status\":0"

/* A log with a sound chain of these events; what case_read() says of it. */
static int read_events(const char *const *events, struct case_log *c,
                       struct err *e)
{
    struct log *l;

    memset(e, 0, sizeof(*e));
    unlink(scratch_path(NAME));
    l = log_create(scratch_path(NAME), &clock_system, e);
    must(l ? 0 : -1, e);
    for (; *events; events++) {
        autorecord struct record r = RECORD_INIT;
        size_t n = strcspn(*events, ",");
        char event[40];

        snprintf(event, sizeof(event), "%.*s", (int)n, *events);
        text_add(&r.json, *events + n);
        must(log_write(l, event, &r, e), e);
    }
    must(log_close(l, e), e);
    return read_again(c, e);
}

static void an_honest_one_is_read(void **state)
{
    static const char *const events[] = { CASE, MEMBER, IMAGE, NULL };
    struct case_log c;
    struct err e;

    (void)state;
    must(read_events(events, &c, &e), &e);
    assert_int_equal(c.members[0].status, 0);
    assert_false(c.members[0].counted);
    assert_false(c.partial);
    case_free(&c);
}

static void what_makes_no_sense_is_refused(void **state)
{
    static const char *const rows[][5] = {
        { CASE, CASE, MEMBER },
        { MEMBER, CASE },
        { CASE, MEMBER, MEMBER },
        { CASE, "member,\"snapshot\":\"../x\"" },
        { CASE, "member,\"snapshot\":7" },
        { CASE, "member" },
        { CASE, MEMBER, "image,\"snapshot\":\"" TWO "\",\"verdict\":"
          "\"complete\",\"exit_status\":0" },
        { CASE, MEMBER, "image,\"snapshot\":\"" ONE "\",\"verdict\":"
          "\"splendid\",\"exit_status\":0" },
        { CASE, MEMBER, "image,\"snapshot\":\"" ONE "\",\"exit_status\":0" },
        { CASE, MEMBER, "image,\"snapshot\":\"" ONE "\",\"verdict\":"
          "\"complete\",\"exit_status\":256" },
        { CASE, MEMBER, "image,\"snapshot\":\"" ONE "\",\"verdict\":"
          "\"complete\",\"exit_status\":-1" },
        { CASE, MEMBER, "image,\"snapshot\":\"" ONE "\",\"verdict\":"
          "\"complete\",\"exit_status\":\"0\"" },
        { IMAGE },
        { "case,\"snapshots\":-1," OPTIONS, MEMBER },
        { "case,\"snapshots\":\"1\"," OPTIONS, MEMBER },
        { "case," OPTIONS, MEMBER },
        { "case,\"snapshots\":1,\"options\":{}", MEMBER },
        { "case,\"snapshots\":1,\"options\":7", MEMBER },
        { "case,\"snapshots\":1,\"options\":{\"format\":4,\"hash\":7,"
          "\"audit\":1}", MEMBER },
        { "case,\"snapshots\":1,\"options\":{\"format\":1,\"hash\":7,"
          "\"compression\":1,\"audit\":\"some\"}", MEMBER },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct case_log c;
        struct err e;

        if (read_events(rows[i], &c, &e) == 0)
            fail_msg("row %zu is taken", i);
        assert_int_equal(e.kind, ERR_VERIFY);
        assert_non_null(strstr(e.msg, "makes no sense"));
        case_free(&c);
    }
}

/* It died before it had told its members; or another version wrote it. */
static void one_with_nothing_to_go_on_with_says_so(void **state)
{
    static const char *const rows[][4] = {
        { CASE },
        { "case,\"snapshots\":2,\"all_listed\":true," OPTIONS, MEMBER },
        { "case,\"snapshots\":1", MEMBER },
        { "note,\"text\":\"x\"" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct case_log c;
        struct err e;

        assert_int_equal(read_events(rows[i], &c, &e), -1);
        assert_int_equal(e.kind, ERR_USAGE);
        case_free(&c);
    }
}

/* A chain of lines that was mended by somebody has another head; one that was
 * not is refused behind its break. */
static void a_changed_line_is_refused(void **state)
{
    static const char *const events[] = { CASE, MEMBER, IMAGE, NULL };
    struct case_log c;
    struct err e;
    char *data;
    size_t n;

    (void)state;
    must(read_events(events, &c, &e), &e);
    case_free(&c);
    data = scratch_read(NAME, &n);
    strstr(data, "\"usable\":true")[9] = 'T';
    scratch_write(NAME, data, n);
    free(data);
    assert_int_equal(read_again(&c, &e), -1);
    assert_int_equal(e.kind, ERR_VERIFY);
    case_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_comes_back),
        cmocka_unit_test(a_member_is_filled_in_as_it_is_written),
        cmocka_unit_test(a_second_session_is_kept_out),
        cmocka_unit_test(a_case_log_is_never_overwritten),
        cmocka_unit_test(half_a_line_is_cut_and_gone_on_behind),
        cmocka_unit_test(an_honest_one_is_read),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(one_with_nothing_to_go_on_with_says_so),
        cmocka_unit_test(a_changed_line_is_refused),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
