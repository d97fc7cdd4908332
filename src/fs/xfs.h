/* SPDX-License-Identifier: Apache-2.0 */
/* XFS, the root of Amazon Linux, RHEL and others, of versions 4 and 5.
 *
 * Nothing is replayed of its log: the walk says so when the log holds
 * changes.  What is on a realtime device is not here, and files there are
 * listed but not read.  Every block of metadata of version 5 is checked
 * against its checksum, its place and its owner. */
#ifndef EBSIMG_FS_XFS_H
#define EBSIMG_FS_XFS_H

#include "fs/fs.h"

extern const struct fs_driver xfs_driver;

#endif
