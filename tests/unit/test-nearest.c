/* SPDX-License-Identifier: Apache-2.0 */
/* What was meant is guessed from slips of the finger, and from nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/nearest.h"

static const char *const names[] = { "acquire", "verify", "info", "chain",
    "diff", "output", "on-unreadable", "role-duration", "rate", "quiet" };

static const char *guess(const char *word)
{
    struct nearest n;

    nearest_begin(&n, word, strlen(word));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        nearest_try(&n, names[i]);
    return n.name;
}

static void one_slip_of_each_kind_is_seen_through(void **state)
{
    static const char *const rows[][2] = {
        { "aquire", "acquire" },        /* left out */
        { "acquiire", "acquire" },      /* put in */
        { "acwuire", "acquire" },       /* replaced */
        { "acuqire", "acquire" },       /* swapped */
        { "idff", "diff" },             /* a swap is one slip */
        { "veirfy", "verify" },
        { "infos", "info" },
        { "ouptut", "output" },
        { "on-unreadible", "on-unreadable" },
        { "roleduration", "role-duration" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *got = guess(rows[i][0]);

        if (!got || strcmp(got, rows[i][1]) != 0)
            fail_msg("%s is taken for %s", rows[i][0], got ? got : "none");
    }
}

static void another_word_is_not_guessed(void **state)
{
    static const char *const rows[] = { "", "x", "in", "of", "frobnicate",
        "import", "mount", "readable", "snap-0123456789abcdef0",
        "a-word-that-is-longer-than-any-name-of-an-option-is" };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (guess(rows[i]))
            fail_msg("%s is taken for %s", rows[i], guess(rows[i]));
}

static void the_nearer_one_counts_wherever_it_stands(void **state)
{
    struct nearest n;

    (void)state;
    nearest_begin(&n, "retries=5", 7);
    nearest_try(&n, "entries");
    nearest_try(&n, "retry");
    nearest_try(&n, "retriea");
    assert_string_equal(n.name, "retriea");
    assert_int_equal(n.distance, 1);
    nearest_try(&n, "tetries");
    assert_string_equal(n.name, "retriea"); /* as near: the first one */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_slip_of_each_kind_is_seen_through),
        cmocka_unit_test(another_word_is_not_guessed),
        cmocka_unit_test(the_nearer_one_counts_wherever_it_stands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
