/* SPDX-License-Identifier: Apache-2.0 */
/* The block manifest: rows come back as they went in, and no damage to the
 * file goes unnoticed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "audit/hash-file.h"
#include "audit/manifest-record.h"
#include "audit/manifest.h"
#include "base/interrupt.h"
#include "base/clock.h"
#include "base/scope.h"
#include "base/text.h"
#include "scratch.h"

#define STARTED 1785585600123456789ull
#define UUID "0123abcd-4567-89ef-0123-456789abcdef"

static const struct manifest_header header = {
    .snapshot = "snap-0123456789abcdef0",
    .volume_size = 1ull << 30,
    .block_size = 512 * 1024,
    .started = STARTED,
};

static struct manifest_row row_of(uint32_t index)
{
    struct manifest_row row = {
        .index = index,
        .time = STARTED + index * NS_PER_S,
        .attempts = 1,
        .class = BLOCK_STORED,
        .provider = true,
        .request_id = UUID,
    };

    memset(row.sha256, (int)index + 1, sizeof(row.sha256));
    return row;
}

struct hashed {
    unsigned char file[MANIFEST_HASH];
    unsigned char root[MANIFEST_HASH];
};

static struct hashed write_rows(const struct manifest_row *rows, size_t n)
{
    struct err e = ERR_INIT;
    struct hashed out;
    struct manifest *m;

    unlink(scratch_path("blocks"));
    m = manifest_create(scratch_path("blocks"), &header, &e);
    assert_non_null(m);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(manifest_add(m, &rows[i], &e), 0);
    assert_int_equal(manifest_finish(m, out.file, out.root, &e), 0);
    manifest_free(m);
    return out;
}

/* Reads the whole file; the number of rows, or -1. */
static int read_rows(const char *name, struct manifest_row *rows, size_t most,
                     struct hashed *out, struct err *e)
{
    struct manifest_header h;
    struct manifest_reader *r;
    struct manifest_row row;
    size_t n = 0;
    int more;

    memset(e, 0, sizeof(*e));
    r = manifest_open(scratch_path(name), &h, e);
    if (!r)
        return -1;
    while ((more = manifest_next(r, &row, e)) > 0) {
        if (rows && n < most)
            rows[n] = row;
        n++;
    }
    if (more == 0)
        manifest_hashes(r, out->file, out->root);
    manifest_close(r);
    return more < 0 ? -1 : (int)n;
}

static int read_bytes(const void *data, size_t n, struct hashed *out,
                      struct err *e)
{
    scratch_write("changed", data, n);
    return read_rows("changed", NULL, 0, out, e);
}

static void assert_same_row(const struct manifest_row *a,
                            const struct manifest_row *b)
{
    assert_int_equal(a->index, b->index);
    assert_int_equal(a->time, b->time);
    assert_int_equal(a->attempts, b->attempts);
    assert_int_equal(a->class, b->class);
    assert_int_equal(a->provider, b->provider);
    assert_memory_equal(a->sha256, b->sha256, 32);
    assert_string_equal(a->request_id, b->request_id);
}

/* ---- what goes in comes out */

static void rows_come_back_as_they_went_in(void **state)
{
    struct manifest_row in[] = { row_of(0), row_of(1), row_of(7),
                                 row_of(2047) };
    struct manifest_row out[4];
    struct hashed hashed;
    struct err e;

    (void)state;
    in[1].class = BLOCK_ZERO;
    in[2].class = BLOCK_UNREADABLE;
    in[2].attempts = 8;
    write_rows(in, 4);
    assert_int_equal(read_rows("blocks", out, 4, &hashed, &e), 4);
    for (int i = 0; i < 4; i++)
        assert_same_row(&in[i], &out[i]);
}

static void the_header_comes_back_as_it_went_in(void **state)
{
    struct manifest_header h;
    struct err e = ERR_INIT;
    struct manifest_reader *r;

    (void)state;
    write_rows(NULL, 0);
    r = manifest_open(scratch_path("blocks"), &h, &e);
    assert_non_null(r);
    manifest_close(r);
    assert_string_equal(h.snapshot, header.snapshot);
    assert_int_equal(h.volume_size, header.volume_size);
    assert_int_equal(h.block_size, header.block_size);
    assert_int_equal(h.started, header.started);
}

static void the_header_is_text_for_people(void **state)
{
    size_t n;
    autofree char *data = NULL;

    (void)state;
    write_rows(NULL, 0);
    data = scratch_read("blocks", &n);
    assert_int_equal(n, 512);
    for (size_t i = 0; i < n; i++)
        assert_true(data[i] == '\n' || (data[i] >= ' ' && data[i] < 0x7f));
    assert_memory_equal(data, "ebsimg block manifest 1\n"
                        "snapshot: snap-0123456789abcdef0\n", 57);
    assert_int_equal(data[n - 1], '\n');
}

static void a_block_costs_64_bytes(void **state)
{
    enum { ROWS = 2048 };
    autofree struct manifest_row *rows = calloc(ROWS, sizeof(*rows));
    autofree char *data = NULL;
    size_t n;

    (void)state;
    for (uint32_t i = 0; i < ROWS; i++)
        rows[i] = row_of(i);
    write_rows(rows, ROWS);
    data = scratch_read("blocks", &n);
    assert_int_equal(n, 512 + 64 * ROWS);
}

static void numbers_too_large_become_the_largest(void **state)
{
    struct manifest_row in = row_of(0);
    struct manifest_row out;
    struct hashed hashed;
    struct err e;

    (void)state;
    in.time = STARTED + (uint64_t)90 * 24 * 3600 * NS_PER_S;
    in.attempts = 100000;
    write_rows(&in, 1);
    assert_int_equal(read_rows("blocks", &out, 1, &hashed, &e), 1);
    assert_int_equal(out.time, STARTED + UINT32_MAX * NS_PER_MS);
    assert_int_equal(out.attempts, UINT16_MAX);
}

static void a_clock_set_back_counts_as_the_start(void **state)
{
    struct manifest_row in = row_of(0);
    struct manifest_row out;
    struct hashed hashed;
    struct err e;

    (void)state;
    in.time = STARTED - NS_PER_S;
    write_rows(&in, 1);
    assert_int_equal(read_rows("blocks", &out, 1, &hashed, &e), 1);
    assert_int_equal(out.time, STARTED);
}

static void only_uuids_are_kept_as_request_ids(void **state)
{
    static const struct {
        const char *in, *out;
    } ids[] = {
        { UUID, UUID },
        { "0123ABCD-4567-89EF-0123-456789ABCDEF", UUID },
        { "", "" },
        { "0123abcd-4567-89ef-0123-456789abcde", "" },
        { "0123abcd-4567-89ef-0123-456789abcdef0", "" },
        { "0123abcd-4567-89ef-0123-456789abcdeg", "" },
        { "0123abcd045670-89ef-0123-456789abcdef", "" },
        { "0123abcd-4567-89ef-0123 456789abcdef", "" },
        { "00000000-0000-0000-0000-000000000000",
          "00000000-0000-0000-0000-000000000000" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        struct manifest_row in = row_of(0);
        struct manifest_row out;
        struct hashed hashed;
        struct err e;

        snprintf(in.request_id, sizeof(in.request_id), "%s", ids[i].in);
        write_rows(&in, 1);
        assert_int_equal(read_rows("blocks", &out, 1, &hashed, &e), 1);
        assert_string_equal(out.request_id, ids[i].out);
    }
}

static void a_block_never_read_has_no_digest(void **state)
{
    static const unsigned char zeros[32];
    struct manifest_row in = row_of(0);
    struct manifest_row out;
    struct hashed hashed;
    struct err e;

    (void)state;
    in.class = BLOCK_UNREADABLE;
    in.provider = false;
    write_rows(&in, 1);
    assert_int_equal(read_rows("blocks", &out, 1, &hashed, &e), 1);
    assert_false(out.provider);
    assert_memory_equal(out.sha256, zeros, 32);
}

/* ---- the two hashes */

static void both_hashes_can_be_computed_again(void **state)
{
    struct manifest_row rows[] = { row_of(3), row_of(9) };
    struct hashed written, seen;
    struct hashes file;
    unsigned char root[32];
    char list[300], hex[65];
    struct err e;

    (void)state;
    rows[1].class = BLOCK_UNREADABLE;
    written = write_rows(rows, 2);
    assert_int_equal(read_rows("blocks", NULL, 0, &seen, &e), 2);
    assert_memory_equal(&seen, &written, sizeof(seen));

    assert_int_equal(hash_file(scratch_path("blocks"),
                               HASH_BIT(HASH_SHA256), &file, &e), 0);
    assert_memory_equal(file.value[HASH_SHA256], written.file, 32);
    hex_encode(hex, rows[0].sha256, 32);
    snprintf(list, sizeof(list), "3 %s\n9 unreadable\n", hex);
    hash_sha256(list, strlen(list), root);
    assert_memory_equal(root, written.root, 32);
}

static void the_root_says_content_and_place_and_nothing_else(void **state)
{
    struct manifest_row row = row_of(3);
    struct hashed first = write_rows(&row, 1);
    struct hashed again;

    (void)state;
    row.time++;
    row.attempts++;
    row.request_id[0] = '\0';
    again = write_rows(&row, 1);
    assert_memory_equal(again.root, first.root, MANIFEST_HASH);
    assert_memory_not_equal(again.file, first.file, MANIFEST_HASH);

    row.index++;
    again = write_rows(&row, 1);
    assert_memory_not_equal(again.root, first.root, MANIFEST_HASH);

    row = row_of(3);
    row.sha256[31] ^= 1;
    again = write_rows(&row, 1);
    assert_memory_not_equal(again.root, first.root, MANIFEST_HASH);
}

/* ---- damage */

static void every_flipped_bit_is_noticed(void **state)
{
    struct manifest_row rows[] = { row_of(0), row_of(5), row_of(2047) };
    struct hashed hashed;
    struct err e;
    size_t n;
    autofree char *data = NULL;

    (void)state;
    rows[1].request_id[0] = '\0';
    write_rows(rows, 3);
    data = scratch_read("blocks", &n);
    for (size_t bit = 0; bit < 8 * n; bit++) {
        int r;

        data[bit / 8] ^= (char)(1 << bit % 8);
        r = read_bytes(data, n, &hashed, &e);
        data[bit / 8] ^= (char)(1 << bit % 8);
        if (r >= 0)
            fail_msg("bit %zu of byte %zu was not noticed", bit % 8, bit / 8);
        assert_int_equal(e.kind, ERR_VERIFY);
    }
    assert_int_equal(read_bytes(data, n, &hashed, &e), 3);
}

static void every_cut_is_noticed(void **state)
{
    struct manifest_row rows[] = { row_of(0), row_of(5) };
    struct hashed whole = write_rows(rows, 2);
    struct hashed hashed;
    struct err e;
    size_t n;
    autofree char *data = scratch_read("blocks", &n);

    (void)state;
    for (size_t len = 0; len < n; len++) {
        int r = read_bytes(data, len, &hashed, &e);

        if (len >= 512 && (len - 512) % 64 == 0) {
            /* Between records: the hashes in the log tell. */
            assert_memory_not_equal(hashed.file, whole.file, 32);
            assert_memory_not_equal(hashed.root, whole.root, 32);
            continue;
        }
        assert_int_equal(r, -1);
        assert_non_null(strstr(e.msg, len < 512 ? "header" : "cut off"));
    }
}

/* A record with a right CRC that says something that cannot be. */
static int read_record(enum block_class class, size_t at,
                       unsigned char value, struct err *e)
{
    struct manifest_row row = row_of(5);
    unsigned char data[MANIFEST_HEADER + MANIFEST_RECORD];
    unsigned char *record = data + MANIFEST_HEADER;
    struct hashed hashed;
    unsigned long crc;

    row.class = class;
    manifest_header_encode(&header, (char *)data);
    manifest_row_encode(&row, STARTED, record);
    record[at] = value;
    crc = 0xffffffff;
    for (int i = 0; i < 60; i++) {
        crc ^= record[i];
        for (int k = 0; k < 8; k++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    crc ^= 0xffffffff;
    for (int i = 0; i < 4; i++)
        record[60 + i] = (unsigned char)(crc >> 8 * i);
    return read_bytes(data, sizeof(data), &hashed, e);
}

static void nonsense_with_a_right_crc_is_refused(void **state)
{
    static const struct {
        enum block_class class;
        size_t at;
        unsigned char value;
        int result;
    } rows[] = {
        { BLOCK_STORED, 0, 5, 1 },   /* as it was: the test's records are
                                      * sound */
        { BLOCK_STORED, 1, 7, 1 },   /* block 1797 */
        { BLOCK_STORED, 1, 8, -1 },  /* block 2053 of 2048 */
        { BLOCK_STORED, 3, 1, -1 },
        { BLOCK_STORED, 10, 0, -1 }, /* classes */
        { BLOCK_STORED, 10, 2, 1 },
        { BLOCK_STORED, 10, 3, 1 },
        { BLOCK_STORED, 10, 4, -1 },
        { BLOCK_STORED, 11, 0, 1 },  /* flags */
        { BLOCK_STORED, 11, 4, 1 },  /* from an earlier image */
        { BLOCK_STORED, 11, 0xfe, 1 },
        { BLOCK_UNREADABLE, 11, 6, -1 }, /* unreadable, and from there */
        { BLOCK_STORED, 11, 3, -1 }, /* "no request id", and one is there */
        { BLOCK_UNREADABLE, 11, 0, -1 }, /* never read, and has a digest */
    };
    struct err e;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int r = read_record(rows[i].class, rows[i].at, rows[i].value, &e);

        if (r != rows[i].result)
            fail_msg("row %zu: %d %s", i, r, e.msg);
        if (r < 0)
            assert_int_equal(e.kind, ERR_VERIFY);
    }
}

static void the_age_of_a_block_is_kept(void **state)
{
    static const unsigned ages[][2] = {
        { 0, 0 }, { 1, 1 }, { 62, 62 }, { 63, 63 }, { 64, 63 },
        { 100000, 63 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(ages) / sizeof(ages[0]); i++) {
        struct manifest_row row = row_of(3);
        struct manifest_row back;
        unsigned char record[MANIFEST_RECORD];

        row.age = ages[i][0];
        manifest_row_encode(&row, row.time, record);
        assert_null(manifest_row_decode(record, row.time, &back));
        assert_int_equal(back.age, ages[i][1]);
        assert_int_equal(back.provider, row.provider);
        assert_string_equal(back.request_id, row.request_id);
    }
}

/* A block of a cache is of the snapshot itself, and could be read. */
static void a_block_of_a_cache_is_marked(void **state)
{
    struct manifest_row row = row_of(3), back;
    unsigned char record[MANIFEST_RECORD];

    (void)state;
    manifest_row_encode(&row, row.time, record);
    assert_null(manifest_row_decode(record, row.time, &back));
    assert_false(back.cached);
    row.cached = true;
    manifest_row_encode(&row, row.time + 1000 * NS_PER_MS, record);
    assert_int_equal(record[10], BLOCK_STORED + 16);
    assert_null(manifest_row_decode(record, row.time, &back));
    assert_true(back.cached);
    assert_int_equal(back.class, BLOCK_STORED);
    assert_int_equal(back.time, row.time); /* 0 ms */
    row.age = 1;
    manifest_row_encode(&row, row.time, record);
    assert_non_null(manifest_row_decode(record, row.time, &back));
    row.age = 0;
    row.class = BLOCK_UNREADABLE;
    manifest_row_encode(&row, row.time, record);
    assert_non_null(manifest_row_decode(record, row.time, &back));
}

static void records_out_of_order_are_refused(void **state)
{
    static const int orders[][2] = { { 1, 0 }, { 0, 0 }, { 1, 1 } };
    struct manifest_row rows[] = { row_of(0), row_of(5) };
    struct hashed hashed;
    struct err e;
    size_t n;
    autofree char *data = NULL;
    char changed[512 + 128];

    (void)state;
    write_rows(rows, 2);
    data = scratch_read("blocks", &n);
    memcpy(changed, data, 512);
    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 2; k++)
            memcpy(changed + 512 + 64 * k, data + 512 + 64 * orders[i][k],
                   64);
        assert_int_equal(read_bytes(changed, sizeof(changed), &hashed, &e),
                         -1);
        assert_non_null(strstr(e.msg, "record 2: "));
    }
}

static void a_record_past_the_end_is_refused(void **state)
{
    uint32_t blocks = (uint32_t)manifest_blocks(&header);
    struct manifest_row inside = row_of(blocks - 1);
    struct manifest_row outside = row_of(blocks);
    struct hashed hashed;
    struct err e;
    size_t n;
    autofree char *data = NULL;

    (void)state;
    write_rows(&inside, 1);
    data = scratch_read("blocks", &n);
    assert_int_equal(read_bytes(data, n, &hashed, &e), 1);
    manifest_row_encode(&outside, header.started, (unsigned char *)data + 512);
    assert_int_equal(read_bytes(data, n, &hashed, &e), -1);
    assert_non_null(strstr(e.msg, "past the end"));
}

static void a_header_that_cannot_be_is_refused(void **state)
{
    static const struct manifest_header rows[] = {
        { "snap-1", 0, 524288, STARTED },
        { "snap-1", 1 << 30, 0, STARTED },
        { "snap-1", 1 << 30, 511, STARTED },
        { "snap-1", 1 << 30, 1u << 31, STARTED },
        { "snap-1", UINT64_MAX, 512, STARTED },
        { "", 1 << 30, 524288, STARTED },
        { "snap\t1", 1 << 30, 524288, STARTED },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char data[MANIFEST_HEADER];
        struct hashed hashed;
        struct err e;

        manifest_header_encode(&rows[i], data);
        if (read_bytes(data, sizeof(data), &hashed, &e) >= 0)
            fail_msg("header %zu was accepted", i);
        assert_int_equal(e.kind, ERR_VERIFY);
    }
}

static void a_missing_file_is_a_usage_error(void **state)
{
    struct hashed hashed;
    struct err e;

    (void)state;
    assert_int_equal(read_rows("absent", NULL, 0, &hashed, &e), -1);
    assert_int_equal(e.kind, ERR_USAGE);
}

/* ---- writing goes wrong */

static void a_signal_ends_the_reading(void **state)
{
    struct manifest_header h;
    struct err e = ERR_INIT;
    struct manifest_reader *r;

    (void)state;
    scratch_write("any", "x", 1);
    interrupted = SIGTERM;
    r = manifest_open(scratch_path("any"), &h, &e);
    interrupted = 0;
    assert_null(r);
    assert_int_equal(e.kind, ERR_INTERRUPTED);
}

static void a_full_disk_is_an_error(void **state)
{
    struct rlimit limit, small;
    struct manifest_row row;
    struct err e = ERR_INIT;
    struct manifest *m;
    unsigned char file[32], root[32];
    uint32_t i = 0;
    int r = 0;

    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    unlink(scratch_path("blocks"));
    m = manifest_create(scratch_path("blocks"), &header, &e);
    assert_non_null(m);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    small = limit;
    small.rlim_cur = 1000;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    for (; i < 2048 && r == 0; i++) {
        row = row_of(i);
        r = manifest_add(m, &row, &e);
    }
    if (r == 0)
        r = manifest_finish(m, file, root, &e);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_int_equal(r, -1);
    assert_int_equal(e.kind, ERR_DEST);
    manifest_free(m);
}

/* Runs in a child, since it must die. */
static int add_rows(uint32_t first, uint32_t second)
{
    struct manifest_row a = row_of(first);
    struct manifest_row b = row_of(second);
    struct err e = ERR_INIT;
    int status;
    pid_t child = fork();

    if (child == 0) {
        struct manifest *m = manifest_create(scratch_path("bug"), &header,
                                             &e);

        signal(SIGABRT, SIG_DFL);
        fclose(stderr);
        manifest_add(m, &a, &e);
        manifest_add(m, &b, &e);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    unlink(scratch_path("bug"));
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void a_bug_in_the_order_of_rows_aborts(void **state)
{
    (void)state;
    assert_false(add_rows(3, 4));
    assert_true(add_rows(4, 3));
    assert_true(add_rows(4, 4));
    assert_true(add_rows(4, 2048)); /* the volume has 2048 */
}

/* ---- going on */

static void count_row(void *ctx, const struct manifest_row *row)
{
    assert_int_equal(row->index, *(uint32_t *)ctx);
    ++*(uint32_t *)ctx;
}

/* Cut at any row, gone on with: the file that would have been. */
static void a_manifest_is_gone_on_with_at_any_row(void **state)
{
    struct manifest_row rows[9];
    struct hashed whole, again;
    char *want;
    size_t n;

    (void)state;
    for (uint32_t i = 0; i < 9; i++)
        rows[i] = row_of(i);
    rows[4].class = BLOCK_UNREADABLE;
    rows[4].provider = false;
    rows[5].request_id[0] = '\0';
    whole = write_rows(rows, 9);
    want = scratch_read("blocks", &n);
    for (uint32_t at = 0; at <= 9; at++) {
        struct err e = ERR_INIT;
        unsigned char then[MANIFEST_HASH];
        struct manifest *m;
        uint32_t seen = 0;
        size_t size;
        char *got;

        unlink(scratch_path("blocks"));
        m = manifest_create(scratch_path("blocks"), &header, &e);
        for (uint32_t i = 0; i < at; i++)
            assert_int_equal(manifest_add(m, &rows[i], &e), 0);
        assert_int_equal(manifest_sync(m, then, &e), 0);
        for (uint32_t i = at; i < 9; i++) {
            struct manifest_row other = rows[i];

            other.time += NS_PER_S;
            assert_int_equal(manifest_add(m, &other, &e), 0);
        }
        assert_int_equal(manifest_sync(m, again.file, &e), 0);
        manifest_free(m);
        m = manifest_reopen(scratch_path("blocks"), at, then, count_row,
                            &seen, &e);
        assert_non_null(m);
        assert_int_equal(seen, at);
        for (uint32_t i = at; i < 9; i++)
            assert_int_equal(manifest_add(m, &rows[i], &e), 0);
        assert_int_equal(manifest_finish(m, again.file, again.root, &e), 0);
        manifest_free(m);
        assert_memory_equal(&again, &whole, sizeof(whole));
        got = scratch_read("blocks", &size);
        assert_int_equal(size, n);
        assert_memory_equal(got, want, n);
        free(got);
    }
    free(want);
}

static void a_manifest_that_changed_is_not_gone_on_with(void **state)
{
    struct manifest_row rows[] = { row_of(0), row_of(1) };
    struct hashed h = write_rows(rows, 2);
    struct err e = ERR_INIT;
    size_t n;
    char *data = scratch_read("blocks", &n);

    (void)state;
    assert_int_equal(manifest_check(scratch_path("blocks"), 2, h.file, &e),
                     0);
    assert_int_equal(manifest_check(scratch_path("blocks"), 3, h.file, &e),
                     -1);
    assert_int_equal(e.kind, ERR_VERIFY);
    assert_int_equal(manifest_check(scratch_path("blocks"), 1, h.file, &e),
                     -1);
    assert_int_equal(e.kind, ERR_VERIFY);
    data[MANIFEST_HEADER + 5] ^= 1;
    scratch_write("blocks", data, n);
    assert_int_equal(manifest_check(scratch_path("blocks"), 2, h.file, &e),
                     -1);
    assert_int_equal(e.kind, ERR_VERIFY);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_manifest_is_gone_on_with_at_any_row),
        cmocka_unit_test(a_manifest_that_changed_is_not_gone_on_with),
        cmocka_unit_test(rows_come_back_as_they_went_in),
        cmocka_unit_test(the_header_comes_back_as_it_went_in),
        cmocka_unit_test(the_header_is_text_for_people),
        cmocka_unit_test(a_block_costs_64_bytes),
        cmocka_unit_test(numbers_too_large_become_the_largest),
        cmocka_unit_test(a_clock_set_back_counts_as_the_start),
        cmocka_unit_test(only_uuids_are_kept_as_request_ids),
        cmocka_unit_test(a_block_never_read_has_no_digest),
        cmocka_unit_test(both_hashes_can_be_computed_again),
        cmocka_unit_test(the_root_says_content_and_place_and_nothing_else),
        cmocka_unit_test(every_flipped_bit_is_noticed),
        cmocka_unit_test(every_cut_is_noticed),
        cmocka_unit_test(nonsense_with_a_right_crc_is_refused),
        cmocka_unit_test(the_age_of_a_block_is_kept),
        cmocka_unit_test(a_block_of_a_cache_is_marked),
        cmocka_unit_test(records_out_of_order_are_refused),
        cmocka_unit_test(a_record_past_the_end_is_refused),
        cmocka_unit_test(a_header_that_cannot_be_is_refused),
        cmocka_unit_test(a_missing_file_is_a_usage_error),
        cmocka_unit_test(a_signal_ends_the_reading),
        cmocka_unit_test(a_full_disk_is_an_error),
        cmocka_unit_test(a_bug_in_the_order_of_rows_aborts),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
