/* SPDX-License-Identifier: Apache-2.0 */
/* Images that are made at the same time, in one process: each by the same code
 * as one alone, in a thread of its own, with one pace towards the service, one
 * line of progress and one budget of memory and threads for all.
 *
 * Whoever starts them is one thread, and hears of their ends one by one. */
#ifndef EBSIMG_CASE_FLEET_H
#define EBSIMG_CASE_FLEET_H

#include <stdbool.h>
#include <stddef.h>

#include "acquire/options.h"
#include "acquire/result.h"
#include "base/err.h"
#include "case/case-log.h"

struct fleet;

/* `images': how many there will be at most.  `o' must outlive it. */
struct fleet *fleet_new(const struct acquire_options *o, size_t images,
                        struct err *e);
/* None may be under way. */
void fleet_free(struct fleet *f);

/* An image that has ended. */
struct fleet_image {
    struct case_member *member;
    char *prefix;              /* the caller's when it has ended */
    bool rest;                 /* of a run that did not finish */
    struct result result;
    struct err why;            /* ERR_NONE: it is made */
};

bool fleet_is_busy(const struct fleet *f); /* any is under way */
/* Must fleet_await() come before another start? */
bool fleet_is_full(const struct fleet *f);

/* `prefix' is taken over in every case. */
int fleet_start(struct fleet *f, struct case_member *m, char *prefix,
                bool rest, struct err *e);

/* Waits for the next that ends; false: none is under way. */
bool fleet_await(struct fleet *f, struct fleet_image *out);

#endif
