/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a secret from one side to the other; which of two rules tells
 * it; and how little of it is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "scan/hits.h"
#include "scan/windows.h"

static void add_as(struct hits *s, unsigned side, uint64_t offset,
                   const char *secret, uint32_t rule, bool fuzzy)
{
    const struct hit h = {
        .offset = offset, .length = strlen(secret), .match = offset,
        .match_end = offset + strlen(secret), .side = (uint8_t)side,
        .rule = rule, .fuzzy = fuzzy,
    };
    const struct hit_text t = {
        .secret = (const unsigned char *)secret,
        .secret_len = strlen(secret),
    };
    struct err e = ERR_INIT;

    assert_int_equal(hits_add(s, &h, &t, &e), 0);
}

static void add(struct hits *s, unsigned side, uint64_t offset,
                const char *secret)
{
    add_as(s, side, offset, secret, 0, false);
}

static bool none_lost(void *ctx, unsigned side, uint64_t from, uint64_t to)
{
    (void)ctx;
    (void)side;
    (void)from;
    (void)to;
    return false;
}

/* "A5 gone; B9 moved from 7; ..." of those that are told. */
static void told(const struct hits *s, struct text *t)
{
    text_clear(t);
    for (size_t i = 0; i < s->count; i++) {
        const struct hit *h = &s->list[i];

        if (h->hidden)
            continue;
        text_addf(t, "%c%d %s", 'A' + h->side, (int)h->offset,
                  hit_state_names[h->state]);
        if (h->state == HIT_MOVED)
            text_addf(t, " from %d", (int)h->other);
        text_add(t, "; ");
    }
}

/* A row: places of one secret in A and in B, each a digit. */
static void each_place_becomes_what_it_should(void **state)
{
    static const struct {
        const char *a, *b, *want;
    } rows[] = {
        { "5", "", "A5 gone; " },
        { "", "5", "B5 new; " },
        { "5", "5", "B5 unchanged; " },
        { "5", "7", "B7 moved from 5; " },
        { "7", "5", "B5 moved from 7; " },
        { "5", "57", "B5 unchanged; B7 copy-new; " },
        { "57", "5", "B5 unchanged; A7 copy-gone; " },
        { "57", "7", "A5 copy-gone; B7 unchanged; " },
        { "13", "24", "B2 moved from 1; B4 moved from 3; " },
        { "13", "34", "B3 unchanged; B4 moved from 1; " },
        { "1", "234", "B2 moved from 1; B3 copy-new; B4 copy-new; " },
        { "123", "4", "A2 copy-gone; A3 copy-gone; B4 moved from 1; " },
        { "13", "", "A1 gone; A3 gone; " },
    };
    struct text t = TEXT_INIT;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hits s = { 0 };

        for (const char *p = rows[i].b; *p; p++)
            add(&s, 1, (uint64_t)(*p - '0'), "s");
        for (const char *p = rows[i].a; *p; p++)
            add(&s, 0, (uint64_t)(*p - '0'), "s");
        add(&s, 0, 100, "another");
        add(&s, 1, 100, "another");
        hits_judge(&s, 2, none_lost, NULL);
        told(&s, &t);
        assert_memory_equal(t.s, rows[i].want, strlen(rows[i].want));
        assert_string_equal(t.s + strlen(rows[i].want), "B100 unchanged; ");
        hits_free(&s);
    }
    text_free(&t);
}

static bool lost_at_5(void *ctx, unsigned side, uint64_t from, uint64_t to)
{
    (void)ctx;
    return side == 1 && from <= 5 && to > 5;
}

static void nothing_is_gone_where_nobody_could_look(void **state)
{
    struct hits s = { 0 };
    struct text t = TEXT_INIT;

    (void)state;
    add(&s, 0, 4, "secret");
    add(&s, 0, 20, "other");
    add(&s, 1, 30, "new");
    hits_judge(&s, 2, lost_at_5, NULL);
    told(&s, &t);
    assert_string_equal(t.s, "A4 unclear; A20 gone; B30 new; ");
    hits_free(&s);
    text_free(&t);
}

static void one_side_alone_is_only_found(void **state)
{
    struct hits s = { 0 };

    (void)state;
    add(&s, 0, 4, "secret");
    add(&s, 0, 14, "secret");
    hits_judge(&s, 1, none_lost, NULL);
    assert_int_equal(s.count, 2);
    assert_int_equal(s.states[HIT_FOUND], 2);
    hits_free(&s);
}

static void of_two_rules_the_one_that_knows_more_tells_it(void **state)
{
    static const struct {
        uint64_t at[2];
        const char *secret[2];
        bool fuzzy[2];
        const char *rules;     /* that are left, as digits */
    } rows[] = {
        { { 10, 10 }, { "abcdef", "abcdef" }, { false, false }, "0" },
        { { 10, 10 }, { "abcdef", "abcdef" }, { true, false }, "1" },
        { { 10, 12 }, { "abcdef", "cd" }, { false, false }, "0" },
        { { 10, 12 }, { "abcdef", "cd" }, { true, false }, "1" },
        { { 10, 12 }, { "abcdef", "cd" }, { false, true }, "0" },
        { { 10, 14 }, { "abcdef", "efgh" }, { false, false }, "01" },
        { { 10, 14 }, { "abcdef", "efgh" }, { true, false }, "1" },
        { { 10, 16 }, { "abcdef", "gh" }, { true, false }, "01" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hits s = { 0 };
        char left[8] = { 0 };

        for (unsigned k = 0; k < 2; k++)
            add_as(&s, 0, rows[i].at[k], rows[i].secret[k], k,
                   rows[i].fuzzy[k]);
        hits_judge(&s, 1, none_lost, NULL);
        for (size_t k = 0; k < s.count; k++)
            left[k] = (char)('0' + s.list[k].rule);
        assert_string_equal(left, rows[i].rules);
        hits_free(&s);
    }
}

static void little_of_a_secret_is_kept(void **state)
{
    struct hits s = { 0 };

    (void)state;
    add(&s, 0, 1, "a short password");
    add(&s, 0, 100, "x\x1b]y and twenty characters");
    hits_judge(&s, 1, none_lost, NULL);
    assert_string_equal(s.list[0].shown, "");
    assert_string_equal(s.list[1].shown, "x?]y");
    assert_null(s.list[0].secret);
    assert_null(s.list[1].secret);
    hits_free(&s);
}

static void more_than_there_is_room_for_is_counted(void **state)
{
    struct hits s = { 0 };

    (void)state;
    for (size_t i = 0; i < HITS_MAX + 3; i++)
        add(&s, 0, i * 2, "s");
    assert_int_equal(s.count, HITS_MAX);
    assert_int_equal(s.dropped, 3);
    hits_free(&s);
}

/* ----------------------------------------------------------------- windows */

static void windows_cover_every_run_with_its_margins(void **state)
{
    static const uint64_t in[] = { 0, 1, 2, 3, 4, 5, 9, 20, 21 };
    struct err e = ERR_INIT;
    struct blockset *core = blockset_new(64, &e);
    struct windows w;
    struct window_part p;
    uint64_t own_end = 0;
    unsigned n = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(in) / sizeof(in[0]); i++)
        blockset_add(core, in[i]);
    windows_init(&w, core);
    for (; windows_next(&w, &p); n++) {
        bool goes_on = n == 1; /* 4 and 5 belong to the run from 0 on */

        assert_true(p.to - p.from <= WINDOW_BYTES);
        assert_int_equal(p.to, p.core_end + WINDOW_MARGIN);
        assert_int_equal(p.from, p.core ? p.core - WINDOW_MARGIN : 0);
        assert_int_equal(p.own, goes_on ? p.core : p.from);
        assert_int_equal(p.own_end, p.core_end);
        assert_true(p.own >= own_end);
        own_end = p.own_end;
    }
    assert_int_equal(n, 4);
    assert_int_equal(windows_done(&w), sizeof(in) / sizeof(in[0]));
    windows_destroy(&w);
    blockset_free(core);
}

/* A name at [at, at + its length), and a secret behind it. */
static void add_of(struct hits *s, uint64_t at, const char *subject,
                   const char *secret)
{
    uint64_t offset = at + strlen(subject) + 1;
    const struct hit h = {
        .offset = offset, .length = strlen(secret), .match = at,
        .match_end = offset + strlen(secret), .subject_at = at,
        .subject_end = at + strlen(subject), .rule = 1, .fuzzy = true,
    };
    const struct hit_text t = {
        (const unsigned char *)secret, (const unsigned char *)subject,
        strlen(secret), strlen(subject),
    };
    struct err e = ERR_INIT;

    assert_int_equal(hits_add(s, &h, &t, &e), 0);
}

static const char *subject_of(struct hits *s, size_t i)
{
    hits_judge(s, 1, none_lost, NULL);
    return s->list[i].subject;
}

static void a_subject_that_may_be_a_secret_is_withheld(void **state)
{
    static const struct {
        const char *subject, *want;
    } rows[] = {
        { "backup", "backup" },
        { "abcdefghijklmnopqrs", "abcdefghijklmnopqrs" },
        { "abcdefghijklmnopqrst", HIT_WITHHELD },
        { "registry.example.org", "registry.example.org" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hits s = { 0 };

        add_of(&s, 100, rows[i].subject, "password");
        assert_string_equal(subject_of(&s, 0), rows[i].want);
        hits_free(&s);
    }
}

static void a_subject_in_another_secret_is_withheld(void **state)
{
    static const struct {
        uint64_t at;
        const char *want;
    } rows[] = {
        { 93, "a.b" }, { 94, HIT_WITHHELD }, { 100, HIT_WITHHELD },
        { 102, HIT_WITHHELD }, { 103, "a.b" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hits s = { 0 };

        add_of(&s, 100, "a.b", "password");
        add_as(&s, 0, rows[i].at, "1234567", 0, true);
        add_as(&s, 0, 1, "123", 0, false);
        hits_judge(&s, 1, none_lost, NULL);
        for (size_t k = 0; k < s.count; k++)
            if (s.list[k].subject)
                assert_string_equal(s.list[k].subject, rows[i].want);
        hits_free(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_subject_that_may_be_a_secret_is_withheld),
        cmocka_unit_test(a_subject_in_another_secret_is_withheld),
        cmocka_unit_test(each_place_becomes_what_it_should),
        cmocka_unit_test(nothing_is_gone_where_nobody_could_look),
        cmocka_unit_test(one_side_alone_is_only_found),
        cmocka_unit_test(of_two_rules_the_one_that_knows_more_tells_it),
        cmocka_unit_test(little_of_a_secret_is_kept),
        cmocka_unit_test(more_than_there_is_room_for_is_counted),
        cmocka_unit_test(windows_cover_every_run_with_its_margins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
