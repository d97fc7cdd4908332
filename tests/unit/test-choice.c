/* SPDX-License-Identifier: Apache-2.0 */
/* Where an unfinished run is gone on with: never behind what its log, its
 * manifest and its chunk list bear out, and never under another log. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "acquire/choice.h"
#include "audit/hash.h"
#include "base/block.h"
#include "base/interrupt.h"
#include "image/ewf-chunks.h"
#include "image/ewf.h"
#include "scratch.h"

/* A run of an E01 with chunks of 128 KiB, with a checkpoint before the first
 * block and one behind each of three: log, manifest and chunk list are in the
 * scratch folder as "log", "blocks" and "chunks". */
#define CHUNK ((uint64_t)128 * KIB)
#define CHUNKS (BLOCK_SIZE / CHUNK)

struct left {
    struct checkpoint at[4];
    struct recipe kept;
    struct resuming r;
    struct err e;
};

static void must(int r, const struct err *e)
{
    if (r < 0)
        fail_msg("%s", e->msg);
}

static void write_event(struct log *l, const char *event)
{
    struct err e = ERR_INIT;

    must(log_write(l, event, NULL, &e), &e);
}

static void write_block(struct manifest *m, struct ewf_chunks *c,
                        struct checkpoint *at)
{
    struct manifest_row row = {
        .index = (uint32_t)(at->offset / BLOCK_SIZE), .class = BLOCK_STORED,
        .provider = true, .attempts = 1,
    };
    struct err e = ERR_INIT;

    must(manifest_add(m, &row, &e), &e);
    must(manifest_sync(m, at[1].manifest, &e), &e);
    for (size_t i = 0; i < CHUNKS; i++)
        ewf_chunks_add(c, 77);
    must(ewf_chunks_commit(c, &e), &e);
    must(ewf_chunks_sync(c, at[1].chunks, &e), &e);
    at[1].offset = at->offset + BLOCK_SIZE;
    at[1].rows = at->rows + 1;
    at[1].digest.kinds = HASH_ALL;
}

static void write_blocks(struct left *l, struct log *log)
{
    const struct manifest_header h = { .snapshot = "snap-1",
                                       .volume_size = GIB,
                                       .block_size = BLOCK_SIZE };
    struct err e = ERR_INIT;
    struct manifest *m = manifest_create(scratch_path("blocks"), &h, &e);
    struct ewf_chunks *c = ewf_chunks_create(scratch_path("chunks"), &e);

    must(m && c ? 0 : -1, &e);
    for (int i = 0; i < 3; i++) {
        write_event(log, "progress");
        write_block(m, c, &l->at[i]);
        log_place(log, &l->at[i + 1].log);
    }
    write_event(log, "progress");
    manifest_free(m);
    ewf_chunks_free(c);
}

static void begin(struct left *l)
{
    static const char *const names[] = { "log", "blocks", "chunks" };
    struct log *log;

    for (size_t i = 0; i < 3; i++)
        unlink(scratch_path(names[i]));
    memset(l, 0, sizeof(*l));
    log = log_create(scratch_path("log"), &clock_system, &l->e);
    must(log ? 0 : -1, &l->e);
    write_event(log, "start");
    log_place(log, &l->at[0].log);
    write_blocks(l, log);
    must(log_close(log, &l->e), &l->e);
    l->kept.volume_size = GIB;
    l->kept.options.formats = 1u << FORMAT_E01;
    l->kept.options.hashes = HASH_ALL;
    l->kept.options.chunk_size = CHUNK;
    l->r.kept = &l->kept;
    l->r.all = (struct checkpoints){ .at = l->at, .n = 4 };
    l->r.left = 4;
}

static int check_log(struct left *l)
{
    return choice_check_log(&l->r, scratch_path("log"), "x.partial", &l->e);
}

static int choose(struct left *l)
{
    return choice_make(&l->r, scratch_path("blocks"), scratch_path("chunks"),
                       &l->e);
}

/* Both, and then so many blocks are kept. */
static void expect(struct left *l, uint64_t blocks, uint64_t passed_over)
{
    must(check_log(l), &l->e);
    must(choose(l), &l->e);
    assert_int_equal(l->r.at.offset, blocks * BLOCK_SIZE);
    assert_int_equal(l->r.passed_over, passed_over);
    assert_int_equal(l->r.reason[0] != '\0', passed_over > 0);
}

static void cut(const char *name, size_t to)
{
    assert_int_equal(truncate(scratch_path(name), (off_t)to), 0);
}

static void spoil(const char *name, size_t at)
{
    size_t n;
    char *data = scratch_read(name, &n);

    assert_true(at < n);
    data[at] ^= 1;
    scratch_write(name, data, n);
    free(data);
}

static void of_a_whole_run_it_is_the_last(void **state)
{
    struct left l;

    (void)state;
    begin(&l);
    expect(&l, 3, 0);
    assert_int_equal(l.r.sessions, 1);
    assert_int_equal(l.r.log.events, 5);
    assert_int_equal(l.r.log_cut, 0);
}

/* A line that was being written is cut off, and no checkpoint speaks of it. */
static void half_a_line_is_cut_from_the_log(void **state)
{
    struct left l;
    uint64_t whole;

    (void)state;
    begin(&l);
    whole = l.at[3].log.size;
    cut("log", whole + 20);
    expect(&l, 3, 0);
    assert_int_equal(l.r.log.events, 4);
    assert_int_equal(l.r.log.size, whole);
    assert_int_equal(l.r.log_cut, 20);
}

static void a_log_that_ends_sooner_takes_the_run_back(void **state)
{
    struct left l;

    (void)state;
    begin(&l);
    cut("log", l.at[2].log.size + 1);
    expect(&l, 2, 1);
    begin(&l);
    cut("log", l.at[0].log.size);
    expect(&l, 0, 3);
}

/* A changed line breaks the chain there: what is before it counts. */
static void a_changed_line_takes_the_run_back(void **state)
{
    struct left l;

    (void)state;
    begin(&l);
    spoil("log", l.at[1].log.size + 30);
    expect(&l, 1, 2);
}

/* Whole, of the same length and with as many events, but not the one. */
static void another_log_is_refused(void **state)
{
    struct left l;

    (void)state;
    begin(&l);
    for (size_t i = 0; i < 4; i++)
        l.at[i].log.head[0] ^= 1;
    assert_int_equal(check_log(&l), -1);
    assert_int_equal(l.e.kind, ERR_VERIFY);
    assert_non_null(strstr(l.e.msg, "x.partial"));
    begin(&l);
    for (size_t i = 0; i < 4; i++)
        l.at[i].log.events++;
    assert_int_equal(check_log(&l), -1);
    assert_int_equal(l.e.kind, ERR_VERIFY);
}

static void an_empty_log_is_refused(void **state)
{
    struct left l;

    (void)state;
    begin(&l);
    cut("log", 0);
    assert_int_equal(check_log(&l), -1);
    begin(&l);
    unlink(scratch_path("log"));
    assert_int_equal(check_log(&l), -1);
}

/* The list that is shorter, or says something else, decides. */
static void lists_take_the_run_back(void **state)
{
    static const char *const names[] = { "blocks", "chunks" };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct left l;
        struct stat st;

        begin(&l);
        assert_int_equal(stat(scratch_path(names[i]), &st), 0);
        cut(names[i], (size_t)st.st_size - 1);
        expect(&l, 2, 1);
        begin(&l);
        spoil(names[i], (size_t)st.st_size - 1);
        expect(&l, 2, 1);
        begin(&l);
        cut(names[i], 0);
        expect(&l, 0, 3);
        begin(&l);
        unlink(scratch_path(names[i]));
        expect(&l, 0, 3);
    }
}

/* A raw image has no chunk list. */
static void of_a_raw_image_no_chunks_are_wanted(void **state)
{
    struct left l;

    (void)state;
    begin(&l);
    unlink(scratch_path("chunks"));
    l.kept.options.formats = 1u << FORMAT_RAW;
    expect(&l, 3, 0);
}

/* Each in a way that no list could tell. */
static void spoil_offset(struct left *l)
{
    l->kept.options.formats = 1u << FORMAT_RAW;
    l->at[3].offset = GIB; /* the whole volume has no checkpoint */
}

static void spoil_unit(struct left *l)
{
    static const unsigned char chunk[4] = { 77 };

    l->kept.options.chunk_size = MIB; /* two blocks a chunk */
    hash_sha256(chunk, sizeof(chunk), l->at[3].chunks);
}

static void spoil_digest(struct left *l)
{
    l->at[3].digest.kinds = HASH_BIT(HASH_MD5);
}

static void spoil_rows(struct left *l)
{
    l->kept.options.formats = 1u << FORMAT_RAW;
    l->at[3].offset = 2 * BLOCK_SIZE;
}

static void a_checkpoint_that_makes_no_sense_is_passed_over(void **state)
{
    static const struct {
        void (*spoil)(struct left *);
        uint64_t blocks, passed_over;
    } rows[] = {
        { spoil_offset, 2, 1 }, { spoil_digest, 2, 1 }, { spoil_rows, 2, 1 },
        { spoil_unit, 0, 3 }, /* whose lists are no longer those */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct left l;

        begin(&l);
        rows[i].spoil(&l);
        expect(&l, rows[i].blocks, rows[i].passed_over);
    }
}

/* What an image showed when it was read back. */
static void it_goes_back_to_what_is_good(void **state)
{
    static const struct {
        uint64_t good, blocks;
    } rows[] = {
        { 3 * BLOCK_SIZE, 2 }, /* the last itself is the one that failed */
        { 2 * BLOCK_SIZE, 2 }, { 2 * BLOCK_SIZE - 1, 1 }, { 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct left l;

        begin(&l);
        expect(&l, 3, 0);
        choice_go_back(&l.r, rows[i].good, "block 1 is bad");
        must(choose(&l), &l.e);
        assert_int_equal(l.r.at.offset, rows[i].blocks * BLOCK_SIZE);
        assert_string_equal(l.r.reason, "block 1 is bad");
        assert_int_equal(l.r.passed_over, 3 - rows[i].blocks);
    }
}

/* A signal is no reason to throw blocks away. */
static void an_interrupt_ends_it(void **state)
{
    struct left l;

    (void)state;
    begin(&l);
    must(check_log(&l), &l.e);
    interrupted = SIGTERM;
    assert_int_equal(choose(&l), -1);
    interrupted = 0;
    assert_int_equal(l.e.kind, ERR_INTERRUPTED);
    assert_int_equal(l.r.passed_over, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_a_whole_run_it_is_the_last),
        cmocka_unit_test(half_a_line_is_cut_from_the_log),
        cmocka_unit_test(a_log_that_ends_sooner_takes_the_run_back),
        cmocka_unit_test(a_changed_line_takes_the_run_back),
        cmocka_unit_test(another_log_is_refused),
        cmocka_unit_test(an_empty_log_is_refused),
        cmocka_unit_test(lists_take_the_run_back),
        cmocka_unit_test(of_a_raw_image_no_chunks_are_wanted),
        cmocka_unit_test(a_checkpoint_that_makes_no_sense_is_passed_over),
        cmocka_unit_test(it_goes_back_to_what_is_good),
        cmocka_unit_test(an_interrupt_ends_it),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
