/* SPDX-License-Identifier: Apache-2.0 */
/* Windows event logs: chunks and records wherever they lie, and what is told
 * of those that have lost something. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/text.h"
#include "events/evtx-record.h"
#include "events/evtx-xml.h"
#include "events/evtx.h"

enum { ROOM = 4 * EVTX_CHUNK };

#define TIME 0x01dc2a3b4c5d6e78u /* of 2025 */

static unsigned char disk[ROOM];
static size_t at;              /* where is written on */
static size_t chunk;           /* where the chunk of it begins */

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

static uint32_t get(size_t where)
{
    return (uint32_t)(disk[where] | disk[where + 1] << 8
                      | disk[where + 2] << 16)
        | (uint32_t)disk[where + 3] << 24;
}

static void put_utf16(const char *s)
{
    for (; *s; s++)
        put((unsigned char)*s, 2);
}

/* In its place: each name once, where it is used. */
static void put_name(const char *s)
{
    uint32_t hash = 0;

    for (const char *c = s; *c; c++)
        hash = hash * 65599 + (unsigned char)*c;
    put(at + 4 - chunk, 4);
    put(0, 4);
    put(hash & 0xffff, 2);
    put(strlen(s), 2);
    put_utf16(s);
    put(0, 2);
}

static void open_element(const char *name, bool of_template)
{
    put(0x01, 1);
    put(0xffff, of_template ? 2 : 0);
    put(0, 4);                 /* its size: nobody needs it */
    put_name(name);
    put(0x02, 1);
}

static void put_text(const char *s)
{
    put(0x05, 1);
    put(0x01, 1);
    put(strlen(s), 2);
    put_utf16(s);
}

static void close_elements(int n)
{
    while (n--)
        put(0x04, 1);
}

/* <Event><System><EventID>%0</EventID><Computer>HOST</Computer></System>
 * <EventData><User>%1</User></EventData></Event> */
static void put_template(void)
{
    size_t size;

    put(0, 4);
    put(0x11223344, 4);
    put(0x55667788, 4);
    put(0, 8);
    size = at;
    put(0, 4);
    put(0x0001010f, 4);
    open_element("Event", true);
    open_element("System", true);
    open_element("EventID", true);
    put(0x0d, 1), put(0, 2), put(6, 1);
    close_elements(1);
    open_element("Computer", true);
    put_text("HOST");
    close_elements(2);
    open_element("EventData", true);
    open_element("User", true);
    put(0x0e, 1), put(1, 2), put(1, 1);
    close_elements(3);
    put(0, 1);
    set(size, at - size - 4, 4);
}

static size_t template_at;

static size_t begin_record(uint64_t id)
{
    size_t begin = at;

    put(0x00002a2a, 4);
    put(0, 4);
    put(id, 8);
    put(TIME + id, 8);
    put(0x0001010f, 4);
    return begin;
}

static void end_record(size_t begin)
{
    put(0, 1);
    while ((at - begin + 4) % 8)
        put(0, 1);
    set(begin + 4, at + 4 - begin, 4);
    put(at + 4 - begin, 4);
}

/* A record of the event 4000 + id, of this user. */
static size_t put_record(uint64_t id, const char *user)
{
    size_t begin = begin_record(id);

    put(0x0c, 1);
    put(1, 1);
    put(0x11223344, 4);
    if (template_at <= chunk) {
        template_at = at + 4;
        put(template_at - chunk, 4);
        put_template();
    } else {
        put(template_at - chunk, 4);
    }
    put(2, 4);
    put(2, 2), put(6, 1), put(0, 1);
    put(2 * strlen(user), 2), put(1, 1), put(0, 1);
    put(4000 + id, 2);
    put_utf16(user);
    end_record(begin);
    return begin;
}

static void sum_head(void)
{
    uLong sum = crc32(0, disk + chunk, 120);

    sum = crc32(sum, disk + chunk + 128, 512 - 128);
    set(chunk + 124, sum, 4);
}

static void begin_chunk(size_t where)
{
    chunk = where;
    template_at = 0;
    at = where + 512;
}

static void end_chunk(uint64_t first, uint64_t last)
{
    size_t end = at;

    memcpy(disk + chunk, "ElfChnk", 8);
    at = chunk + 8;
    put(first, 8), put(last, 8), put(first, 8), put(last, 8);
    put(128, 4), put(512, 4), put(end - chunk, 4);
    put(crc32(0, disk + chunk + 512, (uInt)(end - chunk - 512)), 4);
    sum_head();
    at = end;
}

/* Three records in the chunk at `where'. */
static size_t middle;          /* the second */

static void write_chunk(size_t where)
{
    memset(disk, 0, sizeof(disk));
    template_at = 0;
    begin_chunk(where);
    put_record(1, "ann");
    middle = put_record(2, "bob");
    put_record(3, "cay");
    end_chunk(1, 3);
}

/* ----------------------------------------------------------------- reading */

static char told[16384];
static unsigned parts, events;
static int64_t last_time;

static int hear(void *ctx, const struct event *v, struct err *e)
{
    const struct event_span *s = ctx;
    size_t n = strlen(told);

    (void)e;
    assert_true(v->size > 0 && v->at <= s->size && v->size <= s->size - v->at);
    assert_ptr_equal(v->key, s->bytes + v->at);
    assert_true(n < sizeof(told) - 600);
    snprintf(told + n, 600, "%zu %llu %.*s|%.*s\n", v->at,
             (unsigned long long)v->id, (int)v->host.n,
             v->host.s ? v->host.s : "", (int)v->text.n, v->text.s);
    events++;
    parts += v->is_part;
    last_time = v->time;
    return 0;
}

static void note(void *ctx, const char *text)
{
    (void)ctx;
    strcat(told, text);
    strcat(told, "\n");
}

static void look(size_t from, size_t size)
{
    struct event_span s = { disk + from, size };
    struct event_out o = { &s, hear, note };
    struct err e = ERR_INIT;

    told[0] = '\0';
    events = parts = 0;
    assert_int_equal(evtx_decoder.carve(&s, &o, &e), 0);
}

static char all[512];          /* of a whole chunk at 0 */

static void look_at_chunk(void)
{
    look(0, sizeof(disk));
}

static int begin(void **state)
{
    (void)state;
    write_chunk(0);
    look_at_chunk();
    assert_true(strlen(told) < sizeof(all));
    strcpy(all, told);
    return 0;
}

/* -------------------------------------------------------------------- tests */

static void a_chunk_tells_its_events(void **state)
{
    (void)state;
    write_chunk(0);
    look_at_chunk();
    assert_non_null(strstr(told, "512 1 HOST|event 4001: User=ann\n"));
    assert_non_null(strstr(told, " 2 HOST|event 4002: User=bob\n"));
    assert_non_null(strstr(told, " 3 HOST|event 4003: User=cay\n"));
    assert_int_equal(events, 3);
    assert_int_equal(parts, 0);
    assert_null(strstr(told, "checksum"));
    assert_int_equal(last_time, (int64_t)((TIME + 3 - 116444736000000000)
                                          / 10));
}

static void a_chunk_lies_anywhere(void **state)
{
    (void)state;
    for (size_t where = 0; where <= 4096; where += 512) {
        write_chunk(where);
        look_at_chunk();
        assert_int_equal(events, 3);
        assert_int_equal(parts, 0);
    }
}

/* The chunk that a log is written to has old checksums. */
static void wrong_checksums_are_told_and_the_records_read(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        write_chunk(0);
        if (i)
            disk[52] ^= 1, sum_head();
        else
            disk[124] ^= 1;
        look_at_chunk();
        assert_int_equal(events, 3);
        assert_int_equal(parts, 0);
        assert_non_null(strstr(told, "checksums of 1 chunks are wrong"));
    }
}

static void records_behind_the_header_say_their_own_place(void **state)
{
    (void)state;
    write_chunk(1024);
    memset(disk + 1024, 0, 512);
    look_at_chunk();
    assert_int_equal(events, 3);
    assert_int_equal(parts, 0);
    assert_non_null(strstr(told, " 3 HOST|event 4003: User=cay\n"));
}

static void a_record_alone_tells_number_and_time(void **state)
{
    (void)state;
    write_chunk(0);
    look(middle, sizeof(disk) - middle);
    assert_int_equal(events, 2);
    assert_int_equal(parts, 2);
    assert_non_null(strstr(told, "0 2 |record 2, template missing\n"));
    assert_non_null(strstr(told, " 3 |record 3, template missing\n"));
}

static void a_record_that_is_cut_off_is_told(void **state)
{
    (void)state;
    write_chunk(0);
    disk[middle + get(middle + 4) - 2] ^= 1;
    look_at_chunk();
    assert_int_equal(events, 3);
    assert_int_equal(parts, 1);
    assert_non_null(strstr(told, " 2 |record 2, its end is missing\n"));
    look(middle, 64);
    assert_string_equal(told, "0 2 |record 2, its end is missing\n");
}

/* A text of a template that is not its own is worse than none. */
static void a_template_with_another_number_is_not_used(void **state)
{
    (void)state;
    write_chunk(0);
    disk[template_at + 4] ^= 1;
    look_at_chunk();
    assert_int_equal(events, 3);
    assert_int_equal(parts, 3);
    assert_null(strstr(told, "event "));
}

static void a_name_with_another_hash_is_not_used(void **state)
{
    unsigned char *p;

    (void)state;
    write_chunk(0);
    p = memmem(disk, sizeof(disk), "U\0s\0e\0r", 7);
    assert_non_null(p);
    *p = 'L';
    look_at_chunk();
    assert_int_equal(parts, 3);
    assert_non_null(strstr(told, "event 4002: ?=bob\n"));
    /* Whose name is not known is neither the system's nor data. */
    write_chunk(0);
    p = memmem(disk, sizeof(disk), "S\0y\0s", 5);
    *p = 'L';
    look_at_chunk();
    assert_int_equal(parts, 3);
    assert_non_null(strstr(told, "event ?: User=bob\n"));
}

static void records_of_an_earlier_use_get_no_text_of_this_one(void **state)
{
    size_t end;

    (void)state;
    write_chunk(0);
    end = at;
    put_record(77, "old");
    look_at_chunk();
    assert_int_equal(events, 4);
    assert_int_equal(parts, 1);
    assert_non_null(strstr(told, " 77 |record 77, template missing\n"));
    /* One that goes on where the header ends was written after it. */
    write_chunk(0);
    assert_int_equal(at, end);
    put_record(4, "new");
    look_at_chunk();
    assert_int_equal(parts, 0);
    assert_non_null(strstr(told, "event 4004: User=new\n"));
}

static void a_chunk_within_another_is_one(void **state)
{
    (void)state;
    write_chunk(0);
    begin_chunk(8192);
    put_record(11, "dan");
    end_chunk(11, 11);
    look_at_chunk();
    assert_int_equal(events, 4);
    assert_int_equal(parts, 0);
    assert_non_null(strstr(told, "8704 11 HOST|event 4011: User=dan\n"));
}

static void what_only_resembles_a_record_is_none(void **state)
{
    static const struct {
        size_t at;
        unsigned char value;
    } wrong[] = {
        { 0, '+' }, { 3, 1 },      /* the mark */
        { 4, 3 }, { 6, 1 },        /* no multiple of 8; larger than a chunk */
        { 23, 0 }, { 23, 3 },      /* before 2000; after 2100 */
        { 24, 0 }, { 26, 2 },      /* no binary XML */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        write_chunk(0);
        disk[middle + wrong[i].at] = wrong[i].value;
        look_at_chunk();
        assert_int_equal(events, 2);
        assert_null(strstr(told, " 2 "));
    }
}

/* 256 MiB of them, in windows. */
static void random_bytes_have_no_events(void **state)
{
    uint64_t x = 88172645463325252u;

    (void)state;
    for (int round = 0; round < 1024; round++) {
        for (size_t i = 0; i < sizeof(disk); i += 8) {
            x ^= x << 13, x ^= x >> 7, x ^= x << 17;
            memcpy(disk + i, &x, 8);
        }
        /* ... where each window has the marks themselves. */
        memcpy(disk + 8 * (size_t)(round + 1), "**\0\0", 4);
        memcpy(disk + 8 * (size_t)(round + 2000), "ElfChnk", 8);
        look_at_chunk();
        assert_int_equal(events, 0);
        assert_string_equal(told, "");
    }
}

/* A value that is a fragment of itself, again and again. */
static void a_bomb_is_cut(void **state)
{
    size_t begin_at, descriptor, from;

    (void)state;
    write_chunk(0);
    begin_at = begin_record(4);
    put(0x0c, 1), put(1, 1);
    put(0x11223344, 4);
    put(template_at - chunk, 4);
    put(2, 4);
    put(2, 2), put(6, 1), put(0, 1);
    descriptor = at;
    put(0, 2), put(0x21, 1), put(0, 1);
    put(4004, 2);
    from = at;
    for (int i = 0; i < 1000; i++) {
        put(0x01, 1), put(0, 4);
        put_name("User");
        put(0x02, 1);
    }
    set(descriptor, at - from, 2);
    end_record(begin_at);
    end_chunk(1, 4);
    look_at_chunk();
    assert_int_equal(events, 4);
    assert_int_equal(parts, 1);
    assert_non_null(strstr(told, "event 4004 (cut)\n"));
}

/* Many records may name one large template. */
static void all_events_together_have_a_budget(void **state)
{
    struct evtx_view view = { disk, 0, sizeof(disk) };
    struct evtx_xml x = { .budget = 60 };
    size_t size;

    (void)state;
    write_chunk(0);
    size = get(middle + 4) - 28;
    assert_true(evtx_xml_read(&x, &view, middle + 24, size));
    assert_false(x.is_cut);
    assert_string_equal(x.event.s, "4002");
    assert_true(x.budget > 0 && x.budget < 50);
    assert_true(evtx_xml_read(&x, &view, middle + 24, size));
    assert_true(evtx_xml_read(&x, &view, middle + 24, size));
    assert_true(x.is_cut);
    assert_int_equal(x.budget, 0);
    evtx_xml_free(&x);
}

static void every_cut_and_flip_is_borne(void **state)
{
    size_t end;

    (void)state;
    write_chunk(0);
    end = at;
    for (size_t n = 0; n <= end; n++)
        look(0, n);
    assert_string_not_equal(told, "");
    for (size_t i = 0; i < end; i++) {
        unsigned char was = disk[i];

        disk[i] ^= 0xff;
        look(0, end);
        disk[i] = was;
    }
    look(0, sizeof(disk));
    assert_string_equal(told, all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chunk_tells_its_events),
        cmocka_unit_test(a_chunk_lies_anywhere),
        cmocka_unit_test(wrong_checksums_are_told_and_the_records_read),
        cmocka_unit_test(records_behind_the_header_say_their_own_place),
        cmocka_unit_test(a_record_alone_tells_number_and_time),
        cmocka_unit_test(a_record_that_is_cut_off_is_told),
        cmocka_unit_test(a_template_with_another_number_is_not_used),
        cmocka_unit_test(a_name_with_another_hash_is_not_used),
        cmocka_unit_test(records_of_an_earlier_use_get_no_text_of_this_one),
        cmocka_unit_test(a_chunk_within_another_is_one),
        cmocka_unit_test(what_only_resembles_a_record_is_none),
        cmocka_unit_test(random_bytes_have_no_events),
        cmocka_unit_test(a_bomb_is_cut),
        cmocka_unit_test(all_events_together_have_a_budget),
        cmocka_unit_test(every_cut_and_flip_is_borne),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, begin, NULL);
}
