/* A preload shim: a file system that cannot do much.
 *
 *   LD_PRELOAD=poorfs.so POORFS=owners,modes,locks,sync,rename ebsimg ...
 *
 * owners   every file shows the user 54321
 * modes    ... the rights of 0777
 * locks    flock() fails with ENOLCK
 * sync     a folder cannot be synced
 * rename   there is no RENAME_NOREPLACE, and no link() */
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
    return flags && lacks("rename") ? fail(EINVAL)
                                    : REAL(renameat2)(a, from, b, to, flags);
}

int linkat(int a, const char *from, int b, const char *to, int flags)
{
    return lacks("rename") ? fail(EPERM)
                           : REAL(linkat)(a, from, b, to, flags);
}

#define SHOW(st) do {                                             \
    if (lacks("owners"))                                          \
        (st)->st_uid = 54321;                                     \
    if (lacks("modes"))                                           \
        (st)->st_mode |= 0777;                                    \
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

int fsync(int fd)
{
    struct stat st;

    if (lacks("sync") && REAL(fstat)(fd, &st) == 0 && S_ISDIR(st.st_mode))
        return fail(EINVAL);
    return REAL(fsync)(fd);
}
