/* SPDX-License-Identifier: Apache-2.0 */
/* The ring of slots: order, back-pressure and all the memory of a run.
 *
 *   source: reserve -> (fetch) -> buffer -> arrived
 *   worker: take -> commit
 *   gate:   next -> done, in image order; or refused: back to the source
 *   others: next -> done, each at its own pace, in image order
 *
 * Reader 0 is the gate: it proves a block before any other reader sees it.
 * The last reader (the writer) gets a slot when all others are through with
 * it, and frees it.  The first failure anywhere stops everything; every wait
 * ends then.  All functions are safe from any thread.
 *
 * Memory: a slot has a buffer for its block from when the block comes until
 * the slot is free, so that what was only asked for takes none; only the
 * oldest few slots also have room for what sinks make of it (packed).  So
 * workers take the oldest block that has arrived, and leave a block that has
 * come far too early.  Buffers are used again before new ones are touched. */
#ifndef EBSIMG_FLOW_WINDOW_H
#define EBSIMG_FLOW_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "flow/delivery.h"
#include "flow/slot.h"

struct window;

#define WINDOW_GATE 0u /* the number of the first reader */

struct window_config {
    unsigned slots;
    unsigned readers;         /* 2 or more: gate, ..., writer */
    unsigned packed;          /* so many of the oldest slots have room for
                               * packed data; 0: all of them */
    const size_t *pack_room;  /* for each sink, 0 is fine */
    size_t sinks;
    /* A slot became free after window_reserve() had none, or the window
     * stopped. */
    void (*wake)(void *ctx);
    void *wake_ctx;
};

struct window *window_new(const struct window_config *c, struct err *e);
void window_free(struct window *w);

/* The next slot in order, cleared, for the source; NULL when none is free
 * now or when stopped.  Does not wait. */
struct slot *window_reserve(struct window *w);

/* Not more than so many slots may be in use from now on, at least 1.  Those
 * in use stay so. */
void window_limit(struct window *w, unsigned slots);

/* The same, but waits for a slot; NULL when stopped. */
struct slot *window_reserve_wait(struct window *w);

/* Where its block goes, from the first call until the slot is free: for the
 * source, which asks for it when there is something to put there.  Holes and
 * the end need none. */
unsigned char *window_buffer(struct window *w, struct slot *s);

/* Its block is there (or is known to be unreadable, or it is the end). */
void window_arrived(struct window *w, struct slot *s);

/* The oldest block that has arrived and may be packed now, for a worker;
 * waits; NULL when stopped or when all are done. */
struct slot *window_take(struct window *w);
/* The worker is done with it: the gate may have it. */
void window_commit(struct window *w, struct slot *s);

/* Next slot for this reader, in image order.  Waits.  NULL after the slot of
 * length 0, or when stopped.  Stays valid until window_done(). */
struct slot *window_next(struct window *w, unsigned reader);
void window_done(struct window *w, unsigned reader);

/* The whole block behind the gate's, for the gate to hash ahead; NULL when it
 * is not there.  Does not wait.  It stays as it is until the gate gets to
 * it. */
struct slot *window_peek(struct window *w);

/* Instead of window_done(), for the gate: the source has taken this slot
 * back and will deliver it again, or has done so already.  The gate's next
 * one is the same again. */
void window_refused(struct window *w, struct slot *s);

/* The block of this slot, which the source has, cannot be had, and the run
 * is to end there: the readers still get all blocks before it, then the window
 * stops with this reason.  No slot is given out any more.  Of several such
 * blocks the first in order counts. */
void window_fail_at(struct window *w, const struct slot *s,
                    const struct err *e);

/* Stops everything; the first reason is kept.  window_failed() gives it. */
void window_fail(struct window *w, const struct err *e);
bool window_failed(struct window *w, struct err *e);

/* The window as the place where a fetch delivers: window_buffer(),
 * window_arrived(), window_fail_at() and window_fail(). */
struct delivery *window_delivery(struct window *w);

/* Waits until every reader has passed the last slot or the window failed, at
 * most `ns' nanoseconds.  True when it is over. */
bool window_wait(struct window *w, uint64_t ns);

/* How the slots stand now, for the progress line. */
struct window_counts {
    unsigned free, fetching, arrived, working;
    unsigned committed; /* for the gate */
    unsigned proved;    /* for the readers behind it */
};
void window_counts(struct window *w, struct window_counts *out);

#endif
