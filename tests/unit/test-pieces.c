/* SPDX-License-Identifier: Apache-2.0 */
/* Of many files of one image the summary names the first and the last. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "audit/pieces.h"

#define FILE_SIZE 10

/* What begins with the first of these names, which blanks part; each file has
 * FILE_SIZE bytes. */
static struct pieces from(const char *names)
{
    static char copy[200];
    struct run_file files[16];
    size_t n = 0;

    snprintf(copy, sizeof(copy), "%s", names);
    for (char *s = strtok(copy, " "); s; s = strtok(NULL, " "))
        files[n++] = (struct run_file){ .name = s, .size = FILE_SIZE };
    return pieces_from(files, n);
}

static void the_last_raw_piece_has_the_highest_number(void **state)
{
    struct pieces p = from("x.001 x.1000 x.101 x.E01 x.E02 x.blocks");

    (void)state;
    assert_int_equal(p.count, 3);
    assert_int_equal(p.bytes, 3 * FILE_SIZE);
    assert_string_equal(p.last, "1000");
}

static void segments_end_where_other_files_begin(void **state)
{
    struct pieces p = from("x.E01 x.E99 x.EAA x.FAA x.blocks x.txt");

    (void)state;
    assert_int_equal(p.count, 4);
    assert_int_equal(p.bytes, 4 * FILE_SIZE);
    assert_string_equal(p.last, "FAA");
}

static void papers_and_a_whole_raw_image_are_no_pieces(void **state)
{
    static const char *const names[] = {
        "x.blocks", "x.dd", "x.md5", "x.txt", "x.Dxx", "x.E0", "x.Ea1",
        "x.12",     "x",    "",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_int_equal(from(names[i]).count, 0);
}

static void a_point_in_the_prefix_is_a_part_of_it(void **state)
{
    (void)state;
    assert_int_equal(from("case.001.dd case.001.log").count, 0);
    assert_string_equal(from("case.E01.001 case.E01.blocks").last, "001");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_raw_piece_has_the_highest_number),
        cmocka_unit_test(segments_end_where_other_files_begin),
        cmocka_unit_test(papers_and_a_whole_raw_image_are_no_pieces),
        cmocka_unit_test(a_point_in_the_prefix_is_a_part_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
