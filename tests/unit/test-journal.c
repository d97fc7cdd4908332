/* SPDX-License-Identifier: Apache-2.0 */
/* The systemd journal: entries in files and in pieces of files, and which data
 * are told as theirs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "events/journal.h"
#include "events/lookup3.h"

enum { ROOM = 1 << 16, HEADER = 272, ENTRIES = 5 };

#define TIME UINT64_C(1772323200000000) /* 2026-03-01 */

static unsigned char disk[ROOM];
static size_t at;              /* where is written on */
static size_t file;            /* where the file of it begins */
static bool compact;

/* ----------------------------------------------------------------- writing */

static void put(uint64_t value, int n)
{
    for (int i = 0; i < n; i++)
        disk[at++] = (unsigned char)(value >> 8 * i);
}

static void set(size_t where, uint64_t value, int n)
{
    size_t back = at;

    at = where;
    put(value, n);
    at = back;
}

static void align(void)
{
    at = (at + 7) / 8 * 8;
}

struct data {
    size_t at;                 /* in the file */
    uint64_t hash;
};

/* The offset of the entry by which it comes is set later. */
static struct data put_data(const char *payload, unsigned flags)
{
    struct data d = { at - file, lookup3_of((const unsigned char *)payload,
                                            strlen(payload)) };
    size_t head = compact ? 72 : 64, n = strlen(payload);

    put(1 | flags << 8, 8);
    put(head + n, 8);
    put(d.hash, 8);
    put(0, 8), put(0, 8), put(0, 8), put(0, 8), put(1, 8);
    put(0, compact ? 8 : 0);
    memcpy(disk + at, payload, n);
    at += n;
    align();
    return d;
}

static size_t put_entry(uint64_t number, const struct data *d, size_t n)
{
    size_t begin = at;
    uint64_t hash = 0;

    put(3, 8);
    put(64 + n * (compact ? 4 : 16), 8);
    put(number, 8);
    put(TIME + number, 8);
    put(1000 * number, 8);
    put(0x1111111111114111, 8), put(0x2222222222222282, 8);
    for (size_t i = 0; i < n; i++)
        hash ^= d[i].hash;
    put(hash, 8);
    for (size_t i = 0; i < n; i++) {
        put(d[i].at, compact ? 4 : 8);
        put(d[i].hash, compact ? 0 : 8);
        if (d[i].at + file < begin)
            /* Those that have no entry came by this one. */
            if (disk[file + d[i].at + 40] == 0
                && disk[file + d[i].at + 41] == 0)
                set(file + d[i].at + 40, begin - file, 8);
    }
    align();
    return begin;
}

static size_t entry[ENTRIES + 1]; /* where entry 1 ... is */
static size_t message[ENTRIES + 1]; /* where its message is */

/* Of one machine and one program; two data are new with each entry. */
static void write_file(size_t where, bool is_compact)
{
    struct data host, who;
    char text[64];

    file = at = where;
    compact = is_compact;
    memcpy(disk + at, "LPKSHHRH", 8);
    set(at + 12, 4 | (is_compact ? 16 : 0), 4);
    set(at + 88, HEADER, 8);
    at += HEADER;
    host = put_data("_HOSTNAME=web", 0);
    who = put_data("SYSLOG_IDENTIFIER=sshd", 0);
    for (unsigned i = 1; i <= ENTRIES; i++) {
        struct data all[4] = { host, who };

        snprintf(text, sizeof(text), "_PID=%u", 100 + i);
        all[2] = put_data(text, 0);
        snprintf(text, sizeof(text), "MESSAGE=Hello %u", i);
        message[i] = at;
        all[3] = put_data(text, 0);
        entry[i] = put_entry(i, all, 4);
    }
}

static void write_clean(size_t where, bool is_compact)
{
    memset(disk, 0, sizeof(disk));
    write_file(where, is_compact);
}

/* ----------------------------------------------------------------- reading */

static char told[8192];
static unsigned events, parts;
static bool is_damaged;        /* times may be any */

static int hear(void *ctx, const struct event *v, struct err *e)
{
    const struct event_span *s = ctx;
    size_t n = strlen(told);

    (void)e;
    assert_true(v->size > 0 && v->at <= s->size && v->size <= s->size - v->at);
    assert_ptr_equal(v->key, s->bytes + v->at + 16);
    assert_int_equal(v->key_size, 48);
    assert_true(is_damaged || v->time == (int64_t)(TIME + v->id));
    assert_true(n < sizeof(told) - 400);
    snprintf(told + n, 400, "%llu %.*s|%.*s\n", (unsigned long long)v->id,
             (int)v->host.n, v->host.s ? v->host.s : "", (int)v->text.n,
             v->text.s);
    events++;
    parts += v->is_part;
    return 0;
}

static void note(void *ctx, const char *text)
{
    (void)ctx;
    strcat(told, text);
    strcat(told, "\n");
}

static void look(size_t from, size_t size, bool is_file)
{
    struct event_span s = { disk + from, size, .is_file = is_file };
    struct event_out o = { &s, hear, note };
    struct err e = ERR_INIT;

    told[0] = '\0';
    events = parts = 0;
    assert_int_equal((is_file ? journal_decoder.decode
                      : journal_decoder.carve)(&s, &o, &e), 0);
}

/* -------------------------------------------------------------------- tests */

/* The results that stand in Jenkins's own file. */
static void has_the_hashes_of_its_author(void **state)
{
    static const unsigned char text[] = "Four score and seven years ago";

    (void)state;
    assert_true(lookup3_of(text, 0) == UINT64_C(0xdeadbeefdeadbeef));
    assert_true(lookup3_of(text, 30) == UINT64_C(0x17770551ce7226e6));
}

static void a_file_tells_its_entries(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        write_clean(0, i % 2);
        look(0, ROOM, i / 2);
        assert_int_equal(events, ENTRIES);
        assert_int_equal(parts, 0);
        assert_non_null(strstr(told, "1 web|sshd[101]: Hello 1\n"));
        assert_non_null(strstr(told, "5 web|sshd[105]: Hello 5\n"));
    }
}

static void a_deleted_file_is_found_behind_others(void **state)
{
    (void)state;
    memset(disk, 0x5a, sizeof(disk));
    write_file(8192, true);
    look(0, ROOM, false);
    assert_int_equal(events, ENTRIES);
    assert_int_equal(parts, 0);
    assert_non_null(strstr(told, "5 web|sshd[105]: Hello 5\n"));
}

/* Host and program came by an entry that is not there: who knows whose data
 * lie at their place now? */
static void a_piece_tells_what_it_proves(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        size_t from;

        write_clean(0, i);
        from = entry[2];
        look(from, ROOM - from, false);
        assert_int_equal(events, 4);
        assert_int_equal(parts, 4);
        assert_non_null(strstr(told, "2 |entry 2, its message is not with"));
        assert_non_null(strstr(told, "3 |[103]: Hello 3\n"));
        assert_non_null(strstr(told, "5 |[105]: Hello 5\n"));
    }
}

/* One behind the other, each with its own beginning. */
static void pieces_of_two_files_are_not_mixed(void **state)
{
    static unsigned char piece[ROOM];
    size_t from, size;

    (void)state;
    write_clean(0, true);
    from = message[2];
    size = at - from;
    memcpy(piece, disk + from, size);
    memset(disk, 0, sizeof(disk));
    write_file(0, true);
    for (size_t i = 1; i <= ENTRIES; i++)
        disk[message[i] + 80] = 'W';
    /* The hashes are other ones, and so is the place. */
    memmove(disk + 8, disk + message[2], size);
    memcpy(disk + 8 + size, piece, size);
    memset(disk + 8 + 2 * size, 0, ROOM - 8 - 2 * size);
    look(0, ROOM, false);
    assert_int_equal(events, 8);
    assert_int_equal(parts, 8);
    assert_non_null(strstr(told, "5 |[105]: Wello 5\n"));
    assert_non_null(strstr(told, "3 |[103]: Wello 3\n"));
    assert_non_null(strstr(told, "3 |[103]: Hello 3\n"));
    assert_non_null(strstr(told, "5 |[105]: Hello 5\n"));
}

static void one_witness_proves_nothing(void **state)
{
    (void)state;
    write_clean(0, true);
    /* Before its message there is nothing of entry 2. */
    look(message[2], entry[3] - message[2], false);
    assert_string_equal(told, "2 |entry 2, its message is not with it\n");
}

/* Where the data of entry 5 were, others are by now: that came into their file
 * by nothing that is there, or by an entry that does not name them. */
static void data_that_only_lie_there_are_not_told(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct data evil;

        write_clean(0, true);
        evil = put_data("_HOSTNAME=evil", 0);
        set(evil.at + 40, i ? entry[2] : 8, 8);
        set(entry[5] + 64, evil.at, 4);
        memset(disk, 0, HEADER);
        look(0, ROOM, false);
        assert_int_equal(events, ENTRIES);
        assert_null(strstr(told, "evil"));
        assert_non_null(strstr(told, "4 web|sshd[104]: Hello 4\n"));
        assert_non_null(strstr(told, "5 |sshd[105]: Hello 5 (these are not"));
    }
}

static void data_that_were_changed_are_told_as_such(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        write_clean(0, true);
        disk[message[4] + 80] = 'J';
        look(0, ROOM, i);
        assert_int_equal(events, ENTRIES);
        assert_int_equal(parts, 1);
        assert_non_null(strstr(told, "4 web|sshd[104]: Jello 4 (these are not "
                               "the data of the entry's hash)\n"));
    }
}

/* Where its data are is overwritten, but not what it is. */
static void an_entry_without_its_items_tells_number_and_time(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        write_clean(0, i);
        memset(disk + entry[3] + 64, 0xff, 8);
        look(0, ROOM, i);
        assert_int_equal(events, ENTRIES);
        assert_int_equal(parts, 1);
        assert_non_null(strstr(told, "\n3 "));
    }
}

/* In the other form each data's hash is in the entry. */
static void data_with_another_hash_are_not_told(void **state)
{
    (void)state;
    write_clean(0, false);
    disk[message[4] + 16] ^= 1;
    look(0, ROOM, true);
    assert_int_equal(parts, 1);
    assert_non_null(strstr(told, "4 web|sshd[104]: entry 4, its message is not "
                           "with it\n"));
}

static void a_compressed_message_is_said_to_be_one(void **state)
{
    (void)state;
    write_clean(0, true);
    disk[message[4] + 1] = 4;
    look(0, ROOM, true);
    assert_int_equal(events, ENTRIES);
    assert_int_equal(parts, 1);
    assert_non_null(strstr(told, "4 web|sshd[104]: message compressed, not "
                           "read\n"));
    assert_non_null(strstr(told, "the messages of 1 entries are compressed"));
}

static void an_unknown_feature_is_told(void **state)
{
    (void)state;
    write_clean(0, true);
    disk[12] |= 32;
    memset(disk + message[1], 0, 80);
    look(0, entry[2] - 8, true);
    assert_int_equal(events, 1);
    assert_non_null(strstr(told, "1 |entry 1, its message is not with it\n"));
    assert_non_null(strstr(told, "unknown features (0x20)"));
}

/* Whoever may log can put anything into a message. */
static void a_message_is_not_searched_for_entries(void **state)
{
    struct data d;
    size_t begin, n;

    (void)state;
    write_clean(0, true);
    n = 64 + 4 * 4;
    begin = at;
    d = put_data("MESSAGE=12345678"
                 "123456781234567812345678123456781234567812345678"
                 "12345678123456781234567812345678123456781234567812345678", 0);
    put_entry(6, &d, 1);
    memcpy(disk + begin + 72 + 8, disk + entry[3], n);
    look(0, ROOM, true);
    assert_int_equal(events, ENTRIES + 1);
}

static void what_only_resembles_an_entry_is_none(void **state)
{
    static const struct {
        size_t at;
        unsigned char value;
    } wrong[] = {
        { 0, 2 }, { 1, 1 }, { 7, 1 }, /* type, flags, zeros */
        { 8, 64 }, { 10, 1 }, { 8, 81 }, /* no items, large, half an item */
        { 22, 1 },             /* its number */
        { 31, 1 }, { 30, 0 },  /* after 2100, before 2000 */
        { 38, 1 },             /* up for nine years */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        write_clean(0, true);
        disk[entry[3] + wrong[i].at] = wrong[i].value;
        look(0, ROOM, true);
        assert_int_equal(events, ENTRIES - 1);
        assert_null(strstr(told, "3 web"));
    }
}

/* 256 MiB of them, each window with the marks of entries and data. */
static void random_bytes_have_no_entries(void **state)
{
    uint64_t x = 88172645463325252u;

    (void)state;
    for (int round = 0; round < 4096; round++) {
        for (size_t i = 0; i < sizeof(disk); i += 8) {
            x ^= x << 13, x ^= x >> 7, x ^= x << 17;
            memcpy(disk + i, &x, 8);
        }
        set(8 * (size_t)(round + 1), 3, 8);
        set(8 * (size_t)(round + 10), 1, 8);
        memcpy(disk + 4 * (round % 100) * 8, "LPKSHHRH", 8);
        look(0, ROOM, false);
        assert_int_equal(events, 0);
    }
}

static void every_cut_and_flip_is_borne(void **state)
{
    char all[2048];
    size_t end;

    (void)state;
    for (int i = 0; i < 2; i++) {
        write_clean(0, i);
        end = at;
        look(0, ROOM, true);
        strcpy(all, told);
        for (size_t n = 0; n <= end; n++)
            look(n / 8 * 8, end - n / 8 * 8, false), look(0, n, true);
        for (size_t k = 0; k < end; k++) {
            unsigned char was = disk[k];

            is_damaged = true;
            disk[k] ^= 0xff;
            look(0, end, k & 1);
            disk[k] = was;
            is_damaged = false;
        }
        look(0, ROOM, true);
        assert_string_equal(told, all);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_hashes_of_its_author),
        cmocka_unit_test(a_file_tells_its_entries),
        cmocka_unit_test(a_deleted_file_is_found_behind_others),
        cmocka_unit_test(a_piece_tells_what_it_proves),
        cmocka_unit_test(pieces_of_two_files_are_not_mixed),
        cmocka_unit_test(one_witness_proves_nothing),
        cmocka_unit_test(data_that_only_lie_there_are_not_told),
        cmocka_unit_test(data_that_were_changed_are_told_as_such),
        cmocka_unit_test(an_entry_without_its_items_tells_number_and_time),
        cmocka_unit_test(data_with_another_hash_are_not_told),
        cmocka_unit_test(a_compressed_message_is_said_to_be_one),
        cmocka_unit_test(an_unknown_feature_is_told),
        cmocka_unit_test(a_message_is_not_searched_for_entries),
        cmocka_unit_test(what_only_resembles_an_entry_is_none),
        cmocka_unit_test(random_bytes_have_no_entries),
        cmocka_unit_test(every_cut_and_flip_is_borne),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
