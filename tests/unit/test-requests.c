/* SPDX-License-Identifier: Apache-2.0 */
/* What a block's answer must have before it counts: an answer that lacks
 * something, or says two things, proves nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/snapshot-id.h"
#include "ebs/requests.h"
#include "flow/slot.h"

#define LENGTH "x-amz-Data-Length: 524288\r\n"
#define KIND "x-amz-Checksum-Algorithm: SHA256\r\n"
#define SUM "x-amz-Checksum: AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\r\n"
#define GOOD LENGTH KIND SUM

static int judge(const char *headers, size_t len, bool in_place,
                 unsigned char sha256[32])
{
    struct http_answer a = { .status = 200, .len = len,
                             .in_place = in_place };
    struct err e = ERR_INIT;
    int r;

    text_add(&a.headers, headers);
    r = block_answer(&a, sha256, &e);
    if (r < 0)
        assert_int_equal(e.kind, ERR_SERVICE);
    text_free(&a.headers);
    return r;
}

static void the_checksum_comes_out_of_a_good_answer(void **state)
{
    static const char *const headers[] = {
        GOOD, KIND SUM, LENGTH SUM, "X-Amz-Checksum-Algorithm: sha256\r\n" SUM,
    };

    (void)state;
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        unsigned char sha256[32] = { 0 };

        assert_int_equal(judge(headers[i], BLOCK_SIZE, true, sha256), 0);
        for (unsigned k = 0; k < 32; k++)
            assert_int_equal(sha256[k], k);
    }
}

static void a_body_of_another_length_is_no_block(void **state)
{
    static const size_t lengths[] = { 0, 1, BLOCK_SIZE - 1, BLOCK_SIZE + 1 };
    unsigned char sha256[32];

    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
        assert_int_equal(judge(GOOD, lengths[i], true, sha256), -1);
    assert_int_equal(judge(GOOD, BLOCK_SIZE, false, sha256), -1);
}

static void headers_that_say_something_else_are_refused(void **state)
{
    static const char *const headers[] = {
        "", LENGTH KIND,
        "x-amz-Data-Length: 524287\r\n" KIND SUM,
        "x-amz-Data-Length: x\r\n" KIND SUM,
        LENGTH "x-amz-Checksum-Algorithm: MD5\r\n" SUM,
        LENGTH KIND "x-amz-Checksum: AAEC\r\n",
        LENGTH KIND "x-amz-Checksum: \r\n",
        LENGTH KIND SUM "x-amz-Checksum: AAEC\r\n",
    };
    unsigned char sha256[32];

    (void)state;
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
        if (judge(headers[i], BLOCK_SIZE, true, sha256) == 0)
            fail_msg("accepted: %s", headers[i]);
}

static void only_ids_of_snapshots_go_into_a_path(void **state)
{
    static const char *const bad[] = {
        "", "snap-", "snap-0/../x", "snap-0123456789ABCDEF0", "vol-01234567",
        "snap-01234567 ", "snap-0123456789012345678901234567890123456789"
        "01234567890123456789",
    };

    (void)state;
    assert_true(snapshot_id_ok("snap-0123456789abcdef0"));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(snapshot_id_ok(bad[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_checksum_comes_out_of_a_good_answer),
        cmocka_unit_test(a_body_of_another_length_is_no_block),
        cmocka_unit_test(headers_that_say_something_else_are_refused),
        cmocka_unit_test(only_ids_of_snapshots_go_into_a_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
