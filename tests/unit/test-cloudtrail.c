/* SPDX-License-Identifier: Apache-2.0 */
/* What a person can hand in as CloudTrail records, and what is taken from
 * them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "trail/cloudtrail.h"

#define SNAP "snap-0123456789abcdef0"
#define SOURCE "snap-0fedcba9876543210"
#define VOL "vol-0123456789abcdef0"

#define RECORD(name, id, request, response) \
    "{\"eventName\":\"" name "\",\"eventTime\":\"2026-08-01T12:00:00Z\"," \
    "\"eventID\":\"" id "\",\"requestParameters\":" request \
    ",\"responseElements\":" response "}"
#define COPY(id) RECORD("CopySnapshot", id, \
    "{\"sourceRegion\":\"eu-west-1\",\"sourceSnapshotId\":\"" SOURCE "\"}", \
    "{\"snapshotId\":\"" SNAP "\"}")

static struct trail read_all(const char *json)
{
    struct trail t = { 0 };
    struct err e = ERR_INIT;

    if (trail_parse(&t, json, strlen(json), &e) < 0)
        fail_msg("%s: %s", json, e.msg);
    trail_sort(&t);
    return t;
}

static void each_event_tells_what_was_made_of_what(void **state)
{
    static const struct {
        const char *json;
        enum trail_kind kind;
        const char *made, *from, *region;
    } rows[] = {
        { COPY("1"), TRAIL_COPY, SNAP, SOURCE, "eu-west-1" },
        { RECORD("CreateSnapshot", "1", "{\"volumeId\":\"" VOL "\"}",
                 "{\"snapshotId\":\"" SNAP "\",\"volumeId\":\"" VOL "\"}"),
          TRAIL_SNAPSHOT, SNAP, VOL, "" },
        { RECORD("CreateSnapshots", "1", "{}",
                 "{\"CreateSnapshotsResponse\":{\"snapshotSet\":{\"item\":"
                 "[{\"snapshotId\":\"" SNAP "\",\"volumeId\":\"" VOL
                 "\"}]}}}"), TRAIL_SNAPSHOT, SNAP, VOL, "" },
        { RECORD("StartSnapshot", "1", "{\"parentSnapshotId\":\"" SOURCE
                 "\"}", "{\"snapshotId\":\"" SNAP "\"}"), TRAIL_UPLOAD, SNAP,
          SOURCE, "" },
        { RECORD("StartSnapshot", "1", "{}", "{\"snapshotId\":\"" SNAP
                 "\"}"), TRAIL_UPLOAD, SNAP, "", "" },
        { RECORD("CreateVolume", "1", "{\"snapshotId\":\"" SNAP "\"}",
                 "{\"volumeId\":\"" VOL "\",\"snapshotId\":\"" SNAP "\"}"),
          TRAIL_VOLUME, VOL, SNAP, "" },
        { RECORD("RunInstances", "1", "{}",
                 "{\"instancesSet\":{\"items\":[{\"instanceId\":"
                 "\"i-0123456789abcdef0\",\"imageId\":"
                 "\"ami-0123456789abcdef0\"}]}}"), TRAIL_INSTANCE,
          "i-0123456789abcdef0", "ami-0123456789abcdef0", "" },
        { RECORD("CreateImage", "1",
                 "{\"instanceId\":\"i-0123456789abcdef0\"}",
                 "{\"imageId\":\"ami-0123456789abcdef0\"}"), TRAIL_IMAGE,
          "ami-0123456789abcdef0", "i-0123456789abcdef0", "" },
        { RECORD("DeleteSnapshot", "1", "{\"snapshotId\":\"" SNAP "\"}",
                 "{\"_return\":true}"), TRAIL_DELETE, SNAP, "", "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct trail t = read_all(rows[i].json);

        if (t.count != 1)
            fail_msg("row %zu: %zu events", i, t.count);
        assert_int_equal(t.events[0].kind, rows[i].kind);
        assert_string_equal(t.events[0].made, rows[i].made);
        assert_string_equal(t.events[0].from, rows[i].from);
        assert_string_equal(t.events[0].from_region, rows[i].region);
        trail_free(&t);
    }
}

static void every_shape_of_file_is_read(void **state)
{
    static const struct {
        const char *json;
        size_t events;
    } rows[] = {
        { "{\"Records\":[" COPY("1") "," COPY("2") "]}", 2 },
        { "[" COPY("1") "," COPY("2") "]", 2 },
        { COPY("1") "\n" COPY("2") "\n", 2 },
        { " {\"Records\":[]} ", 0 },
        { "{\"Events\":[{\"CloudTrailEvent\":\"{\\\"eventName\\\":"
          "\\\"DeleteSnapshot\\\",\\\"requestParameters\\\":"
          "{\\\"snapshotId\\\":\\\"" SNAP "\\\"}}\"}]}", 1 },
        /* the same record twice, as CloudTrail may deliver it */
        { "{\"Records\":[" COPY("1") "," COPY("1") "]}", 1 },
        /* two snapshots by one call */
        { RECORD("CreateSnapshots", "1", "{}", "{\"snapshotSet\":[{"
                 "\"snapshotId\":\"" SNAP "\"},{\"snapshotId\":\"" SOURCE
                 "\"}]}"), 2 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct trail t = read_all(rows[i].json);

        if (t.count != rows[i].events)
            fail_msg("row %zu: %zu events", i, t.count);
        trail_free(&t);
    }
}

static void what_did_not_happen_is_left_out(void **state)
{
    static const char *const records[] = {
        "{\"eventName\":\"CopySnapshot\",\"errorCode\":\"Client.X\","
        "\"responseElements\":{\"snapshotId\":\"" SNAP "\"}}",
        RECORD("CopySnapshot", "1", "null", "null"),
        RECORD("CopySnapshot", "1", "{}", "{\"snapshotId\":\"../../x\"}"),
        RECORD("CopySnapshot", "1", "{}", "{\"snapshotId\":\"" VOL "\"}"),
        RECORD("CopySnapshot", "1", "{}", "{\"snapshotId\":7}"),
        RECORD("GetSnapshotBlock", "1", "{\"snapshotId\":\"" SNAP "\"}",
               "null"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
        struct trail t = read_all(records[i]);

        if (t.count)
            fail_msg("row %zu was taken", i);
        assert_int_equal(t.records, 1);
        trail_free(&t);
    }
}

/* Only what says the same in everything is the same record. */
static void records_that_differ_are_all_kept(void **state)
{
#define WITHOUT_ID(name, source, where) \
    "{\"eventName\":\"" name "\",\"eventTime\":\"2026-08-01T12:00:00Z\"," \
    "\"requestParameters\":{\"sourceSnapshotId\":\"" source "\"," \
    "\"sourceRegion\":\"" where "\",\"snapshotId\":\"" SNAP "\"}," \
    "\"responseElements\":{\"snapshotId\":\"" SNAP "\"}}"
#define A WITHOUT_ID("CopySnapshot", SOURCE, "eu-west-1")
#define B WITHOUT_ID("CopySnapshot", SOURCE, "us-east-1")
#define C WITHOUT_ID("CopySnapshot", SNAP, "eu-west-1")
#define D WITHOUT_ID("DeleteSnapshot", "", "")
    struct trail forth = read_all(A " " B " " C " " D " " A);
    struct trail back = read_all(A " " D " " C " " B);

    (void)state;
    assert_int_equal(forth.count, 4);
    assert_int_equal(back.count, 4);
    assert_memory_equal(forth.events, back.events,
                        4 * sizeof(*forth.events));
    trail_free(&forth);
    trail_free(&back);
}

/* "HEAD item item item ... TAIL", which the caller frees. */
static char *many(const char *head, const char *item, size_t times,
                  const char *tail)
{
    char *json = malloc(strlen(head) + times * strlen(item) + strlen(tail)
                        + 1);
    char *at = stpcpy(json, head);

    for (size_t i = 0; i < times; i++)
        at = stpcpy(at, item);
    strcpy(at, tail);
    return json;
}

/* What a request names is looked for once, not for each thing made: else this
 * file of a few MiB takes minutes. */
static void a_large_record_takes_no_longer_than_its_size(void **state)
{
    char *request = many("{\"eventName\":\"CopySnapshot\","
                         "\"requestParameters\":[0", ",0", 100000, "],");
    char *record = many(request, "", 0, "\"responseElements\":[0");
    char *json = many(record, ",{\"snapshotId\":\"" SNAP "\"}", 10000,
                      "]}");
    struct trail t = { 0 };
    struct err e = ERR_INIT;

    (void)state;
    alarm(30);
    assert_int_equal(trail_parse(&t, json, strlen(json), &e), 0);
    alarm(0);
    trail_sort(&t); /* they are all the same */
    assert_int_equal(t.count, 1);
    trail_free(&t);
    free(request);
    free(record);
    free(json);
}

static void what_is_something_else_is_told_apart(void **state)
{
    static const struct {
        const char *json;
        enum trail_file file;
    } rows[] = {
        { "", TRAIL_EMPTY },
        { " \r\n\t", TRAIL_EMPTY },
        { "\xef\xbb\xbf", TRAIL_EMPTY },
        { "<html>", TRAIL_NO_JSON },
        { "some text\n{\"a\":1}\n", TRAIL_NO_JSON },
        { "\xff\xfe{", TRAIL_UTF16 },
        { "\xfe\xff", TRAIL_UTF16 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct trail t = { 0 };
        struct err e = ERR_INIT;

        if (trail_parse(&t, rows[i].json, strlen(rows[i].json), &e)
            != (int)rows[i].file)
            fail_msg("row %zu", i);
        assert_int_equal(t.unused[UNUSED_BROKEN], 0);
        trail_free(&t);
    }
}

static void what_begins_as_json_and_is_none_is_refused(void **state)
{
    static const char *const files[] = {
        "{\"Records\":[", "[1", "{} <html>", "{\"eventName\":\"CopySn",
        "[1 2]", "{\"a\"}", "{\"a\":}", "{]", "[}", "{\"a\":1,}", "[\"\n\"]",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct trail t = { 0 };
        struct err e = ERR_INIT;

        if (trail_parse(&t, files[i], strlen(files[i]), &e) >= 0)
            fail_msg("accepted: %s", files[i]);
        assert_int_equal(e.kind, ERR_USAGE);
        trail_free(&t);
    }
}

#define DELETE_TEXT "{\\\"eventName\\\":\\\"DeleteSnapshot\\\"," \
    "\\\"requestParameters\\\":{\\\"snapshotId\\\":\\\"" SNAP "\\\"}}"
#define DELETE_ "{\"eventName\":\"DeleteSnapshot\"," \
    "\"requestParameters\":{\"snapshotId\":\"" SNAP "\"}}"

static void a_record_is_found_in_whatever_it_is_wrapped(void **state)
{
    static const char *const files[] = {
        "{\"EventId\":\"1\",\"CloudTrailEvent\":\"" DELETE_TEXT "\"}\n",
        "[{\"CloudTrailEvent\":\"" DELETE_TEXT "\"}]",
        "{\"NextToken\":null,\"Events\":[{\"CloudTrailEvent\":\"" DELETE_TEXT
        "\"}]}",
        "{\"detail-type\":\"AWS API Call via CloudTrail\",\"detail\":" DELETE_
        "}",
        "{\"events\":[{\"timestamp\":1,\"message\":\"" DELETE_TEXT "\"}],"
        "\"searchedLogStreams\":[]}",
        "{\"logGroup\":\"x\",\"logEvents\":[{\"id\":\"1\",\"message\":\""
        DELETE_TEXT "\"}]}",
        "{\"hits\":{\"total\":1,\"hits\":[{\"_source\":{\"event\":{"
        "\"original\":\"" DELETE_TEXT "\"}}}]}}",
        "{\"preview\":false,\"result\":{\"_raw\":\"" DELETE_TEXT "\"}}",
        "[{\"Records\":[" DELETE_ "]},{\"Records\":[]}]",
        "\xef\xbb\xbf{\"Records\":[" DELETE_ ",]}",
        DELETE_ ",\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct trail t = read_all(files[i]);

        if (t.count != 1 || t.records != 1)
            fail_msg("row %zu: %zu events", i, t.count);
        for (int u = 0; u < TRAIL_UNUSED; u++)
            assert_int_equal(t.unused[u], 0);
        trail_free(&t);
    }
}

static void what_is_not_used_is_counted(void **state)
{
    static const struct {
        const char *json;
        enum trail_unused why;
        uint64_t unused;
        uint64_t records;
    } rows[] = {
        { DELETE_ "\n{\"eventName\":\"Dele\n" DELETE_, UNUSED_BROKEN, 1, 2 },
        { DELETE_ "\n{\"a\":{\"b\":1\n" DELETE_, UNUSED_BROKEN, 1, 2 },
        { DELETE_ "\n<a>\n<b>\n" DELETE_, UNUSED_BROKEN, 1, 2 },
        { DELETE_ "\n<a>\n" DELETE_ "\n<b>\n", UNUSED_BROKEN, 2, 2 },
        { "{\"Records\":[" DELETE_ ",{\"a\":01}," DELETE_ "]}",
          UNUSED_OTHER, 1, 2 },
        { "{\"Records\":[" DELETE_ ",{\"a\":truth}," DELETE_ "]}",
          UNUSED_BROKEN, 1, 2 },
        { "{\"Records\":[" DELETE_ ",{\"eve", UNUSED_BROKEN, 1, 1 },
        { "{\"Records\":[" DELETE_ ",7,\"x\",null,{}]}", UNUSED_OTHER, 4, 1 },
        { DELETE_ "{\"CloudTrailEvent\":\"{\"}", UNUSED_WRAPPED, 1, 1 },
        { DELETE_ "{\"message\":\"{\"}", UNUSED_WRAPPED, 1, 1 },
        { DELETE_ "{\"message\":\"started\"}", UNUSED_KNOWN, 1, 1 },
        { DELETE_ "{\"message\":\"<1> eventName\"}", UNUSED_OTHER, 1, 1 },
        { DELETE_ "{\"eventType\":\"AwsCloudTrailInsight\"}", UNUSED_KNOWN, 1,
          1 },
        { DELETE_ "{\"eventname\":\"x\"}", UNUSED_OTHER, 1, 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct trail t = read_all(rows[i].json);

        if (t.unused[rows[i].why] != rows[i].unused
            || t.records != rows[i].records)
            fail_msg("row %zu: %d unused, %d records", i,
                     (int)t.unused[rows[i].why], (int)t.records);
        trail_free(&t);
    }
}

static void it_does_not_matter_where_the_pieces_end(void **state)
{
    static const char json[] =
        "\xef\xbb\xbf{\"Records\":[" COPY("1") ",{\"a\":\"\\\"}\"}]}\n<x>\n"
        DELETE_ "\n";

    (void)state;
    for (size_t piece = 1; piece < sizeof(json); piece++) {
        struct trail t = { 0 };
        struct err e = ERR_INIT;
        struct trail_reader *r = trail_begin(&t, &e);

        for (size_t at = 0; at < sizeof(json) - 1; at += piece)
            assert_int_equal(trail_feed(r, json + at,
                                        at + piece < sizeof(json) - 1
                                        ? piece : sizeof(json) - 1 - at,
                                        &e), 0);
        assert_int_equal(trail_end(r, &e), TRAIL_TAKEN);
        assert_int_equal(t.count, 2);
        assert_int_equal(t.unused[UNUSED_BROKEN], 1);
        assert_int_equal(t.unused[UNUSED_OTHER], 1);
        trail_free(&t);
    }
}

static void what_is_nested_without_an_end_is_no_json(void **state)
{
    char *json = many(DELETE_ "\n", "[{\"a\":", 500000, "\n" DELETE_);
    struct trail t = read_all(json);

    (void)state;
    assert_int_equal(t.records, 2);
    assert_int_equal(t.unused[UNUSED_BROKEN], 1);
    trail_free(&t);
    free(json);
}

/* 300 MiB in one list, of which nobody needs more than a record's room; and
 * entries that are larger than a record can be. */
static void many_records_take_no_room(void **state)
{
    char *large = many("{\"a\":\"", "xxxxxxxx", 1 << 17, "\"},");
    char *crowd = many("{\"a\":[0", ",0", 300000, "]},");
    struct trail t = { 0 };
    struct err e = ERR_INIT;
    struct trail_reader *r = trail_begin(&t, &e);

    (void)state;
    assert_int_equal(trail_feed(r, "{\"Records\":[", 12, &e), 0);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(trail_feed(r, large, strlen(large), &e), 0);
        assert_int_equal(trail_feed(r, crowd, strlen(crowd), &e), 0);
        for (int k = 0; k < 1000; k++)
            assert_int_equal(trail_feed(r, COPY("1") ",",
                                        sizeof(COPY("1") ",") - 1, &e),
                             0);
    }
    assert_int_equal(trail_feed(r, "{}]}", 4, &e), 0);
    assert_int_equal(trail_end(r, &e), TRAIL_TAKEN);
    assert_int_equal(t.records, 100000);
    assert_int_equal(t.unused[UNUSED_LARGE], 200);
    assert_true(t.room <= 1024);
    trail_free(&t);
    free(large);
    free(crowd);
}

/* The digests that CloudTrail delivers are one of these. */
static void json_without_records_is_told_apart(void **state)
{
    static const char *const files[] = {
        "{}", "\"x\"", "7", "{\"logFiles\":[]}", "{\"Records\":7}", "[]",
        "[1, 2]", "[{\"resourceId\":\"vol-1\"}]",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct trail t = { 0 };
        struct err e = ERR_INIT;

        if (trail_parse(&t, files[i], strlen(files[i]), &e) != 1)
            fail_msg("%s: %s", files[i], e.msg);
        assert_int_equal(t.records, 0);
        trail_free(&t);
    }
}

static void json_that_speaks_of_events_is_told_apart(void **state)
{
    static const char json[] = "{\"Message\":\"{\\\"eventName\\\": 1}\"}";
    struct trail t = { 0 };
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(trail_parse(&t, json, strlen(json), &e), TRAIL_ALIKE);
    assert_int_equal(t.records, 0);
    trail_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_event_tells_what_was_made_of_what),
        cmocka_unit_test(every_shape_of_file_is_read),
        cmocka_unit_test(what_did_not_happen_is_left_out),
        cmocka_unit_test(records_that_differ_are_all_kept),
        cmocka_unit_test(a_large_record_takes_no_longer_than_its_size),
        cmocka_unit_test(what_is_something_else_is_told_apart),
        cmocka_unit_test(what_begins_as_json_and_is_none_is_refused),
        cmocka_unit_test(a_record_is_found_in_whatever_it_is_wrapped),
        cmocka_unit_test(what_is_not_used_is_counted),
        cmocka_unit_test(it_does_not_matter_where_the_pieces_end),
        cmocka_unit_test(what_is_nested_without_an_end_is_no_json),
        cmocka_unit_test(many_records_take_no_room),
        cmocka_unit_test(json_without_records_is_told_apart),
        cmocka_unit_test(json_that_speaks_of_events_is_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
