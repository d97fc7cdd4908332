/* SPDX-License-Identifier: Apache-2.0 */
/* The table of a run's files, and doc/files.md, which says the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit/artefacts.h"
#include "audit/stage.h"
#include "base/file.h"
#include "base/number.h"
#include "base/scope.h"
#include "base/text.h"

static char *doc(const char *name)
{
    const char *top = getenv("srcdir");
    struct text path = TEXT_INIT, t = TEXT_INIT;
    struct err e = ERR_INIT;

    text_addf(&path, "%s/doc/%s", top ? top : ".", name);
    assert_int_equal(file_slurp(path.s, MIB, &t, &e), 0);
    text_free(&path);
    return t.s;
}

/* The table's line that begins with this file; fails unless there is one. */
static char *line_of(const char *page, const char *prefix,
                     const char *suffix)
{
    autotext struct text head = TEXT_INIT;
    const char *at;

    text_addf(&head, "\n| `%s%s` |", prefix, suffix);
    at = strstr(page, head.s);
    if (!at)
        fail_msg("doc/files.md has no line for %s%s", prefix, suffix);
    assert_null(strstr(at + 1, head.s));
    return strndup(at + 1, strcspn(at + 1, "\n"));
}

static size_t lines_with(const char *page, const char *head)
{
    size_t n = 0;

    for (const char *s = page; (s = strstr(s, head)); s++)
        n++;
    return n;
}

static void the_document_has_a_line_for_each_row(void **state)
{
    static const char *const made[] = {
        [MADE_WITH_BLOCKS] = "| with the blocks |",
        [MADE_ALL_ALONG] = "| all along |",
        [MADE_OF_LOG] = "| of the log |",
        [MADE_AFTERWARDS] = "| afterwards |",
    };
    static const char *const hashed[] = {
        [HASHED_NOT] = "| none |",
        [HASHED_AS_STREAM] = "| those of the volume |",
        [HASHED_AS_IMAGE] = "| `--file-hash` |",
        [HASHED_AS_PAPER] = "| every kind |",
    };
    autofree char *page = doc("files.md");
    const struct artefact *a;
    size_t n = 0;

    (void)state;
    for (; (a = artefact_row(n)); n++) {
        autofree char *line = line_of(page, "PREFIX", a->suffix);

        if (!strstr(line, made[a->made]) || !strstr(line, hashed[a->hashed]))
            fail_msg("doc/files.md says otherwise: %s", line);
    }
    assert_int_equal(lines_with(page, "\n| `PREFIX"), n);
}

static void so_it_has_for_what_a_run_keeps_for_itself(void **state)
{
    static const char *const own[] = {
        STAGE_LOCK, STAGE_CHECKPOINT, STAGE_CHECKPOINT_NEW, STAGE_CHUNKS,
        STAGE_STREAMED,
        STAGE_PROBE,
    };
    autofree char *page = doc("files.md");

    (void)state;
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        free(line_of(page, "NAME", own[i]));
    assert_int_equal(lines_with(page, "\n| `NAME"),
                     sizeof(own) / sizeof(own[0]));
    assert_non_null(strstr(page, "`PREFIX" STAGE_FOLDER "`"));
}

static void the_manual_names_each(void **state)
{
    autofree char *page = doc("ebsimg-acquire.1");
    const struct artefact *a;

    (void)state;
    for (size_t i = 0; (a = artefact_row(i)); i++) {
        autotext struct text name = TEXT_INIT;

        text_addf(&name, "PREFIX %s", a->suffix);
        if (!strstr(page, name.s))
            fail_msg("doc/ebsimg-acquire.1 does not name %s", name.s);
    }
}

/* What it is, of a name that a run may give. */
static void check(const char *name, const char *suffix)
{
    const struct artefact *a = artefact_of(name);

    assert_string_equal(a ? a->suffix : "", suffix);
}

static void a_file_is_known_by_the_end_of_its_name(void **state)
{
    (void)state;
    check("x.E01", E01_SUFFIX);
    check("x.EAA", E01_SUFFIX);
    check("x.seal", SEAL_SUFFIX);
    check("x.seal-2.p7s", SEAL_SUFFIX "-1" SIGNATURE_SUFFIX);
    check("x.seal-2-3.tst", SEAL_SUFFIX "-1-1" STAMP_SUFFIX);
    check("case.001.dd", RAW_SUFFIX);
    check("x.1000", PIECE_SUFFIX);
    check("x.E01.log.jsonl", LOG_SUFFIX);
    check("x.case.jsonl", CASE_SUFFIX);
    check("x.txt", SUMMARY_SUFFIX);
    check("x.DD", "");
    check("x.12", "");
    check("x", "");
}

static void a_run_gives_no_other_name(void **state)
{
    (void)state;
    assert_non_null(artefact_of_run(".E02"));
    assert_non_null(artefact_of_run(LOG_SUFFIX));
    assert_non_null(artefact_of_run(".seal-12.p7s"));
    assert_non_null(artefact_of_run(".seal-2-13.tst"));
    assert_null(artefact_of_run(".seal-a.p7s"));
    assert_null(artefact_of_run(".seal-1.tst.new"));
    assert_null(artefact_of_run(CASE_SUFFIX));
    assert_null(artefact_of_run(".2.dd"));
    assert_null(artefact_of_run(""));
    assert_null(artefact_of_run("E01"));
}

/* A piece is found by its own name, and each row by its suffix. */
static void each_row_finds_itself(void **state)
{
    const struct artefact *a;
    size_t images = 0;

    (void)state;
    for (size_t i = 0; (a = artefact_row(i)); i++) {
        autotext struct text name = TEXT_INIT;

        text_addf(&name, "x%s", a->suffix);
        assert_ptr_equal(artefact_of(name.s), a);
        if (a->is_piece)
            assert_true(a->is_piece(a->suffix + 1));
        assert_int_equal(a->format != NULL, a->role == ARTEFACT_IMAGE);
        images += a->role == ARTEFACT_IMAGE;
    }
    assert_in_range(images, 1, ARTEFACT_IMAGES_MAX);
    assert_non_null(artefact_image(images - 1));
    assert_null(artefact_image(images));
}

static void checksum_files_are_called_as_their_digests(void **state)
{
    (void)state;
    for (int k = 0; k < HASH_KINDS; k++)
        assert_string_equal(artefact_sums_suffix((enum hash_kind)k) + 1,
                            hash_names[k]);
}

static void only_what_quotes_the_log_is_made_again(void **state)
{
    (void)state;
    assert_true(artefact_is_remade(SUMMARY_SUFFIX));
    assert_true(artefact_is_remade(".sha256"));
    assert_false(artefact_is_remade(LOG_SUFFIX));
    assert_false(artefact_is_remade(MANIFEST_SUFFIX));
    assert_false(artefact_is_remade(".E02"));
    assert_false(artefact_is_remade(".other"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_document_has_a_line_for_each_row),
        cmocka_unit_test(so_it_has_for_what_a_run_keeps_for_itself),
        cmocka_unit_test(the_manual_names_each),
        cmocka_unit_test(a_file_is_known_by_the_end_of_its_name),
        cmocka_unit_test(a_run_gives_no_other_name),
        cmocka_unit_test(each_row_finds_itself),
        cmocka_unit_test(checksum_files_are_called_as_their_digests),
        cmocka_unit_test(only_what_quotes_the_log_is_made_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
