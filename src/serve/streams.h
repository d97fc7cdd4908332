/* SPDX-License-Identifier: Apache-2.0 */
/* Who reads a volume in order, and how far ahead of him its blocks are worth
 * asking for.
 *
 * A reader who goes on where he was gets more and more blocks ahead, as far as
 * is allowed; reads all over the volume get none.  Several readers are told
 * apart by where they are, since one may have several connections, and one
 * connection several readers. */
#ifndef EBSIMG_SERVE_STREAMS_H
#define EBSIMG_SERVE_STREAMS_H

#include <pthread.h>
#include <stdint.h>

#define STREAMS 16

struct streams {
    pthread_mutex_t lock;      /* guards the rest */
    uint64_t reads;
    struct stream {
        uint64_t first, last;  /* blocks that were read */
        uint64_t asked;        /* the last one that was asked for */
        uint64_t run;          /* blocks that were read in order so far */
        uint64_t used;         /* in reads; 0: nobody's */
    } at[STREAMS];
};

/* Any thread.  The blocks from `first' to `last' are read.  So many blocks
 * from *from on are worth asking for; none that was told before, none from
 * where another reader began, who has read it, and never more than `most'
 * behind `last'. */
uint64_t streams_note(struct streams *s, uint64_t first, uint64_t last,
                      uint64_t most, uint64_t *from);

#endif
