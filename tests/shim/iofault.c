/* SPDX-License-Identifier: Apache-2.0 */
/* A preload shim: the nth write of a run fails.
 *
 *   LD_PRELOAD=iofault.so IOFAULT_FOLDER=/out/ IOFAULT_AT=17 \
 *       IOFAULT_KIND=ENOSPC ebsimg ...
 *
 * IOFAULT_FOLDER  what the paths that count begin with
 * IOFAULT_AT      which of the calls below fails, from 1; none: only count
 * IOFAULT_ON      set: and every one after it (every second with EINTR, so
 *                 that trying again helps)
 * IOFAULT_KIND    ENOSPC, EDQUOT, EIO, EROFS; EINTR: only calls that a signal
 *                 can interrupt; SHORT: a write takes half of its bytes
 * IOFAULT_LOG     a file that gets a line "NUMBER CALL RESULT PATH" for each
 *                 call; RESULT is "done" or "failed" */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "where.h"

#define SHORT (-1)

/* The next definition of `name' behind this one: libc's. */
#define REAL(name) ({                                             \
    static __typeof__(&name) real;                                \
    if (!real)                                                    \
        real = (__typeof__(&name))dlsym(RTLD_NEXT, #name);        \
    real; })

static _Atomic unsigned long calls;

static void note(unsigned long n, const char *call, bool fails,
                 const char *path)
{
    const char *name = getenv("IOFAULT_LOG");
    char line[WHERE_MAX + 64];
    int fd, len;

    if (!name)
        return;
    len = snprintf(line, sizeof(line), "%lu %s %s %s\n", n, call,
                   fails ? "failed" : "done", path);
    fd = REAL(open)(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0 || REAL(write)(fd, line, (size_t)len) != len)
        abort();
    REAL(close)(fd);
}

/* What IOFAULT_KIND does to this call: an errno, SHORT, or 0 for nothing. */
static int kind_for(const char *call)
{
    static const struct { const char *name; int number; } kinds[] = {
        { "ENOSPC", ENOSPC }, { "EDQUOT", EDQUOT }, { "EIO", EIO },
        { "EROFS", EROFS },   { "EINTR", EINTR },   { "SHORT", SHORT },
    };
    const char *kind = getenv("IOFAULT_KIND");
    int number = 0;

    for (size_t i = 0; kind && i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kind, kinds[i].name) == 0)
            number = kinds[i].number;
    if (number == SHORT && !strstr(call, "write"))
        return 0;
    if (number == EINTR
        && (strstr(call, "rename") || strstr(call, "link")
            || strstr(call, "mkdir")))
        return 0;
    return number;
}

static bool is_turn_of(unsigned long n, int number)
{
    const char *at = getenv("IOFAULT_AT");
    unsigned long first = at ? strtoul(at, NULL, 10) : 0;

    if (!first || n < first || (n > first && !getenv("IOFAULT_ON")))
        return false;
    return number != EINTR || (n - first) % 2 == 0;
}

/* Counts a call; what is to go wrong with it, 0 for nothing. */
static int fault(const char *call, const char *path)
{
    const char *folder = getenv("IOFAULT_FOLDER");
    unsigned long n;
    int number;

    if (!folder || strncmp(path, folder, strlen(folder)) != 0)
        return 0;
    n = ++calls;
    number = kind_for(call);
    if (!is_turn_of(n, number))
        number = 0;
    note(n, call, number != 0, path);
    return number;
}

static int fault_fd(const char *call, int fd)
{
    char path[WHERE_MAX];

    return fault(call, where_fd(fd, path));
}

#define FAIL_PATH(call, dir, path) do {                           \
    char where[WHERE_MAX];                                        \
    int number = fault(call, where_at(dir, path, where));         \
    if (number) { errno = number; return -1; }                    \
} while (0)

#define FAIL_FD(call, fd) do {                                    \
    int number = fault_fd(call, fd);                              \
    if (number) { errno = number; return -1; }                    \
} while (0)

/* ----------------------------------------------------------------- names */

#define OPEN(name)                                                \
int name(const char *path, int flags, ...)                        \
{                                                                 \
    va_list ap;                                                   \
    mode_t mode;                                                  \
    va_start(ap, flags);                                          \
    mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;              \
    va_end(ap);                                                   \
    if ((flags & O_ACCMODE) != O_RDONLY)                          \
        FAIL_PATH("open", AT_FDCWD, path);                        \
    return REAL(name)(path, flags, mode);                         \
}
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                              \
int name(int dir, const char *path, int flags, ...)               \
{                                                                 \
    va_list ap;                                                   \
    mode_t mode;                                                  \
    va_start(ap, flags);                                          \
    mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;              \
    va_end(ap);                                                   \
    if ((flags & O_ACCMODE) != O_RDONLY)                          \
        FAIL_PATH("open", dir, path);                             \
    return REAL(name)(dir, path, flags, mode);                    \
}
OPENAT(openat)
OPENAT(openat64)

int mkdir(const char *path, mode_t mode)
{
    FAIL_PATH("mkdir", AT_FDCWD, path);
    return REAL(mkdir)(path, mode);
}

int mkdirat(int dir, const char *path, mode_t mode)
{
    FAIL_PATH("mkdir", dir, path);
    return REAL(mkdirat)(dir, path, mode);
}

int rename(const char *from, const char *to)
{
    FAIL_PATH("rename", AT_FDCWD, to);
    return REAL(rename)(from, to);
}

int renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
    FAIL_PATH("rename", b, to);
    return REAL(renameat2)(a, from, b, to, flags);
}

int linkat(int a, const char *from, int b, const char *to, int flags)
{
    FAIL_PATH("link", b, to);
    return REAL(linkat)(a, from, b, to, flags);
}

/* ----------------------------------------------------------- descriptors */

#define SHORTEN(call, fd, n) do {                                 \
    int number = fault_fd(call, fd);                              \
    if (number == SHORT)                                          \
        n = n > 1 ? n / 2 : n;                                    \
    else if (number) { errno = number; return -1; }               \
} while (0)

ssize_t write(int fd, const void *p, size_t n)
{
    SHORTEN("write", fd, n);
    return REAL(write)(fd, p, n);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    SHORTEN("pwrite", fd, n);
    return REAL(pwrite)(fd, p, n, at);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
    SHORTEN("pwrite", fd, n);
    return REAL(pwrite64)(fd, p, n, at);
}

/* Short: without the last piece. */
ssize_t writev(int fd, const struct iovec *v, int n)
{
    SHORTEN("writev", fd, n);
    return REAL(writev)(fd, v, n);
}

ssize_t pwritev(int fd, const struct iovec *v, int n, off_t at)
{
    SHORTEN("pwritev", fd, n);
    return REAL(pwritev)(fd, v, n, at);
}

ssize_t pwritev64(int fd, const struct iovec *v, int n, off64_t at)
{
    SHORTEN("pwritev", fd, n);
    return REAL(pwritev64)(fd, v, n, at);
}

int ftruncate(int fd, off_t n)
{
    FAIL_FD("ftruncate", fd);
    return REAL(ftruncate)(fd, n);
}

int ftruncate64(int fd, off64_t n)
{
    FAIL_FD("ftruncate", fd);
    return REAL(ftruncate64)(fd, n);
}

int fsync(int fd)
{
    FAIL_FD("fsync", fd);
    return REAL(fsync)(fd);
}

int fdatasync(int fd)
{
    FAIL_FD("fsync", fd);
    return REAL(fdatasync)(fd);
}

/* The descriptor is closed all the same, as Linux does it.  Of one that was
 * only read nobody expects news. */
int close(int fd)
{
    int before = errno;
    int flags = fcntl(fd, F_GETFL);
    int number = flags >= 0 && (flags & O_ACCMODE) != O_RDONLY
        ? fault_fd("close", fd) : 0;
    int r;

    errno = before;
    r = REAL(close)(fd);
    if (number) {
        errno = number;
        return -1;
    }
    return r;
}
