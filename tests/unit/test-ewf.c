/* SPDX-License-Identifier: Apache-2.0 */
/* The E01 sink and what its images say about themselves.  Whether the bytes
 * are right is judged by other people's programs in an integration test. */
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
#include "image/ewf-seal.h"
#include "image/ewf.h"
#include "image/partition.h"
#include "scratch.h"
#include "volume.h"

#define VOLUME_BLOCKS 32

static struct image_config config(const char *name)
{
    return (struct image_config){
        .base = scratch_path(name),
        .volume_size = VOLUME_BLOCKS * (uint64_t)BLOCK_SIZE,
        .level = DEFLATE_FAST,
    };
}

static struct sink *new_sink(const struct image_config *c)
{
    struct err e = ERR_INIT;
    struct sink *k = ewf_sink_new(c, &e);

    if (!k)
        print_message("%s\n", e.msg);
    assert_non_null(k);
    return k;
}

static void finish(struct sink *k, const struct hashes *h)
{
    struct err e = ERR_INIT;
    int r = k->finish(k, h, &e);

    if (r < 0)
        print_message("%s\n", e.msg);
    assert_int_equal(r, 0);
    k->free(k);
}

static void write_volume(struct volume *v, const struct image_config *c)
{
    struct sink *k = new_sink(c);
    struct err e = ERR_INIT;
    struct hashes h;

    assert_int_equal(volume_write(v, k, &h, &e), 0);
    finish(k, &h);
}

static void read_info(const char *base, struct image_info *i)
{
    struct err e = ERR_INIT;
    autofree char *first = NULL;

    assert_true(asprintf(&first, "%s.E01", base) > 0);
    assert_int_equal(ewf_info_read(first, i, &e), 0);
}

static const char *field(const struct image_info *i, const char *name)
{
    for (size_t n = 0; n < i->nfields; n++)
        if (strcmp(i->fields[n].name, name) == 0)
            return i->fields[n].value;
    return NULL;
}

/* ------------------------------------------------------------------ sizes */

static void chunks_grow_with_the_volume(void **state)
{
    (void)state;
    assert_int_equal(ewf_chunk_size(GIB), 128 * KIB);
    assert_int_equal(ewf_chunk_size(2 * TIB), 128 * KIB);
    assert_int_equal(ewf_chunk_size(2 * TIB + GIB), 512 * KIB);
    assert_int_equal(ewf_chunk_size(64 * TIB - GIB), 512 * KIB);
    assert_int_equal(ewf_chunk_size(64 * TIB), 1024 * KIB);
}

static void sizes_by_default_fit_every_volume(void **state)
{
    (void)state;
    for (uint64_t gib = 1; gib <= 64 * 1024; gib += gib < 64 ? 1 : 64) {
        struct image_config c = { .volume_size = gib * GIB };
        struct err e = ERR_INIT;

        c.segment_size = ewf_segment_size(c.volume_size,
                                          ewf_chunk_size(c.volume_size));
        assert_int_equal(ewf_check(&c, &e), 0);
        assert_true(gib < 24 || c.segment_size >= 1500 * MIB);
        assert_true(gib < 24 || gib > 20 * 1024
                    || c.segment_size == 1500 * MIB);
        assert_true(gib >= 24 || c.segment_size == gib * 64 * MIB);
    }
}

static void sizes_that_cannot_be_are_refused_with_a_remedy(void **state)
{
    static const struct {
        uint64_t volume, segment;
        uint32_t chunk;
        const char *remedy;
    } cases[] = {
        { GIB, 0, 48 * KIB, "--chunk-size must be" },
        { GIB, 0, 512, "--chunk-size must be" },
        { GIB, 0, 2 * MIB, "--chunk-size must be" },
        { 4 * TIB, 0, 32 * KIB, "--chunk-size 64K" },
        { 64 * TIB, 0, 512 * KIB, "--chunk-size 1024K" },
        { 64 * TIB, 1500 * MIB, 0, "--segment-size" },
        { GIB, 64 * KIB, 0, "--segment-size 2M" },
        { GIB, UINT64_MAX, 0, "smaller --segment-size" },
        { GIB + 512, 0, 0, "not a whole number" },
        { 0, 0, 0, "not a whole number" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct image_config c = { .volume_size = cases[i].volume,
                                .segment_size = cases[i].segment,
                                .chunk_size = cases[i].chunk };
        struct err e = ERR_INIT;

        assert_int_equal(ewf_check(&c, &e), -1);
        assert_int_equal(e.kind, ERR_USAGE);
        assert_non_null(strstr(e.msg, cases[i].remedy));
    }
}

/* ------------------------------------------------------------ case fields */

static void text_is_cleaned_of_what_breaks_a_header(void **state)
{
    static const struct {
        const char *in, *out;
        size_t limit;
    } cases[] = {
        { "plain", "plain", 99 },
        { "tab\tnew\nline\r.", "tab new line .", 99 },
        { "\x01\x1b[31m\x7f", "  [31m ", 99 },
        { "Zo\xc3\xab \xe6\xbc\xa2", "Zo\xc3\xab \xe6\xbc\xa2", 99 },
        { "bad \xff.\xc3(", "bad ?.?(", 99 },
        { "c1 \xc2\x85 ls \xe2\x80\xa8.", "c1   ls  .", 99 },
        { "\xc3\xab\xc3\xab\xc3\xab", "\xc3\xab\xc3\xab", 2 },
        { "", "", 99 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        autofree char *s = ewf_text(cases[i].in, cases[i].limit);

        assert_string_equal(s, cases[i].out);
    }
}

static void case_fields_come_back_and_do_not_mix(void **state)
{
    struct image_config c = config("fields");
    struct volume v;
    struct image_info i;

    (void)state;
    c.case_number = "C-1\tm\tx";
    c.evidence_number = "42";
    c.examiner = "Zo\xc3\xab \xe6\xbc\xa2 \xf0\x9f\x94\x8d";
    c.description = "line one\nline two";
    c.notes = "notes";
    c.model = "EBS snapshot";
    c.serial = "snap-0123456789abcdef0";
    c.software = "ebsimg0.1.0-and-more";
    c.system = "Linux";
    volume_init(&v, "first", VOLUME_BLOCKS);
    write_volume(&v, &c);
    read_info(c.base, &i);
    assert_string_equal(field(&i, "case_number"), "C-1 m x");
    assert_string_equal(field(&i, "evidence_number"), "42");
    assert_string_equal(field(&i, "examiner_name"), c.examiner);
    assert_string_equal(field(&i, "description"), "line one line two");
    assert_string_equal(field(&i, "notes"), "notes");
    assert_string_equal(field(&i, "model"), "EBS snapshot");
    assert_string_equal(field(&i, "serial_number"), c.serial);
    assert_string_equal(field(&i, "acquiry_software_version"),
                        "ebsimg0.1.0");
    assert_string_equal(field(&i, "acquiry_operating_system"), "Linux");
    image_info_free(&i);
}

/* ------------------------------------------------------------------- info */

static void an_image_says_what_it_is(void **state)
{
    struct image_config c = config("info");
    struct volume v;
    struct image_info i;

    (void)state;
    c.segment_size = 2 * MIB;
    c.chunk_size = 64 * KIB;
    volume_init(&v, "all", VOLUME_BLOCKS);
    write_volume(&v, &c);
    read_info(c.base, &i);
    assert_int_equal(i.media_size, c.volume_size);
    assert_int_equal(i.chunk_size, 64 * KIB);
    assert_int_equal(i.bytes_per_sector, 512);
    assert_int_equal(i.compression, 1);
    assert_true(i.segments > 2);
    assert_string_equal(i.format, "EnCase 6");
    assert_string_equal(i.media, "physical disk");
    assert_int_equal(i.nerrors, 0);
    image_info_free(&i);
}

static void only_digests_that_were_computed_are_stored(void **state)
{
    static const unsigned sets[] = {
        0,
        HASH_BIT(HASH_SHA256),
        HASH_BIT(HASH_MD5),
        HASH_BIT(HASH_SHA1),
        HASH_BIT(HASH_MD5) | HASH_BIT(HASH_SHA1),
        HASH_ALL,
    };

    (void)state;
    for (size_t n = 0; n < sizeof(sets) / sizeof(sets[0]); n++) {
        char name[16];
        struct image_config c;
        struct sink *k;
        struct hashes h = { .have = sets[n] };
        struct err e = ERR_INIT;
        struct image_info i;

        snprintf(name, sizeof(name), "digests%zu", n);
        c = config(name);
        memset(h.value, 0x11, sizeof(h.value));
        k = new_sink(&c);
        assert_int_equal(k->hole(k, 0, c.volume_size, &e), 0);
        finish(k, &h);
        read_info(c.base, &i);
        assert_int_equal(i.stored.have,
                         sets[n] & ~HASH_BIT(HASH_SHA256));
        image_info_free(&i);
    }
}

static void a_partition_table_makes_a_physical_disk(void **state)
{
    struct image_config c = config("disk");
    struct volume v;
    struct image_info i;

    (void)state;
    volume_init(&v, "all", VOLUME_BLOCKS);
    v.table = true;
    write_volume(&v, &c);
    read_info(c.base, &i);
    assert_string_equal(i.media, "physical disk");
    image_info_free(&i);
}

static void boot_sectors_are_no_partition_tables(void **state)
{
    unsigned char block[8192] = { 0 };

    (void)state;
    assert_false(partition_table(block, sizeof(block), GIB));
    block[510] = 0x55;
    block[511] = 0xaa;
    assert_false(partition_table(block, sizeof(block), GIB));
    put_table(block);
    assert_true(partition_table(block, sizeof(block), GIB));
    assert_false(partition_table(block, 4096, GIB));
    assert_false(partition_table(block, sizeof(block), MIB));
    memcpy(block + 462, "NTLDR is missing", 16); /* text, not an entry */
    assert_false(partition_table(block, sizeof(block), GIB));
    memcpy(block + 512, "EFI PART", 8);
    assert_true(partition_table(block, sizeof(block), GIB));
}

static void unreadable_blocks_are_listed_as_ranges(void **state)
{
    struct image_config c = config("errors");
    struct volume v;
    struct image_info i;

    (void)state;
    volume_init(&v, "unreadable", VOLUME_BLOCKS);
    write_volume(&v, &c);
    read_info(c.base, &i);
    assert_int_equal(i.nerrors, 3);      /* 5-6, 18-19, 31 */
    assert_int_equal(i.errors[0].first, 5 * 1024);
    assert_int_equal(i.errors[0].count, 2 * 1024);
    assert_int_equal(i.errors[2].first, 31 * 1024);
    assert_int_equal(i.errors[2].count, 1024);
    image_info_free(&i);
}

/* --------------------------------------------------------------- refusals */

static void an_existing_segment_is_never_overwritten(void **state)
{
    static const char *const names[] = { "old.E01", "old.E07", "old.EAA",
                                         "old.ZZZ" };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct image_config c = config("old");
        struct err e = ERR_INIT;
        size_t n;
        autofree char *text = NULL;

        scratch_write(names[i], "mine", 4);
        assert_null(ewf_sink_new(&c, &e));
        assert_int_equal(e.kind, ERR_DEST);
        assert_non_null(strstr(e.msg, names[i]));
        text = scratch_read(names[i], &n);
        assert_string_equal(text, "mine");
        unlink(scratch_path(names[i]));
    }
}

static void files_are_for_their_owner_only(void **state)
{
    struct image_config c = config("rights");
    struct volume v;
    struct stat st;

    (void)state;
    volume_init(&v, "one", VOLUME_BLOCKS);
    write_volume(&v, &c);
    assert_int_equal(stat(scratch_path("rights.E01"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void an_image_that_was_cut_short_is_not_finished(void **state)
{
    struct image_config c = config("short");
    struct sink *k = new_sink(&c);
    struct hashes h = { 0 };
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(k->hole(k, 0, c.volume_size - BLOCK_SIZE, &e), 0);
    assert_int_equal(k->finish(k, &h, &e), -1);
    assert_int_equal(e.kind, ERR_INTERNAL);
    k->free(k);
    assert_int_equal(ewf_info_read(scratch_path("short.E01"),
                                   &(struct image_info){ 0 }, &e), -1);
    assert_int_equal(e.kind, ERR_VERIFY);
}

/* An image that is sealed reads back as it was meant. */
static void what_reads_back_otherwise_is_not_sealed(void **state)
{
    static const struct { int blocks; uint32_t chunk; unsigned have; int at; }
    wrong[] = {
        { VOLUME_BLOCKS + 1, 64 * KIB, HASH_ALL, -1 },
        { VOLUME_BLOCKS - 1, 64 * KIB, HASH_ALL, -1 },
        { VOLUME_BLOCKS, 32 * KIB, HASH_ALL, -1 },
        { VOLUME_BLOCKS, 64 * KIB, HASH_BIT(HASH_MD5), -1 },
        { VOLUME_BLOCKS, 64 * KIB, HASH_ALL, HASH_MD5 },
        { VOLUME_BLOCKS, 64 * KIB, HASH_ALL, HASH_SHA1 },
    };
    struct image_config c = config("sealed");
    struct hashes h = { .have = HASH_ALL };
    struct err e = ERR_INIT;
    struct sink *k;

    (void)state;
    c.chunk_size = 64 * KIB;
    memset(h.value, 0x11, sizeof(h.value));
    k = new_sink(&c);
    assert_int_equal(k->hole(k, 0, c.volume_size, &e), 0);
    finish(k, &h);
    assert_int_equal(ewf_seal(c.base, c.volume_size, c.chunk_size, &h, &e),
                     0);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct hashes other = h;

        other.have = wrong[i].have;
        if (wrong[i].at >= 0)
            other.value[wrong[i].at][15] ^= 1;
        if (ewf_seal(c.base, (uint64_t)wrong[i].blocks * BLOCK_SIZE,
                     wrong[i].chunk, &other, &e) == 0)
            fail_msg("row %zu was sealed", i);
        assert_int_equal(e.kind, ERR_VERIFY);
    }
}

static void a_missing_folder_is_told(void **state)
{
    struct image_config c = config("nowhere/x");
    struct err e = ERR_INIT;

    (void)state;
    assert_null(ewf_sink_new(&c, &e));
    assert_int_equal(e.kind, ERR_DEST);
    assert_non_null(strstr(e.msg, "No such file"));
}

/* A limit on file sizes stands in for a full disk. */
static void a_failed_write_is_told_and_leaves_no_good_image(void **state)
{
    struct image_config c = config("full");
    struct rlimit limit;
    struct rlimit small;
    struct sink *k;
    struct volume v;
    struct hashes h;
    struct err e = ERR_INIT;

    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    small = limit;
    small.rlim_cur = MIB;
    k = new_sink(&c);
    volume_init(&v, "all", VOLUME_BLOCKS);
    setrlimit(RLIMIT_FSIZE, &small);
    assert_int_equal(volume_write(&v, k, &h, &e), -1);
    setrlimit(RLIMIT_FSIZE, &limit);
    assert_int_equal(e.kind, ERR_DEST);
    assert_non_null(strstr(e.msg, "cannot write the E01 image"));
    k->abandon(k);
    k->free(k);
    assert_int_equal(ewf_info_read(scratch_path("full.E01"),
                                   &(struct image_info){ 0 }, &e), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_grow_with_the_volume),
        cmocka_unit_test(sizes_by_default_fit_every_volume),
        cmocka_unit_test(sizes_that_cannot_be_are_refused_with_a_remedy),
        cmocka_unit_test(text_is_cleaned_of_what_breaks_a_header),
        cmocka_unit_test(case_fields_come_back_and_do_not_mix),
        cmocka_unit_test(an_image_says_what_it_is),
        cmocka_unit_test(only_digests_that_were_computed_are_stored),
        cmocka_unit_test(a_partition_table_makes_a_physical_disk),
        cmocka_unit_test(boot_sectors_are_no_partition_tables),
        cmocka_unit_test(unreadable_blocks_are_listed_as_ranges),
        cmocka_unit_test(an_existing_segment_is_never_overwritten),
        cmocka_unit_test(files_are_for_their_owner_only),
        cmocka_unit_test(an_image_that_was_cut_short_is_not_finished),
        cmocka_unit_test(what_reads_back_otherwise_is_not_sealed),
        cmocka_unit_test(a_missing_folder_is_told),
        cmocka_unit_test(a_failed_write_is_told_and_leaves_no_good_image),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
