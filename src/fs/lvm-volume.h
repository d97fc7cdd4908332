/* SPDX-License-Identifier: Apache-2.0 */
/* A logical volume of LVM2, as lvm.h gives it out. */
#ifndef EBSIMG_FS_LVM_VOLUME_H
#define EBSIMG_FS_LVM_VOLUME_H

#include "fs/fs.h"

/* Names come from the disk: hostile, but letters, digits and _-.+/@ alone.
 * What is in `refused' and in notes may be any bytes of it. */
struct lvm_volume {
    const char *group, *name;
    const char *refused;       /* why it cannot be read; NULL: it can */
    bool internal;             /* LVM's own: a part of another one */
    struct fs_source source;   /* good as long as the struct lvm; of one that
                                * is refused only the size, 0: not known */
};

#endif
