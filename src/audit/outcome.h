/* SPDX-License-Identifier: Apache-2.0 */
/* How an acquisition ended, in one word: for the log, the summary, the exit
 * status, and for verify, which reads the word back. */
#ifndef EBSIMG_AUDIT_OUTCOME_H
#define EBSIMG_AUDIT_OUTCOME_H

#include <stdbool.h>

#include "base/err.h"

/* From the best to the worst: of several that hold, the last is the verdict.
 * What nobody can put a number to is worse than what is known to be missing. */
enum outcome {
    OUTCOME_COMPLETE,
    OUTCOME_LISTED,     /* complete, if EBS has listed every change since the
                         * earlier image that blocks were taken from */
    OUTCOME_UNREADABLE, /* complete, but for blocks that could not be read */
    OUTCOME_UNCHECKED,  /* complete as far as the service's list goes, which
                         * could not be compared with another one */
    OUTCOME_UNPROVED,   /* complete, if the snapshot that a run was gone on
                         * with is the one that it was begun with */
    OUTCOME_DOUBT,      /* what it was compared with does not agree: EC2's
                         * count, or a second list */
    OUTCOME_FAILED,
    OUTCOME_INTERRUPTED,
};

/* Several of them. */
#define OUTCOME_BIT(o) (1u << (o))

const char *outcome_name(enum outcome o);     /* "complete", ... */
/* Of a run that ended with this error. */
enum outcome outcome_of_failure(const struct err *why);
int outcome_parse(const char *name, enum outcome *o); /* -1: none of them */
/* The image is whole, with or without a reserve. */
bool outcome_is_good(enum outcome o);
const char *outcome_headline(enum outcome o); /* "COMPLETE", ... */
int outcome_status(enum outcome o, const struct err *why);

#endif
