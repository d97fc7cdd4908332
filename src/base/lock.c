/* SPDX-License-Identifier: Apache-2.0 */
#include "base/lock.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"

/* ------------------------------------------------------------- processes */

/* Who made a file: which process, of which machine since which start of it,
 * in which container (where its number means another one). */
struct maker {
    int pid;
    char host[65], boot[40], container[64];
    unsigned long long start; /* of the process; 0: not known */
};

#define MAKER_FORM "%d %s %s %s %llu\n"
#define MAKER_SCAN "%d %64s %39s %63s %llu"

static int slurp(const char *path, struct text *out)
{
    struct err ignored = ERR_INIT;

    return file_slurp(path, 4096, out, &ignored);
}

static void find_boot(struct maker *m)
{
    autotext struct text id = TEXT_INIT;

    if (slurp("/proc/sys/kernel/random/boot_id", &id) < 0
        || sscanf(id.s, "%39s", m->boot) != 1)
        m->boot[0] = '\0';
}

static void find_container(struct maker *m)
{
    memset(m->container, 0, sizeof(m->container));
    if (readlink("/proc/self/ns/pid", m->container,
                 sizeof(m->container) - 1) < 0)
        m->container[0] = '\0';
}

/* The 22nd word of its line; the second is in brackets and may hold
 * anything. */
static void find_start(struct maker *m)
{
    autotext struct text line = TEXT_INIT;
    char path[40];
    const char *at;

    m->start = 0;
    snprintf(path, sizeof(path), "/proc/%d/stat", m->pid);
    at = slurp(path, &line) == 0 ? strrchr(line.s, ')') : NULL;
    for (int word = 2; at && word < 22; word++)
        at = strchr(at + 1, ' ');
    if (at)
        m->start = strtoull(at, NULL, 10);
}

static void describe(struct maker *m, int pid)
{
    struct utsname u;

    m->pid = pid;
    snprintf(m->host, sizeof(m->host), "%.64s",
             uname(&u) == 0 && u.nodename[0] ? u.nodename : "?");
    find_boot(m);
    find_container(m);
    find_start(m);
}

/* What cannot be seen is taken to live. */
static bool is_dead(const struct maker *m)
{
    struct maker now;

    describe(&now, m->pid);
    if (m->pid <= 0 || !now.boot[0] || !now.container[0]
        || strcmp(now.host, m->host) != 0 || strcmp(now.boot, m->boot) != 0
        || strcmp(now.container, m->container) != 0)
        return false;
    if (kill(m->pid, 0) < 0 && errno == ESRCH)
        return true;
    return now.start && m->start && now.start != m->start;
}

/* It is on this machine, and alive. */
static bool is_alive(const struct maker *m)
{
    struct maker now;

    describe(&now, m->pid);
    return m->pid > 0 && m->start && now.start == m->start
        && strcmp(now.boot, m->boot) == 0
        && strcmp(now.container, m->container) == 0;
}

/* ------------------------------------------------------------------ files */

static char *numbered(const char *path, unsigned n)
{
    char *file = NULL;

    return asprintf(&file, "%s.%u", path, n) < 0 ? NULL : file;
}

static int write_maker(const char *file, int fd, struct err *e)
{
    struct maker m;
    char line[320];
    int n;

    describe(&m, (int)getpid());
    n = snprintf(line, sizeof(line), MAKER_FORM, m.pid, m.host,
                 m.boot[0] ? m.boot : "?", m.container[0] ? m.container : "?",
                 m.start);
    if (file_write(fd, line, (size_t)n, file, e) < 0)
        return -1;
    return file_sync(fd, file, e);
}

/* All zeros when its maker had no time to write it. */
static int read_maker(const char *file, struct maker *m, struct err *e)
{
    char line[320] = "";
    autoclose int fd = -1;
    size_t got;

    memset(m, 0, sizeof(*m));
    if (file_reopen_to_read(file, &fd, e) < 0
        || file_read_at(fd, line, sizeof(line) - 1, 0, &got, file, e) < 0)
        return -1;
    if (sscanf(line, MAKER_SCAN, &m->pid, m->host, m->boot, m->container,
               &m->start) != 5)
        memset(m, 0, sizeof(*m));
    return 0;
}

static int nobody_can_tell(const char *file, const struct maker *m,
                           struct err *e)
{
    return err_set(e, ERR_DEST, 0, "%s says that an ebsimg is at work (process "
                   "%d on %s), and nobody can tell whether it still is: this "
                   "file system has no locks; if it is not, remove that file",
                   file, m->pid, m->host[0] ? m->host : "a machine that is "
                   "not named");
}

/* 1: the file is there, and its maker is dead; 0: alive. */
static int is_left_over(const char *file, struct err *e)
{
    struct maker m;

    if (read_maker(file, &m, e) < 0)
        return -1;
    if (is_dead(&m))
        return 1;
    return is_alive(&m) ? 0 : nobody_can_tell(file, &m, e);
}

/* ------------------------------------------------------------------- take */

/* 1: it is made, and ours; 0: it was there; -1. */
static int make_file(struct lock *l, const char *file, struct err *e)
{
    struct err why = ERR_INIT;
    autoclose int fd = -1;

    if (file_create(file, &fd, &why) < 0) {
        if (why.os_errno == EEXIST)
            return 0;
        *e = why;
        return -1;
    }
    l->file = strdup(file);
    if (!l->file)
        return err_nomem(e);
    return write_maker(file, fd, e) < 0 ? -1 : 1;
}

enum turn { TAKEN = 1, BUSY = 0, FAILED = -1, NEXT = 2 };

static enum turn try_file(struct lock *l, const char *file, struct err *e)
{
    int made = make_file(l, file, e);

    if (made)
        return made > 0 ? TAKEN : FAILED;
    switch (is_left_over(file, e)) {
    case 1: return NEXT;
    case 0: return BUSY;
    default: return FAILED;
    }
}

static int take_by_file(struct lock *l, const char *path, struct err *e)
{
    enum turn t = NEXT;

    for (unsigned n = 1; t == NEXT; n++) {
        autofree char *file = numbered(path, n);

        if (!file)
            return err_nomem(e);
        t = try_file(l, file, e);
    }
    return t;
}

int lock_take(struct lock *l, int fd, const char *path, struct err *e)
{
    l->fd = fd;
    switch (file_lock(fd)) {
    case FILE_LOCK_TAKEN: return 1;
    case FILE_LOCK_BUSY: return 0;
    default: return take_by_file(l, path, e);
    }
}

bool lock_is_taken(int fd, const char *path)
{
    enum file_lock r = file_lock(fd);
    struct err ignored = ERR_INIT;
    bool left = r == FILE_LOCK_NONE;

    for (unsigned n = 1; left; n++) {
        autofree char *file = numbered(path, n);

        if (!file || !file_exists(file))
            return false;
        left = is_left_over(file, &ignored) == 1;
    }
    return r != FILE_LOCK_TAKEN;
}

void lock_release(struct lock *l)
{
    struct err ignored = ERR_INIT;

    if (l->file)
        file_remove(l->file, &ignored);
    free(l->file);
    if (l->fd >= 0)
        close(l->fd);
    *l = (struct lock)LOCK_INIT;
}
