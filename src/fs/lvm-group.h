/* SPDX-License-Identifier: Apache-2.0 */
/* A volume group: the newest text about it, and its logical volumes. */
#ifndef EBSIMG_FS_LVM_GROUP_H
#define EBSIMG_FS_LVM_GROUP_H

#include "fs/lvm-label.h"
#include "fs/lvm-segment.h"
#include "fs/lvm-volume.h"

#define LVM_VOLUMES 4096u      /* logical ones of a group */

struct lvm;

struct lvm_logical {
    struct lvm_volume volume;  /* first; `source' reads out of this */
    const struct lvm *lvm;
    size_t segments;
    struct lvm_segment *segment;
    char *why;                 /* what `refused' may point to */
};

struct lvm_group {
    struct lvm_text text;
    const struct lvm_node *node; /* its section */
    uint64_t number;           /* of the text: each change adds one */
    char id[LVM_ID + 1];
    struct lvm_physical *physical;
    size_t count;              /* of these */
    struct lvm_logical *logical;
    size_t volumes;
};

/* Takes the text in every case.  lvm_group_free() in every case. */
int lvm_group_parse(struct lvm_group *g, char *text, size_t n, struct err *e);
void lvm_group_free(struct lvm_group *g);

/* The sources' ids are `ids': finds its physical and logical volumes.  What is
 * wrong with one of these is its `refused'; -1: no memory, or the group has
 * no sense. */
int lvm_group_map(struct lvm_group *g, const char (*ids)[LVM_ID + 1],
                  size_t sources, struct err *e);

/* The segment of a volume that is mapped, at an offset inside of it. */
const struct lvm_segment *lvm_logical_at(const struct lvm_logical *v,
                                         uint64_t offset);

#endif
