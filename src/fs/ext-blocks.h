/* SPDX-License-Identifier: Apache-2.0 */
/* All blocks of an inode of ext2, ext3 and ext4: its content by a tree of
 * extents or by the older lists of blocks, and what its map and its attributes
 * take.  Of a directory and of a link as of a file.
 *
 * Source: the kernel's Documentation/filesystems/ext4, "The Contents of
 * inode.i_block". */
#ifndef EBSIMG_FS_EXT_BLOCKS_H
#define EBSIMG_FS_EXT_BLOCKS_H

#include "fs/ext-inode.h"

/* As extents() in struct fs_driver.  More blocks than the file system has are
 * ERR_SOURCE: a list leads back into itself. */
int ext_blocks(const struct fs_source *s, const struct ext_layout *l,
               uint64_t inode,
               int (*extent)(void *ctx, const struct fs_extent *x,
                             struct err *e),
               void *ctx, struct err *e);

#endif
