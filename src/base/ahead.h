/* SPDX-License-Identifier: Apache-2.0 */
/* A file that may be packed (base/unpack.h), read and inflated by a thread of
 * its own while what came before is looked at.  Flat memory.  A file that is
 * no longer than one piece needs no thread. */
#ifndef EBSIMG_BASE_AHEAD_H
#define EBSIMG_BASE_AHEAD_H

#include "base/err.h"

struct ahead;

/* `path' must stay.  NULL with ERR_USAGE. */
struct ahead *ahead_open(const char *path, struct err *e);
/* Waits until the thread has ended its piece; NULL is fine. */
void ahead_close(struct ahead *a);

/* The next piece, which stays until the next call; its length, 0 at the end,
 * or -1 as unpack_read(). */
long ahead_next(struct ahead *a, const char **data, struct err *e);

#endif
