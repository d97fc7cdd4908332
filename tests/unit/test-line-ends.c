/* SPDX-License-Identifier: Apache-2.0 */
/* Line ends that were changed on the way are undone, byte for byte, wherever
 * a piece of the file ends; a CR that stands elsewhere stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "audit/line-ends.h"
#include "base/file.h"
#include "scratch.h"

static struct err err;

static void undoes(const char *text, int next, const char *want)
{
    unsigned char buf[64];
    size_t n = strlen(text);

    memcpy(buf, text, n);
    n = line_ends_undo(buf, n, next);
    assert_int_equal(n, strlen(want));
    assert_memory_equal(buf, want, n);
}

static void only_a_cr_before_a_lf_goes(void **state)
{
    (void)state;
    undoes("a\r\nb\r\n", -1, "a\nb\n");
    undoes("a\rb\r", -1, "a\rb\r");
    undoes("a\r\r\n", -1, "a\r\n");
    undoes("a\r", '\n', "a");
    undoes("a\r", 'b', "a\r");
    undoes("", '\n', "");
}

/* In pieces of every size the same bytes come out. */
static void pieces_end_anywhere(void **state)
{
    static const char dos[] = "one\r\n\r\ntwo\r\r\nthree\r";
    static const char want[] = "one\n\ntwo\r\nthree\r";

    (void)state;
    scratch_write("dos", dos, sizeof(dos) - 1);
    for (size_t piece = 1; piece < sizeof(dos); piece++) {
        unsigned char out[64];
        uint64_t offset = 0;
        size_t n = 0, got = 1;
        int fd;

        assert_int_equal(file_open(scratch_path("dos"), &fd, &err), 0);
        for (; got; n += got)
            assert_int_equal(line_ends_read(fd, out + n, piece, &offset, &got,
                                            "dos", &err), 0);
        close(fd);
        assert_int_equal(n, sizeof(want) - 1);
        assert_memory_equal(out, want, n);
    }
}

static void the_digest_is_that_of_what_was_written(void **state)
{
    struct hashes want = { 0 }, now = { 0 };
    static char text[3 * 16384], dos[2 * sizeof(text)];
    size_t n = 0;
    uint64_t size;

    (void)state;
    for (size_t i = 0; i < sizeof(text); i++) {
        text[i] = i % 7 == 0 ? '\n' : (char)('a' + i % 5);
        if (text[i] == '\n')
            dos[n++] = '\r';
        dos[n++] = text[i];
    }
    scratch_write("text", text, sizeof(text));
    scratch_write("dos", dos, n);
    assert_int_equal(line_ends_hash(scratch_path("text"), HASH_ALL, &want,
                                    &size, &err), 0);
    assert_int_equal(size, sizeof(text));
    assert_int_equal(line_ends_hash(scratch_path("dos"), HASH_ALL, &now,
                                    &size, &err), 0);
    assert_int_equal(size, sizeof(text));
    assert_int_equal(now.have, HASH_ALL);
    assert_memory_equal(now.value, want.value, sizeof(want.value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_cr_before_a_lf_goes),
        cmocka_unit_test(pieces_end_anywhere),
        cmocka_unit_test(the_digest_is_that_of_what_was_written),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
