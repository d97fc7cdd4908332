/* SPDX-License-Identifier: Apache-2.0 */
#include "base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "base/scope.h"
#include "base/thread.h"

struct folder {
    struct folder *next;
    char *path;
    unsigned users;       /* that hold it */
    int fd;
    bool own;             /* it was opened without following a link */
    bool restricted;
    uid_t owner;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct folder *held;

/* ------------------------------------------------------------ hold, release */

static void folder_free(struct folder *f)
{
    if (f->fd >= 0)
        close(f->fd);
    free(f->path);
    free(f);
}

static int open_folder(struct folder *f, struct err *e)
{
    struct place at = folder_place(f->path);

    f->fd = openat(at.dir, at.name, O_RDONLY | O_DIRECTORY | O_CLOEXEC
                   | (f->own ? O_NOFOLLOW : 0), 0);
    if (f->fd >= 0)
        return 0;
    if (f->own && (errno == ELOOP || errno == ENOTDIR))
        return err_set(e, ERR_DEST, 0, "%s is a link or a file, and not the "
                       "folder of a run", f->path);
    if (errno == ENOTDIR)
        return path_refuse(f->path, e);
    return err_set(e, ERR_DEST, errno, f->own ? "cannot open the folder %s"
                   : "cannot write in the folder %s", f->path);
}

/* Locked. */
static void take_out(const struct folder *f)
{
    struct folder **at = &held;

    while (*at != f)
        at = &(*at)->next;
    *at = f->next;
}

/* Locked.  Under the same path, and the same one still. */
static struct folder *held_already(const struct folder *f)
{
    struct folder *g = held;
    struct stat ours, theirs;

    while (g && strcmp(g->path, f->path) != 0)
        g = g->next;
    return g && fstat(f->fd, &ours) == 0 && fstat(g->fd, &theirs) == 0
        && ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino
        ? g : NULL;
}

/* Whoever holds a path may be given the descriptor of another who holds it,
 * so that one must live as long as all of them. */
static struct folder *enlist(struct folder *f)
{
    AUTOLOCK(&lock);
    struct folder *g = held_already(f);

    if (g) {
        folder_free(f);
        g->users++;
        return g;
    }
    f->users = 1;
    f->next = held;
    held = f;
    return f;
}

static struct folder *hold(const char *path, bool own, struct err *e)
{
    struct folder *f = calloc(1, sizeof(*f));

    if (!f || !(f->path = strdup(path))) {
        free(f);
        err_nomem(e);
        return NULL;
    }
    f->fd = -1;
    f->own = own;
    f->owner = geteuid();
    if (open_folder(f, e) < 0) {
        folder_free(f);
        return NULL;
    }
    return enlist(f);
}

struct folder *folder_hold(const char *path, struct err *e)
{
    return hold(path, false, e);
}

struct folder *folder_hold_own(const char *path, struct err *e)
{
    return hold(path, true, e);
}

void folder_release(struct folder *f)
{
    AUTOLOCK(&lock);

    if (!f || --f->users)
        return;
    take_out(f);
    folder_free(f);
}

int folder_fd(const struct folder *f)
{
    return f->fd;
}

void folder_expect(struct folder *f, uid_t owner)
{
    AUTOLOCK(&lock);

    f->owner = owner;
}

void folder_restrict(struct folder *f)
{
    AUTOLOCK(&lock);

    f->restricted = true;
}

bool folder_is_in_place(const struct folder *f)
{
    struct place at = folder_place(f->path);
    struct stat named, ours;

    return fstatat(at.dir, at.name, &named, AT_SYMLINK_NOFOLLOW) == 0
        && fstat(f->fd, &ours) == 0 && named.st_dev == ours.st_dev
        && named.st_ino == ours.st_ino;
}

/* ------------------------------------------------------------------- places */

static bool is_path_of(const struct folder *f, const char *path, size_t n)
{
    return strncmp(f->path, path, n) == 0 && !f->path[n];
}

/* Locked.  The one that was held last: it was opened through the others. */
static const struct folder *find(const char *path, size_t n)
{
    const struct folder *f = held;

    while (f && !is_path_of(f, path, n))
        f = f->next;
    return f;
}

/* As file_folder() cuts it. */
static const struct folder *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return find(".", 1);
    return slash == path ? find("/", 1) : find(path, (size_t)(slash - path));
}

struct place folder_place(const char *path)
{
    AUTOLOCK(&lock);
    const struct folder *f = folder_of(path);
    const char *name = file_name(path);

    if (!f || !*name)
        return (struct place){ AT_FDCWD, path, geteuid(), 0 };
    return (struct place){ f->fd, name, f->owner,
                           f->restricted ? O_NOFOLLOW : 0 };
}

char *folder_library_path(const char *path, struct err *e)
{
    struct place at = folder_place(path);
    char folder[40];
    char *out;

    if (at.dir == AT_FDCWD) {
        out = strdup(path);
    } else {
        snprintf(folder, sizeof(folder), "/proc/self/fd/%d", at.dir);
        if (access(folder, X_OK) < 0) {
            err_set(e, ERR_DEST, errno, "an E01 image is written through "
                    "/proc/self/fd, which is not there");
            return NULL;
        }
        if (asprintf(&out, "%s/%s", folder, at.name) < 0)
            out = NULL;
    }
    if (!out)
        err_nomem(e);
    return out;
}

static int fd_of(const char *path)
{
    AUTOLOCK(&lock);
    const struct folder *f = find(path, strlen(path));

    return f ? f->fd : AT_FDCWD;
}

DIR *folder_list(const char *path)
{
    int dir = fd_of(path);
    int fd = openat(dir, dir == AT_FDCWD ? path : ".",
                    O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);

    if (!d && fd >= 0)
        close(fd);
    return d;
}

/* ------------------------------------------------------------------- others */

/* As most systems give one to each user: of his name, and he is in no list of
 * it. */
static bool is_private_group(gid_t gid, uid_t uid)
{
    char users[4096], groups[4096];
    struct passwd pw, *user = NULL;
    struct group gr, *group = NULL;

    return getpwuid_r(uid, &pw, users, sizeof(users), &user) == 0 && user
        && getgrgid_r(gid, &gr, groups, sizeof(groups), &group) == 0 && group
        && user->pw_gid == gid && strcmp(user->pw_name, group->gr_name) == 0
        && !group->gr_mem[0];
}

static bool has_access_list(int fd)
{
    return fgetxattr(fd, "system.posix_acl_access", NULL, 0) > 0;
}

bool folder_others_may_write(int fd, const struct stat *st)
{
    if (st->st_mode & S_IWOTH)
        return true;
    if (!(st->st_mode & S_IWGRP)) /* the mask of an access list, too */
        return false;
    return has_access_list(fd) || !is_private_group(st->st_gid, st->st_uid);
}
