/* SPDX-License-Identifier: Apache-2.0 */
/* A file that is written from its beginning on, and in which zeros are holes:
 * a disk may have files of terabytes with a few bytes in them. */
#ifndef EBSIMG_FILES_SPARSE_H
#define EBSIMG_FILES_SPARSE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define SPARSE_PIECE 4096u     /* a hole begins and ends at one of these */

/* The `n' bytes that come at this place; nothing was written there before. */
int sparse_write(int fd, const void *bytes, size_t n, uint64_t at,
                 const char *path, struct err *e);
/* It may end with a hole. */
int sparse_end(int fd, uint64_t size, const char *path, struct err *e);

#endif
