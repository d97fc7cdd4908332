/* SPDX-License-Identifier: Apache-2.0 */
/* Each rule that is built in proves itself: it finds what its text says that
 * it finds, leaves alone what it says that it leaves alone, and finds the same
 * in text of two bytes a character; what is told of a hit is what it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scan/scan.h"
#include "scan/sift.h"
#include "scan/wide.h"

static struct rules rules;
static struct engine *engine;
static struct engine_lane *lane;

struct seen {
    size_t rule;               /* that is looked for */
    unsigned count;
    struct found last;
};

static int take(void *ctx, const struct found *f, struct err *e)
{
    struct seen *s = ctx;

    (void)e;
    if (f->rule != s->rule)
        return 0;
    s->count++;
    s->last = *f;
    return 0;
}

static unsigned scan(size_t rule, const char *bytes, size_t n,
                     struct found *last)
{
    struct seen s = { .rule = rule };
    struct err e = ERR_INIT;

    if (engine_scan(lane, (const unsigned char *)bytes, n, take, &s, &e) < 0)
        fail_msg("%s", e.msg);
    if (last)
        *last = s.last;
    return s.count;
}

static int setup(void **state)
{
    struct scan_options opt = { 0 };
    struct yara *yara;
    unsigned char sha256[32];
    struct err e = ERR_INIT;

    (void)state;
    if (scan_read_rules(&opt, &rules, &yara, sha256, &e) < 0
        || !(engine = engine_new(&rules, &e))
        || !(lane = engine_lane_new(engine, &e))) {
        fprintf(stderr, "%s\n", e.msg);
        return strcmp(engine_versions(), "none") == 0 ? 0 : -1;
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    engine_lane_free(lane);
    engine_free(engine);
    rules_free(&rules);
    return 0;
}

/* ------------------------------------------------------------- the examples */

static unsigned check(size_t i, const struct rule_examples *x, bool finds)
{
    unsigned wrong = 0;

    for (size_t k = 0; k < x->count; k++) {
        const struct rule_example *ex = &x->list[k];
        bool found = scan(i, ex->bytes, ex->len, NULL) > 0;

        if (found == finds)
            continue;
        fprintf(stderr, "# %s: %s number %zu: %.*s\n", rules.list[i].id,
                finds ? "does not find" : "does not ignore", k + 1,
                (int)ex->len, ex->bytes);
        wrong++;
    }
    return wrong;
}

static void every_rule_finds_its_examples(void **state)
{
    unsigned wrong = 0;
    size_t examples = 0;

    (void)state;
    if (!lane)
        skip();
    for (size_t i = 0; i < rules.count; i++) {
        assert_true(rules.list[i].finds.count > 0);
        examples += rules.list[i].finds.count;
        wrong += check(i, &rules.list[i].finds, true);
    }
    assert_int_equal(wrong, 0);
    assert_true(examples > 400);
}

static void every_rule_ignores_what_it_should(void **state)
{
    unsigned wrong = 0;

    (void)state;
    if (!lane)
        skip();
    for (size_t i = 0; i < rules.count; i++)
        wrong += check(i, &rules.list[i].ignores, false);
    assert_int_equal(wrong, 0);
}

/* ---------------------------------------------------------------- two bytes */

/* Characters that is_text() knows, or the example has others. */
static bool is_plain(const struct rule_example *x)
{
    for (size_t i = 0; i < x->len; i++)
        if (!strchr("\n\r\t", x->bytes[i])
            && (x->bytes[i] < ' ' || x->bytes[i] > '~'))
            return false;
    return x->len >= WIDE_SHORTEST;
}

static unsigned wide_hits(size_t rule, const struct rule_example *x,
                          size_t before)
{
    size_t n = before + 2 * x->len + 3;
    unsigned char *bytes = malloc(n);
    unsigned char *narrow = malloc(n);
    unsigned hits = 0;
    size_t at = 0;
    size_t len;

    memset(bytes, 0xff, n);
    for (size_t i = 0; i < x->len; i++) {
        bytes[before + 2 * i] = (unsigned char)x->bytes[i];
        bytes[before + 2 * i + 1] = 0;
    }
    while (wide_next(bytes, n, &at, narrow, &len)) {
        assert_int_equal(at, before);
        assert_int_equal(len, x->len);
        hits += scan(rule, (const char *)narrow, len, NULL);
        at += 2 * len;
    }
    free(bytes);
    free(narrow);
    return hits;
}

static void two_bytes_a_character_are_found_as_one_byte_is(void **state)
{
    (void)state;
    if (!lane)
        skip();
    for (size_t i = 0; i < rules.count; i++) {
        const struct rule_examples *x = &rules.list[i].finds;

        for (size_t k = 0; k < x->count; k++) {
            unsigned narrow = scan(i, x->list[k].bytes, x->list[k].len,
                                   NULL);

            if (!is_plain(&x->list[k]))
                continue;
            assert_int_equal(wide_hits(i, &x->list[k], 16), narrow);
            assert_int_equal(wide_hits(i, &x->list[k], 7), narrow);
        }
    }
}

/* ------------------------------------------------------- rules of a user */

static int read_rules(const char *text, struct err *e)
{
    struct rules r = { 0 };
    int status = rules_read(&r, text, strlen(text), "mine", e);

    rules_free(&r);
    return status;
}

static void what_is_no_rule_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        { "title x\n", "mine: line 1: it stands before the first rule" },
        { "rule a\ntitle x\n", "mine: the rule a has no pattern" },
        { "rule a\npattern x\n", "mine: the rule a has no title" },
        { "rule a\npattern x\ntitle x\nrule a\n",
          "mine: line 4: there is a rule of that name already" },
        { "rule\n", "mine: line 1: a rule without a name" },
        { "rule a\nentropy nan\n",
          "mine: line 2: the entropy is no number from 0 to 8" },
        { "rule a\nentropy 9\n",
          "mine: line 2: the entropy is no number from 0 to 8" },
        { "rule a\nfinds \\q\n", "mine: line 2: there is no such escape" },
        { "rule a\nfinds \\x4\n", "mine: line 2: there is no such escape" },
        { "rule a\nfinds \\x\n", "mine: line 2: there is no such escape" },
        { "rule a\nfinds \\\n", "mine: line 2: there is no such escape" },
        { "rule a\nfuzzy very\n", "mine: line 2: fuzzy has no value" },
        { "rule a\ncolour red\n",
          "mine: line 2: there is no such word for a rule" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct err e = ERR_INIT;

        assert_int_equal(read_rules(cases[i].text, &e), -1);
        assert_int_equal(e.kind, ERR_USAGE);
        if (strncmp(e.msg, cases[i].why, strlen(cases[i].why)) != 0)
            fail_msg("%s: not %s", e.msg, cases[i].why);
    }
}

static void examples_may_hold_any_byte(void **state)
{
    static const char text[] = "# mine\r\n\nrule a\r\n  title A\n"
                               "pattern b\npattern c\n"
                               "finds \\x00\\n\\t\\r\\0\\\\\\xff z\n";
    struct rules r = { 0 };
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(rules_read(&r, text, sizeof(text) - 1, "mine", &e), 0);
    assert_int_equal(r.count, 1);
    assert_string_equal(r.list[0].id, "a");
    assert_string_equal(r.list[0].pattern, "b\nc");
    assert_int_equal(r.list[0].finds.list[0].len, 9);
    assert_memory_equal(r.list[0].finds.list[0].bytes,
                        "\0\n\t\r\0\\\xff z", 9);
    rules_free(&r);
}

static void a_rule_that_an_engine_refuses_is_named(void **state)
{
    static const char *const patterns[] = { "(", "(?<=a)b", "x*" };

    (void)state;
    if (!lane)
        skip();
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        char text[64];
        struct rules r = { 0 };
        struct err e = ERR_INIT;

        snprintf(text, sizeof(text), "rule bad\ntitle x\npattern %s\n",
                 patterns[i]);
        assert_int_equal(rules_read(&r, text, strlen(text), "mine", &e), 0);
        assert_null(engine_new(&r, &e));
        assert_int_equal(e.kind, ERR_USAGE);
        assert_non_null(strstr(e.msg, "the rule bad"));
        rules_free(&r);
    }
}

/* --------------------------------------------------------------- the places */

static size_t rule_of(const char *id)
{
    for (size_t i = 0; i < rules.count; i++)
        if (strcmp(rules.list[i].id, id) == 0)
            return i;
    fail_msg("there is no rule %s", id);
    return 0;
}

static void the_secret_and_whose_it_is_are_told_apart(void **state)
{
    static const char line[] = "\nweb:$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/"
                               ":19000:0:99999:7:::\n";
    struct found f;

    (void)state;
    if (!lane)
        skip();
    assert_int_equal(scan(rule_of("linux-shadow"), line, sizeof(line) - 1,
                          &f), 1);
    assert_int_equal(f.start, 1);
    assert_int_equal(f.secret, 5);
    assert_int_equal(f.secret_len, 34);
    assert_memory_equal(line + f.subject, "web", f.subject_len);
}

static void all_of_many_are_found(void **state)
{
    static const char one[] = "AKIAQWERTY234567ZXCV ";
    struct text t = TEXT_INIT;

    (void)state;
    if (!lane)
        skip();
    for (int i = 0; i < 1000; i++) {
        text_add(&t, one);
        for (int k = 0; k < i % 50; k++)
            text_add(&t, "-");
    }
    assert_int_equal(scan(rule_of("aws-access-key"), t.s, t.len, NULL),
                     1000);
    text_free(&t);
}

static void entropy_is_what_shannon_says(void **state)
{
    (void)state;
    assert_true(sift_entropy((const unsigned char *)"aaaa", 4) < 0.001);
    assert_true(sift_entropy((const unsigned char *)"abab", 4) > 0.999);
    assert_true(sift_entropy((const unsigned char *)"abcd", 4) > 1.999);
    assert_true(sift_entropy((const unsigned char *)"abcd", 4) < 2.001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_finds_its_examples),
        cmocka_unit_test(every_rule_ignores_what_it_should),
        cmocka_unit_test(two_bytes_a_character_are_found_as_one_byte_is),
        cmocka_unit_test(what_is_no_rule_is_refused_with_its_line),
        cmocka_unit_test(examples_may_hold_any_byte),
        cmocka_unit_test(a_rule_that_an_engine_refuses_is_named),
        cmocka_unit_test(the_secret_and_whose_it_is_are_told_apart),
        cmocka_unit_test(all_of_many_are_found),
        cmocka_unit_test(entropy_is_what_shannon_says),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
