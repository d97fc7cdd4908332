/* SPDX-License-Identifier: Apache-2.0 */
/* The record of a run says what its log says, whole and with its type. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "run-log.h"

static void add_honest(struct log *l)
{
    for (size_t i = 0; i < L_LINES; i++)
        run_log_add(l, honest[i]);
}

static void every_fact_is_there(void **state)
{
    struct log *l = run_log_new();
    struct run_record r;

    (void)state;
    add_honest(l);
    run_log_read(l, &r);
    assert_true(r.present && r.check.closed);
    assert_string_equal(r.snapshot, "snap-1");
    assert_string_equal(r.volume_id, "vol-1");
    assert_string_equal(r.verdict, "complete-with-unreadable");
    assert_int_equal(r.volume_size, 1073741824);
    assert_int_equal(r.stored, 1);
    assert_int_equal(r.never_stored, 2045);
    assert_int_equal(r.nfiles, 2);
    assert_int_equal(r.stream.have, HASH_BIT(HASH_MD5));
    assert_int_equal(run_record_file(&r, "x.dd")->size, 1073741824);
    assert_null(run_record_file(&r, "x.E01"));
    assert_int_equal(run_course_unreadable(&r.course), 1);
    run_record_free(&r);
}

static void what_is_not_told_is_neither_zero_nor_null(void **state)
{
    struct log *l = run_log_new();
    struct run_record r;

    (void)state;
    run_log_add(l, "start");
    run_log_read(l, &r);
    assert_string_equal(r.snapshot, "");
    assert_string_equal(r.verdict, "");
    assert_true(r.stored == RUN_UNTOLD && r.volume_size == RUN_UNTOLD);
    assert_int_equal(r.listed_again_the_same, RUN_UNSAID);
    assert_false(r.clock_known);
    run_record_free(&r);
}

static void text_of_any_length_is_whole(void **state)
{
    struct log *l = run_log_new();
    autotext struct text line = TEXT_INIT;
    struct run_record r;

    (void)state;
    text_add(&line, "start,\"case_number\":\"");
    for (int i = 0; i < 100000; i++)
        text_add(&line, "c");
    text_add(&line, "\"");
    run_log_add(l, line.s);
    run_log_read(l, &r);
    assert_int_equal(strlen(r.case_number), 100000);
    run_record_free(&r);
}

/* The line in front of the log's next one. */
static void resume(struct log *l, unsigned session, const char *members)
{
    autotext struct text line = TEXT_INIT;
    struct log_place at;
    char head[2 * LOG_HASH + 1];

    log_place(l, &at);
    hex_encode(head, at.head, LOG_HASH);
    text_addf(&line, "resume,\"version\":\"10.0\",\"session\":%u,"
              "\"previous_events\":%llu,\"previous_head\":\"%s\"%s", session,
              (unsigned long long)at.events, head, members);
    run_log_add(l, line.s);
}

static void the_last_session_counts(void **state)
{
    struct log *l = run_log_new();
    struct run_record r;

    (void)state;
    add_honest(l);
    resume(l, 2, ",\"offset\":0");
    run_log_add(l, "credentials,\"region\":\"us-east-1\","
                   "\"endpoint\":\"https://f\"");
    run_log_add(l, "origin,\"same\":[],\"other\":[{\"what\":\"endpoint\","
                   "\"then\":\"https://e\",\"now\":\"https://f\"}]");
    run_log_read(l, &r);
    assert_string_equal(r.snapshot, "snap-1");
    assert_string_equal(r.volume_id, "vol-1");
    assert_string_equal(r.version, "10.0");
    assert_string_equal(r.verdict, "");
    assert_int_equal(r.nfiles, 0);
    assert_false(r.manifest_known);
    assert_true(r.stored == RUN_UNTOLD);
    assert_int_equal(r.stream.have, 0);
    assert_int_equal(r.course.sessions, 2);
    assert_int_equal(r.course.nremarks, 0);
    assert_int_equal(r.nmoves, 1);
    assert_int_equal(r.moves[0].session, 2);
    assert_string_equal(r.moves[0].what, "endpoint");
    assert_string_equal(r.moves[0].then, "https://e");
    assert_string_equal(r.moves[0].now, "https://f");
    run_record_free(&r);
}

/* Blocks behind the place where it goes on are asked for again. */
static void a_session_that_goes_back_forgets_what_was_unreadable(void **state)
{
    struct log *l = run_log_new();
    struct run_record r;

    (void)state;
    run_log_add(l, honest[L_START]);
    run_log_add(l, "unreadable,\"block\":3");
    run_log_add(l, "unreadable,\"block\":7");
    run_log_add(l, "unreadable,\"block\":9");
    resume(l, 2, ",\"offset\":4194304"); /* block 8 */
    run_log_add(l, "unreadable,\"block\":9");
    run_log_add(l, "rewind,\"offset\":2097152"); /* block 4 */
    run_log_add(l, "unreadable,\"block\":7");
    run_log_add(l, "unreadable,\"block\":7");
    run_log_read(l, &r);
    assert_int_equal(run_course_unreadable(&r.course), 2);
    run_record_free(&r);
}

static void the_last_end_counts(void **state)
{
    struct log *l = run_log_new();
    struct run_record r;

    (void)state;
    add_honest(l);
    run_log_add(l, "end,\"verdict\":\"failed\",\"exit_status\":5,"
                   "\"error\":\"no room\"");
    run_log_read(l, &r);
    assert_string_equal(r.verdict, "failed");
    assert_string_equal(r.error, "no room");
    assert_true(r.milliseconds == RUN_UNTOLD);
    assert_int_equal(r.course.nremarks, 0);
    run_record_free(&r);
}

static void a_member_of_another_kind_is_told_and_not_taken(void **state)
{
    static const char *const lines[] = {
        "start,\"snapshot\":7", "source,\"volume_size\":\"8\"",
        "source,\"volume_size\":-1", "source,\"volume_size\":1.5",
        "list,\"listed_again_the_same\":\"yes\"", "end,\"reserves\":[1]",
        "hashes,\"md5\":\"aa\"", "file,\"name\":\"x\",\"size\":true",
        "manifest,\"sha256\":\"no\"",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct log *l = run_log_new();
        struct run_record r;

        run_log_add(l, lines[i]);
        run_log_read(l, &r);
        assert_int_equal(r.odd_line, 1);
        assert_string_equal(r.snapshot, "");
        assert_true(r.volume_size == RUN_UNTOLD);
        assert_null(r.reserves);
        run_record_free(&r);
    }
}

static void lists_are_bounded(void **state)
{
    struct log *l = run_log_new();
    autotext struct text line = TEXT_INIT;
    struct run_record r;

    (void)state;
    text_add(&line, "folder,\"not_had\":[\"a\"");
    for (int i = 0; i < 1000; i++)
        text_add(&line, ",\"a\"");
    text_add(&line, "]");
    run_log_add(l, line.s);
    for (int i = 0; i < 1000; i++)
        run_log_add(l, "control,\"name\":\"a\",\"result\":\"done\"");
    run_log_read(l, &r);
    assert_null(r.not_had);
    assert_int_equal(r.ncontrols, 64);
    assert_int_equal(r.odd_line, 1);
    run_record_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fact_is_there),
        cmocka_unit_test(what_is_not_told_is_neither_zero_nor_null),
        cmocka_unit_test(text_of_any_length_is_whole),
        cmocka_unit_test(the_last_session_counts),
        cmocka_unit_test(a_session_that_goes_back_forgets_what_was_unreadable),
        cmocka_unit_test(the_last_end_counts),
        cmocka_unit_test(a_member_of_another_kind_is_told_and_not_taken),
        cmocka_unit_test(lists_are_bounded),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
