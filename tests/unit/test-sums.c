/* SPDX-License-Identifier: Apache-2.0 */
/* The checksum files, judged by coreutils. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/hash-file.h"
#include "audit/sums.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"
#include "scratch.h"

static char *const names[] = {
    (char[]){ "disk.E01" },
    (char[]){ "two words.dd" },
    (char[]){ " leading space" },
    (char[]){ "#looks like a comment" },
    (char[]){ "*star" },
    (char[]){ "back\\slash" },
    (char[]){ "new\nline" },
    (char[]){ "not utf-8 \xff" },
};
#define NAMES (sizeof(names) / sizeof(names[0]))

static void make_files(struct sums_file files[NAMES])
{
    struct err e = ERR_INIT;

    for (size_t i = 0; i < NAMES; i++) {
        scratch_write(names[i], names[i], strlen(names[i]));
        files[i].name = names[i];
        assert_int_equal(hash_file(scratch_path(names[i]), HASH_ALL,
                                   &files[i].hashes, &e), 0);
    }
}

static void write_sums(const char *name, enum hash_kind k,
                       const struct sums_file *files, size_t n)
{
    struct hashes stream = { .have = HASH_ALL };
    struct err e = ERR_INIT;

    memset(stream.value, 0xab, sizeof(stream.value));
    unlink(scratch_path(name));
    assert_int_equal(sums_write(scratch_path(name), k, &stream, files, n,
                                &e), 0);
}

/* What "md5sum -c" and its kin say about the file called "sums". */
static int coreutils_say(enum hash_kind k)
{
    char command[600];

    snprintf(command, sizeof(command),
             "cd '%s' && %ssum --strict -c sums >/dev/null 2>&1",
             scratch_folder, hash_names[k]);
    return system(command);
}

static void coreutils_accept_every_name(void **state)
{
    struct sums_file files[NAMES];

    (void)state;
    make_files(files);
    for (int k = 0; k < HASH_KINDS; k++) {
        write_sums("sums", (enum hash_kind)k, files, NAMES);
        if (coreutils_say((enum hash_kind)k) != 0)
            fail_msg("%ssum -c", hash_names[k]);
    }
}

static void a_file_with_another_digest_is_told_of(void **state)
{
    struct sums_file files[NAMES];
    autotext struct text t = TEXT_INIT;
    struct err e = ERR_INIT;

    (void)state;
    make_files(files);
    files[0].hashes.have = HASH_BIT(HASH_SHA256);
    files[6].hashes.have = HASH_BIT(HASH_SHA256);
    write_sums("sums", HASH_MD5, files, NAMES);
    assert_int_equal(coreutils_say(HASH_MD5), 0);
    assert_int_equal(file_slurp(scratch_path("sums"), 10000, &t, &e), 0);
    assert_non_null(strstr(t.s, "\n# 2 more of the files: see the .sha256 "
                                "file\n"));
    assert_null(strstr(t.s, "disk.E01"));
}

static void coreutils_see_a_changed_file(void **state)
{
    struct sums_file files[NAMES];

    (void)state;
    make_files(files);
    scratch_write(names[NAMES - 1], "changed", 7);
    for (int k = 0; k < HASH_KINDS; k++) {
        write_sums("sums", (enum hash_kind)k, files, NAMES);
        assert_int_not_equal(coreutils_say((enum hash_kind)k), 0);
    }
}

static void the_stream_is_a_comment_and_odd_names_are_escaped(void **state)
{
    struct sums_file files[] = {
        { .name = (char[]){ "disk.E01" } },
        { .name = (char[]){ "a\nb\rc\\d" } },
    };
    size_t n;
    autofree char *text = NULL;

    (void)state;
    files[0].hashes.have = files[1].hashes.have = HASH_ALL;
    write_sums("sums", HASH_MD5, files, 2);
    text = scratch_read("sums", &n);
    assert_string_equal(text,
        "# raw stream: abababababababababababababababab\n"
        "00000000000000000000000000000000  disk.E01\n"
        "\\00000000000000000000000000000000  a\\nb\\rc\\\\d\n");
}

static void an_existing_file_is_left_alone(void **state)
{
    struct hashes stream = { .have = HASH_ALL };
    struct err e = ERR_INIT;
    size_t n;
    autofree char *text = NULL;

    (void)state;
    scratch_write("sums", "mine", 4);
    assert_int_equal(sums_write(scratch_path("sums"), HASH_MD5, &stream, NULL,
                                0, &e), -1);
    assert_int_equal(e.kind, ERR_DEST);
    text = scratch_read("sums", &n);
    assert_string_equal(text, "mine");
}

/* /dev/zero has no end, and a pipe nobody who writes. */
static void what_is_no_file_is_not_read(void **state)
{
    static const char *const paths[] = { "/dev/zero", "/" };

    (void)state;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct sums s = { 0 };
        struct err e = ERR_INIT;

        assert_int_equal(sums_read(paths[i], HASH_MD5, &s, &e), -1);
        assert_int_equal(e.kind, ERR_USAGE);
        assert_non_null(strstr(e.msg, "is not a file"));
        sums_free(&s);
    }
}

static int read_lines(size_t n, struct sums *s, struct err *e)
{
    struct text t = TEXT_INIT;

    for (size_t i = 0; i < n; i++)
        text_addf(&t, "%032zu  f%zu\n", i, i);
    scratch_write("many", t.s, t.len);
    text_free(&t);
    return sums_read(scratch_path("many"), HASH_MD5, s, e);
}

static void more_files_than_a_run_can_write_are_refused(void **state)
{
    struct sums s = { 0 };
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(read_lines(SUMS_FILES_MAX, &s, &e), 0);
    assert_int_equal(s.nfiles, SUMS_FILES_MAX);
    sums_free(&s);
    assert_int_equal(read_lines(SUMS_FILES_MAX + 1, &s, &e), -1);
    assert_int_equal(e.kind, ERR_VERIFY);
    assert_non_null(strstr(e.msg, "more than 100000 files"));
    sums_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coreutils_accept_every_name),
        cmocka_unit_test(a_file_with_another_digest_is_told_of),
        cmocka_unit_test(coreutils_see_a_changed_file),
        cmocka_unit_test(the_stream_is_a_comment_and_odd_names_are_escaped),
        cmocka_unit_test(an_existing_file_is_left_alone),
        cmocka_unit_test(what_is_no_file_is_not_read),
        cmocka_unit_test(more_files_than_a_run_can_write_are_refused),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
