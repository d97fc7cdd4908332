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

/* The decision.  For every verdict but V_OK `e' gets a sentence that names
 * the cause and the remedy, with the kind that decides the exit status. */
enum verdict verdict_of(const struct http_answer *a, struct err *e);

const char *verdict_name(enum verdict v);

/* The keys are good and the service refuses them this very action: the caller
 * knows the name of the right that is missing.  False when it says that the
 * KMS key refuses them, or the owner of the snapshot. */
bool verdict_lacks_right(const struct err *e);

#endif
