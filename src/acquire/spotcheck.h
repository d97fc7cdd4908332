/* SPDX-License-Identifier: Apache-2.0 */
/* A random sample of blocks that are here already: fetched once more and
 * compared, so that they rest on the service, and not on a list or a file
 * alone. */
#ifndef EBSIMG_ACQUIRE_SPOTCHECK_H
#define EBSIMG_ACQUIRE_SPOTCHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "acquire/options.h"
#include "acquire/origin.h"
#include "audit/manifest.h"
#include "base/clock.h"
#include "base/err.h"
#include "flow/blockset.h"
#include "flow/budget.h"

struct spotcheck {
    const struct origin *from;     /* whose snapshot is asked */
    const struct acquire_options *opt;
    const struct budget *budget;
    const struct clock *clock;
    const struct blockset *sample;
    uint64_t gib;                  /* size of the volume */
    struct manifest_reader *rows;  /* what they should be: from the first row
                                    * on, none of the sample's unreadable */
    /* Where there is none: what this block should be. */
    int (*expected)(void *ctx, uint32_t index, struct manifest_row *row,
                    struct err *e);
    void *ctx;
    const char *what;              /* for the progress line */
    /* What it means that a block is not what it should be: sets *e. */
    int (*differs)(const char *snapshot, const struct manifest_row *row,
                   struct err *e);
    /* Goes on without a block that cannot be had. */
    bool zero_unreadable;
    uint64_t compared, unreadable; /* what came of it */
};

/* `n' blocks out of the set, each as likely as any other; all when there are
 * no more than these. */
struct blockset *spotcheck_choose(const struct blockset *from, uint64_t n,
                                  struct err *e);

/* Fetches the sample.  The first that differs ends it.  Nothing is fetched in a
 * dry run, nor when the whole would cost more than --max-cost: ERR_USAGE. */
int spotcheck_run(struct spotcheck *c, struct err *e);

#endif
