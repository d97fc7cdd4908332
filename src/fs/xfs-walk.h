/* SPDX-License-Identifier: Apache-2.0 */
/* All files of an XFS file system, or those below a path, through its
 * directories. */
#ifndef EBSIMG_FS_XFS_WALK_H
#define EBSIMG_FS_XFS_WALK_H

#include "fs/xfs-map.h"

/* As in struct fs_driver; with "/" also the files without a name, as
 * "/$unlinked/INODE", deleted.  `map' is for the time of the walk. */
int xfs_walk(struct xfs_volume *v, struct xfs_map *map, const char *path,
             const struct fs_visitor *to, struct err *e);

#endif
