/* SPDX-License-Identifier: Apache-2.0 */
/* Digests: known answers, pieces of any size, files, threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/crypto.h>
#include <pthread.h>

#include "audit/digest.h"
#include "audit/hash-ahead.h"
#include "audit/hash-file.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "base/text.h"
#include "scratch.h"

#define MIB1 (1024 * 1024)

static const struct {
    const char *text;
    const char *hex[HASH_KINDS];
} known[] = {
    { "",
      { "d41d8cd98f00b204e9800998ecf8427e",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb924"
        "27ae41e4649b934ca495991b7852b855" } },
    { "abc",
      { "900150983cd24fb0d6963f7d28e17f72",
        "a9993e364706816aba3e25717850c26c9cd0d89d",
        "ba7816bf8f01cfea414140de5dae2223"
        "b00361a396177a9cb410ff61f20015ad" } },
};

/* No two pieces of a file are alike. */
static char noise(size_t i)
{
    return (char)((i + 1) * 2654435761u >> 24 ^ i * i >> 11);
}

static void assert_hex(const unsigned char *value, enum hash_kind k,
                       const char *hex)
{
    struct hashes h = { 0 };
    char buf[2 * HASH_MAX + 1];

    memcpy(h.value[k], value, hash_sizes[k]);
    assert_string_equal(hashes_hex(&h, k, buf), hex);
}

static void digest(enum hash_kind k, const void *data, size_t n,
                   size_t piece, unsigned char out[HASH_MAX])
{
    struct err e = ERR_INIT;
    struct hash *h = hash_new(k, &e);
    const char *p = data;

    assert_non_null(h);
    for (size_t at = 0; at < n; at += piece)
        hash_add(h, p + at, at + piece < n ? piece : n - at);
    hash_end(h, out);
    hash_free(h);
}

static void known_answers_come_out(void **state)
{
    unsigned char out[HASH_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        size_t n = strlen(known[i].text);

        for (int k = 0; k < HASH_KINDS; k++) {
            digest((enum hash_kind)k, known[i].text, n, 1, out);
            assert_hex(out, (enum hash_kind)k, known[i].hex[k]);
        }
        hash_sha256(known[i].text, n, out);
        assert_hex(out, HASH_SHA256, known[i].hex[HASH_SHA256]);
    }
}

static void the_size_of_the_pieces_does_not_matter(void **state)
{
    static unsigned char data[10000];
    static const size_t pieces[] = { 1, 7, 64, 4096, sizeof(data) };
    unsigned char whole[HASH_MAX], out[HASH_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = (unsigned char)(i * 31);
    for (int k = 0; k < HASH_KINDS; k++) {
        digest((enum hash_kind)k, data, sizeof(data), sizeof(data), whole);
        for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
            digest((enum hash_kind)k, data, sizeof(data), pieces[i], out);
            assert_memory_equal(out, whole, hash_sizes[k]);
        }
    }
}

static void a_file_has_the_digests_of_its_bytes(void **state)
{
    static const size_t sizes[] = { 0, 1, MIB1 - 1, MIB1, MIB1 + 1,
                                    3 * MIB1 };
    autofree char *data = calloc(1, 3 * MIB1);
    struct err e = ERR_INIT;
    struct hashes h;
    unsigned char out[HASH_MAX];

    (void)state;
    for (size_t i = 0; i < 3 * MIB1; i++)
        data[i] = noise(i);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        scratch_write("file", data, sizes[i]);
        assert_int_equal(hash_file(scratch_path("file"), HASH_ALL, &h, &e),
                         0);
        assert_int_equal(h.have, HASH_ALL);
        for (int k = 0; k < HASH_KINDS; k++) {
            digest((enum hash_kind)k, data, sizes[i], MIB1, out);
            assert_memory_equal(h.value[k], out, hash_sizes[k]);
        }
    }
}

#define MANY 20

static struct hash_watch unwatched;

/* Files that differ, and are not equally long. */
static void make_many(struct hash_job jobs[MANY], struct hashes h[MANY])
{
    static const char digits[] = "0123456789abcdefghijklmnop";

    memset(h, 0, MANY * sizeof(*h));
    for (int i = 0; i < MANY; i++) {
        char name[16];

        snprintf(name, sizeof(name), "many-%d", i);
        scratch_write(name, digits + i % 3, (size_t)i + 1);
        jobs[i] = (struct hash_job){ strdup(scratch_path(name)), 0,
                                     HASH_ANY_SIZE, &h[i], ERR_INIT };
    }
}

static void forget_many(const struct hash_job jobs[MANY])
{
    for (int i = 0; i < MANY; i++)
        free((void *)(uintptr_t)jobs[i].path);
}

static void is_right(const struct hash_job *j)
{
    struct hashes want;
    struct err e = ERR_INIT;

    assert_int_equal(j->err.kind, ERR_NONE);
    assert_int_equal(hash_file(j->path, j->kinds, &want, &e), 0);
    assert_memory_equal(j->out, &want, sizeof(want));
}

/* One by one, by twos, and by twos of different kinds. */
static void many_files_at_once_have_each_its_own(void **state)
{
    static const unsigned kinds[][2] = {
        { HASH_ALL, HASH_ALL },
        { HASH_BIT(HASH_SHA256), HASH_BIT(HASH_SHA256) },
        { HASH_BIT(HASH_SHA256), HASH_ALL },
    };
    struct hashes h[MANY];
    struct hash_job jobs[MANY];

    (void)state;
    for (unsigned threads = 1; threads < 12; threads += 3)
        for (int way = 0; way < 3; way++) {
            struct hash_watch watch = { .bytes = 0 };

            make_many(jobs, h);
            for (int i = 0; i < MANY; i++)
                jobs[i].kinds = kinds[way][i / 3 % 2];
            hash_files(jobs, MANY, threads, &watch);
            assert_int_equal(watch.bytes, MANY * (MANY + 1) / 2);
            for (int i = 0; i < MANY; i++)
                is_right(&jobs[i]);
            forget_many(jobs);
        }
    hash_files(jobs, 0, 4, &unwatched);
}

static void one_of_many_that_cannot_be_read_fails_alone(void **state)
{
    struct hashes h[MANY];
    struct hash_job jobs[MANY];

    (void)state;
    for (unsigned threads = 1; threads < 8; threads += 3) {
        make_many(jobs, h);
        for (int i = 0; i < MANY; i++)
            jobs[i].kinds = HASH_BIT(HASH_SHA256);
        remove(jobs[7].path);
        hash_files(jobs, MANY, threads, &unwatched);
        assert_int_equal(jobs[7].err.kind, ERR_DEST);
        assert_non_null(strstr(jobs[7].err.msg, jobs[7].path));
        for (int i = 0; i < MANY; i++)
            if (i != 7)
                is_right(&jobs[i]);
        forget_many(jobs);
    }
}

static void a_pair_of_sizes(const char *data, size_t first, size_t second,
                            const unsigned kinds[2])
{
    autofree char *a = strdup(scratch_path("first"));
    autofree char *b = strdup(scratch_path("second"));
    struct hashes h[2] = { 0 };
    struct hash_watch watch = { .bytes = 0 };
    struct hash_job jobs[2] = {
        { a, kinds[0], HASH_ANY_SIZE, &h[0], ERR_INIT },
        { b, kinds[1], HASH_ANY_SIZE, &h[1], ERR_INIT },
    };

    scratch_write("first", data, first);
    scratch_write("second", data + 100, second);
    hash_some(jobs, 2, &watch);
    assert_int_equal(watch.bytes, first + second);
    is_right(&jobs[0]);
    is_right(&jobs[1]);
}

/* They are read in pieces of a quarter of a MiB. */
static void two_files_side_by_side_have_each_its_own(void **state)
{
    static const size_t sizes[] = {
        0, 1, 100, MIB1 / 4 - 1, MIB1 / 4, MIB1 / 4 + 1, MIB1, MIB1 + 77,
    };
    static const unsigned kinds[][2] = {
        { HASH_ALL, HASH_ALL },
        { HASH_BIT(HASH_SHA256), HASH_BIT(HASH_SHA256) },
        { HASH_BIT(HASH_SHA256), HASH_ALL },
    };
    autofree char *data = calloc(1, 2 * MIB1);
    size_t n = sizeof(sizes) / sizeof(sizes[0]);

    (void)state;
    for (size_t i = 0; i < 2 * MIB1; i++)
        data[i] = noise(i);
    for (size_t i = 0; i < n * n; i++)
        for (int way = 0; way < 3; way++)
            a_pair_of_sizes(data, sizes[i / n], sizes[i % n], kinds[way]);
}

/* Opens as any file does; its first byte is an I/O error. */
#define UNREADABLE "/proc/self/mem"

static void fails_beside(const char *there, const char *bad, uint64_t size)
{
    for (int good = 0; good < 2; good++) {
        struct hashes h[2] = { 0 };
        struct hash_job jobs[2] = {
            { bad, HASH_ALL, size, &h[0], ERR_INIT },
            { bad, HASH_ALL, size, &h[1], ERR_INIT },
        };

        jobs[good].path = there;
        jobs[good].size = HASH_ANY_SIZE;
        hash_some(jobs, 2, &unwatched);
        is_right(&jobs[good]);
        assert_int_equal(jobs[1 - good].err.kind, ERR_DEST);
        assert_non_null(strstr(jobs[1 - good].err.msg, bad));
        assert_int_equal(h[1 - good].have, 0);
    }
}

static void one_of_two_that_cannot_be_read_fails_alone(void **state)
{
    autofree char *there = strdup(scratch_path("file"));
    autofree char *absent = strdup(scratch_path("absent"));

    (void)state;
    scratch_write("file", "abc", 3);
    fails_beside(there, absent, HASH_ANY_SIZE);
    fails_beside(there, UNREADABLE, HASH_ANY_SIZE);
}

/* Also where it ends with a piece that is read at once. */
static void a_file_of_another_length_has_no_digest(void **state)
{
    static const size_t sizes[] = { 0, 3, MIB1 / 4, MIB1 / 2, MIB1 / 2 + 1 };
    autofree char *there = strdup(scratch_path("file"));
    autofree char *other = strdup(scratch_path("other"));
    autofree char *data = calloc(1, MIB1);

    (void)state;
    scratch_write("file", "abc", 3);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct hashes h;
        struct hash_job j = { other, HASH_ALL, sizes[i], &h, ERR_INIT };

        scratch_write("other", data, sizes[i]);
        hash_some(&j, 1, &unwatched);
        is_right(&j);
        fails_beside(there, other, sizes[i] + 1);
        fails_beside(there, other, sizes[i] + MIB1 / 4);
        if (sizes[i])
            fails_beside(there, other, sizes[i] - 1);
        if (sizes[i] >= MIB1 / 4)
            fails_beside(there, other, sizes[i] - MIB1 / 4);
    }
}

static void two_files_are_stopped_together(void **state)
{
    autofree char *there = strdup(scratch_path("file"));
    struct hash_watch watch = { .stop = true };
    struct hashes h[2] = { 0 };
    struct hash_job jobs[2] = {
        { there, HASH_ALL, HASH_ANY_SIZE, &h[0], ERR_INIT },
        { there, HASH_ALL, HASH_ANY_SIZE, &h[1], ERR_INIT },
    };

    (void)state;
    scratch_write("file", "abc", 3);
    hash_some(jobs, 2, &watch);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(jobs[i].err.kind, ERR_INTERRUPTED);
        assert_int_equal(h[i].have, 0);
    }
}

/* Both, when the thread has done them; bounded. */
static bool are_ahead(struct hash_ahead **a, unsigned kinds,
                      const char *const paths[2], struct hashes out[2])
{
    struct err e = ERR_INIT;

    for (int tries = 0; tries < 100; tries++) {
        *a = hash_ahead_new(kinds, &e);
        assert_non_null(*a);
        hash_ahead_add(*a, paths[0]);
        hash_ahead_add(*a, paths[1]);
        usleep(1000u * (unsigned)tries);
        hash_ahead_end(*a);
        if (hash_ahead_take(*a, paths[0], &out[0])
            && hash_ahead_take(*a, paths[1], &out[1]))
            return true;
        hash_ahead_free(*a);
    }
    return false;
}

/* One after the other, and side by side. */
static const unsigned ways[] = { HASH_ALL, HASH_BIT(HASH_SHA256) };

static void files_hashed_ahead_have_their_digests(void **state)
{
    autofree char *early = strdup(scratch_path("early"));
    autofree char *another = strdup(scratch_path("another"));
    const char *const paths[2] = { early, another };

    (void)state;
    scratch_write("early", "early", 5);
    scratch_write("another", "another", 7);
    for (int way = 0; way < 2; way++) {
        struct hash_ahead *a = NULL;
        struct hashes ahead[2], want;
        struct err e = ERR_INIT;

        assert_true(are_ahead(&a, ways[way], paths, ahead));
        for (int i = 0; i < 2; i++) {
            assert_int_equal(hash_file(paths[i], ways[way], &want, &e), 0);
            assert_memory_equal(&ahead[i], &want, sizeof(want));
        }
        assert_false(hash_ahead_take(a, scratch_path("other"), &want));
        hash_ahead_free(a);
    }
}

/* Where two go together, one without another is left to the caller. */
static void a_file_without_another_is_not_taken(void **state)
{
    static const char *const others[] = { NULL, "absent" };
    struct hashes h;
    struct err e = ERR_INIT;

    (void)state;
    scratch_write("early", "early", 5);
    for (int i = 0; i < 2; i++) {
        struct hash_ahead *a = hash_ahead_new(HASH_BIT(HASH_SHA256), &e);

        hash_ahead_add(a, scratch_path("early"));
        if (others[i])
            hash_ahead_add(a, scratch_path(others[i]));
        usleep(50000);
        hash_ahead_end(a);
        assert_true(!hash_ahead_take(a, scratch_path("early"), &h)
                    || !digest_pairs(HASH_BIT(HASH_SHA256)));
        assert_false(hash_ahead_take(a, scratch_path("absent"), &h));
        hash_ahead_free(a);
    }
}

/* Bounded. */
static void a_file_beside_one_that_cannot_be_read_is_taken(void **state)
{
    struct err e = ERR_INIT;
    struct hashes h;
    bool done = false;

    (void)state;
    scratch_write("early", "early", 5);
    for (unsigned tries = 0; !done && tries < 100; tries++) {
        struct hash_ahead *a = hash_ahead_new(HASH_BIT(HASH_SHA256), &e);

        hash_ahead_add(a, scratch_path("early"));
        hash_ahead_add(a, UNREADABLE);
        usleep(1000 * tries);
        hash_ahead_end(a);
        done = hash_ahead_take(a, scratch_path("early"), &h);
        assert_false(hash_ahead_take(a, UNREADABLE, &h));
        hash_ahead_free(a);
    }
    assert_true(done);
}

/* Bounded: false when it is not done after half a second. */
static bool is_ahead_alone(uint64_t left)
{
    struct err e = ERR_INIT;
    struct hash_ahead *a = NULL;
    struct hashes h, want;
    bool done = false;

    for (unsigned tries = 0; !done && tries < 10; tries++) {
        a = hash_ahead_new(HASH_BIT(HASH_SHA256), &e);
        hash_ahead_add(a, scratch_path("early"));
        hash_ahead_left(a, left);
        usleep(10000 * tries);
        hash_ahead_end(a);
        done = hash_ahead_take(a, scratch_path("early"), &h);
        hash_ahead_free(a);
    }
    assert_int_equal(hash_file(scratch_path("early"), HASH_BIT(HASH_SHA256),
                               &want, &e), 0);
    assert_true(!done || memcmp(&h, &want, sizeof(h)) == 0);
    return done;
}

/* Where the volume has less left than the file is long, no other comes that
 * could go with it. */
static void a_last_file_does_not_wait_for_another(void **state)
{
    (void)state;
    scratch_write("early", "early", 5);
    assert_true(is_ahead_alone(4));
    assert_true(is_ahead_alone(0));
    assert_true(!is_ahead_alone(5) || !digest_pairs(HASH_BIT(HASH_SHA256)));
}

/* Another length, and other bytes of the same length. */
static void a_file_that_changed_since_is_not_taken(void **state)
{
    static const char *const now[] = { "earlier", "EARLY" };
    autofree char *early = strdup(scratch_path("early"));
    const char *const paths[2] = { early, early };
    struct hash_ahead *a = NULL;
    struct hashes h[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        scratch_write("early", "early", 5);
        assert_true(are_ahead(&a, ways[i], paths, h));
        usleep(20000); /* file systems count time in steps */
        scratch_write("early", now[i], strlen(now[i]));
        assert_false(hash_ahead_take(a, early, &h[0]));
        hash_ahead_free(a);
    }
}

/* All of it is a gain of time: nothing waits for what is not begun. */
static void files_that_are_not_there_are_no_failure(void **state)
{
    struct err e = ERR_INIT;
    struct hash_ahead *a = hash_ahead_new(HASH_ALL, &e);
    struct hashes h;

    (void)state;
    for (int i = 0; i < 100; i++)
        hash_ahead_add(a, scratch_path("absent"));
    hash_ahead_end(a);
    assert_false(hash_ahead_take(a, scratch_path("absent"), &h));
    hash_ahead_free(a);
    hash_ahead_free(NULL);
}

static void the_strongest_digest_is_the_last(void **state)
{
    (void)state;
    assert_int_equal(hash_strongest(HASH_ALL), HASH_BIT(HASH_SHA256));
    assert_int_equal(hash_strongest(3), HASH_BIT(HASH_SHA1));
    assert_int_equal(hash_strongest(0), 0);
}

static void only_the_digests_asked_for_are_there(void **state)
{
    struct err e = ERR_INIT;
    struct hashes h;

    (void)state;
    scratch_write("file", "abc", 3);
    assert_int_equal(hash_file(scratch_path("file"), HASH_BIT(HASH_SHA1), &h,
                               &e), 0);
    assert_int_equal(h.have, HASH_BIT(HASH_SHA1));
    assert_hex(h.value[HASH_SHA1], HASH_SHA1, known[1].hex[HASH_SHA1]);
}

static void a_file_that_cannot_be_read_is_an_error(void **state)
{
    struct err e = ERR_INIT;
    struct hashes h;

    (void)state;
    assert_int_equal(hash_file(scratch_path("absent"), HASH_ALL, &h, &e), -1);
    assert_int_equal(e.kind, ERR_DEST);
    assert_int_equal(hash_file(scratch_folder, HASH_ALL, &h, &e), -1);
    assert_int_equal(e.kind, ERR_DEST);
}

static void an_interrupt_leaves_no_digest(void **state)
{
    struct err e = ERR_INIT;
    struct hashes h;
    int r;

    (void)state;
    scratch_write("file", "abc", 3);
    interrupted = 2;
    r = hash_file(scratch_path("file"), HASH_ALL, &h, &e);
    interrupted = 0;
    assert_int_equal(r, -1);
    assert_int_equal(e.kind, ERR_INTERRUPTED);
}

static void *hash_again_and_again(void *want)
{
    unsigned char out[32];

    for (int i = 0; i < 2000; i++) {
        hash_sha256("abc", 3, out);
        if (memcmp(out, want, 32) != 0)
            return want;
    }
    return NULL;
}

static void threads_do_not_disturb_each_other(void **state)
{
    unsigned char want[32];
    pthread_t threads[4];
    void *failed;

    (void)state;
    assert_int_equal(hex_decode(want, 32, known[1].hex[HASH_SHA256]), 0);
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, hash_again_and_again, want);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
}

/* ---- OpenSSL's memory, counted */

static int live;

static void *counting_malloc(size_t n, const char *file, int line)
{
    void *p = malloc(n);

    (void)file;
    (void)line;
    if (p)
        __atomic_add_fetch(&live, 1, __ATOMIC_RELAXED);
    return p;
}

static void *counting_realloc(void *p, size_t n, const char *file, int line)
{
    (void)file;
    (void)line;
    return p ? realloc(p, n) : counting_malloc(n, file, line);
}

static void counting_free(void *p, const char *file, int line)
{
    (void)file;
    (void)line;
    if (p)
        __atomic_sub_fetch(&live, 1, __ATOMIC_RELAXED);
    free(p);
}

static void a_digest_keeps_no_memory(void **state)
{
    unsigned char out[HASH_MAX];
    int before;

    (void)state;
    hash_sha256("abc", 3, out);
    before = live;
    assert_true(before > 0);
    for (int i = 0; i < 100; i++) {
        hash_sha256("abc", 3, out);
        digest(HASH_MD5, "abc", 3, 3, out);
    }
    assert_int_equal(live, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers_come_out),
        cmocka_unit_test(the_size_of_the_pieces_does_not_matter),
        cmocka_unit_test(a_file_has_the_digests_of_its_bytes),
        cmocka_unit_test(many_files_at_once_have_each_its_own),
        cmocka_unit_test(one_of_many_that_cannot_be_read_fails_alone),
        cmocka_unit_test(two_files_side_by_side_have_each_its_own),
        cmocka_unit_test(one_of_two_that_cannot_be_read_fails_alone),
        cmocka_unit_test(a_file_of_another_length_has_no_digest),
        cmocka_unit_test(two_files_are_stopped_together),
        cmocka_unit_test(files_hashed_ahead_have_their_digests),
        cmocka_unit_test(a_file_without_another_is_not_taken),
        cmocka_unit_test(a_file_beside_one_that_cannot_be_read_is_taken),
        cmocka_unit_test(a_last_file_does_not_wait_for_another),
        cmocka_unit_test(a_file_that_changed_since_is_not_taken),
        cmocka_unit_test(files_that_are_not_there_are_no_failure),
        cmocka_unit_test(the_strongest_digest_is_the_last),
        cmocka_unit_test(only_the_digests_asked_for_are_there),
        cmocka_unit_test(a_file_that_cannot_be_read_is_an_error),
        cmocka_unit_test(an_interrupt_leaves_no_digest),
        cmocka_unit_test(threads_do_not_disturb_each_other),
        cmocka_unit_test(a_digest_keeps_no_memory),
    };

    if (!CRYPTO_set_mem_functions(counting_malloc, counting_realloc,
                                  counting_free))
        return 1;
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
