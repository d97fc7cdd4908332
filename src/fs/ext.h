/* SPDX-License-Identifier: Apache-2.0 */
/* What may be read of an ext2, ext3 or ext4 file system by a library that
 * looks at no feature bits.  Source: the kernel's Documentation/filesystems/
 * ext4, "Super Block". */
#ifndef EBSIMG_FS_EXT_H
#define EBSIMG_FS_EXT_H

#include "fs/fs.h"

struct ext_facts {
    bool unreplayed;           /* its journal has not been replayed */
    bool unclean;              /* it was in use, or has errors */
};

/* ERR_SOURCE "not attributed: feature 0x..." for what is not known. */
int ext_check(const struct fs_source *s, struct ext_facts *f, struct err *e);

#endif
