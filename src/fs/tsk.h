/* SPDX-License-Identifier: Apache-2.0 */
/* ext2, ext3, ext4, NTFS, FAT, exFAT and HFS+ as The Sleuth Kit reads them:
 * libtsk, but not 4.13, whose image structure is another one (configure
 * refuses it).
 *
 * What it does not check is looked at here before: feature bits of ext
 * (fs/ext.h), maps of files that are lost in part, whose place it fills with
 * zeros. */
#ifndef EBSIMG_FS_TSK_H
#define EBSIMG_FS_TSK_H

#include "fs/fs.h"

/* Their probe() is fs/recognize.h; NULL here. */
extern const struct fs_driver tsk_ext, tsk_ntfs, tsk_fat, tsk_exfat, tsk_hfs;

#endif
