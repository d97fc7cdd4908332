/* SPDX-License-Identifier: Apache-2.0 */
/* Files of XFS without a name: deleted while something still had them open,
 * which is how programs that do not want to be found run.  Each allocation
 * group has lists of them until the last one closes, or the next mount. */
#ifndef EBSIMG_FS_XFS_ORPHAN_H
#define EBSIMG_FS_XFS_ORPHAN_H

#include "fs/visited.h"
#include "fs/xfs-inode.h"

#define XFS_ORPHAN_LISTS 64u   /* of a group */

/* All zeros but for the volume to begin with; xfs_orphan_end() in the end. */
struct xfs_orphans {
    struct xfs_volume *volume;
    struct visited seen;       /* a list may lead back into itself */
    uint64_t group;            /* that is looked at */
    bool loaded;               /* its heads are in `head' */
    unsigned list;             /* that is looked at */
    uint32_t head[XFS_ORPHAN_LISTS];
    uint32_t next;             /* of its list, or none */
};

/* 1 and the next one, in *i; 0: that was all.  -1: what is damaged; the step
 * after it goes on with the next list or group. */
int xfs_orphan_next(struct xfs_orphans *o, struct xfs_inode *i,
                    struct err *e);
void xfs_orphan_end(struct xfs_orphans *o);

#endif
