/* SPDX-License-Identifier: Apache-2.0 */
/* What of an XFS file system is no file's: the headers and trees of its
 * allocation groups, the blocks kept for these trees, inodes, the log, and
 * what is free. */
#ifndef EBSIMG_FS_XFS_GROUPS_H
#define EBSIMG_FS_XFS_GROUPS_H

#include "fs/xfs-volume.h"

/* Inodes of the file system itself, that no directory has: of quotas and of
 * the realtime device. */
#define XFS_OWN_INODES 5u

/* As regions() in struct fs_driver, but for the blocks of own[], which is set
 * to the inodes there are; 0: none. */
int xfs_groups(struct xfs_volume *v, uint64_t own[XFS_OWN_INODES],
               int (*region)(void *ctx, const struct fs_region *r,
                             struct err *e),
               void *ctx, struct err *e);

#endif
