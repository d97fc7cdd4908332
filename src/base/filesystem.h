/* What a file system is, and what it cannot do that evidence would want. */
#ifndef EBSIMG_BASE_FILESYSTEM_H
#define EBSIMG_BASE_FILESYSTEM_H

#include <sys/types.h>

#include "base/err.h"

enum filesystem_lack {
    LACKS_OWNERS,        /* a new file shows another owner than its maker */
    LACKS_MODES,         /* ... other rights than those asked for */
    LACKS_LOCKS,
    LACKS_FOLDER_SYNC,
    LACKS_SAFE_RENAME,   /* one that never replaces */
    FILESYSTEM_LACKS,
};

extern const char *const filesystem_lack_names[FILESYSTEM_LACKS];

struct filesystem {
    char name[24];       /* "xfs", or its number */
    unsigned lacks;      /* 1 << enum filesystem_lack */
    uid_t owner;         /* of files that this process makes there */
};

/* Finds out by making a file, "PATH.PID", in the folder that `fd' holds and
 * that is held for `path'; it is gone afterwards. */
int filesystem_try(struct filesystem *fs, int fd, const char *path,
                   struct err *e);

#endif
