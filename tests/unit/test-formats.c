/* SPDX-License-Identifier: Apache-2.0 */
/* The table of image formats fits together, and fits the table of a run's
 * files and the manual page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "acquire/options.h"
#include "audit/artefacts.h"
#include "base/file.h"
#include "base/number.h"
#include "base/scope.h"
#include "base/text.h"
#include "image/formats.h"

#define E01 FORMAT_BIT(FORMAT_E01)
#define RAW FORMAT_BIT(FORMAT_RAW)

static void each_has_the_word_of_its_option(void **state)
{
    const struct option_row *row = option_find(acquire_rows, "format");

    (void)state;
    assert_ptr_equal(row->words, format_words);
    for (int f = 0; f < FORMATS; f++) {
        assert_string_equal(formats[f]->word, format_words[f]);
        assert_non_null(strstr(row->help, formats[f]->word));
        assert_non_null(formats[f]->name);
    }
    assert_null(format_words[FORMATS]);
}

static size_t files_of(const struct format *f)
{
    const struct artefact *a;
    size_t n = 0;

    for (size_t i = 0; (a = artefact_image(i)); i++)
        n += strcmp(a->format, f->word) == 0;
    return n;
}

static void each_has_its_files_and_no_file_another_format(void **state)
{
    size_t all = 0;

    (void)state;
    for (int f = 0; f < FORMATS; f++) {
        const struct artefact *a =
            formats[f]->suffix ? artefact_of_run(formats[f]->suffix) : NULL;

        assert_true(files_of(formats[f]) > 0);
        all += files_of(formats[f]);
        if (a)
            assert_string_equal(a->format, formats[f]->word);
    }
    assert_null(artefact_image(all));
}

static void what_is_volume_is_plain(void **state)
{
    const struct artefact *a;

    (void)state;
    for (size_t i = 0; (a = artefact_image(i)); i++)
        for (int f = 0; f < FORMATS; f++)
            if (strcmp(a->format, formats[f]->word) == 0)
                assert_int_equal(a->is_volume,
                                 (formats[f]->traits & FORMAT_PLAIN) != 0);
}

/* What no signature tells is of one format. */
static void all_but_one_begin_in_a_way_of_their_own(void **state)
{
    size_t without = 0;

    (void)state;
    for (int f = 0; f < FORMATS; f++) {
        without += !formats[f]->signature;
        assert_int_equal(formats[f]->signature != NULL,
                         formats[f]->suffix != NULL);
        for (int g = 0; g < f; g++)
            assert_true(!formats[f]->signature || !formats[g]->signature
                        || memcmp(formats[f]->signature,
                                  formats[g]->signature,
                                  FORMAT_SIGNATURE) != 0);
    }
    assert_int_equal(without, 1);
}

static void each_row_is_whole(void **state)
{
    (void)state;
    for (int i = 0; i < FORMATS; i++) {
        const struct format *f = formats[i];
        bool chunked = f->traits & FORMAT_CHUNKED;

        assert_non_null(f->create);
        assert_non_null(f->open);
        assert_non_null(f->open_partial);
        assert_non_null(f->reader_new);
        assert_non_null(f->info);
        assert_int_equal(f->chunk_size != NULL, chunked);
        assert_int_equal(f->unit != NULL, chunked);
        assert_int_equal(f->check_list != NULL, chunked);
        assert_int_equal(f->proof & ~f->stored, 0);
        assert_int_equal(f->proof != 0, f->no_proof != NULL);
        assert_int_equal(f->proof != 0, f->no_hash != NULL);
        assert_int_equal(f->field_shown != 0, f->field_lost != NULL);
    }
}

/* The paragraph of --format; free it. */
static char *manual(void)
{
    const char *top = getenv("srcdir");
    autotext struct text path = TEXT_INIT, page = TEXT_INIT;
    struct err e = ERR_INIT;
    const char *from, *to;

    text_addf(&path, "%s/doc/ebsimg-acquire.1", top ? top : ".");
    assert_int_equal(file_slurp(path.s, MIB, &page, &e), 0);
    from = strstr(page.s, "\n.BR \\-f \", \" \\-\\-format");
    assert_non_null(from);
    to = strstr(from, "\n.TP");
    return strndup(from, to ? (size_t)(to - from) : strlen(from));
}

static void the_manual_describes_each(void **state)
{
    autofree char *paragraph = manual();

    (void)state;
    for (int f = 0; f < FORMATS; f++) {
        autotext struct text word = TEXT_INIT;

        text_addf(&word, "\n.BR %s ", formats[f]->word);
        if (!strstr(paragraph, word.s))
            fail_msg("--format %s is not described", formats[f]->word);
    }
}

static void a_set_has_what_one_of_it_has(void **state)
{
    (void)state;
    assert_true(formats_any(E01 | RAW, FORMAT_PACKED));
    assert_true(formats_any(E01 | RAW, FORMAT_PLAIN));
    assert_false(formats_any(RAW, FORMAT_PACKED));
    assert_false(formats_any(E01, FORMAT_PLAIN));
    assert_false(formats_any(0, FORMAT_PLAIN));
}

static void each_of_a_set_must_be_provable(void **state)
{
    struct err e = ERR_INIT;

    (void)state;
    assert_true(formats_have_proof(E01, HASH_ALL));
    assert_true(formats_have_proof(RAW, 0));
    assert_false(formats_have_proof(E01 | RAW, HASH_BIT(HASH_SHA256)));
    assert_int_equal(formats_check_proof(RAW, 0, &e), 0);
    assert_int_equal(formats_check_proof(E01 | RAW, HASH_BIT(HASH_SHA1), &e),
                     -1);
    assert_int_equal(e.kind, ERR_USAGE);
    assert_non_null(strstr(e.msg, "add md5"));
    assert_int_equal(formats_check_proof(E01, 0, &e), -1);
    assert_non_null(strstr(e.msg, "--hash none"));
}

static void the_least_room_for_a_field_counts(void **state)
{
    const char *lost;

    (void)state;
    assert_int_equal(formats_field_shown(E01 | RAW, &lost), 510);
    assert_non_null(strstr(lost, "ewfinfo"));
    assert_true(formats_field_shown(RAW, &lost) == SIZE_MAX);
}

static void a_checkpoint_stands_where_every_format_can(void **state)
{
    (void)state;
    assert_int_equal(formats_unit(RAW, MIB), 512 * KIB);
    assert_int_equal(formats_unit(E01, 32 * KIB), 512 * KIB);
    assert_int_equal(formats_unit(E01 | RAW, MIB), MIB);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_the_word_of_its_option),
        cmocka_unit_test(each_has_its_files_and_no_file_another_format),
        cmocka_unit_test(what_is_volume_is_plain),
        cmocka_unit_test(all_but_one_begin_in_a_way_of_their_own),
        cmocka_unit_test(each_row_is_whole),
        cmocka_unit_test(the_manual_describes_each),
        cmocka_unit_test(a_set_has_what_one_of_it_has),
        cmocka_unit_test(each_of_a_set_must_be_provable),
        cmocka_unit_test(the_least_room_for_a_field_counts),
        cmocka_unit_test(a_checkpoint_stands_where_every_format_can),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
