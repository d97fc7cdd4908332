/* SPDX-License-Identifier: Apache-2.0 */
/* The folders that a run writes in, each held by a descriptor from the first
 * look on: who can write in the folder above may rename one, or put a link in
 * its place, and changes nothing for the run.
 *
 * A path still names a file, in calls and in messages.  The functions of
 * base/file.h find it through the descriptor when its folder is held, and by
 * the path when it is not: evidence that is only read.  Any thread. */
#ifndef EBSIMG_BASE_FOLDER_H
#define EBSIMG_BASE_FOLDER_H

#include <dirent.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/err.h"

struct folder;

/* Whoever holds the same folder by the same path shares it, and it stays open
 * until the last of them releases it. */

/* The user has named it: a link is followed. */
struct folder *folder_hold(const char *path, struct err *e);
/* We have made it, or an earlier run: a link is refused. */
struct folder *folder_hold_own(const char *path, struct err *e);
void folder_release(struct folder *f); /* NULL is fine */

int folder_fd(const struct folder *f); /* stays the folder's */

/* Whose files are ours here, when it is not the effective user. */
void folder_expect(struct folder *f, uid_t owner);
/* No link is followed to a file in it, also to read. */
void folder_restrict(struct folder *f);

/* Is the folder of this name the one that is held? */
bool folder_is_in_place(const struct folder *f);

/* What openat() and its kin take for `path'; it lives as long as both. */
struct place {
    int dir;
    const char *name;
    uid_t owner;     /* of files that are ours */
    int nofollow;    /* O_NOFOLLOW, or 0 */
};

struct place folder_place(const char *path);

/* For a library that opens files by their path: one that leads through the
 * descriptor.  NULL when that is not possible; the caller frees it. */
char *folder_library_path(const char *path, struct err *e);

/* To read the names in a folder, held or not; NULL and errno. */
DIR *folder_list(const char *path);

/* May anybody but its owner (and root) write?  Such a right may come from the
 * mode or from an access list; a group that its owner has for himself alone
 * is none. */
bool folder_others_may_write(int fd, const struct stat *st);

#endif
