/* SPDX-License-Identifier: Apache-2.0 */
/* Sends a file that is written from front to back to the disk while it is
 * written, and lets go of its pages: an image of several TiB must not push
 * everything else out of the machine's memory, and the sync at its end must
 * not take minutes.  All of it is advice to the kernel: nothing here fails,
 * and nothing here replaces a sync. */
#ifndef EBSIMG_BASE_WRITEBACK_H
#define EBSIMG_BASE_WRITEBACK_H

#include <stdint.h>

struct writeback {
    uint64_t dropped;   /* let go of up to here */
    uint64_t sent;      /* on the way to the disk up to here */
};

/* A new file, or one to go on with at this offset. */
void writeback_begin(struct writeback *w, uint64_t offset);

/* All that is to come before `end' has been written.  Now and then this
 * waits for the disk, as the next write would otherwise. */
void writeback_note(struct writeback *w, int fd, uint64_t end);

#endif
