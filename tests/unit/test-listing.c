/* SPDX-License-Identifier: Apache-2.0 */
/* A page of ListSnapshotBlocks is believed only when it makes sense. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ebs/listing.h"
#include "ebs/page.h"

static int parse(const char *json, struct listing *l, struct err *e)
{
    return listing_parse(json, strlen(json), l, e);
}

static void a_page_as_the_service_sends_it(void **state)
{
    static const char page[] =
        "{\"BlockSize\":524288,\"Blocks\":[{\"BlockIndex\":0,\"BlockToken\":"
        "\"AlMB-_a\"},{\"BlockIndex\":7,\"BlockToken\":\"AlMB+/=\"}],"
        "\"ExpiryTime\":1.790922504246E9,\"NextToken\":null,"
        "\"VolumeSize\":1}";
    struct listing l;
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(parse(page, &l, &e), 0);
    assert_int_equal(l.count, 2);
    assert_int_equal(l.entries[0].index, 0);
    assert_int_equal(l.entries[1].index, 7);
    assert_string_equal(l.tokens + l.entries[0].token, "AlMB-_a");
    assert_string_equal(l.tokens + l.entries[1].token, "AlMB+/=");
    assert_int_equal(l.volume_gib, 1);
    assert_string_equal(l.next, "");
    listing_free(&l);
}

static void nulls_and_unknown_keys_are_fine(void **state)
{
    struct listing l;
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(parse("{\"BlockSize\":null,\"Blocks\":[],\"New\":[1],"
                           "\"VolumeSize\":null,\"NextToken\":\"t\"}", &l,
                           &e), 0);
    assert_int_equal(l.count, 0);
    assert_int_equal(l.volume_gib, 0);
    assert_string_equal(l.next, "t");
    listing_free(&l);
}

static void a_page_without_next_token_is_the_last(void **state)
{
    struct listing l;
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(parse("{\"Blocks\":[]}", &l, &e), 0);
    assert_string_equal(l.next, "");
    listing_free(&l);
}

#define ENTRY(i) "{\"BlockIndex\":" i ",\"BlockToken\":\"t\"}"

static const struct {
    const char *what;
    const char *page;
} nonsense[] = {
    { "nothing", "" },
    { "not JSON", "<html>" },
    { "not an object", "[]" },
    { "no Blocks", "{\"VolumeSize\":1}" },
    { "Blocks is null", "{\"Blocks\":null}" },
    { "Blocks is an object", "{\"Blocks\":{}}" },
    { "other block size", "{\"BlockSize\":524287,\"Blocks\":[]}" },
    { "block size as text", "{\"BlockSize\":\"524288\",\"Blocks\":[]}" },
    { "no volume", "{\"VolumeSize\":0,\"Blocks\":[]}" },
    { "volume in bytes", "{\"VolumeSize\":32212254720,\"Blocks\":[]}" },
    { "half a GiB", "{\"VolumeSize\":1.5,\"Blocks\":[]}" },
    { "negative volume", "{\"VolumeSize\":-1,\"Blocks\":[]}" },
    { "empty next token", "{\"Blocks\":[],\"NextToken\":\"\"}" },
    { "next token is a number", "{\"Blocks\":[],\"NextToken\":1}" },
    { "next token with a space", "{\"Blocks\":[],\"NextToken\":\"a b\"}" },
    { "index as text", "{\"Blocks\":[" ENTRY("\"1\"") "]}" },
    { "negative index", "{\"Blocks\":[" ENTRY("-1") "]}" },
    { "broken index", "{\"Blocks\":[" ENTRY("1.5") "]}" },
    { "huge index", "{\"Blocks\":[" ENTRY("134217728") "]}" },
    { "index 1e300", "{\"Blocks\":[" ENTRY("1e300") "]}" },
    { "the same index twice", "{\"Blocks\":[" ENTRY("1") "," ENTRY("1") "]}" },
    { "descending", "{\"Blocks\":[" ENTRY("2") "," ENTRY("1") "]}" },
    { "no token", "{\"Blocks\":[{\"BlockIndex\":1}]}" },
    { "empty token", "{\"Blocks\":[{\"BlockIndex\":1,\"BlockToken\":\"\"}]}" },
    { "token with a newline",
      "{\"Blocks\":[{\"BlockIndex\":1,\"BlockToken\":\"a\\nb\"}]}" },
    { "an entry that is null", "{\"Blocks\":[null]}" },
    { "cut", "{\"Blocks\":[" ENTRY("1") "," },
};

static void nonsense_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++) {
        struct listing l;
        struct err e = ERR_INIT;

        if (parse(nonsense[i].page, &l, &e) == 0)
            fail_msg("accepted: %s", nonsense[i].what);
        assert_int_equal(e.kind, ERR_SERVICE);
        assert_null(l.entries);
    }
}

static void another_block_size_is_told_with_ours(void **state)
{
    static const struct {
        const char *size;
        const char *says; /* NULL: it is no size at all */
    } rows[] = {
        { "4096", "4096 bytes" },
        { "1048576", "1048576 bytes" },
        { "524289", "524289 bytes" },
        { "0", NULL }, { "-4096", NULL }, { "4096.5", NULL },
        { "\"4096\"", NULL }, { "[]", NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = ERR_INIT;
        struct listing l;
        char page[100];

        snprintf(page, sizeof(page), "{\"BlockSize\":%s,\"Blocks\":[]}",
                 rows[i].size);
        assert_int_equal(parse(page, &l, &e), -1);
        assert_int_equal(page_has_other_blocks(&e), rows[i].says != NULL);
        assert_non_null(strstr(e.msg, "524288"));
        if (rows[i].says)
            assert_non_null(strstr(e.msg, rows[i].says));
    }
}

static void a_token_of_257_characters_is_refused(void **state)
{
    char page[512];
    char token[TOKEN_MAX + 2];
    struct listing l;
    struct err e = ERR_INIT;

    (void)state;
    memset(token, 'x', sizeof(token));
    token[TOKEN_MAX + 1] = '\0';
    snprintf(page, sizeof(page), "{\"Blocks\":[],\"NextToken\":\"%s\"}",
             token);
    assert_int_equal(parse(page, &l, &e), -1);
    token[TOKEN_MAX] = '\0';
    snprintf(page, sizeof(page), "{\"Blocks\":[],\"NextToken\":\"%s\"}",
             token);
    assert_int_equal(parse(page, &l, &e), 0);
    listing_free(&l);
}

static int parse_page_of(unsigned entries, struct err *e)
{
    size_t room = 64 * (size_t)entries + 64;
    char *page = malloc(room);
    size_t n = (size_t)snprintf(page, room, "{\"Blocks\":[");
    struct listing l;
    int r;

    for (unsigned i = 0; i < entries; i++)
        n += (size_t)snprintf(page + n, room - n, "%s{\"BlockIndex\":%u,"
                              "\"BlockToken\":\"t\"}", i ? "," : "", i);
    snprintf(page + n, room - n, "]}");
    r = parse(page, &l, e);
    assert_int_equal(l.count, r == 0 ? entries : 0);
    listing_free(&l);
    free(page);
    return r;
}

static void a_page_has_no_more_entries_than_were_asked_for(void **state)
{
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(parse_page_of(PAGE_ENTRIES, &e), 0);
    assert_int_equal(parse_page_of(PAGE_ENTRIES + 1, &e), -1);
    assert_non_null(strstr(e.msg, "more entries"));
}

/* Cheap to send, dear to parse: it is refused before it is parsed. */
static void a_page_of_millions_of_values_is_refused(void **state)
{
    static const char head[] = "{\"Blocks\":[],\"VolumeSize\":1,\"New\":[0";
    static char page[4 * 1024 * 1024];
    struct listing l;
    struct err e = ERR_INIT;
    size_t n = strlen(head);

    (void)state;
    strcpy(page, head);
    while (n + 4 < sizeof(page)) {
        memcpy(page + n, ",0", 2);
        n += 2;
    }
    strcpy(page + n, "]}");
    assert_int_equal(parse(page, &l, &e), -1);
    assert_non_null(strstr(e.msg, "more values"));
    assert_null(l.entries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_as_the_service_sends_it),
        cmocka_unit_test(nulls_and_unknown_keys_are_fine),
        cmocka_unit_test(a_page_without_next_token_is_the_last),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(another_block_size_is_told_with_ours),
        cmocka_unit_test(a_token_of_257_characters_is_refused),
        cmocka_unit_test(a_page_has_no_more_entries_than_were_asked_for),
        cmocka_unit_test(a_page_of_millions_of_values_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
