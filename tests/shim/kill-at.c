/* SPDX-License-Identifier: Apache-2.0 */
/* A preload shim: the process dies at the nth change that it makes to the
 * files of a folder, as by kill -9 or by a power cut.
 *
 *   LD_PRELOAD=kill-at.so KILL_FOLDER=/out/ KILL_AT=17 KILL_HOW=half \
 *       ebsimg ...
 *
 * KILL_FOLDER  what the paths that count begin with
 * KILL_AT      at which of the changes, from 1; none: only count
 * KILL_HOW     before: the change is not made; half: of a write, half of the
 *              bytes; after; power: after, and of what was written since the
 *              last sync of each file a part chosen by KILL_SEED is lost
 * KILL_SEED    a number
 * KILL_COUNT   a file that gets the number of changes at the end */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "where.h"

#define PAGE 4096
#define FILES 4096
#define UNSYNCED 65536

/* The next definition of `name' behind this one: libc's. */
#define REAL(name) ({                                             \
    static __typeof__(&name) real;                                \
    if (!real)                                                    \
        real = (__typeof__(&name))dlsym(RTLD_NEXT, #name);        \
    real; })

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long changes;

static bool is_ours(const char *path)
{
    const char *folder = getenv("KILL_FOLDER");

    return folder && strncmp(path, folder, strlen(folder)) == 0;
}

static bool how(const char *what)
{
    const char *h = getenv("KILL_HOW");

    return strcmp(h ? h : "before", what) == 0;
}

/* ------------------------------------------------------------- power cuts */

/* Pages written and not synced, with what was there before. */
static struct page {
    char *path;
    uint64_t offset;
    size_t len;           /* of `before': less at the end of the file */
    unsigned char before[PAGE];
} *pages;
static size_t npages;

static uint64_t dice(void)
{
    static uint64_t x;
    const char *seed = getenv("KILL_SEED");

    if (x == 0)
        x = (seed ? strtoull(seed, NULL, 10) : 1) * 2654435761u + 1;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return x;
}

static bool is_known(const char *path, uint64_t offset)
{
    for (size_t i = 0; i < npages; i++)
        if (pages[i].offset == offset && strcmp(pages[i].path, path) == 0)
            return true;
    return false;
}

static void remember_page(const char *path, uint64_t offset)
{
    struct page *p;
    int fd;
    ssize_t n;

    if (is_known(path, offset) || npages == UNSYNCED)
        return;
    if (!pages)
        pages = calloc(UNSYNCED, sizeof(*pages));
    p = &pages[npages++];
    p->path = strdup(path);
    p->offset = offset;
    fd = REAL(open)(path, O_RDONLY | O_CLOEXEC);
    n = fd < 0 ? 0 : pread(fd, p->before, PAGE, (off_t)offset);
    p->len = n > 0 ? (size_t)n : 0;
    if (fd >= 0)
        REAL(close)(fd);
}

static void remember(const char *path, uint64_t offset, size_t n)
{
    if (!how("power"))
        return;
    for (uint64_t at = offset / PAGE * PAGE; at < offset + n; at += PAGE)
        remember_page(path, at);
}

static void forget(const char *path)
{
    for (size_t i = 0; i < npages;) {
        if (strcmp(pages[i].path, path) != 0) {
            i++;
            continue;
        }
        free(pages[i].path);
        pages[i] = pages[--npages];
    }
}

/* Of each page that was not synced: all of it is there, or nothing, or, when
 * it had grown the file, zeros.  Sometimes nothing that was not synced is
 * left. */
static void lose(void)
{
    unsigned keep = (unsigned)(dice() % 3); /* none, half, most of them */

    for (size_t i = npages; i-- > 0;) {
        const struct page *p = &pages[i];
        int fd;

        if (keep && dice() % (2 * keep) != 0)
            continue;
        fd = REAL(open)(p->path, O_WRONLY | O_CLOEXEC);
        if (fd < 0)
            continue;
        if (REAL(pwrite)(fd, p->before, PAGE, (off_t)p->offset) != PAGE)
            abort();
        REAL(close)(fd);
    }
    for (size_t i = npages; keep == 0 && i-- > 0;)
        if (pages[i].len < PAGE)
            (void)!REAL(truncate)(pages[i].path,
                            (off_t)(pages[i].offset + pages[i].len));
}

/* ---------------------------------------------------------------- counting */

static void die(void)
{
    if (how("power"))
        lose();
    raise(SIGKILL);
}

/* Locked.  Counts a change; true when this is the one. */
static bool is_turn(void)
{
    const char *at = getenv("KILL_AT");

    return ++changes == (at ? strtoul(at, NULL, 10) : 0);
}

__attribute__((destructor)) static void tell(void)
{
    const char *path = getenv("KILL_COUNT");
    FILE *f = path ? fopen(path, "we") : NULL;

    if (!f)
        return;
    fprintf(f, "%lu\n", changes);
    fclose(f);
}

/* A change by `call' of the file `path'; nothing else changes meanwhile. */
#define CHANGE(path, call) ({                                     \
    __typeof__(call) r_;                                          \
    if (!is_ours(path)) {                                         \
        r_ = call;                                                \
    } else {                                                      \
        pthread_mutex_lock(&lock);                                \
        bool turn_ = is_turn();                                   \
        if (turn_ && (how("before") || how("half")))              \
            die();                                                \
        r_ = call;                                                \
        if (turn_)                                                \
            die();                                                \
        pthread_mutex_unlock(&lock);                              \
    }                                                             \
    r_; })

/* ------------------------------------------------------------------ names */

#define OPEN(name)                                                \
int name(const char *path, int flags, ...)                        \
{                                                                 \
    va_list ap;                                                   \
    mode_t mode;                                                  \
    va_start(ap, flags);                                          \
    mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;              \
    va_end(ap);                                                   \
    if (!(flags & O_CREAT))                                       \
        return REAL(name)(path, flags, mode);                     \
    char at[WHERE_MAX];                                           \
    return CHANGE(where_at(AT_FDCWD, path, at),                   \
                  REAL(name)(path, flags, mode));                 \
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
    if (!(flags & O_CREAT))                                       \
        return REAL(name)(dir, path, flags, mode);                \
    char at[WHERE_MAX];                                           \
    return CHANGE(where_at(dir, path, at),                        \
                  REAL(name)(dir, path, flags, mode));            \
}
OPENAT(openat)
OPENAT(openat64)

int mkdirat(int dir, const char *path, mode_t mode)
{
    char at[WHERE_MAX];

    return CHANGE(where_at(dir, path, at), REAL(mkdirat)(dir, path, mode));
}

int unlinkat(int dir, const char *path, int flags)
{
    char at[WHERE_MAX];

    return CHANGE(where_at(dir, path, at), REAL(unlinkat)(dir, path, flags));
}

int renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
    char at[WHERE_MAX];

    return CHANGE(where_at(b, to, at), REAL(renameat2)(a, from, b, to, flags));
}

/* ------------------------------------------------------------ descriptors */

int ftruncate(int fd, off_t n)
{
    char path[WHERE_MAX];

    return CHANGE(where_fd(fd, path), REAL(ftruncate)(fd, n));
}

static int sync_of(int fd, int (*sync)(int))
{
    char path[WHERE_MAX];
    int r = CHANGE(where_fd(fd, path), sync(fd));

    pthread_mutex_lock(&lock);
    forget(path);
    pthread_mutex_unlock(&lock);
    return r;
}

int fsync(int fd)
{
    return sync_of(fd, REAL(fsync));
}

int fdatasync(int fd)
{
    return sync_of(fd, REAL(fdatasync));
}

static ssize_t put(int fd, const void *p, size_t n, off_t at)
{
    if (at < 0)
        return REAL(write)(fd, p, n);
    return REAL(pwrite)(fd, p, n, at);
}

static ssize_t write_of(int fd, const void *p, size_t n, off_t at)
{
    char path[WHERE_MAX];

    if (!is_ours(where_fd(fd, path)))
        return put(fd, p, n, at);
    pthread_mutex_lock(&lock);
    remember(path, (uint64_t)(at < 0 ? lseek(fd, 0, SEEK_CUR) : at), n);
    bool turn = is_turn();

    if (turn && how("before"))
        die();
    if (turn && how("half"))
        n /= 2;
    ssize_t r = put(fd, p, n, at);

    if (turn)
        die();
    pthread_mutex_unlock(&lock);
    return r;
}

ssize_t write(int fd, const void *p, size_t n)
{
    return write_of(fd, p, n, -1);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    return write_of(fd, p, n, at);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
    return write_of(fd, p, n, at);
}
