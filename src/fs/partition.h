/* SPDX-License-Identifier: Apache-2.0 */
/* The partition table of a volume: MBR with its logical partitions, GPT with
 * the copy at the end of the volume, sectors of 512 or 4096 bytes.
 * Sources: UEFI 2.10, chapter 5; of MBR there is no standard but what systems
 * do. */
#ifndef EBSIMG_FS_PARTITION_H
#define EBSIMG_FS_PARTITION_H

#include "fs/fs.h"

#define PARTITIONS_MAX 256u
#define PARTITION_NOTES_MAX 16u

enum partition_scheme { PARTITION_NONE, PARTITION_MBR, PARTITION_GPT };

struct partition {
    unsigned number;           /* as systems count; the logical ones of an MBR
                                * from 5 on */
    uint64_t offset, size;     /* bytes, inside of the volume */
    char type[40];             /* "0x83", or a GUID */
    char label[120];           /* of GPT, in UTF-8: hostile; or "" */
};

struct partition_table {
    enum partition_scheme scheme;
    unsigned sector;           /* bytes */
    bool from_backup;          /* the first GPT is damaged or gone */
    size_t count;
    struct partition part[PARTITIONS_MAX];
    /* What is odd about it, a sentence each; what is more than this is told
     * by the last one. */
    size_t notes;
    char note[PARTITION_NOTES_MAX][160];
    bool is_loss[PARTITION_NOTES_MAX]; /* there may be files in what the note
                                        * is about, and nobody reads it */
};

/* -1: the bytes could not be read.  Tables that contradict themselves are read
 * as far as they make sense, with notes. */
int partition_read(const struct fs_source *s, struct partition_table *t,
                   struct err *e);

#endif
