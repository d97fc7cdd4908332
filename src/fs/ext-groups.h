/* SPDX-License-Identifier: Apache-2.0 */
/* What of an ext2, ext3 or ext4 file system is no file's: superblocks, tables
 * of groups and inodes, bitmaps, the journal, its own inodes, and what is
 * free.
 *
 * Source: the kernel's Documentation/filesystems/ext4, "Layout". */
#ifndef EBSIMG_FS_EXT_GROUPS_H
#define EBSIMG_FS_EXT_GROUPS_H

#include "fs/ext-inode.h"

/* As regions() in struct fs_driver, of what ext_check() has let pass. */
int ext_groups(const struct fs_source *s, const struct ext_layout *l,
               int (*region)(void *ctx, const struct fs_region *r,
                             struct err *e),
               void *ctx, struct err *e);

#endif
