/* SPDX-License-Identifier: Apache-2.0 */
/* A page of ListChangedBlocks is believed only when it makes sense, and a
 * list only when each page continues the ones before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ebs/changed.h"

static int parse(const char *json, struct changed *c, struct err *e)
{
    memset(e, 0, sizeof(*e));
    return changed_parse(json, strlen(json), c, e);
}

static void a_page_as_the_service_sends_it(void **state)
{
    static const char page[] =
        "{\"BlockSize\":524288,\"ChangedBlocks\":[{\"BlockIndex\":0,"
        "\"FirstBlockToken\":\"AlMB-_a\",\"SecondBlockToken\":\"AlMB+/=\"},"
        "{\"BlockIndex\":9,\"FirstBlockToken\":null,\"SecondBlockToken\":"
        "\"AlMB\"},{\"BlockIndex\":10,\"FirstBlockToken\":\"AlMB\"}],"
        "\"ExpiryTime\":1.790922504246E9,\"LastEvaluatedBlockIndex\":null,"
        "\"NextToken\":null,\"VolumeSize\":1}";
    struct changed c;
    struct err e;

    (void)state;
    assert_int_equal(parse(page, &c, &e), 0);
    assert_int_equal(c.count, 3);
    assert_int_equal(c.entries[0].index, 0);
    assert_true(c.entries[0].first && c.entries[0].second);
    assert_int_equal(c.entries[1].index, 9);
    assert_true(!c.entries[1].first && c.entries[1].second);
    assert_int_equal(c.entries[2].index, 10);
    assert_true(c.entries[2].first && !c.entries[2].second);
    assert_int_equal(c.volume_gib, 1);
    assert_string_equal(c.next, "");
    changed_free(&c);
}

static void the_last_empty_page_is_full_of_nulls(void **state)
{
    struct changed c;
    struct err e;

    (void)state;
    assert_int_equal(parse("{\"BlockSize\":null,\"ChangedBlocks\":[],"
                           "\"ExpiryTime\":null,\"NextToken\":null,"
                           "\"VolumeSize\":null}", &c, &e), 0);
    assert_int_equal(c.count, 0);
    assert_int_equal(c.volume_gib, 0);
    changed_free(&c);
}

#define ENTRY(i, first, second) \
    "{\"BlockIndex\":" i ",\"FirstBlockToken\":" first \
    ",\"SecondBlockToken\":" second "}"
#define LIST(inside) "{\"ChangedBlocks\":[" inside "]}"

static void nonsense_is_refused(void **state)
{
    static const char *const pages[] = {
        "", "<html>", "[]", "{}", "{\"ChangedBlocks\":null}",
        "{\"Blocks\":[]}",
        "{\"BlockSize\":4096,\"ChangedBlocks\":[]}",
        "{\"VolumeSize\":0,\"ChangedBlocks\":[]}",
        "{\"NextToken\":\"\",\"ChangedBlocks\":[]}",
        LIST(ENTRY("\"1\"", "\"t\"", "\"t\"")),
        LIST(ENTRY("-1", "\"t\"", "\"t\"")),
        LIST(ENTRY("134217728", "\"t\"", "\"t\"")),
        LIST(ENTRY("1", "\"\"", "\"t\"")),
        LIST(ENTRY("1", "\"t\"", "7")),
        LIST(ENTRY("1", "\"t\"", "\"a b\"")),
        LIST(ENTRY("1", "\"t\"", "\"t\"") "," ENTRY("1", "\"t\"", "\"t\"")),
        LIST(ENTRY("2", "\"t\"", "\"t\"") "," ENTRY("1", "\"t\"", "\"t\"")),
        "{\"ChangedBlocks\":[null]}",
        "{\"ChangedBlocks\":[" ENTRY("1", "\"t\"", "\"t\"") ",",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        struct changed c;
        struct err e;

        if (parse(pages[i], &c, &e) == 0)
            fail_msg("accepted: %s", pages[i]);
        assert_int_equal(e.kind, ERR_SERVICE);
        assert_null(c.entries);
    }
}

/* ---- pages after one another */

static int add(struct changed_walk *w, const char *json, struct err *e)
{
    struct changed c;
    int r;

    if (parse(json, &c, e) < 0)
        fail_msg("%s: %s", json, e->msg);
    r = changed_walk_add(w, &c, 2048, e);
    changed_free(&c);
    return r;
}

#define PAGE(i, next) \
    "{\"VolumeSize\":1,\"NextToken\":" next ",\"ChangedBlocks\":[" \
    ENTRY(i, "\"t\"", "\"t\"") "]}"
#define EMPTY(next) \
    "{\"VolumeSize\":null,\"NextToken\":" next ",\"ChangedBlocks\":[]}"

static void empty_pages_go_on(void **state)
{
    struct changed_walk w = { 0 };
    struct err e;

    (void)state;
    assert_int_equal(add(&w, EMPTY("\"a\""), &e), 0);
    assert_int_equal(add(&w, EMPTY("\"b\""), &e), 0);
    assert_int_equal(add(&w, PAGE("999", "\"c\""), &e), 0);
    assert_false(w.complete);
    assert_int_equal(add(&w, EMPTY("null"), &e), 0);
    assert_true(w.complete);
    assert_int_equal(w.count, 1);
    assert_int_equal(w.pages, 4);
    assert_int_equal(w.volume_gib, 1);
}

static void pages_that_do_not_continue_are_refused(void **state)
{
    static const struct {
        const char *second;
        const char *says;
    } rows[] = {
        { PAGE("5", "null"), "block 5 comes after block 5" },
        { PAGE("4", "null"), "block 4 comes after block 5" },
        { PAGE("2048", "null"), "past the end" },
        { "{\"VolumeSize\":2,\"ChangedBlocks\":[]}", "1 GiB and 2 GiB" },
        { EMPTY("\"a\""), "the same token" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct changed_walk w = { 0 };
        struct err e;

        assert_int_equal(add(&w, PAGE("5", "\"a\""), &e), 0);
        if (add(&w, rows[i].second, &e) == 0)
            fail_msg("row %zu was accepted", i);
        assert_int_equal(e.kind, ERR_SERVICE);
        if (!strstr(e.msg, rows[i].says))
            fail_msg("row %zu: %s", i, e.msg);
        assert_int_equal(w.pages, 1);
    }
}

static void a_list_of_empty_pages_ends(void **state)
{
    struct changed_walk w = { 0 };
    struct err e;
    int n = 0;

    (void)state;
    while (add(&w, n % 2 ? EMPTY("\"a\"") : EMPTY("\"b\""), &e) == 0)
        assert_true(n++ < 100000);
    assert_non_null(strstr(e.msg, "never ends"));
    assert_true(n > 13422); /* so many pages has a volume of 64 TiB */
}

static void few_blocks_make_few_empty_pages(void **state)
{
    struct changed_walk w = { .stored = 25 };
    struct err e;
    int n = 0;

    (void)state;
    while (add(&w, n % 2 ? EMPTY("\"a\"") : EMPTY("\"b\""), &e) == 0)
        assert_true(n++ < 100000);
    assert_non_null(strstr(e.msg, "never ends"));
    assert_true(n >= 25 && n < 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_as_the_service_sends_it),
        cmocka_unit_test(the_last_empty_page_is_full_of_nulls),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(empty_pages_go_on),
        cmocka_unit_test(pages_that_do_not_continue_are_refused),
        cmocka_unit_test(a_list_of_empty_pages_ends),
        cmocka_unit_test(few_blocks_make_few_empty_pages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
