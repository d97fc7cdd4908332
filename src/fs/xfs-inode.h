/* SPDX-License-Identifier: Apache-2.0 */
/* One inode of XFS, of version 1, 2 or 3, checked. */
#ifndef EBSIMG_FS_XFS_INODE_H
#define EBSIMG_FS_XFS_INODE_H

#include <stdbool.h>
#include <stdint.h>

#include "fs/xfs-volume.h"

enum xfs_format {
    XFS_DEVICE, XFS_LOCAL, XFS_EXTENTS, XFS_BTREE, XFS_FORMATS
};

/* What an inode maps: its content, or its attributes.  `bytes' are the
 * inode's own. */
struct xfs_fork {
    enum xfs_format format;
    uint64_t extents;          /* how many there must be */
    const unsigned char *bytes;
    size_t size;
};

struct xfs_inode {
    uint64_t number;
    enum fs_type type;
    uint32_t mode, uid, gid, links;
    uint64_t size;             /* bytes of content, below 2^63 */
    uint64_t blocks;           /* that it has, it says: of both its forks, and
                                * of their trees */
    bool realtime;             /* its content is on another device */
    unsigned times;            /* as in struct fs_entry */
    int64_t time[FS_TIMES];
    struct xfs_fork data, attributes; /* `attributes.bytes' is NULL when it
                                       * has none */
    unsigned char raw[XFS_INODE_MAX];
};

/* ERR_SOURCE when there is no such inode in use, or it is damaged.  `i' must
 * not be copied afterwards: it points into itself. */
int xfs_inode_read(struct xfs_volume *v, uint64_t number, struct xfs_inode *i,
                   struct err *e);

#endif
