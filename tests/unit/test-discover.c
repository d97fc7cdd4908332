/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of `ebsimg list': what each way of showing them makes of what is
 * known, not known and not there; widths, order, and what is looked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/width.h"
#include "discover/hold.h"
#include "discover/show.h"
#include "discover/wanted.h"

/* ------------------------------------------------------------------ cells */

static const char *csv(const char *s)
{
    static char out[200];
    autotext struct text t = TEXT_INIT;

    csv_add(&t, s);
    snprintf(out, sizeof(out), "%s", t.s);
    return out;
}

static void a_cell_is_quoted_where_it_must_be(void **state)
{
    (void)state;
    assert_string_equal(csv("plain text"), "plain text");
    assert_string_equal(csv(""), "");
    assert_string_equal(csv("a,b"), "\"a,b\"");
    assert_string_equal(csv("say \"x\""), "\"say \"\"x\"\"\"");
    assert_string_equal(csv(" a"), "\" a\"");
    assert_string_equal(csv("two\r\nlines"), "two\\x0d\\x0alines");
    assert_string_equal(csv("\x1b[2J\xff"), "\\x1b[2J\\xff");
}

static void no_cell_is_a_formula(void **state)
{
    (void)state;
    assert_string_equal(csv("=1+1"), "'=1+1");
    assert_string_equal(csv("+1"), "'+1");
    assert_string_equal(csv("-1"), "'-1");
    assert_string_equal(csv("@SUM(A1)"), "'@SUM(A1)");
    assert_string_equal(csv("\t=1"), "'\\x09=1");
    assert_string_equal(csv("\r=1"), "'\\x0d=1");
    assert_string_equal(csv("\xef\xbc\x9d" "1"), "'\xef\xbc\x9d" "1");
    assert_string_equal(csv("=\"a\",b"), "\"'=\"\"a\"\",b\"");
    assert_string_equal(csv("a=1"), "a=1");
}

static void letters_have_their_width(void **state)
{
    (void)state;
    assert_int_equal(width_of(""), 0);
    assert_int_equal(width_of("abc"), 3);
    assert_int_equal(width_of("\xc3\xa9"), 1);           /* e acute */
    assert_int_equal(width_of("e\xcc\x81"), 1);          /* e, acute */
    assert_int_equal(width_of("\xe6\xbc\xa2\xe5\xad\x97"), 4); /* Han */
    assert_int_equal(width_of("\xf0\x9f\x94\x92"), 2);   /* a lock */
    assert_int_equal(width_fit("abc", 2), 2);
    assert_int_equal(width_fit("\xe6\xbc\xa2\xe5\xad\x97", 3), 3);
    assert_int_equal(width_fit("e\xcc\x81x", 1), 3);
}

/* ------------------------------------------------------------------- rows */

static char *dup(const char *s)
{
    char *t = strdup(s);

    assert_non_null(t);
    return t;
}

/* A row of which as much is told as EC2 must tell. */
static struct row make(const char *id, const char *start)
{
    struct ec2_snapshot s = {
        .id = dup(id), .status = dup("completed"), .volume_gib = 8,
        .start_time = start ? dup(start) : NULL, .encrypted = { true, false },
    };
    struct row r;

    row_take(&r, &s, "us-east-1");
    assert_null(s.id);
    return r;
}

static void tag(struct row *r, const char *key, const char *value)
{
    struct ec2_tag *t = calloc(1, sizeof(*t));

    assert_non_null(t);
    t->key = dup(key);
    t->value = dup(value);
    r->snapshot.tags = t;
    r->snapshot.ntags = 1;
}

/* The row, shown in one way. */
static const char *shown(const struct show_format *f, const struct show *s,
                         const struct row *r)
{
    static char out[4000];
    autotext struct text t = TEXT_INIT;

    f->row(s, r, &t);
    assert_false(t.failed);
    snprintf(out, sizeof(out), "%s", t.s);
    return out;
}

#define ID "snap-0123456789abcdef0"

static void json_tells_null_from_nothing(void **state)
{
    const struct show plain = { .width = 80 };
    const struct show full = { .width = 80, .places = true,
                               .details = true };
    struct row r = make(ID, "2026-01-01T00:00:00.000Z");

    (void)state;
    tag(&r, "Na\"me", "\x1b[2J");
    assert_string_equal(shown(&show_lines, &plain, &r),
        "{\"what\":\"snapshot\",\"region\":\"us-east-1\",\"snapshot\":\"" ID
        "\",\"volume\":null,\"start_time\":\"2026-01-01T00:00:00.000Z\","
        "\"size_gib\":8,\"stored_bytes\":null,\"state\":\"completed\","
        "\"tier\":null,\"encrypted\":false,\"owner\":null,\"tags\":["
        "{\"key\":\"Na\\\"me\",\"value\":\"\\u001b[2J\"}]}\n");
    r.place = KNOWN;
    r.lock = UNKNOWN;
    r.sharing = UNKNOWN;
    r.tier = KNOWN;
    assert_non_null(strstr(shown(&show_lines, &full, &r),
                           "\"lock\":null,\"lock_until\":null,"
                           "\"sharing\":null,\"shared_with\":null,"
                           "\"tiering\":\"none\",\"tags\""));
    r.lock = KNOWN;
    r.sharing = KNOWN;
    assert_non_null(strstr(shown(&show_lines, &full, &r),
                           "\"lock\":\"none\",\"sharing\":\"private\","
                           "\"tiering\""));
    row_free(&r);
}

static void csv_tells_unknown_from_nothing(void **state)
{
    const struct show full = { .width = 80, .places = true,
                               .details = true };
    struct row r = make(ID, NULL);

    (void)state;
    r.place = KNOWN;
    r.lock = r.sharing = r.tier = UNKNOWN;
    r.snapshot.full_size.told = true;
    r.snapshot.encrypted = (struct xml_flag){ true, true };
    assert_string_equal(shown(&show_csv, &full, &r),
        "us-east-1," ID ",unknown,,,unknown,8,0,completed,unknown,,,,true,"
        "unknown,,unknown,,,,unknown,unknown,unknown,unknown,unknown,"
        "unknown,unknown,,\r\n");
    row_free(&r);
}

static void sharing_names_accounts(void **state)
{
    const struct show full = { .width = 80, .details = true };
    struct row r = make(ID, NULL);

    (void)state;
    r.sharing = KNOWN;
    r.shared = SHARED_ACCOUNTS;
    row_add_name(&r.accounts, "1");
    row_add_name(&r.accounts, "2");
    text_add(&r.accounts_json, "\"1\",\"2\"");
    assert_non_null(strstr(shown(&show_lines, &full, &r),
                           "\"sharing\":\"accounts\","
                           "\"shared_with\":[\"1\",\"2\"]"));
    assert_non_null(strstr(shown(&show_table, &full, &r),
                           "shared with: 1, 2"));
    row_free(&r);
}

/* No line is wider than there is room, and nothing is left out. */
static void fits(unsigned width, const struct row *r)
{
    const struct show s = { .width = width, .regions = true,
                            .places = true, .details = true };
    autotext struct text all = TEXT_INIT;
    autotext struct text t = TEXT_INIT;
    char *save;

    show_table.begin(&s, &t);
    show_table.row(&s, r, &t);
    assert_false(t.failed);
    for (char *line = strtok_r(t.s, "\n", &save); line;
         line = strtok_r(NULL, "\n", &save)) {
        assert_true(width_of(line) <= width);
        for (; *line; line++)
            if (*line != ' ')
                text_addn(&all, line, 1);
    }
    assert_non_null(strstr(all.s, "0123456789abcdef0"));
    assert_non_null(strstr(all.s, "key/11111111-2222"));
    assert_non_null(strstr(all.s, "THE-END"));
    assert_non_null(strstr(all.s, "Case="));
    assert_null(strchr(all.s, '\x1b'));
}

static void the_table_fits_any_width(void **state)
{
    struct row r = make(ID, "2026-01-01T00:00:00.000Z");
    char description[300];

    (void)state;
    memset(description, 'x', sizeof(description));
    for (size_t i = 0; i + 3 < 200; i += 4)
        memcpy(description + i, "\xe6\xbc\xa2 ", 4);
    strcpy(description + 290, "THE-END");
    r.snapshot.description = dup(description);
    r.snapshot.encrypted = (struct xml_flag){ true, true };
    r.snapshot.kms_key_id = dup("arn:aws:kms:eu-west-1:123456789012:key/"
                                "11111111-2222-3333-4444-555555555555");
    tag(&r, "Case", "\x1b[2J\n\xe2\x80\xae");
    for (unsigned width = 40; width <= 400; width++)
        fits(width, &r);
    row_free(&r);
}

static void the_line_has_what_matters_most(void **state)
{
    const struct show s = { .width = 80, .short_rows = true };
    struct row r = make(ID, "2026-01-01T00:00:00.123Z");

    (void)state;
    r.snapshot.full_size = (struct xml_count){ true, 524288 };
    assert_string_equal(shown(&show_table, &s, &r), ID
                        " 2026-01-01 00:00:00Z     8    512 KiB completed"
                        " ?\n");
    row_free(&r);
}

/* ------------------------------------------------------------------ order */

static void add(struct hold *h, const char *id, const char *start,
                const char *volume)
{
    struct row r = make(id, start);
    struct err e = ERR_INIT;

    r.snapshot.volume_id = dup(volume);
    assert_int_equal(hold_add(h, &r, &e), 0);
}

static const char *order(const struct hold *h)
{
    static char out[100];

    out[0] = '\0';
    for (size_t i = 0; i < h->count; i++)
        strcat(out, h->rows[i].snapshot.id);
    return out;
}

static void rows_are_put_in_order(void **state)
{
    struct hold h = { .max_rows = 100, .max_weight = 1 << 20 };

    (void)state;
    add(&h, "c", "2026-03-01T00:00:00.000Z", "vol-1");
    add(&h, "b", "2026-01-01T00:00:00.000Z", "vol-2");
    add(&h, "a", "2026-01-01T00:00:00.000Z", "vol-3");
    add(&h, "x", "no time", "vol-0");
    h.rows[1].snapshot.full_size = (struct xml_count){ true, 5 };
    h.rows[2].snapshot.full_size = (struct xml_count){ true, 7 };
    hold_sort(&h, SORT_NONE);
    assert_string_equal(order(&h), "cbax");
    hold_sort(&h, SORT_START);
    assert_string_equal(order(&h), "xabc");
    hold_sort(&h, SORT_VOLUME);
    assert_string_equal(order(&h), "xcba");
    hold_sort(&h, SORT_SIZE);
    assert_string_equal(order(&h), "xcab");
    hold_free(&h);
}

static void so_many_rows_are_held(void **state)
{
    struct hold h = { .max_rows = 2, .max_weight = 1 << 20 };

    (void)state;
    add(&h, "a", "", "v");
    assert_false(hold_is_full(&h));
    add(&h, "b", "", "v");
    assert_true(hold_is_full(&h));
    hold_clear(&h);
    assert_false(hold_is_full(&h));
    h.max_rows = 100;
    h.max_weight = 1;
    add(&h, "c", "", "v");
    assert_true(hold_is_full(&h));
    hold_free(&h);
}

static void long_texts_weigh(void **state)
{
    struct row r = make(ID, NULL);
    size_t before = row_weight(&r);
    char *value = calloc(1, 5001);

    (void)state;
    assert_non_null(value);
    memset(value, 'v', 5000);
    tag(&r, "k", value);
    assert_true(row_weight(&r) >= before + 5000);
    free(value);
    row_free(&r);
}

/* ----------------------------------------------------------- what is wanted */

static struct err reason;

static int read_options(const struct list_options *o, struct wanted *w)
{
    memset(&reason, 0, sizeof(reason));
    return wanted_read(o, w, &reason);
}

static void tags_of_one_key_are_alternatives(void **state)
{
    const struct list_options o = {
        .tags = { { "Case=7", "Name=web=1", "Case=8", "Any", "None=" }, 5 },
    };
    struct wanted w;

    (void)state;
    assert_int_equal(read_options(&o, &w), 0);
    assert_int_equal(w.ntags, 4);
    assert_string_equal(w.tags[0].name, "tag:Case");
    assert_int_equal(w.tags[0].count, 2);
    assert_string_equal(w.tags[0].values[0], "7");
    assert_string_equal(w.tags[0].values[1], "8");
    assert_string_equal(w.tags[1].values[0], "web=1");
    assert_string_equal(w.tags[2].values[0], "*");
    assert_string_equal(w.tags[3].values[0], "");
    assert_true(wanted_narrows(&w));
    wanted_free(&w);
}

static void the_owner_is_self_unless_ids_are_named(void **state)
{
    const struct list_options all = { .sort = SORT_START };
    const struct list_options one = { .snapshots = { { ID }, 1 } };
    const struct list_options both = {
        .snapshots = { { ID }, 1 }, .owners = { { "123456789012" }, 1 },
    };
    struct wanted w;

    (void)state;
    assert_int_equal(read_options(&all, &w), 0);
    assert_int_equal(w.nowners, 1);
    assert_string_equal(w.owners[0], "self");
    assert_true(wanted_is_own(&w));
    assert_int_equal(read_options(&one, &w), 0);
    assert_int_equal(w.nowners, 0);
    assert_false(wanted_is_own(&w));
    assert_int_equal(read_options(&both, &w), 0);
    assert_string_equal(w.owners[0], "123456789012");
    assert_false(wanted_is_own(&w));
}

static void what_makes_no_sense_is_refused(void **state)
{
    static const struct list_options bad[] = {
        { .volumes = { { "snap-0123456789abcdef0" }, 1 } },
        { .snapshots = { { "*" }, 1 } },
        { .instances = { { "i-0123456789abcdef0 " }, 1 } },
        { .images = { { "" }, 1 } },
        { .tags = { { "=7" }, 1 } },
        { .owners = { { "all" }, 1 } },
        { .owners = { { "12345678901" }, 1 } },
        { .from = "yesterday" },
        { .from = "2026-13-01" },
        { .to = "2026-01-01T00:00:00+01:00" },
        { .from = "2026-02-01", .to = "2026-01-31" },
    };
    struct wanted w;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(read_options(&bad[i], &w), -1);
        assert_int_equal(reason.kind, ERR_USAGE);
        wanted_free(&w);
    }
}

static void a_day_has_all_of_its_hours(void **state)
{
    const struct list_options o = { .from = "2026-01-31",
                                    .to = "2026-01-31" };
    struct wanted w;
    struct row first = make("a", "2026-01-31T00:00:00.000Z");
    struct row last = make("b", "2026-01-31T23:59:59.999Z");
    struct row next = make("c", "2026-02-01T00:00:00.000Z");
    struct row before = make("d", "2026-01-30T23:59:59.999Z");
    struct row undated = make("e", NULL);

    (void)state;
    assert_int_equal(read_options(&o, &w), 0);
    assert_true(row_is_between(&first, w.from, w.to));
    assert_true(row_is_between(&last, w.from, w.to));
    assert_false(row_is_between(&next, w.from, w.to));
    assert_false(row_is_between(&before, w.from, w.to));
    assert_true(row_is_between(&undated, w.from, w.to));
    assert_true(row_is_between(&next, w.from, 0));
    assert_true(row_is_between(&before, 0, w.to));
    assert_true(row_is_between(&next, next.start, next.start));
    row_free(&first);
    row_free(&last);
    row_free(&next);
    row_free(&before);
    row_free(&undated);
}

static void ids_are_kept_once(void **state)
{
    struct ids a = { 0 };
    struct ids b = { 0 };
    struct err e = ERR_INIT;
    char name[24];
    const char *const *names;

    (void)state;
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof(name), "vol-%08x", i % 200);
        assert_int_equal(ids_add(&a, name, &e), 0);
    }
    assert_int_equal(a.count, 200);
    assert_int_equal(ids_add(&b, "vol-00000007", &e), 0);
    assert_int_equal(ids_add(&b, "vol-99999999", &e), 0);
    ids_keep(&a, &b);
    assert_int_equal(a.count, 1);
    names = ids_names(&a, &e);
    assert_string_equal(names[0], "vol-00000007");
    ids_free(&a);
    ids_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_is_quoted_where_it_must_be),
        cmocka_unit_test(no_cell_is_a_formula),
        cmocka_unit_test(letters_have_their_width),
        cmocka_unit_test(json_tells_null_from_nothing),
        cmocka_unit_test(csv_tells_unknown_from_nothing),
        cmocka_unit_test(sharing_names_accounts),
        cmocka_unit_test(the_table_fits_any_width),
        cmocka_unit_test(the_line_has_what_matters_most),
        cmocka_unit_test(rows_are_put_in_order),
        cmocka_unit_test(so_many_rows_are_held),
        cmocka_unit_test(long_texts_weigh),
        cmocka_unit_test(tags_of_one_key_are_alternatives),
        cmocka_unit_test(the_owner_is_self_unless_ids_are_named),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(a_day_has_all_of_its_hours),
        cmocka_unit_test(ids_are_kept_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
