/* SPDX-License-Identifier: Apache-2.0 */
/* Which bytes differ between two volumes, in pieces of DIFFERENCE_PIECE: of the
 * blocks that EBS lists as changed where both are snapshots of one line, else
 * of all that either of them stores.  Takes 24 bytes for each run. */
#ifndef EBSIMG_FILES_DIFFERENCES_H
#define EBSIMG_FILES_DIFFERENCES_H

#include "files/session.h"

/* No file system has smaller blocks. */
#define DIFFERENCE_PIECE 512u
#define DIFFERENCES_MAX (4u << 20)

struct difference {
    uint64_t offset, size;
    bool is_unread;            /* a block that one side could not read */
};

struct differences {
    struct difference *runs;  /* in order, none meets the next one */
    size_t count, room;
    uint64_t blocks;           /* that differ */
    uint64_t lost;             /* blocks that one side could not read */
    bool cut;                  /* there are more runs than these */
    bool done;                 /* they were compared */
    struct blockset *chosen;   /* blocks to compare, or NULL */
};

/* Which blocks are to be compared: before the sides are read from.  None when
 * that would be every stored block of a snapshot and `all' does not ask for
 * it; `why' says so in at least 400 bytes. */
int differences_choose(struct differences *c, struct session side[2],
                       bool all, char *why, struct err *e);
/* Those; `done' when there were such. */
int differences_find(struct differences *c, struct session side[2],
                     struct err *e);
void differences_free(struct differences *c);

/* The first run that ends behind this byte. */
size_t differences_at(const struct differences *c, uint64_t offset);

#endif
