/* SPDX-License-Identifier: Apache-2.0 */
/* Line ends as another system has them: a copy that was made as text has CR
 * LF where LF was written.  What such a copy says is found by taking those CR
 * away, and proved by the digest of what is left.  Pure, but for hashing. */
#ifndef EBSIMG_AUDIT_LINE_ENDS_H
#define EBSIMG_AUDIT_LINE_ENDS_H

#include <stddef.h>
#include <stdint.h>

#include "audit/hash.h"
#include "base/err.h"

/* Takes away each CR before a LF, in place; `next' is the byte behind the
 * buffer, or -1 at the end of the file.  How many bytes are left. */
size_t line_ends_undo(unsigned char *buf, size_t n, int next);

/* Reads `n' bytes from *offset and undoes; *got are left, and *offset is
 * behind what was read.  0 and *got == 0: the end of the file. */
int line_ends_read(int fd, unsigned char *buf, size_t n, uint64_t *offset,
                   size_t *got, const char *path, struct err *e);

/* The digests, and the size, of the file with its line ends undone.  As
 * hash_file(). */
int line_ends_hash(const char *path, unsigned kinds, struct hashes *out,
                   uint64_t *size, struct err *e);

#endif
