/* SPDX-License-Identifier: Apache-2.0 */
/* Text that grows, and the escapes that hostile text goes through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <string.h>

#include "base/text.h"

/* ------------------------------------------------------------- the text */

static void an_empty_text_has_no_string(void **state)
{
    struct text t = TEXT_INIT;

    (void)state;
    assert_null(t.s);
    text_clear(&t);
    text_free(&t);
    assert_null(t.s);
}

static void adding_nothing_makes_an_empty_string(void **state)
{
    autotext struct text t = TEXT_INIT;

    (void)state;
    text_add(&t, "");
    assert_string_equal(t.s, "");
    assert_int_equal(t.len, 0);
}

static void a_long_text_keeps_every_byte(void **state)
{
    autotext struct text t = TEXT_INIT;

    (void)state;
    for (int i = 0; i < 100000; i++)
        text_addf(&t, "%c", 'a' + i % 26);
    assert_int_equal(t.len, 100000);
    for (size_t i = 0; i < t.len; i++)
        assert_int_equal(t.s[i], 'a' + (int)(i % 26));
}

static void a_size_that_cannot_be_had_is_a_failure_that_stays(void **state)
{
    autotext struct text t = TEXT_INIT;

    (void)state;
    text_add(&t, "kept");
    text_addn(&t, "x", SIZE_MAX);
    assert_true(t.failed);
    text_add(&t, " and more");
    assert_string_equal(t.s, "kept");
}

/* -------------------------------------------------------------- escapes */

static void expect(void (*add)(struct text *, const char *), const char *in,
                   const char *out)
{
    autotext struct text t = TEXT_INIT;

    text_add(&t, "");
    add(&t, in);
    assert_string_equal(t.s, out);
}

static void json_strings_escape_quotes_and_controls(void **state)
{
    (void)state;
    expect(text_add_json, "a\"b\\c\n\t\x01\x7f",
           "\"a\\\"b\\\\c\\u000a\\u0009\\u0001\\u007f\"");
}

static void json_strings_keep_text_of_any_language(void **state)
{
    (void)state;
    expect(text_add_json, "Gr\xc3\xbc\xc3\x9f" "e \xf0\x9f\x94\x8d",
           "\"Gr\xc3\xbc\xc3\x9f" "e \xf0\x9f\x94\x8d\"");
}

static void bytes_that_are_no_utf8_are_replaced_one_by_one(void **state)
{
    (void)state;
    expect(text_add_json, "\xff\xc3", "\"\\ufffd\\ufffd\"");
    expect(text_add_shown, "\xff\xc3" "a", "\\xff\\xc3a");
}

static void a_terminal_gets_no_escape_sequence(void **state)
{
    (void)state;
    expect(text_add_shown, "\x1b[31mred\r\n\x7f",
           "\\x1b[31mred\\x0d\\x0a\\x7f");
    expect(text_add_shown, "\xc2\x9b" "31m", "\\u009b31m"); /* C1 CSI */
}

static void a_line_cannot_be_reordered(void **state)
{
    (void)state;
    expect(text_add_shown, "\xe2\x80\xae" "fdp.exe", "\\u202efdp.exe");
    expect(text_add_shown, "\xe2\x81\xa6x", "\\u2066x");
}

static void a_backslash_cannot_be_mistaken_for_an_escape(void **state)
{
    (void)state;
    expect(text_add_shown, "\\x1b", "\\\\x1b");
}

static void percent_encoding_leaves_only_the_unreserved(void **state)
{
    (void)state;
    expect(text_add_percent, "aZ09-_.~", "aZ09-_.~");
    expect(text_add_percent, "q+/k=g \xc3\xbc%", "q%2B%2Fk%3Dg%20%C3%BC%25");
}

static void a_shell_reads_one_word(void **state)
{
    (void)state;
    expect(text_add_quoted, "a-b", "a-b");
    expect(text_add_quoted, "", "''");
    expect(text_add_quoted, "a b$(c)", "'a b$(c)'");
    expect(text_add_quoted, "it's", "'it'\"'\"'s'");
}

/* ----------------------------------------------------------------- UTF-8 */

static void utf8_is_decoded_strictly(void **state)
{
    static const struct {
        const char *bytes;
        int32_t cp;
        size_t used;
    } rows[] = {
        { "a", 'a', 1 },
        { "\xc3\xbc", 0xfc, 2 },
        { "\xe2\x82\xac", 0x20ac, 3 },
        { "\xf4\x8f\xbf\xbf", 0x10ffff, 4 },
        { "\x80", -1, 1 },             /* continues nothing */
        { "\xc3", -1, 1 },             /* ends too early */
        { "\xc3" "a", -1, 1 },
        { "\xe2\x82", -1, 1 },
        { "\xc0\xaf", -1, 1 },         /* a slash, written too long */
        { "\xe0\x80\xaf", -1, 1 },
        { "\xf0\x80\x80\xaf", -1, 1 },
        { "\xed\xa0\x80", -1, 1 },     /* a surrogate */
        { "\xf4\x90\x80\x80", -1, 1 }, /* above the last */
        { "\xf8\x88\x80\x80\x80", -1, 1 },
        { "\xff", -1, 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t used = 0;
        const char *b = rows[i].bytes;

        assert_int_equal(text_utf8(b, strlen(b), &used), rows[i].cp);
        assert_int_equal(used, rows[i].used);
    }
}

static void nothing_is_no_character(void **state)
{
    size_t used;

    (void)state;
    assert_int_equal(text_utf8("", 0, &used), -1);
}

/* --------------------------------------------------------- hex and base64 */

static void hex_goes_there_and_back(void **state)
{
    unsigned char all[256];
    unsigned char back[256];
    char hex[513];

    (void)state;
    for (int i = 0; i < 256; i++)
        all[i] = (unsigned char)i;
    hex_encode(hex, all, sizeof(all));
    assert_int_equal(hex_decode(back, sizeof(back), hex), 0);
    assert_memory_equal(all, back, sizeof(all));
}

static void only_exact_hex_is_accepted(void **state)
{
    unsigned char b[2];

    (void)state;
    assert_int_equal(hex_decode(b, 2, "00fF"), 0);
    assert_int_equal(hex_decode(b, 2, "00f"), -1);
    assert_int_equal(hex_decode(b, 2, "00ff0"), -1);
    assert_int_equal(hex_decode(b, 2, "00fg"), -1);
    assert_int_equal(hex_decode(b, 2, "0x0f"), -1);
    assert_int_equal(hex_decode(b, 2, " 0ff"), -1);
}

static void the_checksum_of_a_block_is_decoded(void **state)
{
    unsigned char md[32];
    char hex[65];

    (void)state;
    assert_int_equal(base64_decode(
        md, 32, "B4VNL+8pega6gWheZgwzLeNtXRjVRpJ9MNqtbX/aFUE="), 0);
    hex_encode(hex, md, 32);
    assert_string_equal(hex, "07854d2fef297a06ba81685e660c332d"
                             "e36d5d18d546927d30daad6d7fda1541");
}

static void only_exact_base64_is_accepted(void **state)
{
    static const struct {
        const char *text;
        size_t n;
        int result;
    } rows[] = {
        { "", 0, 0 },
        { "AA==", 1, 0 },
        { "AAA=", 2, 0 },
        { "AAAA", 3, 0 },
        { "AA=", 1, -1 },
        { "AA", 1, -1 },
        { "AAA=", 1, -1 },
        { "AA==", 2, -1 },
        { "AAAA", 2, -1 },
        { "A===", 1, -1 },
        { "====", 1, -1 },
        { "AB==", 1, -1 }, /* bits that belong to no byte */
        { "AAB=", 2, -1 },
        { "A-_A", 3, -1 },
        { "AA\n=", 1, -1 },
        { "AA==\n", 1, -1 },
        { "AAAAA", 3, -1 },
    };
    unsigned char b[4];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (base64_decode(b, rows[i].n, rows[i].text) != rows[i].result)
            fail_msg("\"%s\" as %zu bytes", rows[i].text, rows[i].n);
}

static void a_name_is_one_word_for_a_shell(void **state)
{
    static const struct {
        const char *name, *word;
    } rows[] = {
        { "case-7/disk_1.a", "case-7/disk_1.a" },
        { "", "''" },
        { "a b", "'a b'" },
        { "$(reboot)", "'$(reboot)'" },
        { "~", "'~'" },
        { "#c", "'#c'" },
        { "it's", "'it'\"'\"'s'" },
        { "m\xc3\xbcll", "'m\xc3\xbcll'" },
        { "-x", "./-x" },
        { "-x y", "./'-x y'" },
        { "a\tb\nc", "$'a\\tb\\nc'" },
        { "a\\b's m\xc3\xbcll", "$'a\\\\b\\'s m\xc3\xbcll'" },
        { "\x1b[31m7", "$'\\033[31m7'" },
        { "\xff" "7", "$'\\3777'" },
        { "\xe2\x80\xae", "$'\\342\\200\\256'" },
        { "-\t", "./$'-\\t'" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *word = text_word(rows[i].name);

        assert_string_equal(word, rows[i].word);
        free(word);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_text_has_no_string),
        cmocka_unit_test(adding_nothing_makes_an_empty_string),
        cmocka_unit_test(a_long_text_keeps_every_byte),
        cmocka_unit_test(a_size_that_cannot_be_had_is_a_failure_that_stays),
        cmocka_unit_test(json_strings_escape_quotes_and_controls),
        cmocka_unit_test(json_strings_keep_text_of_any_language),
        cmocka_unit_test(bytes_that_are_no_utf8_are_replaced_one_by_one),
        cmocka_unit_test(a_terminal_gets_no_escape_sequence),
        cmocka_unit_test(a_line_cannot_be_reordered),
        cmocka_unit_test(a_backslash_cannot_be_mistaken_for_an_escape),
        cmocka_unit_test(a_name_is_one_word_for_a_shell),
        cmocka_unit_test(percent_encoding_leaves_only_the_unreserved),
        cmocka_unit_test(a_shell_reads_one_word),
        cmocka_unit_test(utf8_is_decoded_strictly),
        cmocka_unit_test(nothing_is_no_character),
        cmocka_unit_test(hex_goes_there_and_back),
        cmocka_unit_test(only_exact_hex_is_accepted),
        cmocka_unit_test(the_checksum_of_a_block_is_decoded),
        cmocka_unit_test(only_exact_base64_is_accepted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
