/* SPDX-License-Identifier: Apache-2.0 */
/* What a file system is, and what it cannot do that evidence would want. */
#ifndef EBSIMG_BASE_FILESYSTEM_H
#define EBSIMG_BASE_FILESYSTEM_H

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

enum filesystem_lack {
    LACKS_OWNERS,        /* a new file shows another owner than its maker */
    LACKS_MODES,         /* ... other rights than those asked for */
    LACKS_LOCKS,
    LACKS_FOLDER_SYNC,
    LACKS_SAFE_RENAME,   /* one that never replaces */
    LACKS_FILE_SYNC,
    LACKS_HOLES,         /* what is skipped in a file takes room */
    LACKS_LARGE_FILES,   /* FILESYSTEM_SMALL_FILE bytes are the most */
    FILESYSTEM_LACKS,
};

extern const char *const filesystem_lack_names[FILESYSTEM_LACKS];

/* FAT's, and that of what stores on it. */
#define FILESYSTEM_SMALL_FILE UINT32_MAX

struct filesystem {
    char name[64];       /* "xfs", "fuse.rclone", or its number */
    unsigned lacks;      /* 1 << enum filesystem_lack */
    uid_t owner;         /* of files that this process makes there */
};

/* Finds out by making a file, "PATH.PID", in the folder that `fd' holds and
 * that is held for `path'; it is gone afterwards.  What is merely not had is
 * told in `lacks'.  ERR_DEST where no image can be made at all: a file cannot
 * be written at any place and read again. */
int filesystem_try(struct filesystem *fs, int fd, const char *path,
                   struct err *e);

#endif
