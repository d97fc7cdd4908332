/* SPDX-License-Identifier: Apache-2.0 */
/* The partitions of a disk, as its table at the beginning says: GPT, or MBR
 * with its chain of logical partitions.  What stands there is hostile: every
 * number is held against the size of the disk, every chain and list has an
 * end.  Nothing is looked for that no table names.
 *
 * Source: UEFI 2.10, 5.2 and 5.3; the MBR as fdisk(8) reads it. */
#ifndef EBSIMG_IMAGE_PARTITION_LIST_H
#define EBSIMG_IMAGE_PARTITION_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define PARTITIONS_MAX 128  /* so many are kept */

struct partition {
    unsigned number;        /* as Linux counts them */
    uint64_t offset, length; /* bytes, inside the disk */
    bool cut;               /* the table says that it ends behind the disk */
    char type[64];          /* in words, or the number or GUID */
    char name[128];         /* of a GPT, UTF-8; whatever somebody wrote */
};

struct partition_list {
    const char *table;      /* "GPT", "MBR", or "": there is none */
    struct partition list[PARTITIONS_MAX];
    size_t count;
    uint64_t left_out;      /* there are more, or they lie outside the disk */
    char doubt[128];        /* what is wrong with the table, or "" */
};

/* `read' brings exactly `n' bytes at `offset', or -1.  `size' is that of the
 * disk in bytes.  -1 only when it does. */
int partition_list_read(struct partition_list *out, uint64_t size,
                        int (*read)(void *ctx, uint64_t offset, void *to,
                                    size_t n, struct err *e),
                        void *ctx, struct err *e);

#endif
