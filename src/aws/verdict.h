/* SPDX-License-Identifier: Apache-2.0 */
/* What an answer means: the only place that turns status, error type and
 * Reason into a decision.  Pure; a table, tested by its rows.
 *
 * Status alone decides nothing: EBS throttles with 400, the status of a
 * programming mistake, and a missing right on the KMS key is a 404. */
#ifndef EBSIMG_AWS_VERDICT_H
#define EBSIMG_AWS_VERDICT_H

#include <stdbool.h>

#include "aws/fault.h"
#include "base/err.h"
#include "net/http.h"

enum verdict {
    V_OK,
    V_RETRY,       /* transient; counts against the attempts */
    V_SLOW_DOWN,   /* throttled; lower the rate; does not count */
    V_NOT_READY,   /* no such snapshot: yet, if EC2 calls it completed */
    V_STALE_BLOCK_TOKEN, /* list again for a new one */
    V_STALE_PAGE_TOKEN,
    V_RENEW,       /* credentials have expired */
    V_CLOCK,       /* the signature's time or text is refused */
    V_GIVE_UP,
};

/* What is behind a refusal, for who must decide whether to go on without the
 * answer (aws/failure.h).  It stands in the `meaning' of the error. */
enum meaning {
    MEANS_NOTHING,      /* nobody answered, or the error is not of an answer */
    MEANS_TROUBLE,      /* the service's own, or the request is no good */
    MEANS_BAD_KEYS,     /* unknown, expired, wrongly signed: with these keys,
                         * from here, every other question ends alike */
    MEANS_NO_RIGHT,     /* the keys are good, and may not do this */
    MEANS_FORBIDDEN,    /* nobody says why; not AWS's: a firewall lets only
                         * EBS through, for instance */
    MEANS_NOT_THIS_ONE, /* this snapshot's KMS key or owner keeps it closed */
    MEANS_UNREADABLE,   /* it is not there, not ready, or not of the kind */
    MEANS_GONE,         /* the service is certain that there is no such */
    MEANS_UNRELATED,    /* the two have no changes in common to list */
    MEANS_ALLOWED,      /* it was a question alone (DryRun), and the keys may
                         * do this */
};

/* The decision.  For every verdict but V_OK `e' gets a sentence that names
 * the cause and the remedy, with the kind that decides the exit status. */
enum verdict verdict_of(const struct http_answer *a, struct err *e);

const char *verdict_name(enum verdict v);

/* The keys are good and the service refuses them this very action: the caller
 * knows the name of the right that is missing.  False when it says that the
 * KMS key refuses them, or the owner of the snapshot. */
bool verdict_lacks_right(const struct err *e);

#endif
