/* SPDX-License-Identifier: Apache-2.0 */
/* One run at a time, also where the file system has no locks. */
#ifndef EBSIMG_BASE_LOCK_H
#define EBSIMG_BASE_LOCK_H

#include <stdbool.h>

#include "base/err.h"

struct lock {
    int fd;
    char *file;      /* made for want of locks, or NULL */
};

#define LOCK_INIT { -1, NULL }

/* Keeps other processes out of what the file `fd' of this path stands for,
 * until lock_release(); `fd' is the lock's from here on.  1, or 0 when
 * another one has it.
 *
 * Without locks the first of "PATH.1", "PATH.2" ... that is not there is made,
 * when the makers of those before it are dead for certain: processes of this
 * machine since it was started.  ERR_DEST when nobody can tell: the message
 * names the file that is to be removed then. */
int lock_take(struct lock *l, int fd, const char *path, struct err *e);

/* Looks only. */
bool lock_is_taken(int fd, const char *path);

/* What a dead process has left stays. */
void lock_release(struct lock *l);

#endif
