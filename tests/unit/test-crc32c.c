/* SPDX-License-Identifier: Apache-2.0 */
/* CRC-32C: the examples of RFC 3720, B.4, in which the sum is written as it
 * goes over the wire, low byte first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "fs/crc32c.h"

static struct crc32c crc;

static int begin(void **state)
{
    (void)state;
    crc32c_init(&crc);
    return 0;
}

static void has_the_sums_of_the_standard(void **state)
{
    unsigned char b[32];

    (void)state;
    memset(b, 0, sizeof(b));
    assert_int_equal(crc32c_of(&crc, b, sizeof(b)), 0x8a9136aa);
    memset(b, 0xff, sizeof(b));
    assert_int_equal(crc32c_of(&crc, b, sizeof(b)), 0x62a8ab43);
    for (unsigned i = 0; i < 32; i++)
        b[i] = (unsigned char)i;
    assert_int_equal(crc32c_of(&crc, b, sizeof(b)), 0x46dd794e);
    for (unsigned i = 0; i < 32; i++)
        b[i] = (unsigned char)(31 - i);
    assert_int_equal(crc32c_of(&crc, b, sizeof(b)), 0x113fdb5c);
    assert_int_equal(crc32c_of(&crc, "123456789", 9), 0xe3069283);
}

/* Wherever the sum is, and whatever stands in its place. */
static void knows_a_sum_among_what_it_is_of(void **state)
{
    unsigned char b[61];

    (void)state;
    for (size_t at = 0; at + 4 <= sizeof(b); at++) {
        uint32_t sum;

        for (size_t i = 0; i < sizeof(b); i++)
            b[i] = (unsigned char)(i * 7 + at);
        memset(b + at, 0, 4);
        sum = crc32c_of(&crc, b, sizeof(b));
        for (unsigned i = 0; i < 4; i++)
            b[at + i] = (unsigned char)(sum >> 8 * i);
        assert_true(crc32c_good(&crc, b, sizeof(b), at));
        for (size_t i = 0; i < sizeof(b); i++) {
            b[i] ^= 0x10;
            assert_false(crc32c_good(&crc, b, sizeof(b), at));
            b[i] ^= 0x10;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_sums_of_the_standard),
        cmocka_unit_test(knows_a_sum_among_what_it_is_of),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, begin, NULL);
}
