#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/inlet.h"
#include "base/scope.h"

int file_create(const char *path, int *fd, struct err *e)
{
    *fd = TEMP_FAILURE_RETRY(open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
                                  0600));
    if (*fd < 0)
        return err_set(e, ERR_DEST, errno, "cannot create %s", path);
    return 0;
}

int file_open(const char *path, int *fd, struct err *e)
{
    struct stat st;

    /* Opening a pipe would wait for a writer. */
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
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

bool file_exists(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

bool file_is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int file_check_regular(const char *path, struct err *e)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return err_set(e, ERR_VERIFY, errno, "cannot look at %s", path);
    if (!S_ISREG(st.st_mode))
        return err_set(e, ERR_VERIFY, 0, "%s is not a file", path);
    return 0;
}

int file_sync(int fd, const char *path, struct err *e)
{
    if (TEMP_FAILURE_RETRY(fsync(fd)) < 0)
        return err_set(e, ERR_DEST, errno, "cannot sync %s to the disk",
                       path);
    return 0;
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
    autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return err_set(e, ERR_DEST, errno, "cannot open %s", path);
    return file_sync(fd, path, e);
}

int file_sync_folder_of(const char *path, struct err *e)
{
    autofree char *folder = file_folder(path);

    if (!folder)
        return err_nomem(e);
    return file_sync_path(folder, e);
}

void file_begin_sync(int fd, uint64_t offset, uint64_t n)
{
    sync_file_range(fd, (off64_t)offset, (off64_t)n, SYNC_FILE_RANGE_WRITE);
}

bool file_lock(int fd)
{
    return flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

/* Where the file system knows no renameat2: link() never replaces either. */
static int publish_by_link(const char *from, const char *to)
{
    if (link(from, to) < 0)
        return -1;
    return unlink(from);
}

int file_publish(const char *from, const char *to, struct err *e)
{
    int r = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);

    if (r < 0 && (errno == EINVAL || errno == ENOSYS))
        r = publish_by_link(from, to);
    if (r < 0)
        return err_set(e, ERR_DEST, errno, "cannot rename %s to %s", from,
                       to);
    return 0;
}

int file_room(const char *path, uint64_t *bytes, struct err *e)
{
    autofree char *folder = file_folder(path);
    struct statvfs vfs;

    if (!folder)
        return err_nomem(e);
    if (statvfs(folder, &vfs) < 0)
        return err_set(e, ERR_DEST, errno, "cannot write in %s", folder);
    *bytes = (uint64_t)vfs.f_bavail * vfs.f_frsize;
    return 0;
}

int file_usage(const char *path, uint64_t *allocated, uint64_t *length,
               struct err *e)
{
    struct stat st;

    if (stat(path, &st) < 0)
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
