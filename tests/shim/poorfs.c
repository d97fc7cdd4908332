/* SPDX-License-Identifier: Apache-2.0 */
/* A preload shim: a file system that cannot do much.
 *
 *   LD_PRELOAD=poorfs.so POORFS=owners,modes,locks,sync,rename ebsimg ...
 *
 * owners   every file shows the user 54321
 * modes    ... the rights of 0777
 * locks    flock() fails with ENOLCK
 * sync     a folder cannot be synced
 * durable  nothing can be synced
 * rename   there is no RENAME_NOREPLACE, and no link()
 * nolink   ... and link() says so with EIO, as rclone does
 * nosys    ... with ENOSYS both, as old kernels do
 * holes    what is skipped in a file takes room
 * large    no file has 4 GiB, as on FAT
 * append   a file is written from its beginning to its end
 * colon    no folder has a colon in its name; ENOENT says so, as exFAT does */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The next definition of `name' behind this one: libc's. */
#define REAL(name) ({                                             \
    static __typeof__(&name) real;                                \
    if (!real)                                                    \
        real = (__typeof__(&name))dlsym(RTLD_NEXT, #name);        \
    real; })

static bool lacks(const char *what)
{
    const char *all = getenv("POORFS");

    return all && strstr(all, what);
}

static int fail(int number)
{
    errno = number;
    return -1;
}

int flock(int fd, int how)
{
    return lacks("locks") ? fail(ENOLCK) : REAL(flock)(fd, how);
}

int renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
    if (flags && lacks("nosys"))
        return fail(ENOSYS);
    return flags && (lacks("rename") || lacks("nolink"))
        ? fail(EINVAL) : REAL(renameat2)(a, from, b, to, flags);
}

int linkat(int a, const char *from, int b, const char *to, int flags)
{
    if (lacks("nosys"))
        return fail(ENOSYS);
    if (lacks("nolink"))
        return fail(EIO);
    return lacks("rename") ? fail(EPERM)
                           : REAL(linkat)(a, from, b, to, flags);
}

int mkdirat(int dir, const char *path, mode_t mode)
{
    return lacks("colon") && strchr(path, ':') ? fail(ENOENT)
        : REAL(mkdirat)(dir, path, mode);
}

#define MOST 0xffffffffll /* bytes of a file of FAT */

int ftruncate(int fd, off_t size)
{
    return lacks("large") && size > MOST ? fail(EFBIG)
                                         : REAL(ftruncate)(fd, size);
}

int ftruncate64(int fd, off64_t size)
{
    return ftruncate(fd, size);
}

static bool is_behind(int fd, off_t at)
{
    struct stat st;

    return REAL(fstat)(fd, &st) == 0 && S_ISREG(st.st_mode)
        && at > st.st_size;
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t at)
{
    if (lacks("large") && at + (off_t)n > MOST)
        return fail(EFBIG);
    return lacks("append") && is_behind(fd, at)
        ? fail(ESPIPE) : REAL(pwrite)(fd, data, n, at);
}

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at)
{
    return pwrite(fd, data, n, at);
}

#define SHOW(st) do {                                             \
    if (lacks("owners"))                                          \
        (st)->st_uid = 54321;                                     \
    if (lacks("modes"))                                           \
        (st)->st_mode |= 0777;                                    \
    if (lacks("holes"))                                           \
        (st)->st_blocks = ((st)->st_size + 511) / 512;            \
} while (0)

int fstat(int fd, struct stat *st)
{
    int r = REAL(fstat)(fd, st);

    if (r == 0)
        SHOW(st);
    return r;
}

int fstatat(int dir, const char *path, struct stat *st, int flags)
{
    int r = REAL(fstatat)(dir, path, st, flags);

    if (r == 0)
        SHOW(st);
    return r;
}

int fstat64(int fd, struct stat64 *st)
{
    int r = REAL(fstat64)(fd, st);

    if (r == 0)
        SHOW(st);
    return r;
}

int fstatat64(int dir, const char *path, struct stat64 *st, int flags)
{
    int r = REAL(fstatat64)(dir, path, st, flags);

    if (r == 0)
        SHOW(st);
    return r;
}

int fdatasync(int fd)
{
    return lacks("durable") ? fail(EINVAL) : REAL(fdatasync)(fd);
}

int fsync(int fd)
{
    struct stat st;

    if (lacks("durable"))
        return fail(EINVAL);
    if (lacks("sync") && REAL(fstat)(fd, &st) == 0 && S_ISDIR(st.st_mode))
        return fail(EINVAL);
    return REAL(fsync)(fd);
}
