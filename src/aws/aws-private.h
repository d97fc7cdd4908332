/* SPDX-License-Identifier: Apache-2.0 */
/* What aws.c, call.c, attempt.c, outcome.c and blame.c share; nobody else
 * includes it.
 *
 * A call is in one place at a time:
 *
 *   idle -> queued -> flying -> ended -> idle (done() is called)
 *             ^          |
 *             `- waiting <-'  for the next attempt
 */
#ifndef EBSIMG_AWS_AWS_PRIVATE_H
#define EBSIMG_AWS_AWS_PRIVATE_H

#include <sys/queue.h>

#include "aws/aws.h"
#include "aws/backoff.h"
#include "aws/rate.h"
#include "base/secrets.h"
#include "net/proxy.h"

enum place { IDLE, QUEUED, FLYING, WAITING, ENDED };
/* A call that waits for newer keys is WAITING, too, in a list of its own. */

/* Header lines of a request at most; half of them the caller's. */
#define CALL_HEADERS 12

TAILQ_HEAD(call_list, call_state);

struct call_state {
    struct call *call;
    struct aws *aws;
    struct http_request *request;
    enum place place;
    TAILQ_ENTRY(call_state) link;
    struct call_list *list;    /* that it is in, NULL when idle */
    TAILQ_ENTRY(call_state) member; /* of the aws's calls */
    uint64_t due;              /* waiting: monotonic ns */
    unsigned failures;         /* that were not throttles */
    unsigned counted;          /* of these, against the attempts */
    uint64_t succeeded;        /* monotonic ns of the last good answer, 0 when
                                * there was none or it was rejected */
    uint64_t failed;           /* monotonic ns of the last failure, at first
                                * of the start */
    unsigned throttles;        /* in a row */
    uint64_t not_ready_since;  /* monotonic ns, 0: it was not so far */
    bool is_retry;
    bool clock_corrected;
    int64_t signed_offset;     /* the aws's offset when it was signed */
    uint64_t signed_by;        /* the generation of the keys */
    struct text url, path, host, date, authorization, type;
    struct secrets secrets;    /* of this attempt: the signature */
    struct secrets tokens;     /* and of pages and blocks */
    const char *headers[CALL_HEADERS + 1];
};

#define PACES (PACE_BLOCK + 1)

/* Counted by the aws's thread, read by the one that shows progress. */
struct counters {
    _Atomic uint64_t requests, retries, throttled;
    _Atomic double block_rate;
    _Atomic uint64_t paced_ns;
};

struct aws {
    struct aws_config config;
    struct http *http;
    struct endpoint endpoints[AWS_SERVICES];
    struct proxy proxies[AWS_SERVICES];
    struct credentials keys;   /* that sign now */
    uint64_t generation;       /* of these */
    struct text token;         /* the header line, or empty; a secret */
    struct secrets secrets;    /* of every call: the keys */
    struct rate rates[PACES];
    struct quota_member *member; /* of config.quota, or NULL */
    struct backoff backoff;
    struct call_list calls;    /* all of them */
    bool worked[AWS_SERVICES]; /* a call of the service has succeeded */
    struct call_list fresh[PACES], retries[PACES];
    struct call_list flying, waiting, ended;
    struct call_list keyless;  /* refused for their keys: wait for newer */
    unsigned nflying[PACES];
    uint64_t paced_since;      /* monotonic ns: only the pace holds blocks
                                * back; 0: it does not */
    unsigned active;           /* calls that are not idle */
    uint64_t progress;         /* monotonic ns of the last sign of life */
    uint64_t polled;           /* monotonic ns of the last aws_poll() */
    struct err last_failure;
    bool throttled_last;
    int64_t offset_ns;         /* added to the wall clock for signatures */
    bool skew_known;
    int64_t skew_s;            /* local minus server, first answer */
    struct counters counts;
};

/* pace.c: 0: it goes now; else ns until it may be tried again.  The second:
 * the service has asked for fewer; *speed is what there is from now on, and
 * false when it was heard already. */
int pace_begin(struct aws *a, struct err *e);
void pace_end(struct aws *a);
uint64_t pace_take(struct aws *a, enum call_pace pace, uint64_t now);
bool pace_slow_down(struct aws *a, enum call_pace pace, double *speed);

/* call.c: the call leaves its list for another one, or for none. */
void call_move(struct call_state *s, enum place place,
               struct call_list *list);

/* renewal.c: takes the newest keys, and begins to hear of newer ones; looks
 * whether there are newer ones, and lets those that wait for them go on, or
 * ends them when there will be none; takes in a call whose keys the service
 * refuses. */
int renewal_begin(struct aws *a, struct err *e);
void renewal_end(struct aws *a);
void renewal_look(struct aws *a);
void renewal_want(struct call_state *s);

/* attempt.c: signs and sends; a call that cannot be sent ends. */
void attempt_send(struct call_state *s);

/* blame.c: does this failure count against the call's attempts, and is the
 * fault the call's alone? */
bool blame_counts(const struct call_state *s, bool rejected);
bool blame_is_its_own(const struct call_state *s, bool rejected);

/* outcome.c */
void outcome_decide(struct http_request *r);        /* http's done() */
void outcome_reject(struct call_state *s, const char *why);
void outcome_end(struct call_state *s, enum verdict v);
void outcome_fail(struct call_state *s);  /* gives up, and tells */

#endif
