/* SPDX-License-Identifier: Apache-2.0 */
/* An E01 that a run has left behind at any moment is gone on with, and is
 * then the image that one undisturbed run makes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/number.h"
#include "base/scope.h"
#include "image/ewf-chunks.h"
#include "image/ewf-cut.h"
#include "image/ewf-resume.h"
#include "image/ewf-section.h"
#include "image/ewf-segments.h"
#include "image/ewf.h"
#include "image/reader.h"
#include "scratch.h"
#include "volume.h"

#define BLOCKS 32
#define SIZE (BLOCKS * (uint64_t)BLOCK_SIZE)

static struct volume volume;

static void must(int r, const struct err *e)
{
    if (r < 0)
        fail_msg("%s", e->msg);
}

static struct image_config config(void)
{
    static char base[600], chunks[600];

    snprintf(base, sizeof(base), "%s", scratch_path("x"));
    snprintf(chunks, sizeof(chunks), "%s", scratch_path("x.chunks"));
    return (struct image_config){
        .base = base,
        .chunks = chunks,
        .volume_size = SIZE,
        .segment_size = 2 * MIB,
        .level = DEFLATE_FAST,
    };
}

static void remove_all(void)
{
    struct dirent *entry;
    DIR *d = opendir(scratch_folder);

    while ((entry = readdir(d)))
        if (entry->d_name[0] == 'x')
            unlink(scratch_path(entry->d_name));
    closedir(d);
}

/* ------------------------------------------------------------- the writing */

static unsigned char raw[BLOCK_SIZE];
static unsigned char packed[4 * BLOCK_SIZE] __attribute__((aligned(64)));

static int put_block(struct sink *k, uint64_t i, struct err *e)
{
    enum kind kind = volume.kind(i, BLOCKS);
    struct slot s = { .offset = i * BLOCK_SIZE, .len = BLOCK_SIZE,
                      .raw = raw };

    if (kind == HOLE)
        return k->hole(k, s.offset, BLOCK_SIZE, e);
    volume_fill(&volume, i, raw);
    s.zero = kind != DATA;
    s.unreadable = kind == UNREADABLE;
    if (k->pack && !s.zero && k->pack(k, &s, packed, e) < 0)
        return -1;
    return k->append(k, &s, packed, e);
}

static void put(struct sink *k, uint64_t from, uint64_t to)
{
    struct err e = ERR_INIT;

    for (uint64_t i = from; i < to; i++)
        must(put_block(k, i, &e), &e);
}

static struct checkpoint checkpoint(struct sink *k, uint64_t blocks)
{
    struct checkpoint c = { .offset = blocks * BLOCK_SIZE };
    struct err e = ERR_INIT;

    must(k->checkpoint(k, &c, &e), &e);
    return c;
}

static void leave(struct sink *k)
{
    k->abandon(k);
    k->free(k);
}

static struct sink *begin(const struct image_config *c)
{
    struct err e = ERR_INIT;
    struct sink *k;

    remove_all();
    k = ewf_sink_new(c, &e);
    must(k ? 0 : -1, &e);
    return k;
}

static struct sink *resume(const struct image_config *c,
                           const struct checkpoint *at)
{
    struct err e = ERR_INIT;
    struct sink *k = ewf_sink_resume(c, at, &e);

    must(k ? 0 : -1, &e);
    for (uint64_t i = 0; i < at->offset / BLOCK_SIZE; i++)
        if (volume.kind(i, BLOCKS) == UNREADABLE)
            must(k->tell_unreadable(k, i * BLOCK_SIZE, &e), &e);
    return k;
}

/* ------------------------------------------------------------- the judging */

static void finish(struct sink *k)
{
    struct hashes h = { .have = HASH_BIT(HASH_MD5) };
    struct err e = ERR_INIT;

    volume_md5(&volume, h.value[HASH_MD5]);
    must(k->finish(k, &h, &e), &e);
    k->free(k);
}

/* MD5 of an image's media. */
static struct hashes read_media(struct image *image)
{
    struct err e = ERR_INIT;
    struct hashes h;
    struct pipeline p = { .hashes = HASH_BIT(HASH_MD5), .workers = 1,
                          .slots = 4 };

    p.source = image_reader_new(&(struct image_reader_config){
        .image = image, .slots = 4 }, &e);
    must(p.source ? 0 : -1, &e);
    must(pipeline_run(&p, &h, &e), &e);
    image_reader_free(p.source);
    image_close(image);
    return h;
}

/* ... must be the volume's. */
static void check_media(void)
{
    struct err e = ERR_INIT;
    struct image image;
    unsigned char want[HASH_MAX];
    struct hashes h;

    must(image_open(scratch_path("x.E01"), &image, &e), &e);
    assert_int_equal(image.size, SIZE);
    h = read_media(&image);
    volume_md5(&volume, want);
    assert_memory_equal(h.value[HASH_MD5], want, 16);
}

/* The image that is gone on with reads back up to there. */
static void check_part(uint64_t blocks)
{
    struct volume part = volume;
    struct err e = ERR_INIT;
    struct image image;
    unsigned char want[HASH_MAX];
    struct hashes h;

    must(image_open_partial(scratch_path("x.E01"), blocks * BLOCK_SIZE,
                            &image, &e), &e);
    h = read_media(&image);
    part.blocks = blocks;
    volume_md5(&part, want);
    assert_memory_equal(h.value[HASH_MD5], want, 16);
}

static void check_segments(const struct image_config *c)
{
    struct dirent *entry;
    DIR *d = opendir(scratch_folder);
    struct stat st;

    while ((entry = readdir(d))) {
        if (strncmp(entry->d_name, "x.E", 3) != 0)
            continue;
        assert_int_equal(stat(scratch_path(entry->d_name), &st), 0);
        assert_true((uint64_t)st.st_size <= c->segment_size);
    }
    closedir(d);
}

static void complete(struct sink *k, const struct image_config *c,
                     uint64_t from)
{
    put(k, from, BLOCKS);
    finish(k);
    check_media();
    check_segments(c);
}

/* ---------------------------------------------------------------- stories */

static void story(const struct image_config *c, uint64_t at, uint64_t died)
{
    struct sink *k = begin(c);
    struct checkpoint cp;

    put(k, 0, at);
    cp = checkpoint(k, at);
    put(k, at, died);
    leave(k);
    complete(resume(c, &cp), c, at);
}

static void every_block_can_be_gone_on_from(void **state)
{
    struct image_config c = config();

    (void)state;
    volume_init(&volume, "all", BLOCKS);
    for (uint64_t at = 1; at < BLOCKS; at += 3)
        story(&c, at, at + at % 7 < BLOCKS ? at + at % 7 : BLOCKS);
}

static void what_is_there_can_be_read_back(void **state)
{
    struct image_config c = config();
    struct sink *k = begin(&c);
    struct checkpoint cp;

    (void)state;
    volume_init(&volume, "all", BLOCKS);
    put(k, 0, 17);
    cp = checkpoint(k, 17);
    put(k, 17, 20);
    leave(k);
    k = resume(&c, &cp);
    check_part(17);
    complete(k, &c, 17);
}

/* Of a segment that libewf has closed nothing is written anew: the tables
 * that would be are byte for byte those that it wrote. */
static void closed_segments_are_left_alone(void **state)
{
    struct image_config c = config();
    struct sink *k = begin(&c);
    struct checkpoint cp;
    char *before, *after;
    size_t n, m;

    (void)state;
    volume_init(&volume, "all", BLOCKS);
    put(k, 0, 20);
    cp = checkpoint(k, 20);
    leave(k);
    assert_true(ewf_segment_exists(c.base, 2));
    before = scratch_read("x.E01", &n);
    leave(resume(&c, &cp));
    after = scratch_read("x.E01", &m);
    assert_int_equal(n, m);
    assert_memory_equal(before, after, n);
    free(before);
    free(after);
}

/* The last bytes of the last segment, whatever became of them. */
static void rubbish_behind_the_checkpoint_does_no_harm(void **state)
{
    static const size_t lengths[] = { 0, 1, 75, 76, 77, 200, 5000 };
    struct image_config c = config();

    (void)state;
    volume_init(&volume, "all", BLOCKS);
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct sink *k = begin(&c);
        struct checkpoint cp;
        char name[16];
        unsigned last = 1;
        size_t n;
        char *whole;

        put(k, 0, 9);
        cp = checkpoint(k, 9);
        leave(k);
        while (ewf_segment_exists(c.base, last + 1))
            last++;
        snprintf(name, sizeof(name), "x.E%02u", last);
        whole = scratch_read(name, &n);
        whole = realloc(whole, n + lengths[i]);
        memset(whole + n, 's', lengths[i]);
        scratch_write(name, whole, n + lengths[i]);
        free(whole);
        complete(resume(&c, &cp), &c, 9);
    }
}

/* A stored chunk that looks like the table of an unfinished section, as
 * somebody may write to a disk who knows how images are made. */
static void chunks_that_look_like_tables_are_not_believed(void **state)
{
    struct image_config c = config();
    uint32_t lie[3] = { 64 * KIB + 4, 64 * KIB + 4, 64 * KIB + 4 };
    struct slot s = { .len = BLOCK_SIZE, .raw = raw };
    struct err e = ERR_INIT;
    struct checkpoint cp;
    struct sink *k;
    uint64_t sectors;
    struct ewf_section section = { .end = 0 };
    size_t n;
    char *first;

    (void)state;
    volume_init(&volume, "all", BLOCKS);
    c.level = DEFLATE_NONE;
    c.segment_size = 1500 * MIB;
    k = begin(&c);
    put(k, 0, 1);
    leave(k);
    first = scratch_read("x.E01", &n);
    for (sectors = EWF_FILE_HEAD; strcmp(section.type, "sectors") != 0;
         sectors = section.end)
        must(ewf_section_decode((unsigned char *)first + sectors, sectors, n,
                                &section), &e);
    sectors = section.start;
    free(first);
    k = begin(&c);
    fill_noise(raw, BLOCK_SIZE, 1);
    ewf_section_encode(raw, "table", sectors + EWF_SECTION_HEAD,
                       ewf_table_size(3));
    ewf_table_encode(raw + EWF_SECTION_HEAD, lie, 3, sectors);
    ewf_section_encode(raw + EWF_SECTION_HEAD + ewf_table_size(3), "table2",
                       sectors + 2 * EWF_SECTION_HEAD + ewf_table_size(3),
                       ewf_table_size(3));
    must(k->pack(k, &s, packed, &e), &e);
    must(k->append(k, &s, packed, &e), &e);
    put(k, 1, 5);
    cp = checkpoint(k, 5);
    leave(k);
    k = resume(&c, &cp);
    put(k, 5, BLOCKS);
    finish(k);
    assert_false(ewf_segment_exists(c.base, 3));
}

static void a_set_that_lost_something_is_refused(void **state)
{
    struct image_config c = config();
    struct checkpoint cp;
    struct sink *k;

    (void)state;
    volume_init(&volume, "all", BLOCKS);
    for (int i = 0; i < 4; i++) {
        struct err e = ERR_INIT;
        struct stat st;

        k = begin(&c);
        put(k, 0, 20);
        cp = checkpoint(k, 20);
        leave(k);
        assert_int_equal(stat(scratch_path("x.E02"), &st), 0);
        if (i == 0)
            unlink(scratch_path("x.E01"));
        else if (i == 1)
            assert_int_equal(truncate(scratch_path("x.E02"),
                                      st.st_size / 2), 0);
        else if (i == 2)
            assert_int_equal(truncate(scratch_path("x.chunks"), 40), 0);
        else
            cp.chunks[3] ^= 1;
        assert_null(ewf_sink_resume(&c, &cp, &e));
        assert_int_equal(e.kind, ERR_VERIFY);
    }
}

/* Ready to be gone on with behind `blocks' blocks; which segment is next. */
static unsigned cut(const struct image_config *c, const struct checkpoint *cp,
                    uint64_t blocks)
{
    uint64_t chunks = blocks * BLOCK_SIZE / c->chunk_size;
    struct err e = ERR_INIT;
    struct ewf_chunks *list = ewf_chunks_resume(c->chunks, chunks,
                                                cp->chunks, &e);
    unsigned segment;

    must(list ? 0 : -1, &e);
    must(ewf_cut(c->base, list, chunks, &segment, &e), &e);
    ewf_chunks_free(list);
    return segment;
}

static void put_number(char *at, int bytes, uint64_t v)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (char)(v >> (8 * i));
}

/* libewf would allocate for as many chunks as the volume section says. */
static void a_set_that_claims_another_volume_is_refused(void **state)
{
    static const struct { int at; uint64_t value; } rows[] = {
        { 4, 1 << 26 },                   /* chunks */
        { 16, 1ull << 40 },               /* sectors */
    };
    struct image_config c = config();
    struct err e;

    (void)state;
    volume_init(&volume, "all", BLOCKS);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sink *k = begin(&c);
        struct checkpoint cp;
        size_t n;

        put(k, 0, 9);
        cp = checkpoint(k, 9);
        leave(k);
        autofree char *file = scratch_read("x.E01", &n);
        char *v = memmem(file, n, "volume\0\0", 8);

        assert_non_null(v);
        v += EWF_SECTION_HEAD;
        put_number(v + rows[i].at, 4 + 4 * (rows[i].at == 16),
                   rows[i].value);
        put_number(v + 1048, 4, adler32_of(v, 1048));
        scratch_write("x.E01", file, n);
        memset(&e, 0, sizeof(e));
        assert_null(ewf_sink_resume(&c, &cp, &e));
        assert_int_equal(e.kind, ERR_VERIFY);
        assert_non_null(strstr(e.msg, "its section volume claims"));
    }
}

/* Where libewf would go on is compared with where we know to be. */
static void libewf_is_not_believed_where_it_is(void **state)
{
    static const struct { int blocks; uint32_t chunk; int at; int result; }
    rows[] = {
        { BLOCKS, 128 * KIB, 8, -1 },      { BLOCKS, 128 * KIB, 10, -1 },
        { BLOCKS + 1, 128 * KIB, 9, -1 },  { BLOCKS, 64 * KIB, 9, -1 },
        { BLOCKS, 128 * KIB, 9, 0 },
    };
    struct image_config c = config();
    struct checkpoint cp;
    struct sink *k;

    (void)state;
    c.chunk_size = 128 * KIB;
    volume_init(&volume, "all", BLOCKS);
    k = begin(&c);
    put(k, 0, 9);
    cp = checkpoint(k, 9);
    leave(k);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        unsigned segment = cut(&c, &cp, 9);
        struct image_config other = c;
        libewf_handle_t *handle;
        struct err e = ERR_INIT;

        other.volume_size = rows[i].blocks * (uint64_t)BLOCK_SIZE;
        other.chunk_size = rows[i].chunk;
        if (ewf_resume(&handle, &other, segment,
                       rows[i].at * (uint64_t)BLOCK_SIZE, &e)
            != rows[i].result)
            fail_msg("row %zu: %s", i, e.msg);
        libewf_handle_close(handle, NULL);
        libewf_handle_free(&handle, NULL);
    }
}

/* With the right chunks in it, but of another place by its own words. */
static void a_segment_under_a_wrong_number_is_refused(void **state)
{
    struct image_config c = config();
    struct err e = ERR_INIT;
    struct checkpoint cp;
    struct sink *k = begin(&c);
    char *second, *after;
    size_t n, m;

    (void)state;
    volume_init(&volume, "all", BLOCKS);
    put(k, 0, 24);
    cp = checkpoint(k, 24);
    leave(k);
    assert_true(ewf_segment_exists(c.base, 3));
    second = scratch_read("x.E02", &n);
    assert_int_equal(second[9], 2);
    second[9] = 3;
    scratch_write("x.E02", second, n);
    assert_null(ewf_sink_resume(&c, &cp, &e));
    assert_int_equal(e.kind, ERR_VERIFY);
    assert_non_null(strstr(e.msg, "x.E02 has not the chunks"));
    after = scratch_read("x.E02", &m); /* it is left alone */
    assert_int_equal(n, m);
    assert_memory_equal(after, second, n);
    assert_true(ewf_segment_exists(c.base, 3));
    free(second);
    free(after);
}

/* A closed segment with the right length and another table: the list counts,
 * and by the list there is too little in it. */
static void tables_that_the_list_does_not_know_are_not_believed(void **state)
{
    static const char *const types[] = { "table\0\0", "table2\0" };
    struct image_config c = config();
    struct checkpoint cp;
    struct sink *k;

    (void)state;
    c.chunk_size = 128 * KIB;
    volume_init(&volume, "all", BLOCKS);
    for (size_t i = 0; i < 2; i++) {
        struct err e = ERR_INIT;
        char *first, *table;
        size_t n;

        k = begin(&c);
        put(k, 0, 24);
        cp = checkpoint(k, 24);
        leave(k);
        assert_true(cut(&c, &cp, 24) > 3);
        first = scratch_read("x.E01", &n);
        table = memmem(first, n, types[i], 7);
        assert_non_null(table);
        table[EWF_SECTION_HEAD + EWF_TABLE_HEAD] ^= 1;
        scratch_write("x.E01", first, n);
        free(first);
        assert_null(ewf_sink_resume(&c, &cp, &e));
        assert_int_equal(e.kind, ERR_VERIFY);
        assert_non_null(strstr(e.msg, "x.E01 has not the chunks"));
    }
}

static void every_chunk_size_and_arrangement(void **state)
{
    static const struct { const char *name; uint32_t chunk; uint64_t seg; }
    cases[] = {
        { "mixed", 32 * KIB, 2 * MIB },
        { "all", 512 * KIB, 3 * MIB + 12345 },
        { "all", 64 * KIB, 1500 * MIB },
        { "unreadable", 128 * KIB, 4 * MIB },
        { "none", 32 * KIB, 2 * MIB },
        { "all", MIB, 4 * MIB },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct image_config c = config();

        c.chunk_size = cases[i].chunk;
        c.segment_size = cases[i].seg;
        volume_init(&volume, cases[i].name, BLOCKS);
        story(&c, 6, 9);
        story(&c, 20, 32);
    }
}

static void again_and_again(void **state)
{
    static const uint64_t stops[] = { 3, 3, 4, 11, 11, 11, 20, 31 };
    struct image_config c = config();
    struct sink *k = begin(&c);
    struct checkpoint cp;
    uint64_t at = 1;

    (void)state;
    volume_init(&volume, "all", BLOCKS);
    put(k, 0, at);
    cp = checkpoint(k, at);
    leave(k);
    for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
        k = resume(&c, &cp);
        put(k, at, stops[i]);
        at = stops[i];
        cp = checkpoint(k, at);
        put(k, at, at + 1);
        leave(k);
    }
    complete(resume(&c, &cp), &c, at);
}

static void an_earlier_checkpoint_is_as_good(void **state)
{
    struct image_config c = config();
    struct checkpoint cp[BLOCKS];
    struct sink *k = begin(&c);

    (void)state;
    volume_init(&volume, "all", BLOCKS);
    for (uint64_t i = 1; i < BLOCKS; i++) {
        put(k, i - 1, i);
        cp[i] = checkpoint(k, i);
    }
    leave(k);
    for (int i = BLOCKS - 1; i > 0; i -= 5)
        leave(resume(&c, &cp[i]));
    complete(resume(&c, &cp[1]), &c, 1);
}

static void unreadable_blocks_are_listed_as_ever(void **state)
{
    struct image_config c = config();
    struct image_info i;
    struct err e = ERR_INIT;

    (void)state;
    volume_init(&volume, "unreadable", BLOCKS);
    story(&c, 19, 25);
    must(ewf_info_read(scratch_path("x.E01"), &i, &e), &e);
    assert_int_equal(i.nerrors, 3);
    assert_int_equal(i.errors[1].first, 18 * 1024);
    assert_int_equal(i.errors[1].count, 2 * 1024);
    image_info_free(&i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_block_can_be_gone_on_from),
        cmocka_unit_test(what_is_there_can_be_read_back),
        cmocka_unit_test(closed_segments_are_left_alone),
        cmocka_unit_test(rubbish_behind_the_checkpoint_does_no_harm),
        cmocka_unit_test(chunks_that_look_like_tables_are_not_believed),
        cmocka_unit_test(a_set_that_lost_something_is_refused),
        cmocka_unit_test(a_set_that_claims_another_volume_is_refused),
        cmocka_unit_test(libewf_is_not_believed_where_it_is),
        cmocka_unit_test(a_segment_under_a_wrong_number_is_refused),
        cmocka_unit_test(tables_that_the_list_does_not_know_are_not_believed),
        cmocka_unit_test(every_chunk_size_and_arrangement),
        cmocka_unit_test(again_and_again),
        cmocka_unit_test(an_earlier_checkpoint_is_as_good),
        cmocka_unit_test(unreadable_blocks_are_listed_as_ever),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
