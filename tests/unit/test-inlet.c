/* SPDX-License-Identifier: Apache-2.0 */
/* What the user names may be a pipe, a device or a folder, and a read of it
 * ends all the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/inlet.h"
#include "base/interrupt.h"
#include "scratch.h"

enum { LIMIT = 100000 };

static struct text content;
static struct err err;

static int fresh(void **state)
{
    interrupted = 0;
    memset(&err, 0, sizeof(err));
    return scratch_setup(state);
}

static int end(void **state)
{
    interrupted = 0;
    text_free(&content);
    return scratch_teardown(state);
}

static void assert_slurps(const char *path, const char *want)
{
    text_clear(&content);
    if (file_slurp(path, LIMIT, &content, &err) < 0)
        fail_msg("%s", err.msg);
    assert_string_equal(content.s, want);
}

static void assert_refused(const char *path, enum err_kind kind,
                           const char *words)
{
    assert_int_equal(file_slurp(path, LIMIT, &content, &err), -1);
    assert_int_equal(err.kind, kind);
    if (!strstr(err.msg, words))
        fail_msg("\"%s\" lacks \"%s\"", err.msg, words);
}

static void a_file_is_read_whole(void **state)
{
    (void)state;
    scratch_write("f", "some text", 9);
    assert_slurps(scratch_path("f"), "some text");
    scratch_write("f", "", 0);
    assert_slurps(scratch_path("f"), "");
    assert_slurps("/dev/null", "");
}

static void what_is_no_file_is_refused(void **state)
{
    (void)state;
    assert_refused(scratch_folder, ERR_USAGE, "Is a directory");
    assert_refused(scratch_path("none"), ERR_USAGE, "No such file");
}

static void what_is_too_large_is_refused(void **state)
{
    static const char zeros[LIMIT + 1];

    (void)state;
    scratch_write("f", zeros, LIMIT);
    assert_slurps(scratch_path("f"), "");
    scratch_write("f", zeros, LIMIT + 1);
    assert_refused(scratch_path("f"), ERR_USAGE, "larger than 100000 bytes");
}

/* ----------------------------------------------------------------- pipes */

static const char *fifo(void)
{
    assert_int_equal(mkfifo(scratch_path("fifo"), 0600), 0);
    return scratch_path("fifo");
}

struct writer {
    pthread_t thread;
    const char *path;
    unsigned pause_ms;
    unsigned pieces;
};

static void *write_slowly(void *arg)
{
    const struct writer *w = arg;
    int fd = -1;

    for (unsigned i = 0; i < w->pieces; i++) {
        usleep(w->pause_ms * 1000);
        if (fd < 0)
            fd = open(w->path, O_WRONLY);
        assert(fd >= 0 && write(fd, "piece ", 6) == 6);
    }
    close(fd);
    return NULL;
}

static void a_pipe_is_read_to_its_end(void **state)
{
    struct writer w = { .path = fifo(), .pause_ms = 300, .pieces = 3 };

    (void)state;
    assert(pthread_create(&w.thread, NULL, write_slowly, &w) == 0);
    assert_slurps(w.path, "piece piece piece ");
    pthread_join(w.thread, NULL);
}

/* As a shell's <(...) is, when the command has ended before it is opened. */
static void what_is_left_in_a_pipe_is_read(void **state)
{
    char path[32];
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "all of it", 9), 9);
    close(ends[1]);
    snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
    assert_slurps(path, "all of it");
    close(ends[0]);
}

static void a_pipe_into_which_nobody_writes_is_given_up(void **state)
{
    (void)state;
    assert_refused(fifo(), ERR_USAGE, "a pipe into which nobody writes");
}

static void *interrupt_soon(void *unused)
{
    (void)unused;
    usleep(300 * 1000);
    __atomic_store_n(&interrupted, SIGTERM, __ATOMIC_RELAXED);
    return NULL;
}

static void a_signal_ends_the_wait(void **state)
{
    const char *path = fifo();
    int fd = open(path, O_RDWR);
    uint64_t began = clock_monotonic(&clock_system);
    pthread_t thread;

    (void)state;
    assert(pthread_create(&thread, NULL, interrupt_soon, NULL) == 0);
    assert_refused(path, ERR_INTERRUPTED, "interrupted by signal 15");
    assert_true(clock_monotonic(&clock_system) - began < 30 * NS_PER_S);
    pthread_join(thread, NULL);
    close(fd);
}

static void a_signal_ends_what_never_waits(void **state)
{
    struct inlet in;
    char buf[16];

    (void)state;
    assert_int_equal(inlet_open(&in, "/dev/zero", &err), 0);
    assert_int_equal(inlet_read(&in, buf, sizeof(buf), &err), sizeof(buf));
    interrupted = SIGINT;
    assert_int_equal(inlet_read(&in, buf, sizeof(buf), &err), -1);
    assert_int_equal(err.kind, ERR_INTERRUPTED);
    inlet_close(&in);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_is_read_whole),
        TEST(what_is_no_file_is_refused),
        TEST(what_is_too_large_is_refused),
        TEST(a_pipe_is_read_to_its_end),
        TEST(what_is_left_in_a_pipe_is_read),
        TEST(a_pipe_into_which_nobody_writes_is_given_up),
        TEST(a_signal_ends_the_wait),
        TEST(a_signal_ends_what_never_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
