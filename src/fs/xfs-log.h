/* SPDX-License-Identifier: Apache-2.0 */
/* Has the log of XFS changes that are nowhere else yet?  Nothing here replays
 * it: of a machine that was running some of the newest changes are only
 * there. */
#ifndef EBSIMG_FS_XFS_LOG_H
#define EBSIMG_FS_XFS_LOG_H

#include "fs/xfs-volume.h"

enum xfs_log {
    XFS_LOG_CLEAN,             /* it ends with an unmount */
    XFS_LOG_OPEN,              /* it was in use */
    XFS_LOG_ELSEWHERE,         /* it is on another device */
    XFS_LOG_UNKNOWN,           /* it cannot be read, or is not asked for */
};

/* `search': looks for the end of the log, which takes a read for each doubling
 * of its size.  Without, only where the superblock points to, where a log that
 * was closed ends; and if it does not, XFS_LOG_UNKNOWN.  -1 only for what is
 * no damage. */
int xfs_log_state(struct xfs_volume *v, bool search, enum xfs_log *state,
                  struct err *e);

#endif
