/* SPDX-License-Identifier: Apache-2.0 */
/* What goes into a pipe is the volume, zeros and all, and is digested. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "audit/digest.h"
#include "image/stream-sink.h"

#define BLOCK 4096
#define VOLUME (3 * BLOCK)

static unsigned char data[BLOCK];

/* A block, a hole, and a block that was unreadable. */
static struct sink *put(int fd, struct err *e)
{
    struct slot s = { .offset = 0, .len = BLOCK, .raw = data };
    struct slot lost = { .offset = 2 * BLOCK, .len = BLOCK, .raw = data,
                         .unreadable = true };
    struct sink *k = stream_sink_new(fd, VOLUME, HASH_ALL, e);

    assert_non_null(k);
    memset(data, 'x', sizeof(data));
    if (k->append(k, &s, NULL, e) == 0 && k->hole(k, BLOCK, BLOCK, e) == 0)
        k->append(k, &lost, NULL, e);
    return k;
}

static void digest_of(struct hashes *out)
{
    struct digest d;

    digest_begin(&d, HASH_ALL);
    digest_add(&d, data, BLOCK);
    digest_add_zeros(&d, 2 * BLOCK);
    digest_end(&d, out);
}

static void zeros_are_written_in_their_place(void **state)
{
    unsigned char back[VOLUME], want[VOLUME] = { 0 };
    struct err e = ERR_INIT;
    struct hashes h;
    struct sink *k;
    int fd[2];

    (void)state;
    assert_int_equal(pipe(fd), 0);
    k = put(fd[1], &e);
    digest_of(&h);
    assert_int_equal(k->finish(k, &h, &e), 0);
    assert_int_equal(read(fd[0], back, sizeof(back)), sizeof(back));
    memset(want, 'x', BLOCK);
    assert_memory_equal(back, want, VOLUME);
    k->free(k);
    close(fd[0]);
    close(fd[1]);
}

static void another_digest_is_no_good_end(void **state)
{
    struct err e = ERR_INIT;
    struct hashes h;
    struct sink *k;
    int fd[2];

    (void)state;
    assert_int_equal(pipe(fd), 0);
    k = put(fd[1], &e);
    digest_of(&h);
    h.value[HASH_SHA256][0] ^= 1;
    assert_int_equal(k->finish(k, &h, &e), -1);
    assert_int_equal(e.kind, ERR_VERIFY);
    h.value[HASH_SHA256][0] ^= 1;
    h.have = HASH_BIT(HASH_MD5); /* nor is one that was not told */
    assert_int_equal(k->finish(k, &h, &e), -1);
    k->free(k);
    close(fd[0]);
    close(fd[1]);
}

static void a_reader_that_is_gone_is_told(void **state)
{
    struct err e = ERR_INIT;
    struct sink *k;
    int fd[2];

    (void)state;
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(fd), 0);
    close(fd[0]);
    k = put(fd[1], &e);
    assert_int_equal(e.kind, ERR_DEST);
    assert_non_null(strstr(e.msg, "its reader is gone after 0 of 12288"));
    k->abandon(k);
    k->free(k);
    close(fd[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeros_are_written_in_their_place),
        cmocka_unit_test(another_digest_is_no_good_end),
        cmocka_unit_test(a_reader_that_is_gone_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
