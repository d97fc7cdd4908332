/* SPDX-License-Identifier: Apache-2.0 */
/* The raw sink: sparse files whose bytes are the volume's. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/number.h"
#include "base/scope.h"
#include "image/raw.h"
#include "scratch.h"
#include "volume.h"

#define VOLUME_BLOCKS 24
#define VOLUME_SIZE (VOLUME_BLOCKS * (uint64_t)BLOCK_SIZE)

static struct image_config config(const char *name, uint64_t piece)
{
    return (struct image_config){
        .base = scratch_path(name),
        .volume_size = VOLUME_SIZE,
        .segment_size = piece,
    };
}

static struct sink *new_sink(const struct image_config *c)
{
    struct err e = ERR_INIT;
    struct sink *k = raw_sink_new(c, &e);

    assert_non_null(k);
    return k;
}

static void write_volume(struct volume *v, const struct image_config *c)
{
    struct sink *k = new_sink(c);
    struct err e = ERR_INIT;
    struct hashes h;

    assert_int_equal(volume_write(v, k, &h, &e), 0);
    assert_int_equal(k->finish(k, &h, &e), 0);
    k->free(k);
}

/* The file's bytes are those of the volume from `offset' on. */
static void same_bytes(const struct volume *v, const char *name,
                       uint64_t offset, uint64_t length)
{
    static unsigned char block[BLOCK_SIZE];
    autofree char *data = NULL;
    size_t n;

    data = scratch_read(name, &n);
    assert_int_equal(n, length);
    for (uint64_t at = 0; at < length; at++) {
        uint64_t media = offset + at;

        if (at == 0 || media % BLOCK_SIZE == 0)
            volume_fill(v, media / BLOCK_SIZE, block);
        if ((unsigned char)data[at] != block[media % BLOCK_SIZE])
            fail_msg("%s differs at %llu", name, (unsigned long long)at);
    }
}

static void remove_pieces(const char *base)
{
    for (unsigned i = 1; i <= 99; i++) {
        char name[64];

        snprintf(name, sizeof(name), "%s.%03u", base, i);
        unlink(scratch_path(name));
    }
}

/* Blocks `from' to `to', as the pipeline's writer would hand them over. */
static void put_blocks(struct sink *k, const struct volume *v, uint64_t from,
                       uint64_t to)
{
    static unsigned char raw[BLOCK_SIZE];
    struct err e = ERR_INIT;

    for (uint64_t i = from; i < to; i++) {
        enum kind kind = v->kind(i, VOLUME_BLOCKS);
        struct slot s = { .offset = i * BLOCK_SIZE, .len = BLOCK_SIZE,
                          .raw = raw, .zero = kind != DATA };

        volume_fill(v, i, raw);
        assert_int_equal(kind == HOLE
                         ? k->hole(k, s.offset, BLOCK_SIZE, &e)
                         : k->append(k, &s, NULL, &e), 0);
    }
}

/* ------------------------------------------------------------------ tests */

static void every_arrangement_is_written_as_it_is(void **state)
{
    (void)state;
    for (size_t a = 0; a < ARRANGEMENTS; a++) {
        struct image_config c = config("one", 0);
        struct volume v;

        volume_init(&v, arrangements[a].name, VOLUME_BLOCKS);
        write_volume(&v, &c);
        same_bytes(&v, "one.dd", 0, VOLUME_SIZE);
        unlink(scratch_path("one.dd"));
    }
}

static void pieces_of_any_size_hold_the_volume_in_order(void **state)
{
    static const uint64_t sizes[] = {
        BLOCK_SIZE, BLOCK_SIZE * 3, BLOCK_SIZE + 512, BLOCK_SIZE * 5 - 512,
        VOLUME_SIZE / 2, VOLUME_SIZE - 512, VOLUME_SIZE, VOLUME_SIZE + 512,
        130048,
    };

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct image_config c = config("set", sizes[i]);
        uint64_t at = 0;
        struct volume v;
        char name[64];

        volume_init(&v, "mixed", VOLUME_BLOCKS);
        write_volume(&v, &c);
        for (unsigned n = 1; at < VOLUME_SIZE; n++) {
            uint64_t left = VOLUME_SIZE - at;

            snprintf(name, sizeof(name), "set.%03u", n);
            same_bytes(&v, name, at, left < sizes[i] ? left : sizes[i]);
            at += sizes[i];
        }
        remove_pieces("set");
    }
}

static void zeros_take_no_room(void **state)
{
    static const char *const names[] = { "none", "zeros" };

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct image_config c = config("sparse", 0);
        struct volume v;
        struct stat st;

        volume_init(&v, names[i], VOLUME_BLOCKS);
        write_volume(&v, &c);
        assert_int_equal(stat(scratch_path("sparse.dd"), &st), 0);
        assert_int_equal(st.st_size, VOLUME_SIZE);
        assert_true(st.st_blocks < 16);
        assert_int_equal(st.st_mode & 0777, 0600);
        unlink(scratch_path("sparse.dd"));
    }
}

static void an_existing_file_is_left_alone(void **state)
{
    static const char *const names[] = { "old.dd", "pieces.003" };

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct image_config c = config(i ? "pieces" : "old",
                                     i ? VOLUME_SIZE / 4 : 0);
        struct err e = ERR_INIT;
        autofree char *text = NULL;
        size_t n;

        scratch_write(names[i], "mine", 4);
        assert_null(raw_sink_new(&c, &e));
        assert_int_equal(e.kind, ERR_DEST);
        text = scratch_read(names[i], &n);
        assert_string_equal(text, "mine");
    }
}

static void sizes_that_cannot_be_are_refused_with_a_remedy(void **state)
{
    static const struct {
        uint64_t volume, piece;
        const char *remedy;
    } cases[] = {
        { GIB, 1000, "multiple of 512" },
        { 64 * TIB, GIB, "--segment-size 6712M" },
        { GIB, 512, "--segment-size 1M" },
        { 0, 0, "cannot be a raw image" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct image_config c = { .volume_size = cases[i].volume,
                                .segment_size = cases[i].piece };
        struct err e = ERR_INIT;

        assert_int_equal(raw_check(&c, &e), -1);
        assert_int_equal(e.kind, ERR_USAGE);
        assert_non_null(strstr(e.msg, cases[i].remedy));
    }
}

static void an_image_that_was_cut_short_is_not_finished(void **state)
{
    struct image_config c = config("short", 0);
    struct sink *k = new_sink(&c);
    struct hashes h = { 0 };
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(k->hole(k, 0, VOLUME_SIZE - BLOCK_SIZE, &e), 0);
    assert_int_equal(k->finish(k, &h, &e), -1);
    assert_int_equal(e.kind, ERR_INTERNAL);
    k->free(k);
}

static void a_file_that_lost_its_end_is_not_finished(void **state)
{
    struct image_config c = config("lost", 0);
    struct sink *k = new_sink(&c);
    struct hashes h = { 0 };
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(k->hole(k, 0, VOLUME_SIZE, &e), 0);
    assert_int_equal(truncate(scratch_path("lost.dd"), 4096), 0);
    assert_int_equal(k->finish(k, &h, &e), -1);
    assert_int_equal(e.kind, ERR_DEST);
    k->free(k);
}

/* A limit on file sizes stands in for a file system with small files. */
static void a_file_that_would_be_too_large_is_told_at_once(void **state)
{
    struct image_config c = config("large", 0);
    struct rlimit limit;
    struct rlimit small;
    struct err e = ERR_INIT;
    struct sink *k;

    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    small = limit;
    small.rlim_cur = MIB;
    setrlimit(RLIMIT_FSIZE, &small);
    k = raw_sink_new(&c, &e);
    setrlimit(RLIMIT_FSIZE, &limit);
    assert_null(k);
    assert_int_equal(e.kind, ERR_DEST);
    assert_non_null(strstr(e.msg, "--segment-size"));
}

/* Written on beyond the checkpoint, and with rubbish there: what was beyond
 * is a hole again. */
static void an_image_is_gone_on_with_at_any_block(void **state)
{
    static const uint64_t pieces[] = { 0, BLOCK_SIZE * 5 - 512 };
    struct volume v;

    (void)state;
    volume_init(&v, "mixed", VOLUME_BLOCKS);
    for (size_t p = 0; p < 2; p++) {
        for (uint64_t at = 1; at < VOLUME_BLOCKS; at += 2) {
            struct image_config c = config("on", pieces[p]);
            struct checkpoint cp = { .offset = at * BLOCK_SIZE };
            struct err e = ERR_INIT;
            struct volume beyond;
            struct sink *k = new_sink(&c);

            volume_init(&beyond, "all", VOLUME_BLOCKS);
            put_blocks(k, &v, 0, at);
            assert_int_equal(k->checkpoint(k, &cp, &e), 0);
            put_blocks(k, &beyond, at, VOLUME_BLOCKS);
            k->abandon(k);
            k->free(k);
            k = raw_sink_resume(&c, &cp, &e);
            assert_non_null(k);
            put_blocks(k, &v, at, VOLUME_BLOCKS);
            assert_int_equal(k->finish(k, NULL, &e), 0);
            k->free(k);
            if (p == 0)
                same_bytes(&v, "on.dd", 0, VOLUME_SIZE);
            else
                same_bytes(&v, "on.002", pieces[p], pieces[p]);
            unlink(scratch_path("on.dd"));
            remove_pieces("on");
        }
    }
}

static void an_image_that_was_cut_is_not_gone_on_with(void **state)
{
    struct image_config c = config("cut", 0);
    struct checkpoint cp = { .offset = 9 * BLOCK_SIZE };
    struct err e = ERR_INIT;
    struct volume v;
    struct sink *k = new_sink(&c);

    (void)state;
    volume_init(&v, "all", VOLUME_BLOCKS);
    put_blocks(k, &v, 0, 9);
    k->abandon(k);
    k->free(k);
    assert_int_equal(truncate(scratch_path("cut.dd"), 9 * BLOCK_SIZE - 1),
                     0);
    assert_null(raw_sink_resume(&c, &cp, &e));
    assert_int_equal(e.kind, ERR_VERIFY);
    unlink(scratch_path("cut.dd"));
    assert_null(raw_sink_resume(&c, &cp, &e));
    assert_int_equal(e.kind, ERR_VERIFY);
    assert_false(access(scratch_path("cut.dd"), F_OK) == 0);
}

/* Where the file system cannot share, the blocks are written; and they are
 * written where the earlier file is not what it was. */
static void an_earlier_image_can_share_its_blocks(void **state)
{
    struct image_config one = config("one", 0);
    struct image_config two = config("two", 0);
    struct err e = ERR_INIT;
    struct volume v;
    FILE *f;

    (void)state;
    volume_init(&v, "mixed", VOLUME_BLOCKS);
    write_volume(&v, &one);
    f = fopen(scratch_path("one.dd"), "r+");
    assert_non_null(f);
    for (uint64_t i = 0; i < VOLUME_BLOCKS; i++)
        if (i % 3 == 0 && v.kind(i, VOLUME_BLOCKS) == DATA) {
            fseek(f, (long)(i * BLOCK_SIZE + 5000), SEEK_SET);
            fputc('?', f);
        }
    fclose(f);
    two.share = raw_share_new(scratch_path("one.dd"), &e);
    assert_non_null(two.share);
    v.age = 1;
    write_volume(&v, &two);
    same_bytes(&v, "two.dd", 0, VOLUME_SIZE);
    assert_true(raw_share_refusal(two.share)
                || raw_share_count(two.share) > 0);
    raw_share_free(two.share);
    unlink(scratch_path("one.dd"));
    unlink(scratch_path("two.dd"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_image_is_gone_on_with_at_any_block),
        cmocka_unit_test(an_image_that_was_cut_is_not_gone_on_with),
        cmocka_unit_test(every_arrangement_is_written_as_it_is),
        cmocka_unit_test(pieces_of_any_size_hold_the_volume_in_order),
        cmocka_unit_test(zeros_take_no_room),
        cmocka_unit_test(an_existing_file_is_left_alone),
        cmocka_unit_test(sizes_that_cannot_be_are_refused_with_a_remedy),
        cmocka_unit_test(an_image_that_was_cut_short_is_not_finished),
        cmocka_unit_test(a_file_that_lost_its_end_is_not_finished),
        cmocka_unit_test(a_file_that_would_be_too_large_is_told_at_once),
        cmocka_unit_test(an_earlier_image_can_share_its_blocks),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
