/* SPDX-License-Identifier: Apache-2.0 */
#include "base/private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"

static int try_it(struct private_folder *p, const char *path,
                  const char *probe, struct err *e)
{
    autotext struct text file = TEXT_INIT;

    text_addf(&file, "%s/%s", path, probe);
    if (file.failed)
        return err_nomem(e);
    if (filesystem_try(&p->fs, folder_fd(p->held), file.s, e) < 0)
        return -1;
    folder_expect(p->held, p->fs.owner);
    folder_restrict(p->held);
    return 0;
}

int private_enter(struct private_folder *p, const char *path,
                  const char *probe, struct err *e)
{
    if (!p->held && !(p->held = folder_hold_own(path, e)))
        return -1;
    return try_it(p, path, probe, e);
}

void private_leave(struct private_folder *p)
{
    folder_release(p->held);
    p->held = NULL;
}

/* ------------------------------------------------------------------ rights */

static bool lacks(const struct private_folder *p, enum filesystem_lack what)
{
    return p->fs.lacks & 1u << what;
}

static int check_rights(const struct private_folder *p, int fd,
                        const struct stat *st, const char *path,
                        struct err *e)
{
    if (st->st_uid != p->fs.owner)
        return err_set(e, ERR_DEST, 0, "%s belongs to another user (uid %u)",
                       path, (unsigned)st->st_uid);
    if (!lacks(p, LACKS_MODES) && folder_others_may_write(fd, st))
        return err_set(e, ERR_DEST, 0, "other users may write to %s (mode "
                       "%04o)", path, (unsigned)st->st_mode & 07777);
    return 0;
}

int private_check(const struct private_folder *p, const char *path,
                  struct err *e)
{
    int fd = folder_fd(p->held);
    struct stat st;

    if (fstat(fd, &st) < 0)
        return err_set(e, ERR_DEST, errno, "cannot look at %s", path);
    return check_rights(p, fd, &st, path, e);
}

/* A name is looked at before it is opened: a device would notice. */
int private_check_file(const struct private_folder *p, const char *path,
                       struct stat *st, struct err *e)
{
    struct place at = folder_place(path);
    autoclose int fd = -1;

    if (file_lstat(path, st) < 0)
        return err_set(e, ERR_DEST, errno, "cannot look at %s", path);
    if (!S_ISREG(st->st_mode))
        return err_set(e, ERR_DEST, 0, "%s is not a file", path);
    fd = openat(at.dir, at.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK
                | O_CLOEXEC, 0);
    if (fd < 0 || fstat(fd, st) < 0)
        return err_set(e, ERR_DEST, errno, "cannot open %s", path);
    return check_rights(p, fd, st, path, e);
}

/* -------------------------------------------------------------------- make */

/* What somebody has moved to its name in between is not new. */
static int check_empty(const char *path, struct err *e)
{
    DIR *d = folder_list(path);
    const struct dirent *entry;
    int n = 0;

    if (!d)
        return err_set(e, ERR_DEST, errno, "cannot read the folder %s", path);
    while ((entry = readdir(d)))
        n += strcmp(entry->d_name, ".") != 0
            && strcmp(entry->d_name, "..") != 0;
    closedir(d);
    return n ? err_set(e, ERR_DEST, 0, "the folder %s is not the one that was "
                       "made: it is not empty", path) : 0;
}

/* Windows's file systems take none of these in a name; each driver says so
 * with a number of its own, and the folder above is there. */
static int refuse_name(const char *path, int why, struct err *e)
{
    const char *sign = strpbrk(file_name(path), "\"*:<>?\\|");

    if (sign && (why == ENOENT || why == EINVAL || why == EIO
                 || why == EACCES || why == EPERM || why == EILSEQ))
        return err_set(e, ERR_DEST, why, "cannot make the folder %s: this "
                       "file system takes no '%c' in a name, it seems; choose "
                       "another --output", path, *sign);
    return err_set(e, ERR_DEST, why, "cannot make the folder %s", path);
}

int private_make(struct private_folder *p, const char *path,
                 const char *probe, struct err *e)
{
    struct place at = folder_place(path);

    if (mkdirat(at.dir, at.name, 0700) < 0)
        return refuse_name(path, errno, e);
    p->held = folder_hold_own(path, e);
    if (!p->held || check_empty(path, e) < 0
        || try_it(p, path, probe, e) < 0)
        return -1;
    return private_check(p, path, e);
}
