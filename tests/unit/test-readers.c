/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of readers: which records came before, which blocks they got,
 * a few texts, and what one record tells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "readers/crowd.h"
#include "readers/few.h"
#include "readers/lines.h"
#include "readers/marks.h"
#include "readers/network.h"
#include "readers/seen.h"
#include "trail/reading.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void an_id_is_new_once(void **state)
{
    struct seen s = { 0 };
    struct err e = ERR_INIT;
    char id[32];

    (void)state;
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 10000; i++) {
            snprintf(id, sizeof(id), "id-%d", i);
            assert_int_equal(seen_add(&s, id, &e), round);
        }
    assert_int_equal(s.count, 10000);
    assert_int_equal(seen_add(&s, "", &e), 0);
    assert_int_equal(seen_add(&s, "", &e), 0);
    seen_free(&s);
}

static void ids_take_no_more_than_there_is(void **state)
{
    struct seen s = { 0 };
    struct err e = ERR_INIT;
    char id[32];

    (void)state;
    for (unsigned i = 0; i < 3700000; i++) {
        snprintf(id, sizeof(id), "%u", i);
        assert_int_equal(seen_add(&s, id, &e), 0);
    }
    assert_int_equal(s.begun_anew, 1);
    assert_true(s.room * sizeof(*s.numbers) <= 32u * 1024 * 1024);
    assert_int_equal(seen_add(&s, "3699999", &e), 1);
    seen_free(&s);
}

static void blocks_come_back_as_ranges(void **state)
{
    static const uint64_t in[] = { 5, 6, 7, 0, 63, 64, 8191, 8192, 8191,
                                   READING_BLOCKS - 1 };
    static const uint64_t out[][2] = {
        { 0, 0 }, { 5, 7 }, { 63, 64 }, { 8191, 8192 },
        { READING_BLOCKS - 1, READING_BLOCKS - 1 },
    };
    struct marks m = { 0 };
    size_t left = CROWD_MARKS;
    uint64_t first = 0, last;
    struct err e = ERR_INIT;

    (void)state;
    for (size_t i = 0; i < COUNT(in); i++)
        assert_int_equal(marks_add(&m, &left, in[i], &e), 0);
    assert_int_equal(m.count, COUNT(in) - 1);
    for (size_t i = 0; i < COUNT(out); i++, first = last + 1) {
        assert_true(marks_range(&m, &first, &last));
        assert_int_equal(first, out[i][0]);
        assert_int_equal(last, out[i][1]);
    }
    assert_false(marks_range(&m, &first, &last));
    assert_true(marks_has(&m, 6) && !marks_has(&m, 8));
    assert_false(marks_has(&m, UINT64_MAX));
    marks_free(&m);
}

static void every_third_block_is_a_range_of_its_own(void **state)
{
    struct marks m = { 0 };
    size_t left = CROWD_MARKS;
    uint64_t first = 0, last, n = 0;
    struct err e = ERR_INIT;

    (void)state;
    for (uint64_t i = 0; i < 30000; i += 3)
        marks_add(&m, &left, i, &e);
    for (; marks_range(&m, &first, &last); first = last + 1, n++)
        assert_true(first == last && first % 3 == 0);
    assert_int_equal(n, 10000);
    marks_free(&m);
}

static void blocks_beyond_the_room_are_counted(void **state)
{
    struct marks m = { 0 };
    size_t left = MARKS_CHUNK_BYTES + sizeof(uint64_t *);
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(marks_add(&m, &left, 1, &e), 0);
    assert_int_equal(left, 0);
    assert_int_equal(marks_add(&m, &left, 8 * MARKS_CHUNK_BYTES, &e), 0);
    assert_int_equal(marks_add(&m, &left, 2, &e), 0);
    assert_int_equal(m.count, 2);
    assert_int_equal(m.left_out, 1);
    marks_free(&m);
}

static void a_few_texts_are_kept_and_the_rest_counted(void **state)
{
    struct few f = { 0 };
    struct err e = ERR_INIT;
    char text[FEW_TEXT + 20];

    (void)state;
    for (int i = 0; i < 2 * FEW_MAX; i++) {
        snprintf(text, sizeof(text), "text %d", i);
        few_add(&f, text, &e);
    }
    few_add(&f, "text 0", &e);
    few_add(&f, "", &e);
    assert_int_equal(f.n, FEW_MAX);
    assert_int_equal(f.others, FEW_MAX);
    assert_int_equal(f.rows[0].count, 2);
    assert_true(few_has(&f, "text 7") && !few_has(&f, "text 8"));
    few_free(&f);
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    few_add(&f, text, &e);
    few_add(&f, text, &e);
    assert_int_equal(f.rows[0].count, 2);
    assert_int_equal(strlen(f.rows[0].text), FEW_TEXT);
    few_free(&f);
}

static void an_address_is_in_a_network(void **state)
{
    static const char *const rows[][2] = {
        { "198.51.100.7", "198.51.100.0/24" },
        { "2001:db8:1:2::3", "2001:db8:1::/48" },
        { "ebs.amazonaws.com", "" }, { "AWS Internal", "" }, { "", "" },
    };
    char out[NETWORK_ROOM];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(network_of(out, rows[i][0]), rows[i][1]);
}

/* ------------------------------------------------------------- one record */

#define EBS(name, rest) "{\"eventSource\":\"ebs.amazonaws.com\"," \
    "\"eventName\":\"" name "\"" rest "}"
#define CHANGED(request) EBS("ListChangedBlocks", \
    ",\"requestParameters\":" request ",\"resources\":[" \
    "{\"ARN\":\"arn:aws:ec2:x::snapshot/snap-0bb\"}," \
    "{\"ARN\":\"arn:aws:ec2:x::snapshot/snap-0aa\"}]")

static void a_record_names_what_was_read(void **state)
{
    static const struct {
        const char *json, *things[2];
        uint64_t block;
    } rows[] = {
        { EBS("GetSnapshotBlock", ",\"requestParameters\":"
              "{\"snapshotId\":\"snap-0aa\",\"blockIndex\":3}"),
          { "snap-0aa", "" }, 3 },
        { EBS("GetSnapshotBlock", ",\"requestParameters\":"
              "{\"snapshotId\":\"../x\",\"blockIndex\":-3}"),
          { "", "" }, READING_NO_BLOCK },
        { EBS("ListSnapshotBlocks", ",\"requestParameters\":null"),
          { "", "" }, READING_NO_BLOCK },
        { CHANGED("{\"firstSnapshotId\":\"snap-0aa\","
                  "\"secondSnapshotId\":\"snap-0bb\"}"),
          { "snap-0bb", "snap-0aa" }, READING_NO_BLOCK },
        { CHANGED("{\"secondSnapshotId\":\"snap-0aa\"}"),
          { "snap-0aa", "" }, READING_NO_BLOCK },
        { CHANGED("null"), { "snap-0bb", "snap-0aa" }, READING_NO_BLOCK },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        autojson cJSON *j = cJSON_Parse(rows[i].json);
        struct reading a;

        assert_non_null(j);
        assert_true(reading_read(j, &a));
        assert_string_equal(a.things[0], rows[i].things[0]);
        assert_string_equal(a.things[1], rows[i].things[1]);
        assert_int_equal(a.block, rows[i].block);
    }
}

static void what_reads_nothing_is_passed_over(void **state)
{
    static const char *const rows[] = {
        EBS("PutSnapshotBlock", ""), EBS("StartSnapshot", ""), "{}", "[]",
        "{\"eventSource\":\"ec2.amazonaws.com\","
        "\"eventName\":\"GetSnapshotBlock\"}",
        "{\"eventSource\":\"kms.amazonaws.com\",\"eventName\":\"Decrypt\"}",
        "{\"eventSource\":\"kms.amazonaws.com\",\"eventName\":\"Decrypt\","
        "\"requestParameters\":{\"encryptionContext\":"
        "{\"aws:ebs:id\":\"i-0aa\"}}}",
        "{\"eventSource\":17,\"eventName\":[]}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        autojson cJSON *j = cJSON_Parse(rows[i]);
        struct reading a;

        assert_non_null(j);
        assert_false(reading_read(j, &a));
    }
}

/* A record that is taken for a copy by mistake must not hide its reader, nor
 * its block. */
static void a_copy_hides_nobody(void **state)
{
    struct reading a = {
        .call = READING_GET, .things = { "snap-0aa", "" }, .block = 7,
        .who = "w", .type = "", .account = "", .key = "", .address = "",
        .endpoint = "", .agent = "", .region = "", .error = "",
    };
    struct crowd c;
    struct err e = ERR_INIT;

    (void)state;
    crowd_init(&c);
    assert_int_equal(crowd_add(&c, &a, 0, "", true, &e), 0);
    assert_int_equal(c.count, 1);
    assert_int_equal(reader_calls(&c.readers[0]), 1);
    a.block = 9;
    assert_int_equal(crowd_add(&c, &a, 0, "", true, &e), 0);
    assert_int_equal(reader_calls(&c.readers[0]), 1);
    assert_int_equal(c.readers[0].blocks.count, 2);
    a.error = "AccessDenied";
    a.block = 11;
    assert_int_equal(crowd_add(&c, &a, 0, "", false, &e), 0);
    assert_int_equal(c.readers[0].blocks.count, 2);
    assert_int_equal(reader_failed(&c.readers[0]), 1);
    crowd_free(&c);
}

static void no_line_is_too_wide(void **state)
{
    struct lines l = { .width = 40 };
    const char *line;

    (void)state;
    lines_add(&l, 4, "label", "words that go on and on until they need "
              "another-line-which-is-longer-than-there-is-room-for-it x");
    lines_add(&l, 4, "none", "");
    for (line = l.t.s; *line; line += strcspn(line, "\n") + 1)
        assert_true(strcspn(line, "\n") <= 40);
    assert_non_null(strstr(l.t.s, "\n              until they"));
    assert_null(strstr(l.t.s, "none"));
    text_free(&l.t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_new_once),
        cmocka_unit_test(ids_take_no_more_than_there_is),
        cmocka_unit_test(blocks_come_back_as_ranges),
        cmocka_unit_test(every_third_block_is_a_range_of_its_own),
        cmocka_unit_test(blocks_beyond_the_room_are_counted),
        cmocka_unit_test(a_few_texts_are_kept_and_the_rest_counted),
        cmocka_unit_test(an_address_is_in_a_network),
        cmocka_unit_test(a_record_names_what_was_read),
        cmocka_unit_test(what_reads_nothing_is_passed_over),
        cmocka_unit_test(a_copy_hides_nobody),
        cmocka_unit_test(no_line_is_too_wide),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
