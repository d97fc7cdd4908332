/* SPDX-License-Identifier: Apache-2.0 */
/* The acquisition log: what is written can be checked, and nothing in it can
 * be changed without notice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "audit/hash.h"
#include "audit/log.h"
#include "audit/logcheck.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "scratch.h"

/* 2026-08-01T12:00:00Z and one millisecond more at every look. */
static uint64_t tick(void *ctx)
{
    static uint64_t now = 1785585600000000000ull;

    (void)ctx;
    return __atomic_add_fetch(&now, NS_PER_MS, __ATOMIC_RELAXED);
}

static const struct clock ticking = { tick, tick, NULL };

static struct log *new_log(const char *name)
{
    struct err e = ERR_INIT;
    struct log *l;

    unlink(scratch_path(name));
    l = log_create(scratch_path(name), &ticking, &e);
    assert_non_null(l);
    return l;
}

static void write_event(struct log *l, const char *event,
                        const struct record *r)
{
    struct err e = ERR_INIT;

    assert_int_equal(log_write(l, event, r, &e), 0);
}

static void close_log(struct log *l, unsigned char head[LOG_HASH])
{
    struct err e = ERR_INIT;

    log_head(l, head);
    assert_int_equal(log_close(l, &e), 0);
}

/* Three lines: start, unreadable (with members of every type), end. */
static char *small_log(const char *name, size_t *n,
                       unsigned char head[LOG_HASH])
{
    struct log *l = new_log(name);
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "tool", "ebsimg");
    record_u64(&r, "block", 17);
    record_i64(&r, "offset", -3);
    record_double(&r, "rate", 12.5);
    record_bool(&r, "encrypted", true);
    record_json(&r, "files", "[1,\n2]");
    write_event(l, "start", NULL);
    write_event(l, "unreadable", &r);
    write_event(l, "end", NULL);
    close_log(l, head);
    return scratch_read(name, n);
}

static int check(const char *name, struct logcheck *out, struct err *e)
{
    memset(e, 0, sizeof(*e));
    return logcheck_run(scratch_path(name), NULL, NULL, out, e);
}

static int check_bytes(const void *data, size_t n, struct logcheck *out,
                       struct err *e)
{
    scratch_write("changed", data, n);
    return check("changed", out, e);
}

/* ---- what is written */

static void each_line_quotes_the_hash_of_the_one_before(void **state)
{
    unsigned char head[LOG_HASH];
    unsigned char hash[32] = { 0 };
    char hex[65];
    size_t n;
    autofree char *log = small_log("log", &n, head);

    (void)state;
    for (char *line = log, *end; line < log + n; line = end + 1) {
        const char *prev = strstr(line, "\"prev\":\"");

        end = strchr(line, '\n');
        hex_encode(hex, hash, 32);
        assert_memory_equal(prev + 8, hex, 64);
        hash_sha256(line, (size_t)(end + 1 - line), hash);
    }
    assert_memory_equal(hash, head, LOG_HASH);
}

static void a_line_begins_with_its_four_members(void **state)
{
    unsigned char head[LOG_HASH];
    size_t n;
    autofree char *log = small_log("log", &n, head);
    const char *second = strchr(log, '\n') + 1;

    (void)state;
    assert_memory_equal(second, "{\"seq\":2,\"time\":\"2026-08-01T12:00:0", 35);
    assert_non_null(strstr(second, "Z\",\"event\":\"unreadable\",\"prev\":\""));
    assert_non_null(strstr(second, "\",\"tool\":\"ebsimg\",\"block\":17,"
                           "\"offset\":-3,\"rate\":12.5,"
                           "\"encrypted\":true,\"files\":[1, 2]}\n"));
}

static void hostile_text_stays_inside_its_string(void **state)
{
    static const char evil[] = "a\"},\n{\"seq\":9 \x1b[2J \\u0000 \xff "
                               "\xe2\x80\xae snow\xe2\x98\x83";
    struct log *l = new_log("log");
    autorecord struct record r = RECORD_INIT;
    unsigned char head[LOG_HASH];
    struct logcheck out;
    struct err e;

    (void)state;
    record_str(&r, "description", evil);
    record_str(&r, "nothing", NULL);
    record_double(&r, "odd", NAN);
    write_event(l, "snapshot", &r);
    close_log(l, head);
    assert_int_equal(check("log", &out, &e), 0);
    assert_int_equal(out.events, 1);
}

static int see_description(void *ctx, const cJSON *event, struct err *e)
{
    const cJSON *d = cJSON_GetObjectItemCaseSensitive(event, "description");

    (void)e;
    strcpy(ctx, d->valuestring);
    return 0;
}

static void text_comes_back_as_it_went_in(void **state)
{
    static const char text[] = "tab\t quote\" back\\slash \\n \xe2\x98\x83";
    struct log *l = new_log("log");
    autorecord struct record r = RECORD_INIT;
    unsigned char head[LOG_HASH];
    char seen[100] = "";
    struct logcheck out;
    struct err e = ERR_INIT;

    (void)state;
    record_str(&r, "description", text);
    write_event(l, "snapshot", &r);
    close_log(l, head);
    assert_int_equal(logcheck_run(scratch_path("log"), see_description, seen,
                                  &out, &e), 0);
    assert_string_equal(seen, text);
}

static void an_existing_file_is_left_alone(void **state)
{
    struct err e = ERR_INIT;

    (void)state;
    scratch_write("mine", "precious", 8);
    assert_null(log_create(scratch_path("mine"), &ticking, &e));
    assert_int_equal(e.kind, ERR_DEST);
}

static void *write_many(void *log)
{
    for (int i = 0; i < 200; i++)
        write_event(log, "progress", NULL);
    return NULL;
}

static void threads_share_one_chain(void **state)
{
    struct log *l = new_log("log");
    unsigned char head[LOG_HASH];
    pthread_t threads[4];
    struct logcheck out;
    struct err e;

    (void)state;
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, write_many, l);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    close_log(l, head);
    assert_int_equal(check("log", &out, &e), 0);
    assert_int_equal(out.events, 800);
    assert_memory_equal(out.head, head, LOG_HASH);
}

static void limit_file_size(rlim_t bytes)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_failed_write_is_never_forgotten(void **state)
{
    struct log *l = new_log("log");
    struct err e = ERR_INIT;
    struct logcheck out;
    int r = 0;

    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    limit_file_size(1000);
    for (int i = 0; i < 20 && r == 0; i++)
        r = log_write(l, "progress", NULL, &e);
    limit_file_size(RLIM_INFINITY);
    assert_int_equal(r, -1);
    assert_int_equal(e.kind, ERR_DEST);

    assert_int_equal(log_write(l, "progress", NULL, &e), -1);
    assert_true(log_failed(l, &e));
    /* What was written before is still a whole log, now and later. */
    assert_int_equal(check("log", &out, &e), 0);
    assert_int_equal(log_close(l, &e), -1);
    assert_int_equal(check("log", &out, &e), 0);
    assert_in_range(out.events, 1, 10);
    assert_false(out.closed);
}

static void an_event_too_long_to_be_read_is_not_written(void **state)
{
    struct log *l = new_log("log");
    autorecord struct record r = RECORD_INIT;
    autofree char *huge = malloc(LOG_LINE_MAX + 1);
    struct err e = ERR_INIT;

    (void)state;
    memset(huge, 'x', LOG_LINE_MAX);
    huge[LOG_LINE_MAX] = '\0';
    record_str(&r, "command", huge);
    assert_int_equal(log_write(l, "start", &r, &e), -1);
    assert_int_equal(log_close(l, &e), -1);
}

static void the_longest_event_can_be_read(void **state)
{
    struct log *l = new_log("log");
    autorecord struct record r = RECORD_INIT;
    autofree char *huge = malloc(LOG_LINE_MAX + 1);
    size_t rest = sizeof("{\"seq\":1,\"time\":\"2026-08-01T12:00:00.000000000Z"
                         "\",\"event\":\"start\",\"prev\":\"\",\"command\":\"\""
                         "}\n") - 1 + 64;
    unsigned char head[LOG_HASH];
    struct logcheck out;
    struct err e = ERR_INIT;

    (void)state;
    memset(huge, 'x', LOG_LINE_MAX);
    huge[LOG_LINE_MAX - rest] = '\0';
    record_str(&r, "command", huge);
    write_event(l, "start", &r);
    close_log(l, head);
    assert_int_equal(check("log", &out, &e), 0);
}

static bool file_system_can_reserve(void)
{
    int fd = open(scratch_path("probe"), O_RDWR | O_CREAT, 0600);
    struct stat st;
    bool can;

    assert_true(fd >= 0);
    can = fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 65536) == 0
        && fstat(fd, &st) == 0 && st.st_blocks * 512 >= 65536;
    close(fd);
    return can;
}

/* Bytes on the disk beyond the end of the log. */
static long room_held(void)
{
    struct stat st;

    assert_int_equal(stat(scratch_path("log"), &st), 0);
    return st.st_blocks * 512 - st.st_size;
}

static void room_on_the_disk_is_held_and_given_back(void **state)
{
    struct log *l = new_log("log");
    unsigned char head[LOG_HASH];

    (void)state;
    if (!file_system_can_reserve()) {
        close_log(l, head);
        skip();
    }
    for (int i = 0; i < 3000; i++) {
        write_event(l, "progress", NULL);
        if (i % 100 == 0)
            assert_true(room_held() > 64 * 1024);
    }
    close_log(l, head);
    assert_true(room_held() < 64 * 1024);
}

/* ---- what is checked */

static void a_log_that_ends_with_end_is_closed(void **state)
{
    unsigned char head[LOG_HASH];
    struct logcheck out;
    struct err e;
    size_t n;
    autofree char *log = small_log("log", &n, head);

    (void)state;
    assert_int_equal(check("log", &out, &e), 0);
    assert_int_equal(out.events, 3);
    assert_true(out.closed);
    assert_memory_equal(out.head, head, LOG_HASH);

    /* The same without its last line: a run that died. */
    log[n - 1] = '\0';
    n = (size_t)(strrchr(log, '\n') + 1 - log);
    assert_int_equal(check_bytes(log, n, &out, &e), 0);
    assert_false(out.closed);
    assert_memory_not_equal(out.head, head, LOG_HASH);
}

static void every_flipped_bit_is_noticed(void **state)
{
    unsigned char head[LOG_HASH];
    struct logcheck out;
    struct err e;
    size_t n;
    autofree char *log = small_log("log", &n, head);
    size_t last;

    (void)state;
    log[n - 1] = '\0';
    last = (size_t)(strrchr(log, '\n') + 1 - log);
    log[n - 1] = '\n';
    for (size_t bit = 0; bit < 8 * n; bit++) {
        int r;

        log[bit / 8] ^= (char)(1 << bit % 8);
        r = check_bytes(log, n, &out, &e);
        log[bit / 8] ^= (char)(1 << bit % 8);
        if (r == 0 && bit / 8 < last)
            fail_msg("bit %zu: the chain did not notice", bit);
        if (r == 0 && memcmp(out.head, head, LOG_HASH) == 0)
            fail_msg("bit %zu: the head did not notice", bit);
        if (r < 0 && e.kind != ERR_VERIFY)
            fail_msg("bit %zu: %s", bit, e.msg);
    }
}

static void lines_cannot_be_dropped_doubled_or_swapped(void **state)
{
    static const char *const orders[] = { "13", "23", "1123", "132", "1223",
                                          "312", "1231" };
    unsigned char head[LOG_HASH];
    size_t n;
    autofree char *log = small_log("log", &n, head);
    char *line[3] = { log };
    struct logcheck out;
    struct err e;

    (void)state;
    line[1] = strchr(line[0], '\n') + 1;
    line[2] = strchr(line[1], '\n') + 1;
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        autotext struct text t = TEXT_INIT;

        for (const char *o = orders[i]; *o; o++) {
            const char *s = line[*o - '1'];

            text_addn(&t, s, (size_t)(strchr(s, '\n') + 1 - s));
        }
        if (check_bytes(t.s, t.len, &out, &e) == 0)
            fail_msg("order %s was accepted", orders[i]);
        assert_int_equal(e.kind, ERR_VERIFY);
    }
}

#define TIME "\"time\":\"2026-08-01T12:00:00.000000000Z\""
#define ZEROS8 "00000000"
#define PREV "\"prev\":\"" ZEROS8 ZEROS8 ZEROS8 ZEROS8 ZEROS8 ZEROS8 ZEROS8 \
             ZEROS8 "\""
#define START "{\"seq\":1," TIME ",\"event\":\"start\"," PREV

static void only_the_exact_form_is_a_log(void **state)
{
    static const struct {
        const char *line;
        int result;
    } rows[] = {
        { START "}\n", 0 },
        { START ",\"a\":{\"b\":[1,2.5e3,null]}}\n", 0 },
        { START ",\"a\":\"\\u00e9\\n\\\\u0000\"}\n", 0 },
        { START "}", -1 },                            /* no newline */
        { "", -1 },
        { "\n", -1 },
        { "\xef\xbb\xbf" START "}\n", -1 },           /* byte order mark */
        { " " START "}\n", -1 },
        { START "}\r\n", -1 },
        { START "} \x01\n", -1 },
        { START "}{}\n", -1 },
        { START "} x\n", -1 },
        { START ",}\n", -1 },
        { START ",\"seq\":2}\n", -1 },                /* twins */
        { START ",\"\\u0073eq\":2}\n", -1 },          /* in disguise */
        { START ",\"a\":1,\"a\":1}\n", -1 },
        { START ",\"a\":[{\"b\":1,\"b\":1}]}\n", -1 },
        { START ",\"a\":\"\xff\"}\n", -1 },           /* not UTF-8 */
        { START ",\"a\":\"\xc0\x80\"}\n", -1 },
        { START ",\"a\":\"\xed\xa0\x80\"}\n", -1 },
        { START ",\"a\":\"\t\"}\n", -1 },             /* bare control */
        { START ",\"a\":\"\\u0000\"}\n", -1 },
        { START ",\"a\":\"\\x41\"}\n", -1 },
        { START ",\"a\":\"open}\n", -1 },
        { "{\"seq\":01," TIME ",\"event\":\"start\"," PREV "}\n", -1 },
        { "{\"seq\":1.0," TIME ",\"event\":\"start\"," PREV "}\n", -1 },
        { "{\"seq\":0," TIME ",\"event\":\"start\"," PREV "}\n", -1 },
        { "{\"seq\":2," TIME ",\"event\":\"start\"," PREV "}\n", -1 },
        { "{" TIME ",\"seq\":1,\"event\":\"start\"," PREV "}\n", -1 },
        { "{\"seq\":1,\"time\":\"yesterday\",\"event\":\"start\"," PREV "}\n",
          -1 },
        { "{\"seq\":1," TIME ",\"event\":\"\"," PREV "}\n", -1 },
        { "{\"seq\":1," TIME ",\"event\":\"st\\u0061rt\"," PREV "}\n", -1 },
        { "[" START "}]\n", -1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct logcheck out;
        struct err e;
        int r = check_bytes(rows[i].line, strlen(rows[i].line), &out, &e);

        if (r != rows[i].result)
            fail_msg("row %zu: %s", i, r < 0 ? e.msg : "was accepted");
        if (r < 0)
            assert_int_equal(e.kind, ERR_VERIFY);
    }
}

static void a_cut_is_called_a_cut(void **state)
{
    unsigned char head[LOG_HASH];
    struct logcheck out;
    struct err e;
    size_t n;
    autofree char *log = small_log("log", &n, head);

    (void)state;
    assert_int_equal(check_bytes(log, n - 1, &out, &e), -1);
    assert_non_null(strstr(e.msg, "line 3: cut off"));
}

static void an_object_has_256_members_at_most(void **state)
{
    (void)state;
    for (int members = 256; members <= 257; members++) {
        autotext struct text t = TEXT_INIT;
        struct logcheck out;
        struct err e;

        text_add(&t, START ",\"tags\":{\"0\":0");
        for (int i = 1; i < members; i++)
            text_addf(&t, ",\"%d\":0", i);
        text_add(&t, "}}\n");
        assert_int_equal(check_bytes(t.s, t.len, &out, &e),
                         members > 256 ? -1 : 0);
    }
}

static void a_nul_byte_hides_nothing(void **state)
{
    static const char line[] = START "}\0{\"evil\":1}\n";
    struct logcheck out;
    struct err e;

    (void)state;
    assert_int_equal(check_bytes(line, sizeof(line) - 1, &out, &e), -1);
    assert_int_equal(e.kind, ERR_VERIFY);
}

/* Endless lines, deep nesting, crowds of members: refused at little cost. */
static void hostile_sizes_are_refused(void **state)
{
    static const struct {
        const char *piece;
        int times;
    } rows[] = {
        { "x", 3 * LOG_LINE_MAX },
        { ",\"a\":[", 100000 },
        { "[", 500000 },
        { ",\"a\":1", 100000 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        autotext struct text t = TEXT_INIT;
        struct logcheck out;
        struct err e;

        text_add(&t, START);
        for (int k = 0; k < rows[i].times; k++)
            text_add(&t, rows[i].piece);
        text_add(&t, "}\n");
        assert_int_equal(check_bytes(t.s, t.len, &out, &e), -1);
        assert_int_equal(e.kind, ERR_VERIFY);
    }
}

static int stop_at_two(void *ctx, const cJSON *event, struct err *e)
{
    (void)event;
    if (++*(int *)ctx < 2)
        return 0;
    return err_set(e, ERR_SOURCE, 0, "enough");
}

static void a_reader_may_stop_with_its_own_reason(void **state)
{
    unsigned char head[LOG_HASH];
    struct logcheck out;
    struct err e = ERR_INIT;
    int seen = 0;
    size_t n;

    (void)state;
    free(small_log("log", &n, head));
    assert_int_equal(logcheck_run(scratch_path("log"), stop_at_two, &seen,
                                  &out, &e), -1);
    assert_string_equal(e.msg, "enough");
    assert_int_equal(seen, 2);
}

static void a_signal_ends_the_reading(void **state)
{
    unsigned char head[LOG_HASH];
    struct logcheck out;
    struct err e = ERR_INIT;
    size_t n;
    int r;

    (void)state;
    free(small_log("log", &n, head));
    interrupted = SIGTERM;
    r = check("log", &out, &e);
    interrupted = 0;
    assert_int_equal(r, -1);
    assert_int_equal(e.kind, ERR_INTERRUPTED);
    assert_int_equal(out.events, 0);
}

static void a_file_that_cannot_be_read_is_a_usage_error(void **state)
{
    struct logcheck out;
    struct err e;

    (void)state;
    assert_int_equal(check("absent", &out, &e), -1);
    assert_int_equal(e.kind, ERR_USAGE);
    assert_int_equal(check(".", &out, &e), -1); /* a folder */
    assert_int_equal(e.kind, ERR_USAGE);
}

/* A run died while it wrote a line: the next one goes on behind the last
 * whole line, and the chain is one. */
static void a_log_is_gone_on_with_behind_its_last_whole_line(void **state)
{
    unsigned char head[LOG_HASH];
    struct logcheck before, after;
    struct log_place place;
    struct err e = ERR_INIT;
    struct log *l;
    size_t n, m;
    char *whole = small_log("again", &n, head);
    char *longer;

    (void)state;
    scratch_write("again", whole, n - 1);
    assert_int_equal(check("again", &before, &e), -1);
    assert_int_equal(before.events, 2);
    place.events = before.events;
    place.size = before.size;
    memcpy(place.head, before.head, LOG_HASH);
    l = log_reopen(scratch_path("again"), &ticking, &place, &e);
    assert_non_null(l);
    write_event(l, "resume", NULL);
    write_event(l, "end", NULL);
    close_log(l, head);
    assert_int_equal(check("again", &after, &e), 0);
    assert_int_equal(after.events, 4);
    assert_memory_equal(after.head, head, LOG_HASH);
    longer = scratch_read("again", &m);
    assert_int_equal(after.size, m);
    assert_memory_equal(longer, whole, (size_t)before.size);
    free(whole);
    free(longer);
}

static void a_log_knows_its_place(void **state)
{
    struct log *l = new_log("place");
    struct log_place place;
    struct logcheck c;
    unsigned char head[LOG_HASH];
    struct err e = ERR_INIT;

    (void)state;
    write_event(l, "start", NULL);
    write_event(l, "end", NULL);
    log_place(l, &place);
    close_log(l, head);
    assert_int_equal(check("place", &c, &e), 0);
    assert_int_equal(place.events, 2);
    assert_int_equal(place.size, c.size);
    assert_memory_equal(place.head, c.head, LOG_HASH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_is_gone_on_with_behind_its_last_whole_line),
        cmocka_unit_test(a_log_knows_its_place),
        cmocka_unit_test(each_line_quotes_the_hash_of_the_one_before),
        cmocka_unit_test(a_line_begins_with_its_four_members),
        cmocka_unit_test(hostile_text_stays_inside_its_string),
        cmocka_unit_test(text_comes_back_as_it_went_in),
        cmocka_unit_test(an_existing_file_is_left_alone),
        cmocka_unit_test(threads_share_one_chain),
        cmocka_unit_test(a_failed_write_is_never_forgotten),
        cmocka_unit_test(an_event_too_long_to_be_read_is_not_written),
        cmocka_unit_test(the_longest_event_can_be_read),
        cmocka_unit_test(room_on_the_disk_is_held_and_given_back),
        cmocka_unit_test(a_log_that_ends_with_end_is_closed),
        cmocka_unit_test(every_flipped_bit_is_noticed),
        cmocka_unit_test(lines_cannot_be_dropped_doubled_or_swapped),
        cmocka_unit_test(only_the_exact_form_is_a_log),
        cmocka_unit_test(a_cut_is_called_a_cut),
        cmocka_unit_test(an_object_has_256_members_at_most),
        cmocka_unit_test(a_nul_byte_hides_nothing),
        cmocka_unit_test(hostile_sizes_are_refused),
        cmocka_unit_test(a_reader_may_stop_with_its_own_reason),
        cmocka_unit_test(a_signal_ends_the_reading),
        cmocka_unit_test(a_file_that_cannot_be_read_is_a_usage_error),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
