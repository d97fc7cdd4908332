/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of ListSnapshotBlocks, one after another, into a block map: how
 * the next one is asked for, what its answer is worth, and what a page token
 * that has grown old costs. */
#ifndef EBSIMG_FETCH_PAGES_H
#define EBSIMG_FETCH_PAGES_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "aws/aws.h"
#include "base/err.h"
#include "fetch/blockmap.h"

/* ---- for who has calls under way of his own */

/* The next page, by page token when the map has one. */
void pages_request(struct call *c, const char *snapshot,
                   const struct blockmap *m);

/* A good answer, into the map.  ERR_SERVICE: it makes no sense, and is to be
 * asked for again. */
int pages_take(struct blockmap *m, const struct call *c, struct err *e);

/* The call has ended without one.  True when only the page token is stale:
 * the next request is by index, and all is well. */
bool pages_go_on(struct blockmap *m, const struct call *c);

/* ---- for who waits */

struct pages {
    struct aws *aws;
    struct call *call;
    const char *snapshot;
    struct blockmap *map;
    const volatile sig_atomic_t *stop;
    void (*tick)(void *ctx);  /* while a page is awaited; NULL is fine */
    void *ctx;
    uint64_t calls;           /* made so far */
    unsigned senseless;       /* attempt whose answer made no sense, or 0 */
};

/* One page more. */
int pages_next(struct pages *p, struct err *e);

/* The last attempt that failed brought an answer that made no sense. */
bool pages_were_senseless(const struct pages *p);

#endif
