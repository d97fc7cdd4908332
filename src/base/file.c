/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/folder.h"
#include "base/inlet.h"
#include "base/scope.h"

/* Opening a pipe would wait for a writer. */
static int open_at(const char *path, int flags)
{
    struct place at = folder_place(path);

    return TEMP_FAILURE_RETRY(openat(at.dir, at.name, flags | O_CLOEXEC
                                     | O_NONBLOCK | at.nofollow, 0600));
}

int file_create(const char *path, int *fd, struct err *e)
{
    *fd = open_at(path, O_RDWR | O_CREAT | O_EXCL);
    if (*fd < 0)
        return err_set(e, ERR_DEST, errno, "cannot create %s", path);
    return 0;
}

static int check_ours(int fd, const char *path, struct err *e)
{
    struct stat st;

    if (fstat(fd, &st) < 0)
        return err_set(e, ERR_DEST, errno, "cannot look at %s", path);
    return file_check_ours(&st, path, e);
}

static int open_ours(const char *path, int flags, int *fd, struct err *e)
{
    *fd = open_at(path, flags | O_NOFOLLOW);
    if (*fd < 0 && (errno == ELOOP || errno == ENXIO))
        return err_set(e, ERR_DEST, 0, "%s is a link or a pipe, and not a "
                       "file that a run wrote", path);
    if (*fd < 0)
        return err_set(e, ERR_DEST, errno, "cannot open %s", path);
    if (check_ours(*fd, path, e) == 0)
        return 0;
    close(*fd);
    *fd = -1;
    return -1;
}

int file_reopen(const char *path, int *fd, struct err *e)
{
    return open_ours(path, O_RDWR, fd, e);
}

int file_reopen_or_create(const char *path, int *fd, struct err *e)
{
    return open_ours(path, O_RDWR | O_CREAT, fd, e);
}

int file_reopen_to_read(const char *path, int *fd, struct err *e)
{
    return open_ours(path, O_RDONLY, fd, e);
}

/* What is anything else was put there by somebody who wants us to write into
 * another file. */
int file_check_ours(const struct stat *st, const char *path, struct err *e)
{
    if (!S_ISREG(st->st_mode))
        return err_set(e, ERR_DEST, 0, "%s is not a file", path);
    if (st->st_nlink != 1)
        return err_set(e, ERR_DEST, 0, "%s has %ju names, and a run gives it "
                       "one", path, (uintmax_t)st->st_nlink);
    if (st->st_uid != folder_place(path).owner)
        return err_set(e, ERR_DEST, 0, "%s belongs to another user (uid %u)",
                       path, (unsigned)st->st_uid);
    return 0;
}

int file_open(const char *path, int *fd, struct err *e)
{
    struct stat st;

    *fd = open_at(path, O_RDONLY);
    if (*fd < 0 || fstat(*fd, &st) < 0)
        err_set(e, ERR_USAGE, errno, "cannot read %s", path);
    else if (!S_ISREG(st.st_mode))
        err_set(e, ERR_USAGE, 0, "%s is not a file", path);
    else
        return 0;
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    return -1;
}

int file_write(int fd, const void *data, size_t n, const char *path,
               struct err *e)
{
    const char *p = data;

    while (n) {
        ssize_t w = write(fd, p, n);

        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return err_set(e, ERR_DEST, w < 0 ? errno : EIO,
                           "cannot write to %s", path);
        p += w;
        n -= (size_t)w;
    }
    return 0;
}

int file_write_at(int fd, const void *data, size_t n, uint64_t offset,
                  const char *path, struct err *e)
{
    const char *p = data;

    while (n) {
        ssize_t w = pwrite(fd, p, n, (off_t)offset);

        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return err_set(e, ERR_DEST, w < 0 ? errno : EIO,
                           "cannot write to %s", path);
        p += w;
        n -= (size_t)w;
        offset += (uint64_t)w;
    }
    return 0;
}

int file_read_at(int fd, void *data, size_t n, uint64_t offset, size_t *got,
                 const char *path, struct err *e)
{
    char *p = data;

    *got = 0;
    while (*got < n) {
        ssize_t r = pread(fd, p + *got, n - *got, (off_t)(offset + *got));

        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return err_set(e, ERR_DEST, errno, "cannot read %s", path);
        if (r == 0)
            break;
        *got += (size_t)r;
    }
    return 0;
}

int file_slurp(const char *path, size_t limit, struct text *out,
               struct err *e)
{
    autoinlet struct inlet in = { .fd = -1 };
    char buf[4096];
    long n;

    if (inlet_open(&in, path, e) < 0)
        return -1;
    in.whole = true;
    while ((n = inlet_read(&in, buf, sizeof(buf), e)) > 0) {
        text_addn(out, buf, (size_t)n);
        if (out->failed)
            return err_nomem(e);
        if (out->len > limit)
            return err_set(e, ERR_USAGE, 0, "%s is larger than %zu bytes",
                           path, limit);
    }
    secret_wipe(buf, sizeof(buf));
    if (n < 0)
        return -1;
    text_add(out, "");
    return out->failed ? err_nomem(e) : 0;
}

int file_stat(const char *path, struct stat *st)
{
    struct place at = folder_place(path);

    return fstatat(at.dir, at.name, st,
                   at.nofollow ? AT_SYMLINK_NOFOLLOW : 0);
}

int file_lstat(const char *path, struct stat *st)
{
    struct place at = folder_place(path);

    return fstatat(at.dir, at.name, st, AT_SYMLINK_NOFOLLOW);
}

bool file_exists(const char *path)
{
    struct stat st;

    return file_lstat(path, &st) == 0
        || (errno != ENOENT && errno != ENOTDIR);
}

bool file_is_folder(const char *path)
{
    struct stat st;

    return file_stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int file_check_regular(const char *path, struct err *e)
{
    struct stat st;

    if (file_stat(path, &st) < 0)
        return err_set(e, ERR_VERIFY, errno, "cannot look at %s", path);
    if (!S_ISREG(st.st_mode))
        return err_set(e, ERR_VERIFY, 0, "%s is not a file", path);
    return 0;
}

/* Some file systems know nothing of the kind, for folders or for anything. */
static bool knows_no_sync(void)
{
    return errno == EINVAL || errno == EOPNOTSUPP || errno == ENOSYS;
}

int file_can_sync(int fd, const char *path, struct err *e)
{
    if (TEMP_FAILURE_RETRY(fsync(fd)) == 0)
        return 1;
    if (knows_no_sync())
        return 0;
    return err_set(e, ERR_DEST, errno, "cannot sync %s to the disk", path);
}

int file_sync(int fd, const char *path, struct err *e)
{
    if (TEMP_FAILURE_RETRY(fsync(fd)) == 0 || knows_no_sync())
        return 0;
    return err_set(e, ERR_DEST, errno, "cannot sync %s to the disk", path);
}

/* Linux: EINTR means that it is closed all the same. */
int file_close(int *fd, const char *path, struct err *e)
{
    int r = close(*fd);

    *fd = -1;
    if (r < 0 && errno != EINTR)
        return err_set(e, ERR_DEST, errno, "cannot close %s", path);
    return 0;
}

int file_sync_path(const char *path, struct err *e)
{
    autoclose int fd = -1;

    return file_reopen_to_read(path, &fd, e) < 0 ? -1 : file_sync(fd, path, e);
}

int file_sync_folder_of(const char *path, struct err *e)
{
    autofree char *folder = file_folder(path);
    int held = folder_place(path).dir;
    autoclose int fd = -1;

    if (!folder)
        return err_nomem(e);
    if (held != AT_FDCWD)
        return file_sync(held, folder, e);
    fd = open(folder, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return err_set(e, ERR_DEST, errno, "cannot open %s", folder);
    return file_sync(fd, folder, e);
}

void file_begin_sync(int fd, uint64_t offset, uint64_t n)
{
    sync_file_range(fd, (off64_t)offset, (off64_t)n, SYNC_FILE_RANGE_WRITE);
}

enum file_lock file_lock(int fd)
{
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return FILE_LOCK_TAKEN;
    return errno == EWOULDBLOCK ? FILE_LOCK_BUSY : FILE_LOCK_NONE;
}

static bool knows_no_flags(void)
{
    return errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP;
}

enum published { PUBLISHED, REFUSED, NO_WAY };

/* Where the file system knows no renameat2: link() never replaces either.
 * That there are no links is said with any number, EIO among them; looking
 * before tells then what else was wrong. */
static enum published publish_by_link(const struct place *from,
                                      const struct place *to)
{
    if (linkat(from->dir, from->name, to->dir, to->name, 0) < 0)
        return errno == EEXIST ? REFUSED : NO_WAY;
    return unlinkat(from->dir, from->name, 0) == 0 ? PUBLISHED : REFUSED;
}

static enum published publish_safely(const struct place *from,
                                     const struct place *to)
{
    if (renameat2(from->dir, from->name, to->dir, to->name,
                  RENAME_NOREPLACE) == 0)
        return PUBLISHED;
    return knows_no_flags() ? publish_by_link(from, to) : REFUSED;
}

/* Nor links (FAT and what is like it): looking before is the best there. */
static int publish_after_look(const struct place *from,
                              const struct place *to)
{
    struct stat st;

    if (fstatat(to->dir, to->name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return -1;
    }
    return errno == ENOENT
        ? renameat2(from->dir, from->name, to->dir, to->name, 0) : -1;
}

int file_publish(const char *from, const char *to, struct err *e)
{
    struct place a = folder_place(from), b = folder_place(to);
    enum published r = publish_safely(&a, &b);

    if (r == NO_WAY)
        r = publish_after_look(&a, &b) == 0 ? PUBLISHED : REFUSED;
    if (r != PUBLISHED)
        return err_set(e, ERR_DEST, errno, "cannot rename %s to %s", from,
                       to);
    return 0;
}

bool file_can_publish(const char *from, const char *to)
{
    struct place a = folder_place(from), b = folder_place(to);

    return publish_safely(&a, &b) != NO_WAY;
}

int file_remove(const char *path, struct err *e)
{
    struct place at = folder_place(path);

    if (unlinkat(at.dir, at.name, 0) < 0 && errno != ENOENT)
        return err_set(e, ERR_DEST, errno, "cannot remove %s", path);
    return 0;
}

int file_remove_folder(const char *path)
{
    struct place at = folder_place(path);

    return unlinkat(at.dir, at.name, AT_REMOVEDIR);
}

int file_room(const char *path, uint64_t *bytes, struct err *e)
{
    autofree char *folder = file_folder(path);
    int held = folder_place(path).dir;
    struct statvfs vfs;

    if (!folder)
        return err_nomem(e);
    if (held == AT_FDCWD ? statvfs(folder, &vfs) < 0
                         : fstatvfs(held, &vfs) < 0)
        return err_set(e, ERR_DEST, errno, "cannot write in %s", folder);
    *bytes = (uint64_t)vfs.f_bavail * vfs.f_frsize;
    return 0;
}

int file_usage(const char *path, uint64_t *allocated, uint64_t *length,
               struct err *e)
{
    struct stat st;

    if (file_stat(path, &st) < 0)
        return err_set(e, ERR_DEST, errno, "cannot look at %s", path);
    *allocated = (uint64_t)st.st_blocks * 512;
    *length = (uint64_t)st.st_size;
    return 0;
}

char *file_folder(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return strdup(".");
    if (slash == path)
        return strdup("/");
    return strndup(path, (size_t)(slash - path));
}

const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}
