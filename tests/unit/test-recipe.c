/* SPDX-License-Identifier: Apache-2.0 */
/* The first line of the checkpoints, which anybody may have written who can
 * write in the folder: whatever it says, no option gets a value that could not
 * have been typed, and the line that is made again is the one that was read
 * or the run is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "acquire/recipe.h"
#include "base/json.h"
#include "base/scope.h"
#include "image/deflate.h"

/* Of a good line, member for member. */
static const char *const good[][2] = {
    { "form", "2" },
    { "version", "\"0.1.0\"" },
    { "started", "\"2026-08-01T12:00:00.000000000Z\"" },
    { "snapshot", "\"snap-0123456789abcdef0\"" },
    { "partition", "\"aws\"" },
    { "region", "\"us-east-1\"" },
    { "endpoint", "\"https://ebs.us-east-1.amazonaws.com\"" },
    { "account", "\"111122223333\"" },
    { "caller", "\"arn:aws:iam::111122223333:user/x\"" },
    { "owner", "null" },
    { "volume", "null" },
    { "start_time", "null" },
    { "volume_size", "1073741824" },
    { "format", "3" },
    { "hash", "7" },
    { "file-hash", "0" },
    { "segment-size", "0" },
    { "chunk-size", "131072" },
    { "compression", "1" },
    { "case-number", "\"7\"" },
    { "evidence-number", "null" },
    { "examiner", "null" },
    { "description", "null" },
    { "notes", "null" },
};

#define MEMBERS (sizeof(good) / sizeof(good[0]))

/* The line with this member changed (or left out, or as it is). */
static void compose(struct text *t, const char *key, const char *value)
{
    for (size_t i = 0; i < MEMBERS; i++) {
        const char *v = key && strcmp(key, good[i][0]) == 0 ? value
                                                            : good[i][1];

        if (v)
            text_addf(t, ",\"%s\":%s", good[i][0], v);
    }
}

/* What recipe_read() gives; *same: the line made again is the one read. */
static struct recipe *read_line(const char *key, const char *value,
                                bool *same, struct err *e)
{
    autotext struct text line = TEXT_INIT;
    autotext struct text object = TEXT_INIT;
    autorecord struct record again = RECORD_INIT;
    autojson cJSON *json = NULL;
    struct recipe *p;

    compose(&line, key, value);
    text_addf(&object, "{%s}", line.s + 1);
    json = cJSON_Parse(object.s);
    assert_non_null(json);
    memset(e, 0, sizeof(*e));
    p = recipe_read(json, &again, e);
    *same = again.json.s && strcmp(again.json.s, line.s) == 0;
    return p;
}

static void a_good_line_is_taken(void **state)
{
    struct recipe *p;
    struct err e;
    bool same;

    (void)state;
    p = read_line(NULL, NULL, &same, &e);
    assert_non_null(p);
    assert_true(same);
    assert_string_equal(p->snapshot, "snap-0123456789abcdef0");
    assert_string_equal(p->origin.region, "us-east-1");
    assert_null(p->origin.volume);
    assert_int_equal(p->options.compression, DEFLATE_FAST);
    assert_string_equal(p->options.case_number, "7");
    recipe_free(p);
}

static void what_no_option_can_be_is_refused(void **state)
{
    static const char *const bad[][2] = {
        { "compression", "4294967295" }, { "compression", "4294967294" },
        { "compression", "3" },          { "compression", "2147483648" },
        { "format", "0" },               { "format", "4" },
        { "format", "4294967297" },      { "hash", "8" },
        { "hash", "4294967303" },        { "hash", "6" },
        { "file-hash", "4294967296" },   { "segment-size", "1" },
        { "segment-size", "512" },       { "segment-size", "9e14" },
        { "chunk-size", "0" },           { "chunk-size", "1" },
        { "chunk-size", "2097152" },     { "chunk-size", "4295098368" },
        { "volume_size", "0" },          { "volume_size", "1" },
        { "volume_size", "-524288" },    { "volume_size", "1e300" },
        { "volume_size", "\"1\"" },      { "started", "null" },
        { "started", "\"yesterday\"" },  { "snapshot", "null" },
        { "snapshot", "\"../x\"" },      { "region", "null" },
        { "region", "\"x.evil.example\"" }, { "region", "7" },
        { "partition", "\"aws-cn\"" },   { "endpoint", "null" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct err e;
        bool same;

        if (read_line(bad[i][0], bad[i][1], &same, &e))
            fail_msg("%s may be %s", bad[i][0], bad[i][1]);
        assert_int_equal(e.kind, ERR_VERIFY);
    }
}

static void another_form_names_its_version(void **state)
{
    static const char *const forms[] = { "1", "3", "null", "\"2\"", NULL };

    (void)state;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct err e;
        bool same;

        assert_null(read_line("form", forms[i], &same, &e));
        assert_int_equal(e.kind, ERR_USAGE);
        assert_non_null(strstr(e.msg, "0.1.0"));
    }
}

/* What is read as something else than it says is not made again as it was:
 * then its seal does not fit. */
static void nothing_is_read_as_something_else(void **state)
{
    static const char *const odd[] = { "{}", "[1]", "true", "1.5", "1e3" };

    (void)state;
    for (size_t m = 0; m < MEMBERS; m++) {
        for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
            struct recipe *p;
            struct err e;
            bool same;

            p = read_line(good[m][0], odd[i], &same, &e);
            assert_false(p && same);
            recipe_free(p);
        }
    }
}

/* An option must be UTF-8, and the folder that an earlier image turns out to
 * be in need not: the run can be gone on with. */
static void any_bytes_make_the_same_line_again(void **state)
{
    static const char *const texts[] = {
        "Zo\xeb", "\xff\xfe", "\xef\xbf\xbd", "\xed\xa0\x80", "a\x1b[2J\\\"",
        "\xe2\x80\xae", "Zo\xc3\xab \xf0\x9f\x99\x80",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        autorecord struct record first = RECORD_INIT;
        autorecord struct record second = RECORD_INIT;
        autotext struct text object = TEXT_INIT;
        autojson cJSON *json = NULL;
        struct recipe *p;
        struct err e;
        bool same;

        p = read_line(NULL, NULL, &same, &e);
        assert_non_null(p);
        p->options.since = texts[i];
        recipe_write(p, &first);
        recipe_free(p);
        text_addf(&object, "{%s}", first.json.s + 1);
        json = cJSON_Parse(object.s);
        p = recipe_read(json, &second, &e);
        assert_non_null(p);
        assert_string_equal(first.json.s, second.json.s);
        recipe_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_line_is_taken),
        cmocka_unit_test(what_no_option_can_be_is_refused),
        cmocka_unit_test(another_form_names_its_version),
        cmocka_unit_test(nothing_is_read_as_something_else),
        cmocka_unit_test(any_bytes_make_the_same_line_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
