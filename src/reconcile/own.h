/* SPDX-License-Identifier: Apache-2.0 */
/* What the record of a run says of its requests, held against records of the
 * provider: which of ours it witnessed, and which of its records are of calls
 * by our keys that brought us no answer. */
#ifndef EBSIMG_RECONCILE_OWN_H
#define EBSIMG_RECONCILE_OWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "audit/evidence.h"
#include "audit/run-requests.h"
#include "base/err.h"
#include "reconcile/fetched.h"
#include "trail/reading.h"

/* Why a call by our keys has no answer in the record. */
enum unanswered {
    UNANSWERED_LOST,       /* the log tells of a request without an answer */
    UNANSWERED_THROTTLED,  /* the log counts such, and names few of them */
    UNANSWERED_SESSION,    /* of a session that a later one went on from */
    UNANSWERED_COMPARED,   /* blocks that were fetched only to be compared */
    UNANSWERED_LIST,       /* the log is older than the ids of lists in it */
    UNANSWERED_KEY,        /* KMS decrypted the key that our reading needs */
    UNANSWERED_UNKNOWN,    /* nothing of that */
    UNANSWERED,
};

struct own {
    struct evidence ev;
    struct fetched rows;
    struct run_requests log;
    uint64_t unanswered[UNANSWERED];
    /* Requests of ours of which a record tells something else: an error, for a
     * block that came; another snapshot, block or key. */
    uint64_t contradicted;
};

/* The run's papers; free it in every case. */
int own_read(struct own *o, const char *prefix, struct err *e);
void own_free(struct own *o);

/* Is the call one of ours, by the id that its answer had?  It is witnessed
 * now.  `a' is NULL when the record is not about the reading of a snapshot.
 * *against: the record contradicts what the run tells of that request, and
 * proves nothing of where its requests came from. */
enum witness { WITNESS_NONE, WITNESS_FIRST, WITNESS_AGAIN };
enum witness own_witness(struct own *o, const cJSON *record,
                         const struct reading *a, bool *against);

/* The snapshot of the run, or the earlier one whose changes it asked for. */
bool own_is_about(const struct own *o, const char *thing);

/* It was made with our keys, while the run went on, on its snapshots. */
bool own_is_by_us(const struct own *o, const struct reading *a);

/* Such a call that is none of ours: why?  It is counted. */
enum unanswered own_explain(struct own *o, const struct reading *a);

const char *unanswered_words(enum unanswered u);
const char *unanswered_name(enum unanswered u);  /* in JSON */

#endif
