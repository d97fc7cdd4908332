/* SPDX-License-Identifier: Apache-2.0 */
/* The block manifest: what the provider vouched for, block by block.
 *
 * A text header of 512 bytes and then one record of 64 bytes for each block
 * that the provider stored, in ascending order; numbers little-endian, each
 * record with its own CRC-32 (see doc/manifest-format.md).  Blocks without a
 * record were never stored and are zeros by definition of EBS. */
#ifndef EBSIMG_AUDIT_MANIFEST_H
#define EBSIMG_AUDIT_MANIFEST_H

#include <stdint.h>

#include "audit/manifest-record.h"
#include "base/err.h"

/* ---- writing: one thread */

struct manifest;

struct manifest *manifest_create(const char *path,
                                 const struct manifest_header *h,
                                 struct err *e);
/* Indexes must ascend and be inside the volume (a bug aborts). */
int manifest_add(struct manifest *m, const struct manifest_row *row,
                 struct err *e);
/* What was added so far to the disk, and the SHA-256 of the file up to there:
 * for a checkpoint. */
int manifest_sync(struct manifest *m, unsigned char file[MANIFEST_HASH],
                  struct err *e);
/* Goes on with the manifest of a run that ended, behind its first `rows'
 * rows; the rest is cut off.  Up to there its SHA-256 must be `file'
 * (ERR_VERIFY).  `each' is told of every row that stays. */
struct manifest *manifest_reopen(const char *path, uint64_t rows,
                                 const unsigned char file[MANIFEST_HASH],
                                 void (*each)(void *ctx,
                                     const struct manifest_row *row),
                                 void *ctx, struct err *e);
/* Could it?  The file is left as it is. */
int manifest_check(const char *path, uint64_t rows,
                   const unsigned char file[MANIFEST_HASH], struct err *e);

/* Everything to the disk; the SHA-256 of the whole file, and the root: the
 * SHA-256 over a list of all rows, a line each, "INDEX DIGEST\n" in order
 * ("INDEX unreadable\n" for a block that could not be read).  The root
 * commits to content and place alone, not to times and request ids. */
int manifest_finish(struct manifest *m, unsigned char file[MANIFEST_HASH],
                    unsigned char root[MANIFEST_HASH], struct err *e);
void manifest_free(struct manifest *m); /* closes; NULL is fine */

/* ---- reading: one thread; nothing in the file is trusted */

struct manifest_reader;

struct manifest_reader *manifest_open(const char *path,
                                      struct manifest_header *h,
                                      struct err *e);
/* 1 and the next row, 0 at the end, -1 when the file is damaged (CRC, order,
 * index past the volume, cut record): ERR_VERIFY; or ERR_INTERRUPTED, by a
 * signal.  Memory is flat: a buffer of rows, whatever the file's length; and
 * since indexes ascend there are no more rows than the volume has blocks. */
int manifest_next(struct manifest_reader *r, struct manifest_row *row,
                  struct err *e);
/* Its line ends were changed on the way; the digests are those of what was
 * written. */
bool manifest_line_ends(const struct manifest_reader *r);
/* The SHA-256 of the whole file and the root; after manifest_next() said 0. */
void manifest_hashes(struct manifest_reader *r,
                     unsigned char file[MANIFEST_HASH],
                     unsigned char root[MANIFEST_HASH]);
void manifest_close(struct manifest_reader *r); /* NULL is fine */

#endif
