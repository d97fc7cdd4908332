/* SPDX-License-Identifier: Apache-2.0 */
/* The superblock of XFS: where everything is, and what the file system uses
 * of what XFS can do.
 *
 * Source of this and of all xfs-*: "XFS Algorithms & Data Structures", 3rd
 * edition (the kernel's documentation project); what is newer than that
 * (bigtime, large extent counts) from the kernel's documentation and from
 * what mkfs.xfs writes. */
#ifndef EBSIMG_FS_XFS_SUPER_H
#define EBSIMG_FS_XFS_SUPER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "fs/crc32c.h"
#include "fs/fs.h"

#define XFS_BLOCK_MAX 65536u
#define XFS_INODE_MAX 2048u
#define XFS_UUID 16

struct xfs_super {
    bool v5;                   /* metadata has checksums and owners */
    bool ftype;                /* directories know what a name is of */
    uint32_t block;            /* bytes, a power of two, as `sector', `inode'
                                * and `dir_block' */
    unsigned block_log;
    uint32_t sector, inode, dir_block;
    unsigned inodes_log;       /* of the inodes in a block */
    uint64_t blocks;           /* of the whole file system */
    uint32_t groups, group_blocks; /* allocation groups; the last is shorter */
    unsigned group_log;        /* bits of a block's number in its group */
    uint64_t root;             /* inode */
    uint64_t log_start;        /* block; 0: the log is another device */
    uint32_t log_blocks;
    uint64_t lsn;              /* v5: of the log, when this was written */
    unsigned char uuid[XFS_UUID]; /* that metadata bears */
};

/* 1: there is one's magic number; 0; or -1: it could not be read. */
int xfs_super_probe(const struct fs_source *s, struct err *e);

/* ERR_SOURCE: damaged, or of a kind that would not be read right, which is
 * "not attributed: ...".  All numbers in it fit together then. */
int xfs_super_read(const struct fs_source *s, const struct crc32c *crc,
                   struct xfs_super *x, struct err *e);

#endif
