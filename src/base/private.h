/* SPDX-License-Identifier: Apache-2.0 */
/* A folder that nobody else can change: what is in it is what was put there.
 * Owners and rights are asked for as far as the file system has them. */
#ifndef EBSIMG_BASE_PRIVATE_H
#define EBSIMG_BASE_PRIVATE_H

#include "base/err.h"
#include "base/filesystem.h"
#include "base/folder.h"

struct private_folder {
    struct folder *held;
    struct filesystem fs;
};

/* Makes it, with rights for its owner alone.  `probe' is the beginning of a
 * file name in it that is free for filesystem_try(). */
int private_make(struct private_folder *p, const char *path,
                 const char *probe, struct err *e);

/* One that is there: held, unless it is already, and its file system
 * tried. */
int private_enter(struct private_folder *p, const char *path,
                  const char *probe, struct err *e);

/* ERR_DEST when another user owns it or may write in it; the same of a file
 * in it, or when that is a link, a pipe, or the like. */
int private_check(const struct private_folder *p, const char *path,
                  struct err *e);
int private_check_file(const struct private_folder *p, const char *path,
                       struct stat *st, struct err *e);

void private_leave(struct private_folder *p);

#endif
