/* SPDX-License-Identifier: Apache-2.0 */
/* Two files that share what they have in common (FICLONERANGE).  Alone in its
 * file, because the header that the kernel offers for it brings a BLOCK_SIZE
 * of its own. */
#ifndef EBSIMG_BASE_REFLINK_H
#define EBSIMG_BASE_REFLINK_H

#include <stdint.h>

/* Lets `len' bytes at `offset' of the file `to' (open for writing) share the
 * extents of `from' at the same place.  0, or the errno that says why not:
 * mostly that the file system cannot, or that they are on two of them. */
int reflink_range(int to, int from, uint64_t offset, uint64_t len);

#endif
