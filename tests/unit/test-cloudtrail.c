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

#include "ebs/cloudtrail.h"

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
                         "\"requestParameters\":[0", ",0", 400000, "],");
    char *record = many(request, "", 0, "\"responseElements\":[0");
    char *json = many(record, ",{\"snapshotId\":\"" SNAP "\"}", 40000,
                      "]}");
    struct trail t = { 0 };
    struct err e = ERR_INIT;

    (void)state;
    alarm(30);
    assert_int_equal(trail_parse(&t, json, strlen(json), &e), 0);
    alarm(0);
    assert_int_equal(t.count, 40000);
    trail_free(&t);
    free(request);
    free(record);
    free(json);
}

static void what_is_no_json_is_refused(void **state)
{
    static const char *const files[] = {
        "", "   ", "<html>", "{\"Records\":[", "[1", "{} <html>",
        COPY("1") " <html>",
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

        assert_int_equal(trail_parse(&t, files[i], strlen(files[i]), &e), 1);
        assert_int_equal(t.records, 0);
        trail_free(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_event_tells_what_was_made_of_what),
        cmocka_unit_test(every_shape_of_file_is_read),
        cmocka_unit_test(what_did_not_happen_is_left_out),
        cmocka_unit_test(records_that_differ_are_all_kept),
        cmocka_unit_test(a_large_record_takes_no_longer_than_its_size),
        cmocka_unit_test(what_is_no_json_is_refused),
        cmocka_unit_test(json_without_records_is_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
