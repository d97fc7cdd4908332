/* SPDX-License-Identifier: Apache-2.0 */
/* Is a volume a disk with partitions, or a file system without any?  Pure
 * looks at bytes that others have written, inside the bounds that are given.
 *
 * A table or label at the beginning, or the copy that a GPT has at the end:
 * a disk.  A file system at sector 0 and no table: a volume.  Neither: an E01
 * calls it a physical disk, and the papers say that nothing was found.  What
 * only holds volumes or secrets (LVM, LUKS, RAID, swap) is no file system.
 *
 * Source: UEFI 2.10, 5.3.2; the places of superblocks as blkid(8) has them. */
#ifndef EBSIMG_IMAGE_MEDIUM_H
#define EBSIMG_IMAGE_MEDIUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum medium { MEDIUM_DISK, MEDIUM_VOLUME, MEDIUM_NEITHER };

/* By the first `n' bytes of a volume of `size' bytes; less than 8 KiB are
 * neither. */
enum medium medium_first(const unsigned char *first, size_t n, uint64_t size);

/* The file system that begins at sector 0 by these bytes, or NULL. */
const char *medium_file_system(const unsigned char *first, size_t n);

/* Is the header of a GPT among these bytes, which begin `offset' bytes into
 * the volume?  One counts that names the sector where it stands: an image of
 * another disk, kept as a file, does not. */
bool medium_has_gpt(const unsigned char *block, size_t n, uint64_t offset);

#endif
