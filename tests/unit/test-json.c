/* SPDX-License-Identifier: Apache-2.0 */
/* Members of objects that others wrote, and objects that cJSON, which nobody
 * here wrote, reads as they were meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/json.h"

static const char object[] =
    "{\"text\":\"a\",\"empty\":\"\",\"none\":null,\"zero\":0,\"half\":1.5,"
    "\"minus\":-1,\"many\":1000000000000000000,\"more\":1e19,\"word\":\"7\","
    "\"yes\":true,\"list\":[5],\"hex\":\"00ff\",\"Text\":\"b\","
    "\"text\":\"second\"}";

static void a_text_is_what_is_one(void **state)
{
    autojson cJSON *o = cJSON_Parse(object);

    (void)state;
    assert_string_equal(json_text(o, "text"), "a");
    assert_string_equal(json_text(o, "Text"), "b");
    assert_string_equal(json_text(o, "empty"), "");
    assert_null(json_text(o, "none"));
    assert_null(json_text(o, "zero"));
    assert_null(json_text(o, "list"));
    assert_null(json_text(o, "missing"));
    assert_null(json_text(NULL, "text"));
}

static void a_member_that_is_null_is_none(void **state)
{
    autojson cJSON *o = cJSON_Parse(object);

    (void)state;
    assert_null(json_member(o, "none"));
    assert_null(json_member(o, "missing"));
    assert_true(cJSON_IsTrue(json_member(o, "yes")));
}

static void a_number_is_whole_and_within_its_bounds(void **state)
{
    static const struct {
        const char *name;
        uint64_t max;
        bool is;
        uint64_t value;
    } rows[] = {
        { "zero", 0, true, 0 },
        { "many", UINT64_MAX, true, JSON_WHOLE_MAX },
        { "many", 10, false, 0 },
        { "more", UINT64_MAX, false, 0 },
        { "half", 10, false, 0 },
        { "minus", 10, false, 0 },
        { "word", 10, false, 0 },
        { "yes", 10, false, 0 },
        { "none", 10, false, 0 },
        { "list", 10, false, 0 },
        { "missing", 10, false, 0 },
    };
    autojson cJSON *o = cJSON_Parse(object);

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint64_t n = 42;

        if (json_whole(o, rows[i].name, rows[i].max, &n) != rows[i].is
            || n != (rows[i].is ? rows[i].value : 42))
            fail_msg("%s", rows[i].name);
    }
}

static void digits_become_so_many_bytes(void **state)
{
    autojson cJSON *o = cJSON_Parse(object);
    unsigned char bytes[4];

    (void)state;
    assert_true(json_hex(o, "hex", bytes, 2));
    assert_memory_equal(bytes, "\0\xff", 2);
    assert_false(json_hex(o, "hex", bytes, 3));
    assert_false(json_hex(o, "hex", bytes, 1));
    assert_false(json_hex(o, "text", bytes, 1));
    assert_false(json_hex(o, "missing", bytes, 1));
}

static void commas_stand_between_and_nowhere_else(void **state)
{
    autotext struct text t = TEXT_INIT;

    (void)state;
    json_open(&t, NULL, '{');
    json_put_text(&t, "a", "x\"\n");
    json_put_text(&t, "b", NULL);
    json_open(&t, "list", '[');
    json_put_u64(&t, NULL, UINT64_MAX);
    json_open(&t, NULL, '{');
    json_close(&t, '}');
    json_put_bool(&t, NULL, false);
    json_close(&t, ']');
    json_put_value(&t, "raw", "[1]");
    json_put_seconds(&t, "s", 1999999999u);
    json_put_seconds(&t, "t", 12000001u);
    json_put_null(&t, "n");
    json_close(&t, '}');
    assert_string_equal(t.s, "{\"a\":\"x\\\"\\u000a\",\"b\":null,\"list\":["
                        "18446744073709551615,{},false],\"raw\":[1],"
                        "\"s\":2.000000,\"t\":0.012000,\"n\":null}");
}

/* A text that ends in what looks like the beginning of an object. */
static void what_a_text_ends_with_has_no_say(void **state)
{
    static const char *const ends[] = { "{", "[", ":", "\n", ",", "\"" };

    (void)state;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        autotext struct text t = TEXT_INIT;
        cJSON *o;

        json_open(&t, NULL, '{');
        json_put_text(&t, ends[i], ends[i]);
        json_put_text(&t, "last", ends[i]);
        json_close(&t, '}');
        o = cJSON_Parse(t.s);
        assert_non_null(o);
        assert_string_equal(json_text(o, ends[i]), ends[i]);
        assert_string_equal(json_text(o, "last"), ends[i]);
        cJSON_Delete(o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_what_is_one),
        cmocka_unit_test(a_member_that_is_null_is_none),
        cmocka_unit_test(a_number_is_whole_and_within_its_bounds),
        cmocka_unit_test(digits_become_so_many_bytes),
        cmocka_unit_test(commas_stand_between_and_nowhere_else),
        cmocka_unit_test(what_a_text_ends_with_has_no_say),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
