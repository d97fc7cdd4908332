/* SPDX-License-Identifier: Apache-2.0 */
/* What the lines and records of logs say: when, how sure that is, who, what;
 * and what is no entry is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "events/civil.h"
#include "events/gunzip.h"
#include "events/lines.h"
#include "events/logfiles.h"
#include "events/utmp.h"

/* ------------------------------------------------------------------- heard */

#define HEARD 16

struct heard {
    unsigned n, notes;
    char line[HEARD][300];     /* "TIME ZONE YEAR SOURCE HOST|TEXT" */
    size_t at[HEARD];
    bool is_part[HEARD];
    char note[200];
};

static int hear(void *ctx, const struct event *v, struct err *e)
{
    struct heard *h = ctx;
    char time[CIVIL_TEXT];

    (void)e;
    assert_true(h->n < HEARD);
    snprintf(h->line[h->n], sizeof(h->line[0]), "%s %d %d %s %.*s|%.*s",
             civil_text(time, v->time, ' '), (int)v->zone, (int)v->year,
             v->source, (int)v->host.n, v->host.s ? v->host.s : "",
             (int)v->text.n, v->text.s);
    h->is_part[h->n] = v->is_part;
    h->at[h->n++] = v->at;
    return 0;
}

static void hear_note(void *ctx, const char *text)
{
    struct heard *h = ctx;

    h->notes++;
    snprintf(h->note, sizeof(h->note), "%s", text);
}

static struct heard listen_to(const struct event_decoder *d, bool carved,
                              const void *bytes, size_t n, const char *path,
                              const char *modified)
{
    struct heard h = { 0 };
    const struct event_out out = { &h, hear, hear_note };
    struct event_span s = { .bytes = bytes, .size = n, .is_file = !carved,
                            .path = path, .has_modified = modified != NULL };
    struct err e = ERR_INIT;

    if (modified)
        assert_true(civil_parse_iso(modified, &s.modified));
    assert_int_equal((carved ? d->carve : d->decode)(&s, &out, &e), 0);
    return h;
}

static struct heard of_file(const char *text, const char *modified)
{
    return listen_to(&lines_decoder, false, text, strlen(text), "/x",
                     modified);
}

/* ------------------------------------------------------------------- times */

static void a_time_goes_to_microseconds_and_back(void **state)
{
    static const char *const texts[] = {
        "1970-01-01T00:00:00", "2000-02-29T23:59:59.000001",
        "1969-12-31T23:59:59", "0001-01-01T00:00:00", "2100-03-01T12:00:00",
        "9999-12-31T23:59:59",
    };
    char buf[CIVIL_TEXT];
    int64_t us;

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        assert_true(civil_parse_iso(texts[i], &us));
        assert_string_equal(civil_text(buf, us, 'T'), texts[i]);
    }
    assert_true(civil_parse_iso("2026-11-30T22:03:08+01:00", &us));
    assert_int_equal(us, INT64_C(1796072588) * US_PER_S);
}

static void what_is_no_time_is_none(void **state)
{
    static const char *const texts[] = {
        "", "2026", "2026-02-29", "2100-02-29", "2026-13-01", "2026-00-01",
        "2026-01-32", "2026-01-01T24:00", "2026-01-01T23:60",
        "2026-01-01T23:59:61", "2026-01-01x", "2026-01-01T10:00+1",
        "2026-01-01T10:00+19:00", "2026-01-01T10:00:00.Z", "0000-01-01",
    };
    int64_t us;

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        assert_false(civil_parse_iso(texts[i], &us));
}

/* ------------------------------------------------------------------- lines */

static void each_form_of_a_line_is_read(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        { "Nov 30 22:03:08 web1 sshd[12]: hello",
          "1972-11-30 22:03:08 2 2 syslog web1|sshd[12]: hello" },
        { "Feb 29 22:03:08 web1 kernel: x",
          "1972-02-29 22:03:08 2 2 syslog web1|kernel: x" },
        { "<13>Nov  3 22:03:08 ::1 su: y",
          "1972-11-03 22:03:08 2 2 syslog ::1|su: y" },
        { "2026-11-30T22:03:08.5-05:30 h cron[1]: z",
          "2026-12-01 03:33:08.500000 1 0 syslog h|cron[1]: z" },
        { "<165>1 2026-11-30T22:03:08Z h app 1 ID - text",
          "2026-11-30 22:03:08 1 0 syslog h|app 1 ID - text" },
        { "::1 - a b [30/Nov/2026:22:03:08 +0100] \"GET / HTTP/1.1\" 200 1",
          "2026-11-30 21:03:08 1 0 web |::1 - a b [30/Nov/2026:22:03:08 "
          "+0100] \"GET / HTTP/1.1\" 200 1" },
        { ": 1764540188:0;ls -l",
          "2025-11-30 22:03:08 0 0 zsh |ls -l" },
        { "#1764540188\nls -l",
          "2025-11-30 22:03:08 0 0 bash |ls -l" },
        { "- cmd: ls -l\n  when: 1764540188",
          "2025-11-30 22:03:08 0 0 fish |ls -l" },
        { "2026-11-30 22:03:08,123 - util.py[DEBUG]: text",
          "2026-11-30 22:03:08.123000 0 0 cloud-init |util.py[DEBUG]: text" },
        { "Cloud-init v. 24.1 running 'init' at Mon, 30 Nov 2026 22:03:08 "
          "+0000. Up 5 seconds.",
          "2026-11-30 22:03:08 1 0 cloud-init |Cloud-init v. 24.1 running "
          "'init' at Mon, 30 Nov 2026 22:03:08 +0000. Up 5 seconds." },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct heard h = of_file(rows[i].text, NULL);

        assert_int_equal(h.n, 1);
        assert_string_equal(h.line[0], rows[i].want);
    }
}

static void what_is_no_entry_is_passed_over(void **state)
{
    static const char *const texts[] = {
        "Nov 31 22:03:08 web1 sshd[12]: no such day",
        "Nov 3 22:03:08 web1 sshd[12]: a space is missing",
        "Nov 30 22:03:08 web1 no tag at all",
        "Nov 30 22:03:08 we\"b1 sshd: no such host",
        "Nov 30 22:03 web1 sshd: no seconds",
        "<13 Nov 30 22:03:08 web1 sshd: no end",
        "<1234>Nov 30 22:03:08 web1 sshd: no such priority",
        "2026-11-30T22:03:08 h cron[1]: no zone",
        "2026-11-30 22:03:08,123 - prose without a module",
        "::1 - a b [30/Nov/2026:22:03:08 +0100] GET /",
        "[30/Nov/2026:22:03:08 +0100] \"GET /",
        "#176454018\nls", "#1764540188x\nls", "#1764540188\n#1764540189",
        "#1764540188", ": 1764540188;ls", "- cmd: ls\n  then: 1764540188",
        "Cloud-init v. 24.1 finished, some day",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        assert_int_equal(of_file(texts[i], NULL).n, 0);
}

static void a_year_comes_from_the_file(void **state)
{
    static const char text[] =
        "Dec 31 23:00:00 h a: 1\nJan  1 00:00:01 h a: 2\n"
        "Nov 30 00:00:00 h a: 3\nJan  2 00:00:00 h a: 4\n";
    struct heard h = of_file(text, "2026-01-02T00:00:00Z");

    (void)state;
    assert_int_equal(h.n, 4);
    assert_string_equal(h.line[0], "2024-12-31 23:00:00 2 1 syslog h|a: 1");
    assert_string_equal(h.line[1], "2025-01-01 00:00:01 2 1 syslog h|a: 2");
    assert_string_equal(h.line[2], "2025-11-30 00:00:00 2 1 syslog h|a: 3");
    assert_string_equal(h.line[3], "2026-01-02 00:00:00 2 1 syslog h|a: 4");
    /* Zones: a line may be younger than its file by a day, no more. */
    h = of_file("Jan  1 10:00:00 h a: 1\n", "2026-01-01T02:00:00Z");
    assert_string_equal(h.line[0], "2026-01-01 10:00:00 2 1 syslog h|a: 1");
    h = of_file("Dec 31 10:00:00 h a: 1\n", "2026-01-01T02:00:00Z");
    assert_string_equal(h.line[0], "2025-12-31 10:00:00 2 1 syslog h|a: 1");
}

static void lines_are_carved_out_of_bytes(void **state)
{
    static const char bytes[] =
        "\0\0Nov 30 22:03:08 web1 sshd[1]: one\nNov 30 22:03:09 web1 a: two"
        "\0\1\2xNov 30 22:03:10 web1 a: not at a border\n"
        "\xff#1764540188\nls\n#1764540189\nno end";
    struct heard h = listen_to(&lines_decoder, true, bytes,
                               sizeof(bytes) - 1, NULL, NULL);

    (void)state;
    assert_int_equal(h.n, 3);
    assert_string_equal(h.line[0],
                        "1972-11-30 22:03:08 2 2 syslog web1|sshd[1]: one");
    assert_false(h.is_part[0]);
    assert_int_equal(h.at[0], 2);
    assert_string_equal(h.line[1],
                        "1972-11-30 22:03:09 2 2 syslog web1|a: two");
    assert_true(h.is_part[1]);
    assert_string_equal(h.line[2], "2025-11-30 22:03:08 0 0 bash |ls");
}

/* The block before is full of text. */
static void a_line_may_begin_with_a_block(void **state)
{
    static char bytes[5000];
    struct heard h;

    (void)state;
    memset(bytes, 'x', sizeof(bytes));
    memcpy(bytes + 4096, "Nov 30 22:03:08 web1 a: b\n", 26);
    h = listen_to(&lines_decoder, true, bytes, sizeof(bytes), NULL, NULL);
    assert_int_equal(h.n, 1);
    assert_int_equal(h.at[0], 4096);
    memmove(bytes + 512, bytes + 4096, 26);
    h = listen_to(&lines_decoder, true, bytes, 4000, NULL, NULL);
    assert_int_equal(h.n, 1);
    assert_int_equal(h.at[0], 512);
    memmove(bytes + 511, bytes + 512, 26);
    h = listen_to(&lines_decoder, true, bytes, 4000, NULL, NULL);
    assert_int_equal(h.n, 0);
}

/* ----------------------------------------------------------------- records */

static void put32(unsigned char *p, uint32_t n)
{
    for (int i = 0; i < 4; i++)
        p[i] = (unsigned char)(n >> (8 * i));
}

static void make_record(unsigned char r[384], int type)
{
    memset(r, 0, 384);
    r[0] = (unsigned char)type;
    put32(r + 4, 411);
    memcpy(r + 8, "pts/1", 5);
    memcpy(r + 40, "ts/1", 4);
    memcpy(r + 44, "root", 4);
    memcpy(r + 76, "evil", 4);
    put32(r + 340, 1764540188);
    put32(r + 344, 7);
    memcpy(r + 348, "\xcb\0\x71\x42", 4);
}

static const char login[] = "2025-11-30 22:03:08.000007 0 0 wtmp |session user"
    " root line pts/1 pid 411 from evil address 203.0.113.66";

static void records_of_a_file_are_read(void **state)
{
    static unsigned char bytes[4 * 384 + 10];
    struct heard h;

    (void)state;
    make_record(bytes, 7);
    memset(bytes + 384, 0, 384);
    make_record(bytes + 2 * 384, 99);
    make_record(bytes + 3 * 384, 8);
    assert_true(utmp_decoder.probe("/var/log/wtmp.1", bytes, sizeof(bytes)));
    assert_false(utmp_decoder.probe("/var/log/x", bytes, sizeof(bytes)));
    h = listen_to(&utmp_decoder, false, bytes, sizeof(bytes),
                  "/var/log/wtmp.1", NULL);
    assert_int_equal(h.n, 2);
    assert_string_equal(h.line[0], login);
    assert_int_equal(h.at[1], 3 * 384);
    assert_int_equal(h.notes, 2); /* zeros; nonsense, and a rest */
}

static void only_what_cannot_be_chance_is_carved(void **state)
{
    static const struct {
        size_t at;
        unsigned char value;
    } damage[] = {
        { 0, 0 }, { 0, 10 }, { 1, 1 }, { 2, 1 }, { 7, 1 }, { 15, 'x' },
        { 8, '\n' }, { 43 + 20, 'x' }, { 343, 0x7f + 1 }, { 347, 1 },
        { 383, 1 },
    };
    static unsigned char bytes[8 + 384];
    struct heard h;

    (void)state;
    make_record(bytes + 8, 7);
    h = listen_to(&utmp_decoder, true, bytes, sizeof(bytes), NULL, NULL);
    assert_int_equal(h.n, 1);
    assert_int_equal(h.at[0], 8);
    h = listen_to(&utmp_decoder, true, bytes, sizeof(bytes) - 1, NULL, NULL);
    assert_int_equal(h.n, 0);
    for (size_t i = 0; i < sizeof(damage) / sizeof(*damage); i++) {
        make_record(bytes + 8, 7);
        bytes[8 + damage[i].at] = damage[i].value;
        h = listen_to(&utmp_decoder, true, bytes, sizeof(bytes), NULL, NULL);
        assert_int_equal(h.n, 0);
    }
}

/* ------------------------------------------------------------------- names */

static void a_log_is_known_by_its_name(void **state)
{
    static const char *const logs[] = {
        "/var/log/anything", "/wtmp", "/log/x", "/root/.bash_history",
        "/srv/app/logs/today", "/srv/app.log.3.gz", "/auth.log",
        "/Windows/System32/winevt/Logs/Security.evtx", "/x.journal~",
    };
    static const char *const others[] = {
        "/etc/passwd", "/var/log/lastlog", "/srv/blog/x", "/usr/bin/login",
        "/srv/catalog",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(logs) / sizeof(*logs); i++)
        assert_true(logfiles_is_place(logs[i]));
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        assert_false(logfiles_is_place(others[i]));
}

static void rotated_files_are_of_one_log(void **state)
{
    static const char *const same[] = {
        "/v/auth.log", "/v/auth.log.1", "/v/auth.log.12.gz",
        "/v/auth.log-20261130", "/v/auth.log-20261130.xz", "/v/auth.log.bz2",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
        assert_int_equal(logfiles_stem(same[i]), strlen("/v/auth.log"));
    assert_int_equal(logfiles_stem("/v/2026"), strlen("/v/2026"));
    assert_int_equal(logfiles_stem("/v/node1"), strlen("/v/node1"));
}

/* ------------------------------------------------------------------ packed */

static int count(void *ctx, const void *out, size_t n, struct err *e)
{
    (void)e;
    assert_non_null(out);
    *(size_t *)ctx += n;
    return 0;
}

/* printf 'hello\n' | gzip -n */
static const unsigned char packed[] = {
    0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xe7,
    2, 0, 0x20, 0x30, 0x3a, 0x36, 6, 0, 0, 0,
};

static size_t unpacked(const unsigned char *bytes, size_t n, int want,
                       int whole)
{
    struct err e = ERR_INIT;
    struct gunzip *g = gunzip_new(&e);
    size_t got = 0;
    int r = 0;

    assert_non_null(g);
    for (size_t i = 0; i < n && r == 0; i++) /* a byte at a time */
        r = gunzip_add(g, bytes + i, 1, count, &got, &e);
    assert_int_equal(r, want);
    assert_int_equal(gunzip_is_whole(g), whole);
    gunzip_free(g);
    return got;
}

static void a_packed_file_is_unpacked(void **state)
{
    unsigned char twice[2 * sizeof(packed)];
    unsigned char bad[sizeof(packed)];

    (void)state;
    assert_int_equal(unpacked(packed, sizeof(packed), 0, 1), 6);
    memcpy(twice, packed, sizeof(packed));
    memcpy(twice + sizeof(packed), packed, sizeof(packed));
    assert_int_equal(unpacked(twice, sizeof(twice), 0, 1), 12);
    assert_int_equal(unpacked(packed, sizeof(packed) - 1, 0, 0), 6);
    memcpy(bad, packed, sizeof(bad));
    bad[19] ^= 1; /* of the checksum */
    unpacked(bad, sizeof(bad), 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_goes_to_microseconds_and_back),
        cmocka_unit_test(what_is_no_time_is_none),
        cmocka_unit_test(each_form_of_a_line_is_read),
        cmocka_unit_test(what_is_no_entry_is_passed_over),
        cmocka_unit_test(a_year_comes_from_the_file),
        cmocka_unit_test(lines_are_carved_out_of_bytes),
        cmocka_unit_test(a_line_may_begin_with_a_block),
        cmocka_unit_test(records_of_a_file_are_read),
        cmocka_unit_test(only_what_cannot_be_chance_is_carved),
        cmocka_unit_test(a_log_is_known_by_its_name),
        cmocka_unit_test(rotated_files_are_of_one_log),
        cmocka_unit_test(a_packed_file_is_unpacked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
