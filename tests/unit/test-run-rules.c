/* SPDX-License-Identifier: Apache-2.0 */
/* An honest log breaks no rule; one that contradicts itself is told, with the
 * line. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit/run-rules.h"
#include "run-log.h"

struct heard {
    size_t bad, notes;
    uint64_t line;    /* of the last one */
    char text[4000];  /* all of it */
};

static void hear(void *ctx, const struct run_finding *f)
{
    struct heard *h = ctx;

    h->bad += !f->note;
    h->notes += f->note;
    h->line = f->line;
    snprintf(h->text + strlen(h->text), sizeof(h->text) - strlen(h->text),
             "%s; ", f->text);
}

static struct heard judge(struct log *l)
{
    struct heard h = { 0 };
    struct run_record r;

    run_log_read(l, &r);
    run_rules_check(&r, &(struct run_judge){ hear, &h });
    run_record_free(&r);
    return h;
}

/* The honest log with another line, or without it. */
static struct heard changed(size_t which, const char *instead)
{
    struct log *l = run_log_new();

    for (size_t i = 0; i < L_LINES; i++)
        if (i != which)
            run_log_add(l, honest[i]);
        else if (instead)
            run_log_add(l, instead);
    return judge(l);
}

static void an_honest_log_breaks_no_rule(void **state)
{
    struct heard h = changed(L_LINES, NULL);

    (void)state;
    assert_int_equal(h.bad + h.notes, 0);
}

#define ROWS "manifest,\"sha256\":\"" SHA "\",\"root\":\"" SHA "\","

static const struct lie {
    size_t line;
    const char *instead, *told;
} lies[] = {
    { L_SNAPSHOT, "snapshot,\"snapshot\":\"snap-2\"", "different snapshots" },
    { L_SNAPSHOT, "snapshot,\"volume_gib\":2", "volume_gib" },
    { L_SNAPSHOT, "snapshot,\"volume_gib\":0", "volume_gib" },
    { L_OUTPUT, "output,\"prefix\":\"x\",\"formats\":\"e01\"", "formats" },
    { L_OUTPUT, "output,\"prefix\":\"y\",\"formats\":\"raw\"",
      "is no file of y" },
    { L_SOURCE, "source,\"volume_size\":1073741824,\"sectors\":7",
      "sectors" },
    { L_SOURCE, "source,\"volume_size\":1073741824,\"block_size\":4096",
      "512 KiB" },
    { L_LIST, "list,\"blocks\":2", "listed" },
    { L_LIST, "list,\"blocks\":3,\"ec2_blocks\":4", "EC2 counts" },
    { L_LIST, "list,\"blocks\":3,\"listed_again_the_same\":false",
      "second list" },
    { L_UNREADABLE, "unreadable,\"block\":\"7\"", "number of unreadable" },
    { L_RAW, "file,\"name\":\"x.dd\",\"size\":1," MD5A, "1 bytes" },
    { L_RAW, "file,\"name\":\"x.dd\",\"size\":1073741824," MD5B,
      "other digests" },
    { L_RAW, "file,\"name\":\"x.dd\",\"size\":1073741824", "other digests" },
    { L_RAW, "file,\"name\":\"x.E01\",\"size\":1," MD5A, "formats" },
    { L_RAW, "file,\"name\":\"x.001\",\"size\":7," MD5A, "7 bytes" },
    { L_BLOCKS, "file,\"name\":\"x.blocks\",\"size\":704", "lacks a digest" },
    { L_BLOCKS, "file,\"name\":\"x.blocks\",\"size\":703," MD5B, "its rows" },
    { L_BLOCKS, "file,\"name\":\"x.dd\",\"size\":0," MD5A, "named twice" },
    { L_BLOCKS, "file,\"name\":\"x\",\"size\":704," MD5B, "is no file of x" },
    { L_MANIFEST, ROWS "\"rows\":3,\"stored\":2,\"stored_zero\":1,"
      "\"unreadable\":1,\"never_stored\":2045", "stored_zero" },
    { L_MANIFEST, ROWS "\"rows\":3,\"stored\":1,\"stored_zero\":1,"
      "\"unreadable\":1,\"never_stored\":2000", "never_stored" },
    { L_MANIFEST, ROWS "\"rows\":3,\"stored\":2,\"stored_zero\":1,"
      "\"unreadable\":0,\"never_stored\":2045", "number of unreadable" },
    { L_MANIFEST, ROWS "\"rows\":3,\"stored\":1,\"stored_zero\":1,"
      "\"unreadable\":1,\"never_stored\":2045,\"carried\":4", "carried" },
    { L_MANIFEST, ROWS "\"rows\":3,\"stored\":1,\"stored_zero\":1,"
      "\"unreadable\":1,\"never_stored\":2045,\"cached\":4", "a cache" },
    { L_HASHES, "hashes," MD5A ",\"bytes\":7", "number of bytes" },
    { L_HASHES, "hashes,\"bytes\":1073741824", "asked for" },
    { L_END, "end,\"verdict\":\"complete\",\"exit_status\":0",
      "unreadable blocks" },
    { L_END, "end,\"verdict\":\"complete-with-unreadable\","
      "\"exit_status\":0", "exit status" },
    { L_END, "end,\"verdict\":\"complete-with-unreadable\","
      "\"exit_status\":1,\"error\":\"no room\"", "error" },
    { L_END, "end,\"verdict\":\"fine\",\"exit_status\":1", "no word" },
    { L_END, "end,\"verdict\":\"failed\",\"exit_status\":0", "exit status" },
};

static void a_contradiction_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        struct heard h = changed(lies[i].line, lies[i].instead);

        if (!h.bad || !strstr(h.text, lies[i].told))
            fail_msg("%s: %zu bad: %s", lies[i].instead, h.bad,
                     h.text);
        assert_true(h.line > 0 && h.line <= L_LINES);
    }
}

static void a_line_that_is_missing_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < L_LINES; i++)
        if (i != L_SNAPSHOT && i != L_END && !changed(i, NULL).bad)
            fail_msg("without line %zu", i);
    assert_int_equal(changed(L_SNAPSHOT, NULL).bad, 0);
}

static void only_the_beginning_and_the_end_is_no_log(void **state)
{
    struct log *l = run_log_new();

    (void)state;
    run_log_add(l, honest[L_START]);
    run_log_add(l, honest[L_RAW]);
    run_log_add(l, "end,\"verdict\":\"complete\",\"exit_status\":0");
    assert_true(judge(l).bad > 5);
}

/* In the order of `lines'. */
static struct heard ordered(const size_t *lines, size_t n)
{
    struct log *l = run_log_new();

    for (size_t i = 0; i < n; i++)
        run_log_add(l, honest[lines[i]]);
    return judge(l);
}

static void the_order_counts(void **state)
{
    const size_t twice[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 11 };
    const size_t late[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 9, 11 };
    const size_t behind[] = { 0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 5, 11 };
    const size_t starts[] = { 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
    const size_t first[] = { 1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };

    (void)state;
    assert_true(ordered(twice, 13).bad);
    assert_true(ordered(late, 12).bad);
    assert_true(ordered(behind, 13).bad);
    assert_true(ordered(starts, 13).bad);
    assert_true(ordered(first, 12).bad);
}

/* Blocks of an earlier image that were not all fetched as well. */
static void what_rests_on_a_list_is_owned_up_to(void **state)
{
    struct log *l = run_log_new();

    (void)state;
    for (size_t i = 0; i < L_LINES; i++) {
        if (i == L_UNREADABLE)
            run_log_add(l, "since,\"used\":true,\"carried\":2,"
                           "\"audited\":1");
        else if (i == L_MANIFEST)
            run_log_add(l, ROWS "\"rows\":3,\"stored\":2,\"stored_zero\":1,"
                        "\"unreadable\":0,\"never_stored\":2045,"
                        "\"carried\":2");
        else if (i == L_END)
            run_log_add(l, "end,\"verdict\":\"complete\","
                           "\"exit_status\":0");
        else
            run_log_add(l, honest[i]);
    }
    assert_int_equal(judge(l).bad, 1);
}

/* The honest log of a run without unreadable blocks, with these controls and
 * this end. */
static struct heard controlled(const char *const *controls, const char *end)
{
    struct log *l = run_log_new();

    for (size_t i = 0; i < L_LINES; i++) {
        if (i == L_UNREADABLE)
            continue;
        for (size_t k = 0; i == L_END && controls[k]; k++)
            run_log_add(l, controls[k]);
        if (i == L_LIST)
            run_log_add(l, "list,\"blocks\":3,\"pages\":1,\"ec2_blocks\":3,"
                           "\"listed_again_the_same\":true");
        else if (i == L_MANIFEST)
            run_log_add(l, ROWS "\"rows\":3,\"stored\":2,\"stored_zero\":1,"
                        "\"unreadable\":0,\"never_stored\":2045");
        else
            run_log_add(l, i == L_END ? end : honest[i]);
    }
    return judge(l);
}

#define CONTROL(name, result) \
    "control,\"name\":\"" name "\",\"result\":\"" result "\""
#define COMPLETE "end,\"verdict\":\"complete\",\"exit_status\":0," \
    "\"reserves\":[]"

static void expect_controls(const char *const *controls, const char *end,
                            const char *words)
{
    struct heard h = controlled(controls, end);

    assert_int_equal(h.bad, words ? 1 : 0);
    if (words && !strstr(h.text, words))
        fail_msg("%s", h.text);
}

static void controls_and_verdict_fit_each_other(void **state)
{
    static const char *const good[] = {
        CONTROL("second-list", "done"), CONTROL("ec2-count", "done"),
        CONTROL("clock", "differs"), CONTROL("sample", "does-not-apply"), NULL,
    };
    static const char *const silent[] = {
        CONTROL("second-list", "done"), CONTROL("ec2-count", "differs"), NULL,
    };
    static const char *const held[] = {
        CONTROL("second-list", "done"),
        CONTROL("ec2-count", "differs")
            ",\"reserve\":\"complete-with-doubt\"", NULL,
    };
    static const char *const other[] = {
        CONTROL("second-list", "not-had")
            ",\"reserve\":\"complete-list-unchecked\"", NULL,
    };
    static const char doubt[] = "end,\"verdict\":\"complete-with-doubt\","
        "\"exit_status\":1,\"reserves\":[\"complete-with-doubt\"]";

    (void)state;
    expect_controls(good, COMPLETE, NULL);
    expect_controls(silent, COMPLETE, "holds nothing against the image");
    expect_controls(held, doubt, NULL);
    expect_controls(held, COMPLETE, "not those of the controls");
    expect_controls(good, doubt, "not those of the controls");
    expect_controls(held, "end,\"verdict\":\"complete-list-unchecked\","
                    "\"exit_status\":1,\"reserves\":"
                    "[\"complete-with-doubt\"]",
                    "not the first of its reserves");
    expect_controls(other, "end,\"verdict\":\"complete-list-unchecked\","
                    "\"exit_status\":1,\"reserves\":"
                    "[\"complete-list-unchecked\"]",
                    "not what list and manifest say");
}

static void a_reserve_is_no_complete(void **state)
{
    struct heard h = changed(L_END, "end,\"verdict\":\"complete\","
                             "\"reserves\":[\"complete-with-unreadable\"],"
                             "\"exit_status\":0");

    (void)state;
    assert_non_null(strstr(h.text, "reserves"));
}

/* A second session that names this end of the first one. */
static struct heard resumed(const char *head)
{
    struct log *l = run_log_new();
    autotext struct text line = TEXT_INIT;
    struct log_place at;
    char hex[2 * LOG_HASH + 1];

    run_log_add(l, honest[L_START]);
    log_place(l, &at);
    hex_encode(hex, at.head, LOG_HASH);
    text_addf(&line, "resume,\"version\":\"9.9\",\"summary\":1,"
              "\"session\":2,\"previous_events\":1,"
              "\"previous_head\":\"%s\",\"offset\":0", head ? head : hex);
    run_log_add(l, line.s);
    for (size_t i = L_CREDENTIALS; i < L_LINES; i++)
        run_log_add(l, honest[i]);
    return judge(l);
}

static void a_session_knows_the_end_of_the_one_before(void **state)
{
    (void)state;
    assert_int_equal(resumed(NULL).bad, 0);
    assert_int_equal(resumed(SHA).bad, 1);
}

/* ------------------------------------------- what a session says of itself */

enum { ORIGIN, RECHECK, FOLDER, DETAILS };

/* Where each stands. */
static const size_t places[DETAILS] = { L_SOURCE, L_SOURCE, L_OUTPUT };

#define CALLER "caller,\"account\":\"111122223333\",\"arn\":\"arn:"
#define SAME "\"same\":[\"region\",\"account\",\"volume\"]"
#define UNKNOWN "\"unknown\":[\"owner\"]"
#define OTHER(what, then, now) "{\"what\":\"" what "\",\"then\":\"" then \
    "\",\"now\":\"" now "\"}"
#define ARNS OTHER("caller", "arn:a", "arn:b")

/* What an honest run says that is gone on with behind two blocks, by somebody
 * else, elsewhere. */
static const char *const honest_details[DETAILS] = {
    [ORIGIN] = "origin," SAME "," UNKNOWN ",\"other\":["
        OTHER("endpoint", "https://e", "https://f") "," ARNS "]",
    [RECHECK] = "recheck,\"kept\":2,\"asked_for\":64,\"compared\":1,"
        "\"unreadable_then\":1,\"unreadable_now\":0",
    [FOLDER] = "folder,\"filesystem\":\"exfat\",\"not_had\":[\"owners\","
        "\"locks\"],\"others_may_write\":false",
};

static void add_details(struct log *l, const char *const *details, size_t at)
{
    for (int k = 0; k < DETAILS; k++)
        if (places[k] == at && details[k])
            run_log_add(l, details[k]);
}

static void add_resume(struct log *l)
{
    autotext struct text line = TEXT_INIT;
    struct log_place at;
    char hex[2 * LOG_HASH + 1];

    log_place(l, &at);
    hex_encode(hex, at.head, LOG_HASH);
    text_addf(&line, "resume,\"summary\":2,\"session\":2,\"rows\":2,"
              "\"previous_events\":%" PRIu64 ",\"previous_head\":\"%s\","
              "\"offset\":4194304", at.events, hex);
    run_log_add(l, line.s);
}

/* Two sessions: the second says these, and has this event `extra' before the
 * line `where' once more. */
static struct heard gone_on(const char *const *details, size_t where,
                            const char *extra)
{
    struct log *l = run_log_new();

    for (size_t i = L_START; i <= L_UNREADABLE; i++) {
        run_log_add(l, honest[i]);
        if (i == L_CREDENTIALS)
            run_log_add(l, CALLER "a\"");
    }
    add_resume(l);
    for (size_t i = L_CREDENTIALS; i < L_LINES; i++) {
        if (i == where)
            run_log_add(l, extra);
        add_details(l, details, i);
        if (i == L_CREDENTIALS)
            run_log_add(l, "credentials,\"region\":\"us-east-1\","
                           "\"endpoint\":\"https://f\"");
        else if (i != L_UNREADABLE)
            run_log_add(l, honest[i]);
        if (i == L_CREDENTIALS)
            run_log_add(l, CALLER "b\"");
    }
    return judge(l);
}

static struct heard with_detail(int which, const char *instead)
{
    const char *details[DETAILS];

    memcpy(details, honest_details, sizeof(details));
    details[which] = instead;
    return gone_on(details, L_LINES, NULL);
}

static void an_honest_run_that_is_gone_on_with_breaks_no_rule(void **state)
{
    static const char *const none[DETAILS] = { NULL };
    struct heard h = gone_on(honest_details, L_LINES, NULL);

    (void)state;
    if (h.bad + h.notes)
        fail_msg("%s", h.text);
    h = gone_on(none, L_LINES, NULL); /* as older logs were */
    assert_int_equal(h.bad + h.notes, 0);
}

static void a_session_that_contradicts_itself_is_told(void **state)
{
    static const struct { int which; const char *instead, *told; } rows[] = {
        { ORIGIN, "origin,\"same\":[\"region\"],\"unknown\":[\"region\"],"
          "\"other\":[" OTHER("endpoint", "https://e", "https://f") "]",
          "names the region twice" },
        { ORIGIN, "origin,\"same\":[\"endpoint\"],\"unknown\":[],"
          "\"other\":[]", "does not say that the endpoint is another" },
        { ORIGIN, "origin,\"same\":[],\"unknown\":[],\"other\":["
          OTHER("endpoint", "https://x", "https://f") "]",
          "the endpoint was or is another one" },
        { ORIGIN, "origin,\"same\":[],\"unknown\":[],\"other\":["
          OTHER("endpoint", "https://e", "https://x") "]",
          "the endpoint was or is another one" },
        { ORIGIN, "origin,\"same\":[],\"unknown\":[],\"other\":["
          OTHER("endpoint", "https://e", "https://f") ","
          OTHER("owner", "1", "2") "]", "another owner is no run" },
        { ORIGIN, "origin,\"same\":[],\"unknown\":[\"region\"],"
          "\"other\":[" OTHER("endpoint", "https://e", "https://f") "]",
          "the region is known all the same" },
        { ORIGIN, "origin,\"same\":[],\"unknown\":[],\"other\":["
          OTHER("endpoint", "https://e", "https://f") ","
          OTHER("region", "us-east-1", "us-east-1") "]",
          "the region is the same one" },
        { RECHECK, "recheck,\"kept\":1", "1 blocks were kept" },
        { RECHECK, "recheck,\"kept\":2,\"asked_for\":64,\"compared\":2,"
          "\"unreadable_then\":1,\"unreadable_now\":0",
          "1 blocks were to be compared, and it tells of 2" },
        { RECHECK, "recheck,\"kept\":2,\"asked_for\":\"all\","
          "\"compared\":0,\"unreadable_then\":1,\"unreadable_now\":0",
          "1 blocks were to be compared, and it tells of 0" },
        { RECHECK, "recheck,\"kept\":2,\"asked_for\":0,\"compared\":1,"
          "\"unreadable_then\":0,\"unreadable_now\":0",
          "0 blocks were to be compared" },
        { RECHECK, "recheck,\"kept\":2,\"asked_for\":1,\"compared\":0,"
          "\"unreadable_then\":3,\"unreadable_now\":0",
          "more were unreadable than were kept" },
        { FOLDER, "folder,\"not_had\":[\"owners\",\"owners\"]",
          "something twice" },
        { FOLDER, "folder,\"others_may_write\":\"no\"",
          "folder.others_may_write" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct heard h = with_detail(rows[i].which, rows[i].instead);

        if (!h.bad || !strstr(h.text, rows[i].told))
            fail_msg("%s: %zu bad: %s", rows[i].instead, h.bad, h.text);
    }
}

static void each_stands_where_it_stands_once(void **state)
{
    static const struct { int which; size_t at; const char *told; } rows[] = {
        { ORIGIN, L_SOURCE, "a second origin in one session" },
        { RECHECK, L_SOURCE, "a second recheck in one session" },
        { FOLDER, L_OUTPUT, "a second folder in one session" },
        { ORIGIN, L_CREDENTIALS, "origin comes before credentials" },
        { RECHECK, L_CREDENTIALS, "recheck comes before credentials" },
        { FOLDER, L_SOURCE, "folder comes before source" },
        { ORIGIN, L_OUTPUT, "origin comes behind source" },
        { RECHECK, L_LIST, "recheck comes behind source" },
        { FOLDER, L_LIST, "folder comes behind output" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct heard h = gone_on(honest_details, rows[i].at,
                                 honest_details[rows[i].which]);

        if (!strstr(h.text, rows[i].told))
            fail_msg("not %s: %s", rows[i].told, h.text);
    }
}

static void a_run_of_one_session_has_no_earlier_one(void **state)
{
    (void)state;
    for (int k = ORIGIN; k <= RECHECK; k++) {
        struct log *l = run_log_new();
        struct heard h;

        for (size_t i = 0; i < L_LINES; i++) {
            if (i == places[k])
                run_log_add(l, honest_details[k]);
            run_log_add(l, honest[i]);
        }
        h = judge(l);
        assert_non_null(strstr(h.text, "in a run that is not gone on with"));
    }
}

static void more_cannot_be_kept_than_there_is(void **state)
{
    struct heard h = changed(L_SOURCE, "recheck,\"kept\":4");

    (void)state;
    assert_non_null(strstr(h.text, "more blocks were kept"));
}

static void the_control_is_what_the_sample_was(void **state)
{
    static const char *const done[] = {
        CONTROL("second-list", "done"), CONTROL("recheck", "done"), NULL,
    };

    (void)state;
    expect_controls(done, COMPLETE, "not what the event recheck says");
}

/* ----------------------------------------------------------------- clock */

static void a_time_must_be_one(void **state)
{
    static const char *const times[] = { "9999-99-99T99:99:99.999999999Z",
                                         "2026-02-31T00:00:00.000000000Z" };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct run_course c = { 0 };
        struct logcheck none = { 0 };
        struct err e = ERR_INIT;
        cJSON *event = cJSON_CreateObject();

        cJSON_AddStringToObject(event, "event", "start");
        cJSON_AddStringToObject(event, "time", times[i]);
        assert_int_equal(run_course_step(&c, event, &none, &e), 0);
        assert_int_equal(c.nremarks, 1);
        assert_false(c.remarks[0].note);
        cJSON_Delete(event);
        run_course_free(&c);
    }
}

/* The clock is set back by an hour before the list. */
static struct heard set_back(bool tells, const char *start)
{
    struct log *l = run_log_new();

    if (tells)
        log_tell_clock(l);
    for (size_t i = 0; i < L_LINES; i++) {
        if (i == L_LIST)
            run_log_now -= 3600 * NS_PER_S;
        run_log_add(l, i == L_START && start ? start : honest[i]);
    }
    return judge(l);
}

static void a_clock_that_was_set_back_is_no_crime(void **state)
{
    struct heard h = set_back(true, NULL);

    (void)state;
    assert_int_equal(h.bad + h.notes, 0);
}

static void but_a_log_that_would_say_so_must(void **state)
{
    struct heard h = set_back(false, NULL);

    (void)state;
    assert_int_equal(h.bad, 1);
    assert_int_equal(h.line, L_LIST + 1);
}

static void an_older_log_could_not_say_it(void **state)
{
    struct heard h = set_back(false, "start,\"version\":\"0.1.0\","
                              "\"snapshot\":\"snap-1\",\"formats\":\"raw\","
                              "\"hashes\":\"md5\",\"file_hashes\":\"md5\"");

    (void)state;
    assert_int_equal(h.bad, 0);
    assert_int_equal(h.notes, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_honest_log_breaks_no_rule),
        cmocka_unit_test(a_contradiction_is_told),
        cmocka_unit_test(a_line_that_is_missing_is_told),
        cmocka_unit_test(only_the_beginning_and_the_end_is_no_log),
        cmocka_unit_test(the_order_counts),
        cmocka_unit_test(what_rests_on_a_list_is_owned_up_to),
        cmocka_unit_test(controls_and_verdict_fit_each_other),
        cmocka_unit_test(a_reserve_is_no_complete),
        cmocka_unit_test(a_session_knows_the_end_of_the_one_before),
        cmocka_unit_test(an_honest_run_that_is_gone_on_with_breaks_no_rule),
        cmocka_unit_test(a_session_that_contradicts_itself_is_told),
        cmocka_unit_test(each_stands_where_it_stands_once),
        cmocka_unit_test(a_run_of_one_session_has_no_earlier_one),
        cmocka_unit_test(more_cannot_be_kept_than_there_is),
        cmocka_unit_test(the_control_is_what_the_sample_was),
        cmocka_unit_test(a_time_must_be_one),
        cmocka_unit_test(a_clock_that_was_set_back_is_no_crime),
        cmocka_unit_test(but_a_log_that_would_say_so_must),
        cmocka_unit_test(an_older_log_could_not_say_it),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
