/* SPDX-License-Identifier: Apache-2.0 */
/* The sentence of an error, whatever its parts are made of. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

static void a_sentence_names_place_and_cause(void **state)
{
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(err_set(&e, ERR_DEST, ENOSPC, "write %s", "x"), -1);
    assert_int_equal(err_in(&e, "block %d", 7), -1);
    assert_string_equal(e.msg, "block 7: write x: No space left on device");
    assert_int_equal(e.kind, ERR_DEST);
    assert_int_equal(e.os_errno, ENOSPC);
}

/* It says nothing about the evidence or the folder that was read. */
static void lack_of_memory_is_of_one_kind(void **state)
{
    struct err e = ERR_INIT;

    (void)state;
    err_set(&e, ERR_VERIFY, ENOMEM, "cannot read %s", "x");
    assert_int_equal(e.kind, ERR_INTERNAL);
    err_set(&e, ERR_VERIFY, EIO, "cannot read %s", "x");
    assert_int_equal(e.kind, ERR_VERIFY);
}

static void hostile_parts_do_nothing_to_a_terminal(void **state)
{
    static const struct {
        const char *part, *shown;
    } rows[] = {
        { "\x1b[2Jgone", "?[2Jgone" },
        { "a\rb\nc\td\x7f", "a?b?c?d?" },
        { "CSI \xc2\x9b" "31m", "CSI ?31m" },      /* C1, two bytes */
        { "CSI \x9b" "31m", "CSI ?31m" },          /* C1, one byte */
        { "\xe2\x80\xae" "exe.txt", "?exe.txt" },  /* right to left */
        { "\xe2\x80\xa8" "line", "?line" },
        { "cut \xe2\x80", "cut ??" },
        { "Zo\xc3\xab \xe6\xbc\xa2", "Zo\xc3\xab \xe6\xbc\xa2" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = ERR_INIT;

        err_set(&e, ERR_SERVICE, 0, "%s", rows[i].part);
        assert_string_equal(e.msg, rows[i].shown);
        err_in(&e, "%s", rows[i].part);
        assert_non_null(strstr(e.msg, ": "));
        assert_memory_equal(e.msg, rows[i].shown, strlen(rows[i].shown));
    }
}

static void a_long_sentence_is_cut_between_characters(void **state)
{
    struct err e = ERR_INIT;
    char part[2001];

    (void)state;
    for (size_t i = 0; i < 2000; i += 2)
        memcpy(part + i, "\xc3\xab", 2);
    part[2000] = '\0';
    err_set(&e, ERR_SERVICE, EIO, "%s", part);
    assert_int_equal(strlen(e.msg), sizeof(e.msg) - 1);
    assert_int_equal(e.msg[sizeof(e.msg) - 2], '?');
    err_in(&e, "here");
    assert_memory_equal(e.msg, "here: \xc3\xab", 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sentence_names_place_and_cause),
        cmocka_unit_test(lack_of_memory_is_of_one_kind),
        cmocka_unit_test(hostile_parts_do_nothing_to_a_terminal),
        cmocka_unit_test(a_long_sentence_is_cut_between_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
