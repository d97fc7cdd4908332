/* SPDX-License-Identifier: Apache-2.0 */
/* An entry is told once, with where it is; and what that says of it: new, or
 * gone, or not sure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "events/civil.h"
#include "events/judge.h"

static const struct events_options all = {
    .from_us = INT64_MIN, .to_us = INT64_MAX,
};

static struct events *begin(unsigned nsides)
{
    struct events *s = calloc(1, sizeof(*s));

    assert_non_null(s);
    s->nsides = nsides;
    s->opt = &all;
    store_init(&s->store, 1u << 30);
    return s;
}

static void end(struct events *s)
{
    store_free(&s->store);
    free(s);
}

static struct event entry(const char *text, int64_t time)
{
    return (struct event){
        .time = time * US_PER_S, .source = "syslog",
        .host = { "h", 1 }, .text = { text, strlen(text) },
        .size = strlen(text),
    };
}

static void add(struct events *s, unsigned side, const struct event *v,
                const char *path, uint64_t at)
{
    struct err e = ERR_INIT;

    assert_int_equal(store_add(&s->store, side, v, path, at, &e), 0);
}

static void add_text(struct events *s, unsigned side, const char *text,
                     const char *path, uint64_t at)
{
    const struct event v = entry(text, 1000);

    add(s, side, &v, path, at);
}

/* The answers for the only entry, as "new gone". */
static void is_judged(struct events *s, const char *is_new,
                      const char *is_gone)
{
    struct judgement j;

    assert_int_equal(s->store.count, 1);
    j = judge(s, &s->store.list[0]);
    assert_string_equal(judge_words[j.is_new], is_new);
    assert_string_equal(judge_words[j.is_gone], is_gone);
    end(s);
}

static void an_entry_is_kept_once(void **state)
{
    struct events *s = begin(2);
    const struct store_event *k;

    (void)state;
    add_text(s, 0, "x", NULL, 900);
    add_text(s, 0, "x", "/log/a", 5);
    add_text(s, 0, "x", "/log/b", 6);
    add_text(s, 0, "x", NULL, 800);
    add_text(s, 0, "x", NULL, 850);
    add_text(s, 1, "x", NULL, 700);
    assert_int_equal(s->store.count, 1);
    k = &s->store.list[0];
    assert_string_equal(k->place[0].path, "/log/a");
    assert_int_equal(k->place[0].at, 5);
    assert_int_equal(k->place[0].files, 2);
    assert_int_equal(k->place[0].offset, 800);
    assert_null(k->place[1].path);
    assert_int_equal(k->place[1].offset, 700);
    add_text(s, 0, "y", NULL, 1);
    assert_int_equal(s->store.count, 2);
    end(s);
}

static void many_entries_are_told_apart(void **state)
{
    struct events *s = begin(1);
    char text[32];

    (void)state;
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 20000; i++) {
            snprintf(text, sizeof(text), "entry %d", i);
            add_text(s, 0, text, NULL, (uint64_t)i);
        }
    assert_int_equal(s->store.count, 20000);
    end(s);
}

static void where_it_is_says_what_became_of_it(void **state)
{
    struct events *s;

    (void)state;
    s = begin(2);
    add_text(s, 0, "x", "/log/a", 0);
    add_text(s, 1, "x", "/log/a", 0);
    is_judged(s, "no", "no");
    s = begin(2);
    add_text(s, 1, "x", "/log/a", 0);
    is_judged(s, "yes", "no");
    s = begin(2);
    add_text(s, 0, "x", "/log/a", 0);
    is_judged(s, "no", "yes");
    s = begin(2);
    add_text(s, 0, "x", "/log/a", 0);
    add_text(s, 1, "x", NULL, 0);
    is_judged(s, "no", "yes");
    s = begin(2); /* written after A, and wiped before B */
    add_text(s, 1, "x", NULL, 0);
    is_judged(s, "yes", "yes");
    s = begin(1);
    add_text(s, 0, "x", NULL, 0);
    is_judged(s, "no", "yes");
    s = begin(1);
    add_text(s, 0, "x", "/log/a", 0);
    is_judged(s, "no", "no");
}

static void put_gap(struct events *s, unsigned side, const char *path)
{
    s->sides[side].gaps[0].path = path;
    s->sides[side].gap_count = 1;
}

static void nobody_is_accused_of_what_was_not_read(void **state)
{
    struct events *s;

    (void)state;
    s = begin(2);
    s->sides[1].sum.left_out = 1;
    add_text(s, 0, "x", "/log/a", 0);
    is_judged(s, "no", "unsure");
    s = begin(2);
    s->sides[1].failed = true;
    add_text(s, 0, "x", "/log/a", 0);
    is_judged(s, "no", "unsure");
    s = begin(2);
    s->store.dropped = 1;
    add_text(s, 0, "x", "/log/a", 0);
    is_judged(s, "no", "unsure");
    s = begin(2);
    put_gap(s, 1, "/log/a.2.xz");
    add_text(s, 0, "x", "/log/a", 0);
    is_judged(s, "no", "unsure");
    s = begin(2);
    put_gap(s, 1, "/log/ab.2.xz");
    add_text(s, 0, "x", "/log/a", 0);
    is_judged(s, "no", "yes");
    s = begin(2);
    put_gap(s, 0, "/log/a.2.xz");
    add_text(s, 1, "x", "/log/a", 0);
    is_judged(s, "unsure", "no");
    s = begin(2);
    s->sides[0].lost = 1;
    add_text(s, 1, "x", "/log/a", 0);
    is_judged(s, "unsure", "no");
    s = begin(1); /* carved: of which log nobody knows */
    put_gap(s, 0, "/log/a.2.xz");
    add_text(s, 0, "x", NULL, 0);
    is_judged(s, "no", "unsure");
}

static void memory_is_bounded(void **state)
{
    struct events *s = begin(1);

    (void)state;
    s->store.budget = 1;
    add_text(s, 0, "x", NULL, 0);
    add_text(s, 0, "y", NULL, 0);
    add_text(s, 0, "x", NULL, 1);
    assert_int_equal(s->store.count, 1);
    assert_int_equal(s->store.dropped, 1);
    end(s);
}

/* The line of the file goes on in another block, and what lies behind its
 * first part on the volume is something else. */
static void a_piece_of_an_entry_is_no_other_one(void **state)
{
    struct events *s = begin(2);
    struct judgement j;

    (void)state;
    add_text(s, 0, "sshd: accepted bob", "/log/a", 0);
    add_text(s, 1, "sshd: accepted bob", "/log/a", 0);
    add_text(s, 1, "sshd: acceGARBAGE", NULL, 4096 - 10);
    add_text(s, 1, "sshd: eve was here", NULL, 8192 - 10);
    store_sort(&s->store);
    assert_int_equal(s->store.count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct store_event *k = &s->store.list[i];

        j = judge(s, k);
        if (strstr(k->text, "GARBAGE"))
            assert_int_equal(j.is_gone, JUDGE_UNSURE);
        else if (strstr(k->text, "eve"))
            assert_int_equal(j.is_gone, JUDGE_YES);
        else
            assert_int_equal(j.is_gone, JUDGE_NO);
    }
    end(s);
}

static unsigned told(struct events *s)
{
    unsigned n = 0;

    store_sort(&s->store);
    for (size_t i = 0; i < s->store.count; i++)
        n += judge_is_told(s, &s->store.list[i]);
    return n;
}

/* Before the block of a file lies whatever it may. */
static void a_line_with_the_end_of_another_block_is_that_line(void **state)
{
    struct events *s = begin(1);
    struct event v = entry("2203.0.113.66 GET", 1000);

    (void)state;
    add_text(s, 0, "203.0.113.66 GET", "/log/a", 0);
    add_text(s, 0, "o7j203.0.113.66 GET", NULL, 4096 - 3);
    add_text(s, 0, "113.66 GET", NULL, 8192);
    assert_int_equal(told(s), 1);
    end(s);
    s = begin(1); /* no file has it: the longer one */
    add_text(s, 0, "113.66 GET", NULL, 8192);
    add_text(s, 0, "203.0.113.66 GET", NULL, 8192 - 6);
    assert_int_equal(told(s), 1);
    assert_int_equal(s->store.list[1].is_hidden, false);
    end(s);
    s = begin(1); /* not at a border: others */
    add_text(s, 0, "203.0.113.66 GET", "/log/a", 0);
    add_text(s, 0, "1203.0.113.66 GET", NULL, 5000);
    v.is_part = true;
    add(s, 0, &v, NULL, 6000);
    assert_int_equal(told(s), 3);
    end(s);
}

/* A record is known by its number, also when its text is lost. */
static void a_piece_of_a_record_is_told_with_it(void **state)
{
    struct events *s = begin(1);
    struct event v = entry("whole", 1000);

    (void)state;
    v.has_id = true;
    v.id = 7;
    add(s, 0, &v, NULL, 900);
    v = entry("its end is missing", 1000);
    v.has_id = v.is_part = true;
    v.id = 7;
    add(s, 0, &v, NULL, 100);
    v.text = (struct event_text){ "another", 7 };
    v.id = 8;
    add(s, 0, &v, NULL, 200);
    assert_int_equal(told(s), 2);
    assert_int_equal(s->store.list[0].id, 7);
    end(s);
}

static void a_file_tells_the_year_of_what_was_carved(void **state)
{
    struct events *s = begin(1);
    struct event v = entry("x", 0);

    (void)state;
    assert_true(civil_parse_iso("1972-11-30", &v.time));
    v.year = EVENT_YEAR_UNKNOWN;
    add(s, 0, &v, NULL, 7);
    assert_true(civil_parse_iso("2026-11-30", &v.time));
    v.year = EVENT_YEAR_FROM_FILE;
    add(s, 0, &v, "/log/a", 0);
    assert_int_equal(s->store.count, 1);
    assert_int_equal(s->store.list[0].time, v.time);
    assert_int_equal(s->store.list[0].year, EVENT_YEAR_FROM_FILE);
    end(s);
}

static void time_has_bounds(void **state)
{
    struct events *s = begin(1);
    struct events_options o = all;
    struct store_event k = { .year = EVENT_YEAR_UNKNOWN };

    (void)state;
    s->opt = &o;
    assert_true(civil_parse_iso("2025-12-30", &o.from_us));
    assert_true(civil_parse_iso("2026-01-02", &o.to_us));
    assert_true(civil_parse_iso("1972-12-31", &k.time));
    assert_true(judge_is_within(s, &k));
    assert_true(civil_parse_iso("1972-01-01", &k.time));
    assert_true(judge_is_within(s, &k));
    assert_true(civil_parse_iso("1972-01-02", &k.time));
    assert_false(judge_is_within(s, &k));
    k.year = EVENT_YEAR_GIVEN;
    k.time = o.from_us;
    assert_true(judge_is_within(s, &k));
    k.time = o.to_us;
    assert_false(judge_is_within(s, &k));
    end(s);
}

static void a_nul_in_a_text_is_seen(void **state)
{
    struct events *s = begin(1);
    struct event v = entry("", 0);

    (void)state;
    v.text = (struct event_text){ "a\0b", 3 };
    add(s, 0, &v, NULL, 0);
    assert_string_equal(s->store.list[0].text, "a\\x00b");
    end(s);
}

/* Where a file's blocks lie apart a record is cut, and has other bytes. */
static void a_record_without_its_end_is_no_other(void **state)
{
    struct events *s = begin(2);
    struct event v = entry("event 4625 of Example", 1000);

    (void)state;
    v.source = "evtx";
    v.has_id = true;
    v.id = 7;
    add(s, 0, &v, "/x.evtx", 10);
    v.text = (struct event_text){ "record 7, its end is missing", 28 };
    v.host = (struct event_text){ 0 };
    v.is_part = true;
    add(s, 1, &v, NULL, 4096);
    v.text = (struct event_text){ "record 8, its end is missing", 28 };
    v.id = 8;
    add(s, 1, &v, NULL, 8192);
    store_sort(&s->store);
    assert_int_equal(s->store.count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct store_event *k = &s->store.list[i];

        assert_int_equal(k->is_shadow, k->id == 7 && k->is_part);
    }
    end(s);
}

static void what_was_told_in_part_is_completed(void **state)
{
    struct events *s = begin(1);
    struct event v = entry("record 7, template missing", 1000);

    (void)state;
    v.key = "the same bytes";
    v.key_size = 14;
    v.is_part = true;
    v.host = (struct event_text){ 0 };
    add(s, 0, &v, NULL, 4096);
    v.is_part = false;
    v.text = (struct event_text){ "event 4625", 10 };
    v.host = (struct event_text){ "h", 1 };
    add(s, 0, &v, NULL, 8192);
    v.is_part = true;
    v.text = (struct event_text){ "in part", 7 };
    add(s, 0, &v, NULL, 9000);
    assert_int_equal(s->store.count, 1);
    assert_false(s->store.list[0].is_part);
    assert_string_equal(s->store.list[0].text, "event 4625");
    assert_string_equal(s->store.list[0].host, "h");
    end(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_is_kept_once),
        cmocka_unit_test(many_entries_are_told_apart),
        cmocka_unit_test(where_it_is_says_what_became_of_it),
        cmocka_unit_test(nobody_is_accused_of_what_was_not_read),
        cmocka_unit_test(memory_is_bounded),
        cmocka_unit_test(a_piece_of_an_entry_is_no_other_one),
        cmocka_unit_test(a_line_with_the_end_of_another_block_is_that_line),
        cmocka_unit_test(a_piece_of_a_record_is_told_with_it),
        cmocka_unit_test(a_file_tells_the_year_of_what_was_carved),
        cmocka_unit_test(time_has_bounds),
        cmocka_unit_test(a_nul_in_a_text_is_seen),
        cmocka_unit_test(a_record_without_its_end_is_no_other),
        cmocka_unit_test(what_was_told_in_part_is_completed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
