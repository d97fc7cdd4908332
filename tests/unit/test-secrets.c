/* SPDX-License-Identifier: Apache-2.0 */
/* What is known to be secret does not come out again, however it is
 * written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/secrets.h"

static const char key[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

static struct secrets set;

static int fill(void **state)
{
    (void)state;
    secrets_add(&set, key);
    secrets_add(&set, "\"quote&<>'\"pw");
    secrets_add(&set, NULL);
    assert_false(set.failed);
    return 0;
}

static int empty(void **state)
{
    (void)state;
    secrets_free(&set);
    return 0;
}

static void cleaned(const char *from, const char *want)
{
    autotext struct text t = TEXT_INIT;

    text_add(&t, from);
    secrets_clean(&set, &t);
    assert_false(t.failed);
    assert_string_equal(t.s, want);
    assert_int_equal(t.len, strlen(want));
}

static void a_text_without_secrets_stays_as_it_is(void **state)
{
    (void)state;
    cleaned("", "");
    cleaned("wJalrXUtnFEMI/K", "wJalrXUtnFEMI/K"); /* 15 characters */
    cleaned("50% of \\u00e9 & more; &#; &#x; %zz \\", "50% of \\u00e9 & more; "
                                                     "&#; &#x; %zz \\");
}

static void a_secret_is_removed_wherever_it_stands(void **state)
{
    (void)state;
    cleaned("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "[removed]");
    cleaned("a wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY b "
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY.",
            "a [removed] b [removed].");
    cleaned("wwJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEYY", "w[removed]Y");
}

static void it_does_not_matter_how_it_is_escaped(void **state)
{
    static const char *const ways[] = {
        "wJalrXUtnFEMI%2FK7MDENG%2BbPxRfiCYEXAMPLEKEY",
        "wJalrXUtnFEMI%2fK7MDENG%2bbPxRfiCYEXAMPLEKEY",
        "wJalrXUtnFEMI%252FK7MDENG%252BbPxRfiCYEXAMPLEKEY",
        "%77JalrXUtnFEMI%25252FK7MDENG+bPxRfiCYEXAMPLEKEY",
        "wJalrXUtnFEMI\\/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "wJalrXUtnFEMI\\\\/K7MDENG\\\\u002bbPxRfiCYEXAMPLEKEY",
        "\\u0077JalrXUtnFEMI\\u002FK7MDENG+bPxRfiCYEXAMPLEKEY",
        "wJalrXUtnFEMI&#47;K7MDENG&#x2b;bPxRfiCYEXAMPLEKEY",
        "&#0119;JalrXUtnFEMI/K7MDENG&amp;#43;bPxRfiCYEXAMPLEKE&#x59;",
        "WJALRXUTNFEMI/K7MDENG+BPXRFICYEXAMPLEKEY",
        "wJalrXUtnFEMI_K7MDENG-bPxRfiCYEXAMPLEKEY",
        "\"quote&<>'\"pw",
        "\\\"quote\\u0026<>'\\\"pw",
        "&quot;quote&amp;&lt;&gt;&apos;&quot;pw",
        "%22quote%26%3C%3E%27%22pw",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
        cleaned(ways[i], "[removed]");
}

static void the_beginning_of_one_is_removed_too(void **state)
{
    (void)state;
    cleaned("token wJalrXUtnFEMI/K7", "token [removed]");
    cleaned("token wJalrXUtnFEMI/K7MDENG+bPx...", "token [removed]...");
}

static void a_long_part_of_one_is_removed_too(void **state)
{
    const char *part = key + 1;

    (void)state;
    cleaned(part, "JalrXUtnFEMI/K7[removed]"); /* 31 and more of 39 */
    cleaned("...MDENG+bPxRfiCYEXAMPLEKEY", "...[removed]");
}

static void what_precedes_a_secret_does_not_hide_it(void **state)
{
    (void)state;
    cleaned("%4wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "%4[removed]");
    cleaned("\\wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "\\[removed]");
    cleaned("wJalrXUtnFEMI/wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            "wJalrXUtnFEMI/[removed]");
    cleaned("&wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "&[removed]");
}

static void short_ones_are_no_secrets(void **state)
{
    (void)state;
    secrets_free(&set);
    secrets_add(&set, "1234567");
    cleaned("12345678", "12345678");
    secrets_add(&set, "12345678");
    cleaned("12345678", "[removed]");
    cleaned("12345679", "12345679");
}

static void a_set_can_be_used_again(void **state)
{
    (void)state;
    secrets_clear(&set);
    cleaned(key, key);
    secrets_addn(&set, "sixteen letters!xxxx", 16);
    cleaned("(sixteen letters!xxxx)", "([removed]xxxx)");
    secrets_add(&set, key);
    cleaned(key, "[removed]");
}

static void an_escaped_nul_ends_no_secret(void **state)
{
    (void)state;
    secrets_free(&set);
    secrets_add(&set, "a%00bcdefgh");
    secrets_add(&set, "c\\u0000defgh");
    cleaned("abracadabra", "abracadabra");
    cleaned("c\\u0000defgh a%00bcdefgh", "[removed] [removed]");
}

/* A NUL in the text is a character like any other. */
static void bytes_of_every_value_pass(void **state)
{
    autotext struct text t = TEXT_INIT;
    char all[256];

    (void)state;
    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    text_addn(&t, all, sizeof(all));
    text_add(&t, key);
    secrets_clean(&set, &t);
    assert_int_equal(t.len, 256 + strlen("[removed]"));
    assert_memory_equal(t.s, all, sizeof(all));
}

static void without_memory_nothing_passes(void **state)
{
    (void)state;
    set.failed = true;
    cleaned("anything", "[removed]");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fill, empty)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_text_without_secrets_stays_as_it_is),
        TEST(a_secret_is_removed_wherever_it_stands),
        TEST(it_does_not_matter_how_it_is_escaped),
        TEST(the_beginning_of_one_is_removed_too),
        TEST(a_long_part_of_one_is_removed_too),
        TEST(what_precedes_a_secret_does_not_hide_it),
        TEST(short_ones_are_no_secrets),
        TEST(a_set_can_be_used_again),
        TEST(an_escaped_nul_ends_no_secret),
        TEST(bytes_of_every_value_pass),
        TEST(without_memory_nothing_passes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
