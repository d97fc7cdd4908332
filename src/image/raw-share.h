/* SPDX-License-Identifier: Apache-2.0 */
/* Lets a new raw image share the extents of unchanged blocks with an earlier
 * one, where the file system can do that (reflink: XFS, Btrfs, ...).  Both
 * files stay independent: a later write to one does not show in the other. */
#ifndef EBSIMG_IMAGE_RAW_SHARE_H
#define EBSIMG_IMAGE_RAW_SHARE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "flow/slot.h"

struct raw_share;

/* `path' is an earlier raw image in one file. */
struct raw_share *raw_share_new(const char *path, struct err *e);
void raw_share_free(struct raw_share *r); /* NULL is fine */

/* Writer thread.  True when the block at its offset in `fd' (open for reading
 * and writing) is now that of the earlier image, and reads as the slot does;
 * false: it has to be written.  Gives up for good when the file system
 * refuses. */
bool raw_share_block(struct raw_share *r, int fd, const struct slot *s);

/* Blocks shared so far, and why no more are, or NULL. */
uint64_t raw_share_count(const struct raw_share *r);
const char *raw_share_refusal(const struct raw_share *r);

#endif
