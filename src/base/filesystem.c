/* SPDX-License-Identifier: Apache-2.0 */
#include "base/filesystem.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/block.h"
#include "base/file.h"
#include "base/mount.h"
#include "base/scope.h"

const char *const filesystem_lack_names[FILESYSTEM_LACKS] = {
    [LACKS_OWNERS] = "owners",
    [LACKS_MODES] = "modes",
    [LACKS_LOCKS] = "locks",
    [LACKS_FOLDER_SYNC] = "sync of folders",
    [LACKS_SAFE_RENAME] = "rename without replace",
    [LACKS_FILE_SYNC] = "sync of files",
    [LACKS_HOLES] = "sparse files",
    [LACKS_LARGE_FILES] = "files of 4 GiB",
};

/* statfs(2) */
static const struct { unsigned long magic; const char *name; } names[] = {
    { 0xef53, "ext2/3/4" },     { 0x58465342, "xfs" },
    { 0x9123683e, "btrfs" },    { 0x01021994, "tmpfs" },
    { 0x858458f6, "ramfs" },    { 0x794c7630, "overlay" },
    { 0x6969, "nfs" },          { 0xff534d42, "cifs" },
    { 0xfe534d42, "smb2" },     { 0x517b, "smb" },
    { 0x4d44, "fat" },          { 0x2011bab0, "exfat" },
    { 0x7366746e, "ntfs3" },    { 0x5346544e, "ntfs" },
    { 0x65735546, "fuse" },     { 0x786f4256, "vboxsf" },
    { 0x01021997, "9p" },       { 0x2fc12fc1, "zfs" },
    { 0xf2f52010, "f2fs" },     { 0xca451a4e, "bcachefs" },
    { 0x00c36400, "ceph" },     { 0x01161970, "gfs2" },
    { 0x7461636f, "ocfs2" },    { 0x482b, "hfsplus" },
    { 0x15013346, "udf" },
};

#define MAGIC_FAT 0x4d44
#define MAGIC_FUSE 0x65735546

static unsigned long magic_of(int fd)
{
    struct statfs st;

    return fstatfs(fd, &st) == 0 ? (unsigned long)st.f_type & 0xffffffff : 0;
}

/* What FUSE has behind it, and what has no row, the mount tells. */
static void set_name(struct filesystem *fs, int fd)
{
    unsigned long magic = magic_of(fd);
    char type[sizeof(fs->name)];

    snprintf(fs->name, sizeof(fs->name), "0x%lx", magic);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (names[i].magic == magic)
            snprintf(fs->name, sizeof(fs->name), "%s", names[i].name);
    mount_type(fd, type, sizeof(type));
    if (type[0] && (magic == MAGIC_FUSE || fs->name[0] == '0'))
        snprintf(fs->name, sizeof(fs->name), "%s", type);
}

static void lacks(struct filesystem *fs, enum filesystem_lack what, bool it)
{
    if (it)
        fs->lacks |= 1u << what;
}

/* main() has set a mask that leaves 0600 alone. */
static int look_at(struct filesystem *fs, int fd, const char *path,
                   struct err *e)
{
    struct stat st;

    if (fstat(fd, &st) < 0)
        return err_set(e, ERR_DEST, errno, "cannot look at %s", path);
    fs->owner = st.st_uid;
    lacks(fs, LACKS_OWNERS, st.st_uid != geteuid());
    lacks(fs, LACKS_MODES, (st.st_mode & 07777) != 0600);
    lacks(fs, LACKS_LOCKS, file_lock(fd) == FILE_LOCK_NONE);
    return 0;
}

/* ----------------------------------------------------------------- contents */

/* So far apart that no file system rounds up to it. */
#define FAR ((off_t)MIB)

static bool is_full(void)
{
    return errno == ENOSPC || errno == EDQUOT;
}

/* A signal says nothing of the file system. */
static bool put(int fd, char byte, off_t where)
{
    return TEMP_FAILURE_RETRY(pwrite(fd, &byte, 1, where)) == 1;
}

/* Behind the end, then before it, then both again, as an image is written:
 * 1, or 0 and errno. */
static int write_apart(int fd)
{
    char far = 0, near = 0;

    errno = 0;
    return put(fd, 'f', FAR) && put(fd, 'n', 0)
        && TEMP_FAILURE_RETRY(pread(fd, &far, 1, FAR)) == 1
        && TEMP_FAILURE_RETRY(pread(fd, &near, 1, 0)) == 1
        && far == 'f' && near == 'n';
}

static int refuse_writing(const struct filesystem *fs, const char *path,
                          struct err *e)
{
    int why = errno;

    if (is_full() || errno == EIO)
        return err_set(e, ERR_DEST, why, "cannot write to %s", path);
    return err_set(e, ERR_DEST, why, "no image can be made here: this file "
                   "system (%s) cannot write at any place of a file and read "
                   "that again; choose another --output%s; %s", fs->name,
                   strstr(fs->name, "rclone") ? ", or mount it with `rclone "
                   "mount --vfs-cache-mode writes'" : "", path);
}

/* Where a hole takes room 4 GiB would be written to learn that. */
static bool has_large_files(const struct filesystem *fs, int fd)
{
    if (magic_of(fd) == MAGIC_FAT)
        return false;
    if (fs->lacks & 1u << LACKS_HOLES)
        return true;
    return put(fd, 'l', (off_t)FILESYSTEM_SMALL_FILE)
        || (errno != EFBIG && errno != EINVAL);
}

static int try_contents(struct filesystem *fs, int fd, const char *path,
                        struct err *e)
{
    struct stat st;
    int syncs;

    if (!write_apart(fd))
        return refuse_writing(fs, path, e);
    syncs = file_can_sync(fd, path, e);
    if (syncs < 0)
        return -1;
    lacks(fs, LACKS_FILE_SYNC, !syncs);
    if (fstat(fd, &st) < 0)
        return err_set(e, ERR_DEST, errno, "cannot look at %s", path);
    lacks(fs, LACKS_HOLES, st.st_blocks >= FAR / 512);
    lacks(fs, LACKS_LARGE_FILES, !has_large_files(fs, fd));
    return 0;
}

/* -------------------------------------------------------------------- names */

/* Both names are ours: whether the second is there does not matter. */
static int try_names(struct filesystem *fs, const char *path, struct err *e)
{
    autofree char *second = NULL;

    if (asprintf(&second, "%s.b", path) < 0) {
        second = NULL;
        return err_nomem(e);
    }
    lacks(fs, LACKS_SAFE_RENAME, !file_can_publish(path, second));
    return file_remove(path, e) < 0 ? -1 : file_remove(second, e);
}

int filesystem_try(struct filesystem *fs, int fd, const char *path,
                   struct err *e)
{
    autofree char *folder = file_folder(path);
    autofree char *probe = NULL;
    autoclose int file = -1;
    int syncs;

    memset(fs, 0, sizeof(*fs));
    set_name(fs, fd);
    if (!folder || asprintf(&probe, "%s.%d", path, (int)gettid()) < 0) {
        probe = NULL;
        return err_nomem(e);
    }
    syncs = file_can_sync(fd, folder, e);
    if (syncs < 0)
        return -1;
    lacks(fs, LACKS_FOLDER_SYNC, !syncs);
    if (file_remove(probe, e) < 0 || file_create(probe, &file, e) < 0)
        return -1;
    if (look_at(fs, file, probe, e) < 0
        || try_contents(fs, file, probe, e) < 0) {
        struct err ignored = ERR_INIT;

        file_remove(probe, &ignored);
        return -1;
    }
    close(file); /* a name that is removed while it is open may live on */
    file = -1;
    return try_names(fs, probe, e);
}
