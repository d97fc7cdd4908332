/* SPDX-License-Identifier: Apache-2.0 */
/* What makes a run of bytes a physical volume of LVM2: its label, and the text
 * about its volume group that it may hold.
 *
 * Source of this and of all lvm-*: the manual page lvm2's `pvck(8)' and
 * `lvmsystemid(7)', libvslvm's "LVM format" document, and what pvcreate and
 * vgcreate write. */
#ifndef EBSIMG_FS_LVM_LABEL_H
#define EBSIMG_FS_LVM_LABEL_H

#include "fs/fs.h"

#define LVM_ID 32              /* characters, without the hyphens of text */
#define LVM_AREAS 8u           /* of metadata; there are at most two */
#define LVM_TEXT_MAX (16u << 20) /* bytes of text about a group */

struct lvm_area {
    uint64_t offset, size;
};

struct lvm_label {
    char id[LVM_ID + 1];
    uint64_t size;             /* of the device, says the label */
    unsigned areas;
    struct lvm_area area[LVM_AREAS];
};

/* 1: there is a label in one of the first four sectors; 0; -1: the bytes could
 * not be read. */
int lvm_label_probe(const struct fs_source *s, struct err *e);

/* ERR_SOURCE: there is none that is whole. */
int lvm_label_read(const struct fs_source *s, struct lvm_label *l,
                   struct err *e);

/* The text that an area holds now, terminated, for the caller to free, and
 * its length: 1.  0: it holds none, or is not to be used.  ERR_SOURCE when it
 * is damaged. */
int lvm_area_read(const struct fs_source *s, const struct lvm_area *a,
                  char **text, size_t *n, struct err *e);

#endif
