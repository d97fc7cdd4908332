/* SPDX-License-Identifier: Apache-2.0 */
/* What the rows of a manifest prove, in order and one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>

#include "audit/manifest-record.h"
#include "base/block.h"
#include "base/number.h"
#include "scratch.h"
#include "volume/row-index.h"
#include "volume/rows.h"

#define VOLUME (4 * GIB) /* 8192 blocks */

static const struct manifest_header header = {
    .snapshot = "snap-0123456789abcdef0",
    .volume_size = VOLUME,
    .block_size = BLOCK_SIZE,
    .started = 1785585600123456789ull,
};

static struct manifest_row row_of(uint32_t index, enum block_class class,
                                  bool provider)
{
    struct manifest_row row = {
        .index = index,
        .time = header.started,
        .attempts = 1,
        .class = class,
        .provider = provider,
    };

    if (class != BLOCK_UNREADABLE || provider)
        memset(row.sha256, (int)index + 1, sizeof(row.sha256));
    return row;
}

/* One at a time. */
static struct evidence evidence(const char *name)
{
    static char path[600];

    snprintf(path, sizeof(path), "%s", scratch_path(name));
    return (struct evidence){ .manifest_path = path };
}

static struct manifest *create(const char *name)
{
    struct err e = ERR_INIT;
    struct manifest *m;

    unlink(scratch_path(name));
    m = manifest_create(scratch_path(name), &header, &e);
    assert_non_null(m);
    return m;
}

static void add(struct manifest *m, const struct manifest_row *row)
{
    struct err e = ERR_INIT;

    assert_int_equal(manifest_add(m, row, &e), 0);
}

static void finish(struct manifest *m, unsigned char sha256[MANIFEST_HASH])
{
    unsigned char root[MANIFEST_HASH];
    struct err e = ERR_INIT;

    assert_int_equal(manifest_finish(m, sha256, root, &e), 0);
    manifest_free(m);
}

/* Rows for every third block: three pages of them. */
static void write_every_third(const char *name,
                              unsigned char sha256[MANIFEST_HASH])
{
    struct manifest *m = create(name);

    for (uint32_t i = 1; i < VOLUME / BLOCK_SIZE; i += 3) {
        struct manifest_row row = row_of(i, BLOCK_STORED, true);

        add(m, &row);
    }
    finish(m, sha256);
}

/* ------------------------------------------------------------------- rows */

static void a_row_without_the_providers_checksum_proves_nothing(void **state)
{
    struct manifest_row good = row_of(1, BLOCK_STORED, true);
    struct manifest_row zero = row_of(1, BLOCK_ZERO, true);
    struct manifest_row ours = row_of(1, BLOCK_STORED, false);
    struct manifest_row unread = row_of(1, BLOCK_UNREADABLE, true);

    (void)state;
    assert_true(row_proves(&good));
    assert_true(row_proves(&zero));
    assert_false(row_proves(&ours));
    assert_false(row_proves(&unread));
    assert_true(rows_same_bytes(&good, &good));
    /* The digests are the same, and still they are not known to be. */
    assert_false(rows_same_bytes(&ours, &ours));
    assert_false(rows_same_bytes(&good, &ours));
    assert_false(rows_same_bytes(&ours, &good));
    assert_false(rows_same_bytes(&unread, &unread));
    zero.sha256[31] ^= 1;
    assert_false(rows_same_bytes(&good, &zero));
}

static void each_block_is_in_the_sets_of_its_row(void **state)
{
    const struct manifest_row rows[] = {
        row_of(0, BLOCK_STORED, true), row_of(2, BLOCK_ZERO, true),
        row_of(3, BLOCK_STORED, false), row_of(4, BLOCK_ZERO, false),
        row_of(6, BLOCK_UNREADABLE, true),
        row_of(8191, BLOCK_UNREADABLE, false),
    };
    static const char *const sets[] = { "023468191", "24", "68191",
                                        "3468191" };
    struct evidence ev = evidence("sets");
    struct manifest *m = create("sets");
    unsigned char sha256[MANIFEST_HASH];
    struct err e = ERR_INIT;
    struct rows r;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        add(m, &rows[i]);
    finish(m, sha256);
    assert_int_equal(rows_read(&ev, VOLUME, &r, &e), 0);
    const struct blockset *got[] = { r.stored, r.zero, r.unread, r.unproved };

    for (int i = 0; i < 4; i++) {
        char text[64] = "";

        for (uint64_t at = blockset_next(got[i], 0); at != BLOCKSET_END;
             at = blockset_next(got[i], at + 1))
            sprintf(text + strlen(text), "%d", (int)at);
        assert_string_equal(text, sets[i]);
    }
    assert_memory_equal(r.sha256, sha256, sizeof(sha256));
    assert_string_equal(r.snapshot, header.snapshot);
    rows_free(&r);
    rows_free(&r); /* and once more */
}

static void a_manifest_of_another_size_is_refused(void **state)
{
    struct evidence ev = evidence("size");
    unsigned char sha256[MANIFEST_HASH];
    struct err e = ERR_INIT;
    struct rows r;

    (void)state;
    write_every_third("size", sha256);
    assert_int_equal(rows_read(&ev, VOLUME + GIB, &r, &e), -1);
    assert_int_equal(e.kind, ERR_VERIFY);
    rows_free(&r);
}

/* ------------------------------------------------------------------ index */

static void every_row_is_found_in_any_order(void **state)
{
    struct evidence ev = evidence("any");
    unsigned char sha256[MANIFEST_HASH];
    struct err e = ERR_INIT;
    struct manifest_row row;
    struct row_index *x;

    (void)state;
    write_every_third("any", sha256);
    x = row_index_new(&ev, sha256, &e);
    assert_non_null(x);
    for (uint32_t i = 0; i < 8192; i++) {
        uint32_t at = i * 5 % 8192;
        int has = at % 3 == 1;

        assert_int_equal(row_index_find(x, at, &row, &e), has);
        if (has)
            assert_int_equal(row.index, at);
    }
    row_index_free(x);
}

static void an_empty_manifest_has_no_rows(void **state)
{
    struct evidence ev = evidence("empty");
    unsigned char sha256[MANIFEST_HASH];
    struct err e = ERR_INIT;
    struct manifest_row row;
    struct row_index *x;

    (void)state;
    finish(create("empty"), sha256);
    x = row_index_new(&ev, sha256, &e);
    assert_non_null(x);
    assert_int_equal(row_index_find(x, 0, &row, &e), 0);
    row_index_free(x);
}

static void only_the_manifest_that_was_proved_is_opened(void **state)
{
    struct evidence ev = evidence("proved");
    unsigned char sha256[MANIFEST_HASH];
    struct err e = ERR_INIT;

    (void)state;
    write_every_third("proved", sha256);
    sha256[0] ^= 1;
    assert_null(row_index_new(&ev, sha256, &e));
    assert_int_equal(e.kind, ERR_VERIFY);
}

/* Another digest for a block, with its CRC: a row like any other. */
static void rewrite_row(const char *name, uint32_t number)
{
    struct manifest_row row = row_of(number * 3 + 1, BLOCK_STORED, true);
    unsigned char record[MANIFEST_RECORD];
    int fd = open(scratch_path(name), O_WRONLY | O_CLOEXEC);

    row.sha256[0] ^= 1;
    manifest_row_encode(&row, header.started, record);
    assert_int_equal(pwrite(fd, record, sizeof(record),
                            MANIFEST_HEADER
                                + (off_t)number * MANIFEST_RECORD),
                     sizeof(record));
    close(fd);
}

static void a_row_that_changes_later_is_noticed(void **state)
{
    struct evidence ev = evidence("later");
    unsigned char sha256[MANIFEST_HASH];
    struct err e = ERR_INIT;
    struct manifest_row row;
    struct row_index *x;

    (void)state;
    write_every_third("later", sha256);
    x = row_index_new(&ev, sha256, &e);
    assert_non_null(x);
    rewrite_row("later", 1500); /* of the second page */
    assert_int_equal(row_index_find(x, 4501, &row, &e), -1);
    assert_int_equal(e.kind, ERR_VERIFY);
    assert_int_equal(row_index_find(x, 1, &row, &e), 1);
    assert_int_equal(truncate(scratch_path("later"), MANIFEST_HEADER + 640),
                     0);
    assert_int_equal(row_index_find(x, 1, &row, &e), -1);
    row_index_free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_without_the_providers_checksum_proves_nothing),
        cmocka_unit_test(each_block_is_in_the_sets_of_its_row),
        cmocka_unit_test(a_manifest_of_another_size_is_refused),
        cmocka_unit_test(every_row_is_found_in_any_order),
        cmocka_unit_test(an_empty_manifest_has_no_rows),
        cmocka_unit_test(only_the_manifest_that_was_proved_is_opened),
        cmocka_unit_test(a_row_that_changes_later_is_noticed),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
