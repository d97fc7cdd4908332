/* SPDX-License-Identifier: Apache-2.0 */
/* Files as evidence wants them: created only if new (0600), written whole,
 * synced when it matters, and given their final name without ever replacing
 * what is there.  Errors are ERR_DEST and name the file.  Where a path leads
 * when its folder is held tells base/folder.h. */
#ifndef EBSIMG_BASE_FILE_H
#define EBSIMG_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/text.h"

/* A new file, open for reading and writing; the caller owns *fd. */
int file_create(const char *path, int *fd, struct err *e);

/* A file that a run of ours made, to go on with it (or to sync it): never
 * through a link, and only when file_check_ours() agrees.  The caller owns
 * *fd; it is not cut. */
int file_reopen(const char *path, int *fd, struct err *e);
int file_reopen_or_create(const char *path, int *fd, struct err *e);
int file_reopen_to_read(const char *path, int *fd, struct err *e);

/* A regular file with one name, of the owner that files of ours have there. */
int file_check_ours(const struct stat *st, const char *path, struct err *e);

/* For reading; ERR_USAGE when it cannot be opened or is no regular file: a
 * pipe or a device in a folder of evidence would be read for ever.  The
 * caller owns *fd. */
int file_open(const char *path, int *fd, struct err *e);

/* All of it: short writes and EINTR are not errors.  `path' is for the
 * message only. */
int file_write(int fd, const void *data, size_t n, const char *path,
               struct err *e);
int file_write_at(int fd, const void *data, size_t n, uint64_t offset,
                  const char *path, struct err *e);

/* Fills the buffer unless the file ends before: *got tells. */
int file_read_at(int fd, void *data, size_t n, uint64_t offset, size_t *got,
                 const char *path, struct err *e);

/* A small file, or what a pipe gives within a minute (base/inlet.h), as one
 * string; ERR_USAGE when it cannot be read or is larger than `limit' bytes.
 * Where only a file will do, file_open() it before. */
int file_slurp(const char *path, size_t limit, struct text *out,
               struct err *e);

/* stat() and lstat(). */
int file_stat(const char *path, struct stat *st);
int file_lstat(const char *path, struct stat *st);
bool file_exists(const char *path); /* anything, also a dangling link */
bool file_is_folder(const char *path);

/* ERR_VERIFY for what is not a regular file (or a link to one): opening a
 * pipe could wait for ever. */
int file_check_regular(const char *path, struct err *e);

/* To the disk: a file that is open, a file of ours by name, and the names in
 * the folder that holds `path', where the file system can do that: what it
 * knows nothing of is no error (base/filesystem.h tells). */
int file_sync(int fd, const char *path, struct err *e);
/* The descriptor is gone afterwards, also when this fails: some file systems
 * tell only here that what was written did not arrive. */
int file_close(int *fd, const char *path, struct err *e);
int file_sync_path(const char *path, struct err *e);
int file_sync_folder_of(const char *path, struct err *e);
/* 1; 0: this file system knows no sync of what `fd' is, a file or a folder;
 * ERR_DEST: it does, and failed. */
int file_can_sync(int fd, const char *path, struct err *e);

/* Lets the disk begin with these bytes (0, 0: with all), without waiting, so
 * that a sync later finds little to do.  Advice. */
void file_begin_sync(int fd, uint64_t offset, uint64_t n);

/* Keeps other processes out, until fd is closed.  Where there are no locks
 * base/lock.h knows another way. */
enum file_lock {
    FILE_LOCK_TAKEN,
    FILE_LOCK_BUSY, /* another one has it */
    FILE_LOCK_NONE, /* the file system has none */
};

enum file_lock file_lock(int fd);

/* Renames; fails with EEXIST when `to' exists. */
int file_publish(const char *from, const char *to, struct err *e);
/* Tries it: false when the file system can only look whether `to' exists, and
 * rename then.  `from' may have its old name afterwards, or both. */
bool file_can_publish(const char *from, const char *to);

/* Also when it is not there. */
int file_remove(const char *path, struct err *e);
/* As rmdir(), also in its errno: it is empty, or stays. */
int file_remove_folder(const char *path);

/* Bytes that an ordinary user may still write where `path' is (or will be). */
int file_room(const char *path, uint64_t *bytes, struct err *e);

/* Bytes that the file really occupies, and its length. */
int file_usage(const char *path, uint64_t *allocated, uint64_t *length,
               struct err *e);

/* The folder of a path ("." when it has none), and its last part. */
char *file_folder(const char *path);
const char *file_name(const char *path);

#endif
