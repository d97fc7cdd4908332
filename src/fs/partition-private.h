/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of the two kinds of tables share. */
#ifndef EBSIMG_FS_PARTITION_PRIVATE_H
#define EBSIMG_FS_PARTITION_PRIVATE_H

#include "fs/partition.h"

#define MBR_BYTES 512u

void partition_note(struct partition_table *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Of what is then not read. */
void partition_loss(struct partition_table *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* In sectors; cut, with a note, where it leaves the volume.  NULL: it is all
 * outside, or there are too many. */
struct partition *partition_add(const struct fs_source *s,
                                struct partition_table *t, unsigned number,
                                uint64_t first, uint64_t sectors);

/* Fills the table when one of the GPTs is good and can be read.  1, 0: there
 * is none; -1: no memory. */
int gpt_read(const struct fs_source *s, struct partition_table *t,
             struct err *e);

/* The same of an MBR, whose 512 bytes were read. */
bool mbr_read(const struct fs_source *s, const unsigned char *mbr,
              struct partition_table *t);
/* There is nothing in it but the entry that protects a GPT. */
bool mbr_is_protective(const unsigned char *mbr);

#endif
