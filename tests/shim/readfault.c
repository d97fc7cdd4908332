/* SPDX-License-Identifier: Apache-2.0 */
/* A preload shim: a file cannot be read from some place on.
 *
 *   LD_PRELOAD=readfault.so READFAULT_FILE=/x.002 READFAULT_AT=300000 \
 *       READFAULT_KIND=EIO ebsimg ...
 *
 * READFAULT_FILE  what the paths that count end with
 * READFAULT_AT    the first byte that does not come, from 0
 * READFAULT_KIND  EIO; END: there seems to be the end of the file; CUT: the
 *                 file is cut there when somebody reads on; SHORT: not a
 *                 fault, every read gives two thirds of what it could; EINTR:
 *                 neither, every second read is interrupted; CTRLC: nor that,
 *                 somebody presses Ctrl-C once; SLOW: nor that, each read takes
 *                 READFAULT_MS milliseconds more
 * READFAULT_LOG   a file that gets a line "KIND OFFSET" for each read that was
 *                 met */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *setting(const char *name)
{
    const char *value = getenv(name);

    return value ? value : "";
}

static bool is_kind(const char *kind)
{
    return strcmp(setting("READFAULT_KIND"), kind) == 0;
}

static void path_of(int fd, char path[4097])
{
    char link[32];
    ssize_t n;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    n = readlink(link, path, 4096);
    path[n < 0 ? 0 : n] = '\0';
}

static bool counts(const char *path)
{
    const char *end = setting("READFAULT_FILE");
    size_t n = strlen(path), m = strlen(end);

    return m && n >= m && strcmp(path + n - m, end) == 0;
}

static void note(off64_t at)
{
    FILE *f = *setting("READFAULT_LOG")
        ? fopen(setting("READFAULT_LOG"), "ae") : NULL;

    if (!f)
        return;
    fprintf(f, "%s %lld\n", setting("READFAULT_KIND"), (long long)at);
    fclose(f);
}

typedef ssize_t reads(int fd, void *p, size_t n, off64_t at);

static void wait_a_little(off64_t at)
{
    note(at);
    usleep(1000 * (useconds_t)strtoul(setting("READFAULT_MS"), NULL, 10));
}

static void press_once(off64_t at)
{
    static atomic_bool pressed;

    if (atomic_exchange(&pressed, true))
        return;
    note(at);
    kill(getpid(), SIGINT);
}

/* What is no fault. */
static ssize_t read_on(reads *real, int fd, void *p, size_t n, off64_t at)
{
    static atomic_uint turn;

    if (is_kind("SHORT")) {
        note(at);
        return real(fd, p, n > 2 ? n / 3 * 2 : n, at);
    }
    if (is_kind("EINTR") && turn++ % 2 == 0) {
        note(at);
        errno = EINTR;
        return -1;
    }
    if (is_kind("CTRLC"))
        press_once(at);
    if (is_kind("SLOW"))
        wait_a_little(at);
    return real(fd, p, n, at);
}

static ssize_t fail(const char *path, off64_t at)
{
    note(at);
    if (is_kind("CUT") && truncate(path, at) < 0)
        abort();
    if (!is_kind("EIO"))
        return 0;
    errno = EIO;
    return -1;
}

static ssize_t faulty(int fd, void *p, size_t n, off64_t at)
{
    off64_t first = strtoll(setting("READFAULT_AT"), NULL, 10);
    reads *real = (reads *)dlsym(RTLD_NEXT, "pread64");
    char path[4097];

    path_of(fd, path);
    if (!counts(path))
        return real(fd, p, n, at);
    if (at < first)
        return real(fd, p,
                    at + (off64_t)n > first ? (size_t)(first - at) : n, at);
    if (is_kind("EIO") || is_kind("END") || is_kind("CUT"))
        return fail(path, at);
    return read_on(real, fd, p, n, at);
}

ssize_t pread(int fd, void *p, size_t n, off_t at)
{
    return faulty(fd, p, n, at);
}

ssize_t pread64(int fd, void *p, size_t n, off64_t at)
{
    return faulty(fd, p, n, at);
}

/* What a program calls that was compiled with _FORTIFY_SOURCE. */
ssize_t __pread_chk(int fd, void *p, size_t n, off_t at, size_t room)
{
    (void)room;
    return faulty(fd, p, n, at);
}

ssize_t __pread64_chk(int fd, void *p, size_t n, off64_t at, size_t room)
{
    (void)room;
    return faulty(fd, p, n, at);
}
