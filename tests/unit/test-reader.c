/* SPDX-License-Identifier: Apache-2.0 */
/* Reading images back: what the sinks wrote comes out again, what other
 * writers made is understood, and nothing that is damaged or missing passes
 * for good. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <libewf.h>
#include <zlib.h>

#include "base/number.h"
#include "base/scope.h"
#include "image/deflate.h"
#include "image/ewf-tables.h"
#include "image/ewf.h"
#include "image/raw.h"
#include "image/reader.h"
#include "odd-stream.h"
#include "scratch.h"
#include "volume.h"

#define VOLUME_BLOCKS 24
#define VOLUME_SIZE (VOLUME_BLOCKS * (uint64_t)BLOCK_SIZE)

/* ---------------------------------------------------------------- writing */

static void write_with(struct sink *k, struct volume *v)
{
    struct hashes h;
    struct err e = ERR_INIT;

    assert_non_null(k);
    assert_int_equal(volume_write(v, k, &h, &e), 0);
    assert_int_equal(k->finish(k, &h, &e), 0);
    k->free(k);
}

static void write_e01(struct volume *v, const char *name, uint32_t chunk,
                      enum deflate_level level, uint64_t segment)
{
    struct err e = ERR_INIT;
    struct image_config c = {
        .base = scratch_path(name),
        .volume_size = v->blocks * BLOCK_SIZE,
        .segment_size = segment,
        .chunk_size = chunk,
        .level = level,
    };

    write_with(ewf_sink_new(&c, &e), v);
}

static void write_raw(struct volume *v, const char *name, uint64_t piece)
{
    struct err e = ERR_INIT;
    struct image_config c = {
        .base = scratch_path(name),
        .volume_size = v->blocks * BLOCK_SIZE,
        .segment_size = piece,
    };

    write_with(raw_sink_new(&c, &e), v);
}

static void remove_all(const char *prefix)
{
    DIR *d = opendir(scratch_folder);
    struct dirent *entry;

    while ((entry = readdir(d)))
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
            unlink(scratch_path(entry->d_name));
    closedir(d);
}

/* ---------------------------------------------------------------- reading */

struct seen {
    struct sink sink;         /* counts what passes */
    uint64_t blocks;
    uint64_t unreadable;
    uint64_t gaps;            /* bytes */
    unsigned damages;         /* what the survey was told */
    uint64_t first, last;
    struct hashes hashes;
};

static int count_block(struct sink *k, const struct slot *s,
                       const void *packed, struct err *e)
{
    struct seen *seen = (struct seen *)k;

    (void)packed;
    (void)e;
    seen->blocks++;
    seen->unreadable += s->unreadable;
    return 0;
}

static int count_hole(struct sink *k, uint64_t offset, uint64_t len,
                      struct err *e)
{
    (void)offset;
    (void)e;
    ((struct seen *)k)->gaps += len;
    return 0;
}

static void count_damage(void *ctx, uint64_t offset, uint64_t len)
{
    struct seen *seen = ctx;

    if (seen->damages++ == 0 || offset < seen->first)
        seen->first = offset;
    if (offset + len > seen->last)
        seen->last = offset + len;
}

static int run(const struct image *image, struct seen *seen, bool survey,
               struct err *e)
{
    struct image_reader_config c = {
        .image = image,
        .slots = 8,
        .damaged = survey ? count_damage : NULL,
        .damaged_ctx = seen,
    };
    struct sink *sink = &seen->sink;
    struct pipeline p = {
        .source = image_reader_new(&c, e),
        .sinks = &sink,
        .nsinks = 1,
        .hashes = HASH_BIT(HASH_MD5),
        .workers = 2,
        .slots = 8,
    };
    int r = p.source ? pipeline_run(&p, &seen->hashes, e) : -1;

    image_reader_free(p.source);
    return r;
}

static int read_image(const char *name, struct seen *seen, bool survey,
                      struct err *e)
{
    struct image image;
    int r;

    memset(seen, 0, sizeof(*seen));
    seen->sink = (struct sink){
        .name = "counter",
        .append = count_block,
        .hole = count_hole,
    };
    if (image_open(scratch_path(name), &image, e) < 0)
        return -1;
    r = run(&image, seen, survey, e);
    image_close(&image);
    return r;
}

static void must_be(const char *name, const unsigned char md5[16])
{
    struct err e = ERR_INIT;
    struct seen seen;
    int r = read_image(name, &seen, false, &e);

    if (r < 0)
        print_message("%s\n", e.msg);
    assert_int_equal(r, 0);
    assert_memory_equal(seen.hashes.value[HASH_MD5], md5, 16);
}

static void must_be_volume(const char *name, const struct volume *v)
{
    unsigned char md5[HASH_MAX];

    volume_md5(v, md5);
    must_be(name, md5);
}

/* ----------------------------------------------------------- round trips */

static void every_e01_comes_back(void **state)
{
    static const uint32_t chunks[] = { 32 * KIB, 128 * KIB, 512 * KIB,
                                       1024 * KIB };

    (void)state;
    for (size_t a = 0; a < ARRANGEMENTS; a++) {
        for (int i = 0; i < 4; i++) {
            enum deflate_level level = i % 2 ? DEFLATE_NONE : DEFLATE_FAST;
            struct volume v;

            if (arrangements[a].kind == one_in_the_middle)
                level = DEFLATE_BEST; /* slow: once is enough */
            volume_init(&v, arrangements[a].name, VOLUME_BLOCKS);
            write_e01(&v, "trip", chunks[i], level, 3 * MIB);
            must_be_volume("trip.E01", &v);
            remove_all("trip");
        }
    }
}

static void every_raw_image_comes_back(void **state)
{
    static const uint64_t pieces[] = { 0, BLOCK_SIZE, 1000 * KIB + 512,
                                       VOLUME_SIZE };

    (void)state;
    for (size_t a = 0; a < ARRANGEMENTS; a++) {
        for (int i = 0; i < 4; i++) {
            struct volume v;

            volume_init(&v, arrangements[a].name, VOLUME_BLOCKS);
            write_raw(&v, "trip", pieces[i]);
            must_be_volume(pieces[i] ? "trip.001" : "trip.dd", &v);
            remove_all("trip");
        }
    }
}

static void zeros_of_an_e01_become_gaps_once_known(void **state)
{
    struct volume v;
    struct seen seen;
    struct err e = ERR_INIT;

    (void)state;
    volume_init(&v, "none", 200);
    write_e01(&v, "gaps", 128 * KIB, DEFLATE_FAST, 0);
    assert_int_equal(read_image("gaps.E01", &seen, false, &e), 0);
    assert_int_equal(seen.gaps + seen.blocks * BLOCK_SIZE,
                     200 * (uint64_t)BLOCK_SIZE);
    assert_true(seen.blocks >= 1);  /* at least one was inflated */
    assert_true(seen.blocks <= 16);
}

static void holes_of_a_raw_image_become_gaps(void **state)
{
    struct volume v;
    struct seen seen;
    struct err e = ERR_INIT;

    (void)state;
    volume_init(&v, "one", VOLUME_BLOCKS);
    write_raw(&v, "holes", 3 * MIB);
    assert_int_equal(read_image("holes.001", &seen, false, &e), 0);
    assert_int_equal(seen.blocks, 1);
    assert_int_equal(seen.gaps, VOLUME_SIZE - BLOCK_SIZE);
}

/* ------------------------------------------------------- other's images */

static void md5_of(const void *data, size_t n, unsigned char md5[HASH_MAX])
{
    struct err e = ERR_INIT;
    struct hash *h = hash_new(HASH_MD5, &e);

    hash_add(h, data, n);
    hash_end(h, md5);
    hash_free(h);
}

static void raw_of_any_length_ends_in_a_short_block(void **state)
{
    static const size_t lengths[] = { 1, 511, 512, BLOCK_SIZE - 1,
                                      BLOCK_SIZE, BLOCK_SIZE + 1,
                                      3 * BLOCK_SIZE + 700 };
    autofree unsigned char *data = malloc(4 * (size_t)BLOCK_SIZE);

    (void)state;
    fill_noise(data, 4 * (size_t)BLOCK_SIZE, 5);
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        unsigned char md5[HASH_MAX];

        md5_of(data, lengths[i], md5);
        scratch_write("odd.bin", data, lengths[i]);
        must_be("odd.bin", md5);
        unlink(scratch_path("odd.bin"));
    }
}

/* libewf's own writer. */
static libewf_handle_t *begin_foreign(const char *name, uint32_t sectors,
                                      size_t n)
{
    libewf_handle_t *h = NULL;
    char base[600];
    char *names[] = { base };

    snprintf(base, sizeof(base), "%s", scratch_path(name));
    assert_int_equal(libewf_handle_initialize(&h, NULL), 1);
    assert_int_equal(libewf_handle_open(h, names, 1, LIBEWF_OPEN_WRITE,
                                        NULL), 1);
    assert_int_equal(libewf_handle_set_sectors_per_chunk(h, sectors, NULL),
                     1);
    assert_int_equal(libewf_handle_set_media_size(h, n, NULL), 1);
    return h;
}

static void end_foreign(libewf_handle_t *h)
{
    assert_true(libewf_handle_write_finalize(h, NULL) >= 0);
    libewf_handle_close(h, NULL);
    libewf_handle_free(&h, NULL);
}

/* Whole and by itself. */
static void write_foreign(const char *name, uint8_t format,
                          uint32_t sectors, int8_t level,
                          const unsigned char *data, size_t n)
{
    libewf_handle_t *h = begin_foreign(name, sectors, n);

    assert_int_equal(libewf_handle_set_format(h, format, NULL), 1);
    assert_int_equal(libewf_handle_set_compression_values(h, level, 0, NULL),
                     1);
    while (n) {
        size_t part = n < 1 << 20 ? n : 1 << 20;

        assert_int_equal(libewf_handle_write_buffer(h, data, part, NULL),
                         part);
        data += part;
        n -= part;
    }
    end_foreign(h);
}

/* An image of one chunk, deflated already. */
static void write_deflated(const char *name, size_t n, unsigned char *packed,
                           size_t len)
{
    libewf_handle_t *h = begin_foreign(name, (uint32_t)(n / 512), n);
    unsigned char none[4] = { 0 };

    assert_int_equal(libewf_handle_write_chunk(h, packed, len, n, 1, none, 0,
                                               0, NULL), len);
    end_foreign(h);
}

/* Unless the caller reads laxly. */
static void a_chunk_that_other_tools_cannot_read_is_damaged(void **state)
{
    autofree unsigned char *packed = malloc(32 * KIB);
    autofree unsigned char *zeros = calloc(1, 32 * KIB);
    uLongf room = 32 * KIB;
    unsigned char md5[HASH_MAX];

    (void)state;
    md5_of(zeros, 8 * KIB, md5);
    compress(packed, &room, zeros, 8 * KIB);
    write_deflated("fine", 8 * KIB, packed, room);
    must_be("fine.E01", md5);
    for (size_t i = 0; i < ODD_STREAMS; i++) {
        struct err e = ERR_INIT;
        struct seen seen;

        write_deflated("odd", 8 * KIB, packed,
                       odd_streams[i](packed, 8 * KIB));
        assert_int_equal(read_image("odd.E01", &seen, false, &e), -1);
        assert_int_equal(e.kind, ERR_VERIFY);
        assert_non_null(strstr(e.msg, "inflated"));
        remove_all("odd");
    }
}

/* A block of nothing but one byte may deflate to as many bytes as zeros. */
static void only_zeros_are_taken_for_zeros(void **state)
{
    enum { FIRST = 24, BLOCKS = 56 }; /* first, zeros are learned */
    size_t n = BLOCKS * (size_t)BLOCK_SIZE;
    autofree unsigned char *data = calloc(1, n);
    unsigned char md5[HASH_MAX];

    (void)state;
    for (int i = FIRST; i < BLOCKS; i++)
        memset(data + i * (size_t)BLOCK_SIZE, 7 * i, BLOCK_SIZE);
    md5_of(data, n, md5);
    write_foreign("alike", LIBEWF_FORMAT_ENCASE6, 64,
                  LIBEWF_COMPRESSION_FAST, data, n);
    must_be("alike.E01", md5);
    remove_all("alike");
}

/* Nor when it is written. */
static void a_chunk_of_one_byte_comes_back(void **state)
{
    static unsigned char packed[2 * BLOCK_SIZE] __attribute__((aligned(64)));
    struct image_config c = {
        .base = scratch_path("same"), .volume_size = 2 * BLOCK_SIZE,
        .chunk_size = 32 * KIB, .level = DEFLATE_FAST,
    };
    autofree unsigned char *data = calloc(2, BLOCK_SIZE);
    struct slot s = { .len = BLOCK_SIZE, .raw = data };
    struct hashes none = { 0 };
    unsigned char md5[HASH_MAX];
    struct err e = ERR_INIT;
    struct sink *k = ewf_sink_new(&c, &e);

    (void)state;
    memset(data, 0x55, BLOCK_SIZE);
    assert_non_null(k);
    assert_true(k->pack_room <= sizeof(packed));
    assert_int_equal(k->pack(k, &s, packed, &e), 0);
    assert_int_equal(k->append(k, &s, packed, &e), 0);
    assert_int_equal(k->hole(k, BLOCK_SIZE, BLOCK_SIZE, &e), 0);
    assert_int_equal(k->finish(k, &none, &e), 0);
    k->free(k);
    md5_of(data, 2 * (size_t)BLOCK_SIZE, md5);
    must_be("same.E01", md5);
    remove_all("same");
}

static void images_of_other_writers_are_read(void **state)
{
    static const struct {
        uint8_t format;
        uint32_t sectors;
        int8_t level;
    } cases[] = {
        { LIBEWF_FORMAT_ENCASE5, 64, LIBEWF_COMPRESSION_BEST },
        { LIBEWF_FORMAT_ENCASE6, 64, LIBEWF_COMPRESSION_NONE },
        { LIBEWF_FORMAT_ENCASE6, 7, LIBEWF_COMPRESSION_FAST },
        { LIBEWF_FORMAT_ENCASE6, 4096, LIBEWF_COMPRESSION_FAST },
        { LIBEWF_FORMAT_ENCASE6, 1, LIBEWF_COMPRESSION_FAST },
        { LIBEWF_FORMAT_FTK_IMAGER, 64, LIBEWF_COMPRESSION_FAST },
        { LIBEWF_FORMAT_ENCASE6, 1500, LIBEWF_COMPRESSION_NONE },
    };
    size_t n = 5 * (size_t)BLOCK_SIZE + 7 * 512;
    autofree unsigned char *data = calloc(1, n);
    unsigned char md5[HASH_MAX];

    (void)state;
    fill_words(data, BLOCK_SIZE, 1);
    fill_noise(data + 2 * (size_t)BLOCK_SIZE, 300000, 2);
    fill_words(data + n - 200000, 200000, 3);
    md5_of(data, n, md5);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        write_foreign("foreign", cases[i].format, cases[i].sectors,
                      cases[i].level, data, n);
        must_be("foreign.E01", md5);
        remove_all("foreign");
    }
}

static void other_kinds_are_refused_by_name(void **state)
{
    static const struct {
        char start[9];
        const char *what;
    } cases[] = {
        { "EVF2\r\n\x81", "Ex01" },
        { "LVF\x09\x0d\x0a\xff", "L01" },
        { "LEF2\r\n\x81", "Lx01" },
    };

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct image image;
        struct err e = ERR_INIT;

        scratch_write("kind.E01", cases[i].start, 8);
        assert_int_equal(image_open(scratch_path("kind.E01"), &image, &e),
                         -1);
        assert_int_equal(e.kind, ERR_USAGE);
        assert_non_null(strstr(e.msg, cases[i].what));
        unlink(scratch_path("kind.E01"));
    }
}

static void what_is_no_file_or_not_there_is_refused(void **state)
{
    static const char *const names[] = { "", "nothing.E01", "nothing.dd" };

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct image image;
        struct err e = ERR_INIT;

        assert_int_equal(image_open(scratch_path(names[i]), &image, &e), -1);
        assert_int_equal(e.kind, ERR_USAGE);
    }
}

static void a_later_segment_is_not_the_first(void **state)
{
    struct volume v;
    struct image image;
    struct err e = ERR_INIT;

    (void)state;
    volume_init(&v, "all", VOLUME_BLOCKS);
    write_e01(&v, "later", 128 * KIB, DEFLATE_FAST, 3 * MIB);
    assert_int_equal(image_open(scratch_path("later.E02"), &image, &e), -1);
    assert_int_equal(e.kind, ERR_USAGE);
    assert_non_null(strstr(e.msg, ".E01"));
}

/* ----------------------------------------------------------------- damage */

static void flip(const char *name, long offset)
{
    FILE *f = fopen(scratch_path(name), "r+");
    int c;

    assert_non_null(f);
    assert_int_equal(fseek(f, offset, SEEK_SET), 0);
    c = fgetc(f);
    assert_int_equal(fseek(f, offset, SEEK_SET), 0);
    assert_int_equal(fputc(c ^ 0x40, f), c ^ 0x40);
    assert_int_equal(fclose(f), 0);
}

static long length_of(const char *name)
{
    struct stat st;

    assert_int_equal(stat(scratch_path(name), &st), 0);
    return (long)st.st_size;
}

/* Everywhere in the file: heads, chunks, tables, digests.  Some bytes carry
 * nothing (the copy of a table); then the media must still be right. */
static void no_flipped_byte_gives_a_wrong_image(void **state)
{
    struct volume v;
    unsigned char md5[HASH_MAX];
    unsigned found = 0;
    unsigned tried = 0;
    long n;

    (void)state;
    volume_init(&v, "mixed", 8);
    volume_md5(&v, md5);
    write_e01(&v, "flip", 32 * KIB, DEFLATE_FAST, 0);
    n = length_of("flip.E01");
    for (long at = 0; at < n; at += at < 3000 || at > n - 3000 ? 11 : 9973) {
        struct err e = ERR_INIT;
        struct seen seen;

        flip("flip.E01", at);
        if (read_image("flip.E01", &seen, false, &e) == 0)
            assert_memory_equal(seen.hashes.value[HASH_MD5], md5, 16);
        else
            found++;
        tried++;
        flip("flip.E01", at);
    }
    assert_true(found > tried / 2);
}

/* ---------------------------------------------------------------- claims */

static void put(unsigned char *at, int bytes, uint64_t v)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (unsigned char)(v >> (8 * i));
}

/* Writes what is in the volume section, with its checksum. */
static void claim(const char *name, uint32_t chunks, uint32_t per_chunk,
                  uint64_t sectors)
{
    size_t n;
    autofree char *file = scratch_read(name, &n);
    unsigned char *v = memmem(file, n, "volume\0\0", 8);

    assert_non_null(v);
    v += 76;
    put(v + 4, 4, chunks);
    put(v + 8, 4, per_chunk);
    put(v + 16, 8, sectors);
    put(v + 1048, 4, adler32_of(v, 1048));
    scratch_write(name, file, n);
}

/* libewf believes it: gigabytes of memory, years of reading. */
static void a_set_that_claims_what_it_cannot_hold_is_damaged(void **state)
{
    static const struct {
        uint32_t chunks, per_chunk;
        uint64_t sectors;
    } rows[] = {
        { 120000000, 64, 120000000ull * 64 }, { 384, 64, UINT64_MAX },
        { UINT32_MAX, 64, 384 * 64 },         { 384, 1, 10000000 },
    };
    struct volume v;

    (void)state;
    volume_init(&v, "zeros", VOLUME_BLOCKS);
    write_e01(&v, "claim", 32 * KIB, DEFLATE_FAST, 0);
    claim("claim.E01", 384, 64, 384 * 64);
    must_be_volume("claim.E01", &v);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct image image;
        struct err e = ERR_INIT;

        claim("claim.E01", rows[i].chunks, rows[i].per_chunk,
              rows[i].sectors);
        assert_int_equal(image_open(scratch_path("claim.E01"), &image, &e),
                         -1);
        assert_int_equal(e.kind, ERR_VERIFY);
        assert_non_null(strstr(e.msg, "claims more media"));
        image_close(&image);
    }
    remove_all("claim");
}

/* libewf allocates as many bytes as lie between a section and the next. */
static void a_section_longer_than_its_file_is_damaged(void **state)
{
    static const struct { int at; uint64_t value; } rows[] = {
        { 16, 1ull << 40 }, { 24, 1ull << 40 },
    };
    struct volume v;

    (void)state;
    volume_init(&v, "zeros", VOLUME_BLOCKS);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct image image;
        struct err e = ERR_INIT;
        size_t n;

        write_e01(&v, "long", 32 * KIB, DEFLATE_FAST, 0);
        autofree char *file = scratch_read("long.E01", &n);
        unsigned char *header = memmem(file, n, "header\0\0", 8);

        assert_non_null(header);
        put(header + rows[i].at, 8, rows[i].value);
        put(header + 72, 4, adler32_of(header, 72));
        scratch_write("long.E01", file, n);
        assert_int_equal(image_open(scratch_path("long.E01"), &image, &e),
                         -1);
        assert_int_equal(e.kind, ERR_VERIFY);
        assert_non_null(strstr(e.msg, "behind the end"));
        image_close(&image);
        remove_all("long");
    }
}

/* An entry of a table that leads a GiB away. */
static void lead_away(const char *name, const char *type, unsigned entry)
{
    size_t n;
    autofree char *file = scratch_read(name, &n);
    char *table = memmem(file, n, type, strlen(type) + 1);

    assert_non_null(table);
    table[76 + 24 + 4 * entry + 3] ^= 0x40;
    scratch_write(name, file, n);
}

static int allowed(const char *name, uint64_t chunk)
{
    struct err e = ERR_INIT;
    char **paths = ewf_paths(scratch_path(name), &e);
    struct ewf_tables *t;
    int r;

    assert_non_null(paths);
    t = ewf_tables_new(paths, &e);
    assert_non_null(t);
    r = ewf_tables_allow(t, chunk, 64 * KIB, &e);
    ewf_tables_free(t);
    ewf_paths_free(paths);
    return r;
}

/* Its checksum says that a table is damaged: its copy counts. */
static void a_table_says_how_long_a_chunk_may_be(void **state)
{
    struct volume v;

    (void)state;
    volume_init(&v, "all", VOLUME_BLOCKS);
    write_e01(&v, "long", 32 * KIB, DEFLATE_FAST, 0);
    assert_int_equal(allowed("long.E01", 8), 1);
    assert_int_equal(allowed("long.E01", VOLUME_SIZE / (32 * KIB) - 1), 1);
    assert_int_equal(allowed("long.E01", VOLUME_SIZE / (32 * KIB)), 1);
    lead_away("long.E01", "table", 9);
    assert_int_equal(allowed("long.E01", 8), 1);
    lead_away("long.E01", "table2", 9);
    assert_int_equal(allowed("long.E01", 7), 1);
    assert_int_equal(allowed("long.E01", 8), 0);
    remove_all("long");
}

static void a_survey_names_the_damage_and_goes_on(void **state)
{
    struct volume v;
    struct err e = ERR_INIT;
    struct seen seen;

    (void)state;
    volume_init(&v, "all", VOLUME_BLOCKS);
    write_e01(&v, "survey", 128 * KIB, DEFLATE_NONE, 0);
    /* Chunks are stored one after the other, those of zeros take no room:
     * behind 9 of 128 KiB comes the one at 1408 KiB of the media. */
    flip("survey.E01", 9 * 128 * 1024 + 70000);
    assert_int_equal(read_image("survey.E01", &seen, false, &e), -1);
    assert_int_equal(e.kind, ERR_VERIFY);
    assert_non_null(strstr(e.msg, "1441792 to 1572863"));
    assert_int_equal(read_image("survey.E01", &seen, true, &e), 0);
    assert_int_equal(seen.damages, 1);
    assert_int_equal(seen.first, 1408 * 1024);
    assert_int_equal(seen.last, (1408 + 128) * 1024);
    assert_int_equal(seen.unreadable, 1);
    assert_int_equal(seen.blocks + seen.gaps / BLOCK_SIZE, VOLUME_BLOCKS);
}

/* One chunk of 1 MiB is two blocks, and both are lost. */
static void a_damaged_chunk_larger_than_a_block_spoils_all_of_it(void **state)
{
    struct volume v;
    struct err e = ERR_INIT;
    struct seen seen;

    (void)state;
    volume_init(&v, "all", VOLUME_BLOCKS);
    write_e01(&v, "wide", 1024 * KIB, DEFLATE_NONE, 0);
    flip("wide.E01", 100000);
    assert_int_equal(read_image("wide.E01", &seen, false, &e), -1);
    assert_int_equal(e.kind, ERR_VERIFY);
    assert_int_equal(read_image("wide.E01", &seen, true, &e), 0);
    assert_int_equal(seen.damages, 1);
    assert_int_equal(seen.last - seen.first, MIB);
    assert_int_equal(seen.unreadable, 2);
    remove_all("wide");
}

static void refused(const char *name, const char *why)
{
    struct err e = ERR_INIT;
    struct seen seen;

    assert_int_equal(read_image(name, &seen, true, &e), -1);
    assert_int_equal(e.kind, ERR_VERIFY);
    if (!strstr(e.msg, why))
        fail_msg("%s", e.msg);
}

static void a_missing_segment_is_found(void **state)
{
    static const char *const names[] = { "seg.E02", "seg.E04" };

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct volume v;

        volume_init(&v, "all", VOLUME_BLOCKS);
        write_e01(&v, "seg", 128 * KIB, DEFLATE_NONE, 2560 * KIB);
        assert_int_equal(access(scratch_path("seg.E04"), F_OK), 0);
        assert_int_not_equal(access(scratch_path("seg.E05"), F_OK), 0);
        unlink(scratch_path(names[i]));
        refused("seg.E01", "missing");
        remove_all("seg");
    }
}

/* The set has its end; what lies behind a gap may belong to another one. */
static void a_segment_behind_a_gap_is_found(void **state)
{
    struct volume v;
    size_t n;
    autofree char *other = NULL;

    (void)state;
    volume_init(&v, "one", VOLUME_BLOCKS);
    write_e01(&v, "gap", 128 * KIB, DEFLATE_FAST, 0);
    must_be_volume("gap.E01", &v);
    other = scratch_read("gap.E01", &n);
    scratch_write("gap.E03", other, n);
    refused("gap.E01", "missing");
    remove_all("gap");
}

static void other_files_of_that_name_are_no_segments(void **state)
{
    static const char *const names[] = { "near.txt", "near.md5", "near.log",
                                         "near.TXT", "near.E01.txt",
                                         "near.e02", "near2.E02" };
    struct volume v;

    (void)state;
    volume_init(&v, "one", VOLUME_BLOCKS);
    write_e01(&v, "near", 128 * KIB, DEFLATE_FAST, 0);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        scratch_write(names[i], "text", 4);
    must_be_volume("near.E01", &v);
}

static void a_segment_that_lost_its_end_is_found(void **state)
{
    static const char *const names[] = { "cut.E01", "cut.E02", "cut.E04" };
    static const long lost[] = { 1, 76, 500, 100000 };

    (void)state;
    for (int i = 0; i < 3; i++) {
        for (int n = 0; n < 4; n++) {
            struct volume v;

            volume_init(&v, "all", VOLUME_BLOCKS);
            write_e01(&v, "cut", 128 * KIB, DEFLATE_NONE, 2560 * KIB);
            assert_int_equal(truncate(scratch_path(names[i]),
                                      length_of(names[i]) - lost[n]), 0);
            refused("cut.E01", "damaged");
            remove_all("cut");
        }
    }
}

static void a_missing_or_short_piece_is_found(void **state)
{
    struct volume v;

    (void)state;
    volume_init(&v, "all", VOLUME_BLOCKS);
    write_raw(&v, "piece", 3 * MIB);
    assert_int_equal(truncate(scratch_path("piece.002"), 100), 0);
    refused("piece.001", "100 bytes long");
    unlink(scratch_path("piece.002"));
    refused("piece.001", "a piece is missing");
}

static void a_raw_file_that_shrinks_meanwhile_is_found(void **state)
{
    struct image image;
    struct err e = ERR_INIT;
    struct volume v;
    struct seen seen = { 0 };

    (void)state;
    volume_init(&v, "all", VOLUME_BLOCKS);
    write_raw(&v, "shrink", 0);
    assert_int_equal(image_open(scratch_path("shrink.dd"), &image, &e), 0);
    assert_int_equal(truncate(scratch_path("shrink.dd"), MIB), 0);
    assert_int_equal(run(&image, &seen, false, &e), -1);
    assert_int_equal(e.kind, ERR_VERIFY);
    image_close(&image);
}

/* A reader that is stopped in its middle must not hang. */
static int refuse_block(struct sink *k, const struct slot *s,
                        const void *packed, struct err *e)
{
    (void)k;
    (void)packed;
    return s->offset < 5 * (uint64_t)BLOCK_SIZE
        ? 0 : err_set(e, ERR_DEST, 0, "enough");
}

static void a_reader_that_is_stopped_ends(void **state)
{
    static const char *const names[] = { "stop.E01", "stop.dd" };
    struct volume v;

    (void)state;
    volume_init(&v, "all", VOLUME_BLOCKS);
    write_e01(&v, "stop", 128 * KIB, DEFLATE_FAST, 0);
    volume_init(&v, "all", VOLUME_BLOCKS);
    write_raw(&v, "stop", 0);
    for (int i = 0; i < 2; i++) {
        struct seen seen = { .sink = { .append = refuse_block,
                                       .hole = count_hole } };
        struct image image;
        struct err e = ERR_INIT;

        assert_int_equal(image_open(scratch_path(names[i]), &image, &e), 0);
        assert_int_equal(run(&image, &seen, false, &e), -1);
        assert_string_equal(e.msg, "enough");
        image_close(&image);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_e01_comes_back),
        cmocka_unit_test(every_raw_image_comes_back),
        cmocka_unit_test(zeros_of_an_e01_become_gaps_once_known),
        cmocka_unit_test(holes_of_a_raw_image_become_gaps),
        cmocka_unit_test(raw_of_any_length_ends_in_a_short_block),
        cmocka_unit_test(a_chunk_that_other_tools_cannot_read_is_damaged),
        cmocka_unit_test(only_zeros_are_taken_for_zeros),
        cmocka_unit_test(a_chunk_of_one_byte_comes_back),
        cmocka_unit_test(images_of_other_writers_are_read),
        cmocka_unit_test(other_kinds_are_refused_by_name),
        cmocka_unit_test(what_is_no_file_or_not_there_is_refused),
        cmocka_unit_test(a_later_segment_is_not_the_first),
        cmocka_unit_test(no_flipped_byte_gives_a_wrong_image),
        cmocka_unit_test(a_set_that_claims_what_it_cannot_hold_is_damaged),
        cmocka_unit_test(a_section_longer_than_its_file_is_damaged),
        cmocka_unit_test(a_table_says_how_long_a_chunk_may_be),
        cmocka_unit_test(a_survey_names_the_damage_and_goes_on),
        cmocka_unit_test(
            a_damaged_chunk_larger_than_a_block_spoils_all_of_it),
        cmocka_unit_test(a_missing_segment_is_found),
        cmocka_unit_test(a_segment_behind_a_gap_is_found),
        cmocka_unit_test(other_files_of_that_name_are_no_segments),
        cmocka_unit_test(a_segment_that_lost_its_end_is_found),
        cmocka_unit_test(a_missing_or_short_piece_is_found),
        cmocka_unit_test(a_raw_file_that_shrinks_meanwhile_is_found),
        cmocka_unit_test(a_reader_that_is_stopped_ends),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
