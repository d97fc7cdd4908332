/* SPDX-License-Identifier: Apache-2.0 */
/* What a run records: its log, the clock that the log's times are of, and how
 * long the run has taken so far.  The events are in journal-start.c (how it was
 * asked for, and where it writes), journal-origin.c (who asks, and what is
 * read), journal-way.c (while blocks come) and journal-end.c (what came of
 * it); doc/log-format.md has them all. */
#ifndef EBSIMG_ACQUIRE_JOURNAL_H
#define EBSIMG_ACQUIRE_JOURNAL_H

#include <stdint.h>

#include "acquire/options.h"
#include "audit/log.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/span.h"

struct journal {
    const struct acquire_options *opt; /* what is told on the terminal, too */
    const struct clock *clock;
    struct log *log;         /* NULL: not open, or not any more */
    const char *begun_by;    /* version that began the run */
    uint64_t started;        /* wall ns, when the run began */
    uint64_t session;        /* wall ns, when this process began */
    struct span span;        /* of this process */
    uint64_t woke, pulled;   /* monotonic ns: this process began, the last
                              * block was there */
    unsigned clock_sets;     /* so often the wall clock was set meanwhile, */
    int64_t clock_set_s;     /* and by so much altogether */
    uint64_t throttle_told;  /* monotonic; these two are the fetch's thread's */
    uint64_t throttles_held;
};

/* A session begins now. */
void journal_begin(struct journal *j, const struct acquire_options *o,
                   const struct clock *clock);

/* A warning, on standard error as well. */
int journal_warning(struct journal *j, const char *text, struct err *e);

#endif
