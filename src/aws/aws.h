/* SPDX-License-Identifier: Apache-2.0 */
/* Signed calls to AWS services with all of their retries: one path for
 * every request of the program.
 *
 *   call -> sign -> net/http -> verdict -> done, or wait and again
 *
 * Everything here belongs to one thread at a time, the one that runs
 * aws_poll(); aws_wake() may come from any thread. */
#ifndef EBSIMG_AWS_AWS_H
#define EBSIMG_AWS_AWS_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/endpoint.h"
#include "aws/settings.h"
#include "aws/verdict.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "net/http.h"

/* What happened on the way, for the acquisition log: one for each attempt
 * that was not accepted. */
struct aws_event {
    const char *what;          /* "retry", "throttled", "not_ready", "clock",
                                * "rejected" (by the owner), "token" (stale),
                                * "expired" (the keys have),
                                * "failed" (the call has ended) */
    const struct call *call;
    const char *detail;        /* one sentence, already printable */
    char request_id[64];
    unsigned attempt;          /* 1 is the first */
    uint64_t wait_ms;          /* until the next attempt */
};

struct call;
struct quota;

struct aws_config {
    const struct settings *settings;   /* must outlive the aws */
    struct http_config http;           /* ca_bundle and agent are set by us;
                                        * connections: blocks in flight */
    unsigned attempts;      /* of one call for transient faults, default 8;
                             * while nothing at all succeeds any more, they
                             * are not counted: an outage is waited out */
    unsigned give_up_seconds; /* no call succeeded for so long: all fail;
                             * default 300 */
    double block_rate;      /* GetSnapshotBlock a second at most; EBS allows
                             * 1000 for each snapshot */
    double list_rate;       /* list calls a second; EBS allows 50 */
    struct quota *quota;    /* what several share besides; or NULL.  Must
                             * outlive the aws */
    const struct clock *clock;
    uint64_t seed;          /* of the jitter */
    void (*on_event)(void *ctx, const struct aws_event *event);
    /* A list call has its answer, which may still be rejected; NULL is fine.
     * Those for blocks are too many, and their ids are the owner's to keep. */
    void (*on_list)(void *ctx, const struct call *c);
    void (*on_keys)(void *ctx, const struct credentials *newer);
    void *event_ctx;        /* of all three */
};

struct aws;

/* Numbers that are 0 get sensible values, but for the two rates.  A service
 * whose endpoint is not set cannot be called. */
struct aws *aws_new(const struct aws_config *config, struct err *e);
void aws_free(struct aws *a); /* every call must have been freed */

/* Which pace a call keeps. */
enum call_pace { PACE_NONE, PACE_LIST, PACE_BLOCK };

/* One call; make it once, use it again and again. */
struct call {
    enum aws_service service;
    enum call_pace pace;
    const char *method;
    struct text path;       /* percent-encoded, "/snapshots/..." */
    struct text query;      /* canonical: call_query() keeps it so */
    struct text body;       /* of a POST: a form, unless `type' is set */
    const char *type;       /* Content-Type of the body; NULL: a form */
    bool verbatim;          /* a good answer is wanted as it is: new keys
                             * may begin as those that were sent */
    bool bare;              /* not signed: the call shows who it is by a
                             * token of its own, or need not */
    const char *const *extra; /* header lines besides, not signed, ended by
                             * NULL; or NULL: none.  The caller's, may hold
                             * secrets */
    /* Where the body of a 200 goes, `limit' bytes: asked for when the first
     * of them come, in each attempt.  NULL: into answer->body. */
    unsigned char *(*place)(struct call *c);
    size_t limit;           /* bytes that the body may have */
    unsigned not_ready_seconds; /* V_NOT_READY is retried for so long */
    unsigned attempts_max;  /* for this call; 0: as the config says */
    /* Called from aws_poll(), once for each call_start().  May start this or
     * another call; must not free this one. */
    void (*done)(struct call *c);
    void *owner;

    /* The outcome, valid in done(): */
    enum verdict verdict;   /* V_OK: the answer is in `answer'; else
                             * V_NOT_READY, one of the two stale tokens, or
                             * V_GIVE_UP for all the rest */
    struct err err;         /* the reason when not V_OK */
    const struct http_answer *answer;
    char request_id[64];    /* x-amzn-RequestId of the last answer, or "" */
    unsigned attempts;      /* made so far, throttled ones included */
    bool gave_up_alone;     /* this call used up its own attempts while the
                             * service goes on answering others: the fault
                             * is the block's, not the run's */
    bool used_up;           /* this call used up its own attempts */
    uint64_t finished;      /* wall ns */

    struct call_state *state; /* private */
};

struct call *call_new(struct aws *a, struct err *e);
void call_free(struct call *c); /* cancels it when under way */

/* Empties path, query and body for another use; it is a signed call without
 * other headers again. */
void call_reset(struct call *c);

/* Of a bare call: this is in it, or in its extra headers, and must not come
 * back in a message. */
void call_secret(struct call *c, const char *s);

/* Adds a query parameter.  Names must be added in ascending byte order, as
 * the canonical form wants them; a bug aborts. */
void call_query(struct call *c, const char *name, const char *value);
void call_query_u64(struct call *c, const char *name, uint64_t value);

/* Adds a form field to the body of a POST. */
void call_form(struct call *c, const char *name, const char *value);

/* Begins; the pace may hold it back for a while. */
void call_start(struct call *c);

/* The owner does not accept the answer of a call that was V_OK (a checksum
 * that does not match, a list that makes no sense): counts as a failed
 * attempt, is logged with `why', and the same call goes out again on a new
 * try, or ends in done() with V_GIVE_UP when the attempts are used up.  The
 * owner may have changed query or path before. */
void call_reject(struct call *c, const char *why);

void call_cancel(struct call *c); /* no done() follows */

/* How long the attempt that is under way has taken so far; 0 while the call
 * waits for its turn or for the next attempt. */
uint64_t call_flying_ns(const struct call *c);

/* Attempts that have failed so far, throttled ones aside; 0 when it is not
 * under way. */
unsigned call_failures(const struct call *c);

/* Moves everything on; waits at most `milliseconds'. */
int aws_poll(struct aws *a, int milliseconds, struct err *e);
void aws_wake(struct aws *a);

/* For the calls before the run: starts it and polls until it is done or
 * `*stop' is set.  0, or -1 with the call's reason. */
int aws_wait(struct aws *a, struct call *c, const volatile int *stop,
             struct err *e);

/* The same, but an answer must also please `take', which reads it: -1 with
 * ERR_SERVICE from there counts as a failed attempt, and the call goes out
 * again as after call_reject(); with another kind it is the end. */
int aws_ask(struct aws *a, struct call *c,
            int (*take)(void *ctx, const struct call *c, struct err *e),
            void *ctx, const volatile int *stop, struct err *e);

/* The same, and `tick', which may be NULL, is called several times a second
 * while the answer is awaited. */
struct asking {
    int (*take)(void *ctx, const struct call *c, struct err *e);
    void (*tick)(void *ctx);
    void *ctx;
    const volatile int *stop;
};
int aws_ask_so(struct aws *a, struct call *c, const struct asking *how,
               struct err *e);

/* Local clock minus the server's, seconds, from the Date header of the first
 * answer; false when there was none yet. */
bool aws_clock_offset(const struct aws *a, int64_t *seconds);

/* For the progress line and the log.  Any thread. */
struct aws_counts {
    uint64_t requests;      /* sent */
    uint64_t retries;
    uint64_t throttled;
    double block_rate;      /* the pace now, requests a second */
    uint64_t paced_ns;      /* that blocks could have been asked for, but for
                             * the pace */
    uint64_t idle_ns;       /* that aws_poll() has waited */
    uint64_t bytes;         /* of answers, without their headers */
};
void aws_counts(const struct aws *a, struct aws_counts *out);

/* The URL that a service's calls go to, e.g.
 * "https://ebs.eu-west-1.amazonaws.com". */
const char *aws_endpoint(const struct aws *a, enum aws_service s);
/* The proxy that they go through, without name and password; NULL: none. */
const char *aws_proxy(const struct aws *a, enum aws_service s);
/* Who vouches for the servers; see http_ca_file(). */
const char *aws_ca_file(const struct aws *a);
const char *aws_ca_folder(const struct aws *a);
bool aws_ca_is_usual(const struct aws *a);

#endif
