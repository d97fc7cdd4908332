/* SPDX-License-Identifier: Apache-2.0 */
/* Where a symbolic link of XFS leads. */
#ifndef EBSIMG_FS_XFS_LINK_H
#define EBSIMG_FS_XFS_LINK_H

#include "fs/xfs-map.h"

#define XFS_LINK_MAX 1024u

/* The target, terminated: `i' is a link. */
int xfs_link_read(struct xfs_volume *v, const struct xfs_inode *i,
                  struct xfs_map *map, char target[XFS_LINK_MAX + 1],
                  struct err *e);

#endif
