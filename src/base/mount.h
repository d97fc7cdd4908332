/* SPDX-License-Identifier: Apache-2.0 */
/* What a file system is called where it is mounted. */
#ifndef EBSIMG_BASE_MOUNT_H
#define EBSIMG_BASE_MOUNT_H

#include <stddef.h>

/* The type of the mount that the open file is on, as proc(5) tells it:
 * "fuse.rclone", "nfs4".  Of a disk behind FUSE, where that says nothing,
 * what its boot sector says, if it can be read: "fuse (exfat)".  Cut to `n'
 * bytes; empty when it cannot be learned. */
void mount_type(int fd, char *out, size_t n);

#endif
