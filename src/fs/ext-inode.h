/* SPDX-License-Identifier: Apache-2.0 */
/* The times of an inode of ext2, ext3 and ext4, as the kernel reads them:
 * with nanoseconds, and from 1901 to 2446.  (libtsk takes them for unsigned,
 * and knows no nanoseconds before ext4.) */
#ifndef EBSIMG_FS_EXT_INODE_H
#define EBSIMG_FS_EXT_INODE_H

#include "fs/fs.h"

struct ext_layout {
    uint32_t inodes, per_group;
    uint32_t inode_size, block_size, descriptor_size;
    uint64_t descriptors;      /* bytes from the beginning */
};

/* Of a superblock that ext_check() has let pass. */
int ext_layout_read(const struct fs_source *s, struct ext_layout *l,
                    struct err *e);

/* What is used of an inode; zeros where it is shorter. */
#define EXT_INODE 152

int ext_inode_read(const struct fs_source *s, const struct ext_layout *l,
                   uint64_t inode, unsigned char b[EXT_INODE],
                   struct err *e);

/* Sets `times' and `time' of f->inode. */
int ext_times(const struct fs_source *s, const struct ext_layout *l,
              struct fs_entry *f, struct err *e);

#endif
