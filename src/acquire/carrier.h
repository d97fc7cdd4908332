/* SPDX-License-Identifier: Apache-2.0 */
/* A thread that brings blocks which need not be fetched, in the order in which
 * they are asked for: the supply of a fetch.  Who knows where they are sets
 * `bring' and the supply's `refused', and `unpack' where that is needed. */
#ifndef EBSIMG_ACQUIRE_CARRIER_H
#define EBSIMG_ACQUIRE_CARRIER_H

#include <pthread.h>

#include "base/err.h"
#include "fetch/fetch.h"

struct carrier {
    struct fetch_supply supply; /* first */
    /* Its own thread: fills the slot at s->offset, which has its buffer, as
     * fetch_supply tells; -1 is the end of the run. */
    int (*bring)(struct carrier *c, struct slot *s, struct err *e);
    struct window *window;
    pthread_t thread;
    bool started;
    /* Slots that wait, in order; a window has no more than these. */
    pthread_mutex_t lock;
    pthread_cond_t given;
    struct slot **queue;
    unsigned room, first, count;
    bool stopped;
};

/* Of a window of so many slots.  Free it in every case. */
int carrier_init(struct carrier *c, unsigned slots,
                 int (*bring)(struct carrier *c, struct slot *s,
                              struct err *e), struct err *e);
void carrier_free(struct carrier *c); /* after the supply's stop() */

#endif
