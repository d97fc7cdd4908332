/* SPDX-License-Identifier: Apache-2.0 */
/* The EBS service as a source: lists the stored blocks of a snapshot while
 * it fetches them, many at once, in order of their offset.
 *
 * Every block is checked against the provider's SHA-256 before it counts;
 * one that does not match is fetched again.  Stale tokens are renewed by
 * listing again from that block on. */
#ifndef EBSIMG_FETCH_FETCH_H
#define EBSIMG_FETCH_FETCH_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "aws/aws.h"
#include "fetch/blockmap.h"
#include "flow/blockset.h"
#include "flow/delivery.h"
#include "flow/source.h"

/* Who has blocks already, so that they need not be fetched. */
struct fetch_supply {
    int (*start)(struct fetch_supply *u, struct window *w, struct err *e);
    /* Fetch's thread, offsets ascend: brings the block at s->offset, with the
     * provider's SHA-256 and the request it came by, into the slot, in its
     * own time; ends with window_arrived(). */
    void (*give)(struct fetch_supply *u, struct slot *s);
    /* Workers, for slots from give(): as source->unpack; or NULL. */
    int (*unpack)(struct fetch_supply *u, struct slot *s, struct err *e);
    /* Fetch's thread: the block is not what it should be, and is fetched
     * after all. */
    void (*refused)(struct fetch_supply *u, const struct slot *s);
    void (*stop)(struct fetch_supply *u);
};

struct fetch_config {
    struct aws *aws;           /* belongs to the fetch's thread during a run */
    const char *snapshot;
    struct blockmap *map;      /* the same */
    uint64_t start;            /* bytes of the volume that are not asked for:
                                * where the map begins */
    const struct blockset *only; /* these blocks alone, each of which must be
                                  * stored; NULL: all that are stored.  What
                                  * is left out counts as gap, or comes
                                  * from `supply' */
    const struct blockset *stored; /* what the list has to be, block by
                                  * block; NULL: not known before */
    struct fetch_supply *supply; /* has every stored block that is not in
                                  * `only'; NULL: nobody does */
    unsigned slots;            /* of the window */
    unsigned connections;      /* blocks in flight at most */
    bool zero_unreadable;      /* go on without a block that cannot be had */
    unsigned not_ready_seconds; /* wait so long for a snapshot that EC2
                                 * calls completed and EBS does not know */
    const struct clock *clock;
    /* A block was given up and will be zeros.  Fetch's thread.  NULL is fine
     * without zero_unreadable. */
    void (*unreadable)(void *ctx, const struct slot *s,
                       const struct err *why);
    /* A block is late and is asked for a second time.  Fetch's thread.  NULL
     * is fine. */
    void (*late)(void *ctx, const struct slot *s, uint64_t milliseconds);
    /* A block that was fetched is good.  On the thread that calls accept();
     * -1 is the end of the run.  NULL is fine. */
    int (*accepted)(void *ctx, const struct slot *s, struct err *e);
    void *ctx;
};

struct source *fetch_new(const struct fetch_config *c, struct err *e);
void fetch_free(struct source *src); /* after stop(); NULL is fine */

/* How many slots of a window are of use with so many connections. */
unsigned fetch_slots(unsigned connections);

/* Before the run, on the caller's thread: lists until the size of the volume
 * is known. */
int fetch_plan(struct source *src, const volatile sig_atomic_t *stop,
               struct err *e);

/* Instead of src->start(): nothing is fetched but what fetch_want() asks for,
 * in no order, and goes `to' there.  Of the configuration `map', `start',
 * `only', `stored', `supply' and `zero_unreadable' have no meaning then.  What
 * is lost is lost for that block alone: others may be asked for, and the same
 * one again.  src->stop() ends it, with what is under way. */
int fetch_serve(struct source *src, struct delivery *to, struct err *e);

/* Any thread: brings the block at s->offset, which is stored.  s->number is
 * below config.slots, and no other slot that is under way or waits for
 * accept() has it.  Ends with one call of arrived() or lost(); who finds it
 * arrived computes s->sha256 and asks src->accept(), and when that says no,
 * waits again. */
void fetch_want(struct source *src, struct slot *s);

#endif
