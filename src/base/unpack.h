/* SPDX-License-Identifier: Apache-2.0 */
/* A file that may be packed with gzip, whatever its name is: read from the
 * first byte to the last in flat memory.  A pipe will do (base/inlet.h). */
#ifndef EBSIMG_BASE_UNPACK_H
#define EBSIMG_BASE_UNPACK_H

#include <stddef.h>

#include "base/err.h"

struct unpack;

/* `path' must stay.  NULL with ERR_USAGE. */
struct unpack *unpack_open(const char *path, struct err *e);
void unpack_close(struct unpack *u);

/* At most n bytes of what is in it; 0 at the end.  -1: ERR_INTERRUPTED, or
 * ERR_USAGE when it cannot be read, or is a damaged .gz file. */
long unpack_read(struct unpack *u, void *buf, size_t n, struct err *e);

#endif
