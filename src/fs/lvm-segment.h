/* SPDX-License-Identifier: Apache-2.0 */
/* A piece of a logical volume: extents that lie one after the other, on one
 * physical volume or in stripes on several. */
#ifndef EBSIMG_FS_LVM_SEGMENT_H
#define EBSIMG_FS_LVM_SEGMENT_H

#include "fs/lvm-text.h"

#define LVM_SECTOR 512u
#define LVM_STRIPES 128u

/* A physical volume as the text of its group has it. */
struct lvm_physical {
    const char *name;          /* in the text: "pv0" */
    size_t which;              /* of the sources; SIZE_MAX: it is not here */
    uint64_t start;            /* of the first extent, bytes */
    uint64_t extents;
};

struct lvm_stripe {
    size_t which;
    uint64_t at;               /* bytes */
};

struct lvm_segment {
    uint64_t from, size;       /* in the volume, bytes */
    uint64_t chunk;            /* bytes that lie together in a stripe */
    unsigned stripes;
    struct lvm_stripe *stripe;
};

/* Who is asked about it. */
struct lvm_group_facts {
    const struct lvm_text *text;
    uint64_t extent;           /* bytes, not 0 */
    const struct lvm_physical *physical;
    size_t count;
};

/* 1; 0 and in *why a few words, for the caller to free, when it cannot be
 * read: of another kind, on a volume that is not here, damaged.  -1: no
 * memory.  The caller frees s->stripe in every case. */
int lvm_segment_read(const struct lvm_group_facts *g,
                     const struct lvm_node *node, struct lvm_segment *s,
                     char **why, struct err *e);

/* The byte at `offset', which is inside of it, lies in source *which at *at,
 * and so do at most *n from there on. */
void lvm_segment_place(const struct lvm_segment *s, uint64_t offset,
                       uint64_t *n, size_t *which, uint64_t *at);

#endif
