/* SPDX-License-Identifier: Apache-2.0 */
/* The partitions of the disk in an image, for the picture of it.  Each byte is
 * proved against the manifest before it is believed; where that cannot be done
 * there are no partitions, and the reason. */
#ifndef EBSIMG_REPORT_DISK_H
#define EBSIMG_REPORT_DISK_H

#include <stdbool.h>

#include "base/err.h"
#include "image/partition-list.h"

struct disk {
    bool known;              /* the beginning of the image could be read */
    char why_not[256];       /* if not */
    struct partition_list partitions;
};

/* `name' is the prefix or an image.  -1 only for reasons that say nothing of
 * the evidence (no memory, a signal). */
int disk_read(struct disk *d, const char *name, struct err *e);

#endif
