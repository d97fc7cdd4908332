/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of a fetch share, which nobody else includes: lister.c (the
 * list of blocks), feed.c (which of them is next), wants.c (which ones are
 * wanted, where there is no order), job.c (the way of one), renewal.c (stale
 * tokens), returns.c (blocks that came back bad), late.c (a second request)
 * and probe.c (does the service work?).
 *
 * All but returns_accept(), returns_unpack() and probe_remember() is for the
 * fetch's thread alone. */
#ifndef EBSIMG_FETCH_FETCH_PRIVATE_H
#define EBSIMG_FETCH_FETCH_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "audit/hash.h"
#include "fetch/depth.h"
#include "fetch/fetch.h"
#include "fetch/tokens.h"
#include "flow/delivery.h"

enum job_state { IDLE, FLYING, STALE, DOUBTED, DELIVERED, SUPPLIED };

/* The way of one slot through the service. */
struct job {
    struct fetch *fetch;
    struct call *call;
    struct slot *slot;
    enum job_state state;
    char token[TOKEN_MAX + 1];
    unsigned renewals;
    unsigned others;           /* attempts that another call made for it */
    struct job *next;          /* in the list of refused or wanted blocks */
};

/* A second request for the block that holds up the others, see late.c. */
struct late {
    struct call *call;
    struct job *job;           /* whose block it asks for, NULL: idle */
    unsigned char *raw;        /* BLOCK_SIZE, for its answer */
    uint64_t usual;            /* ns that a block takes, on average */
};

/* A block that came before, asked for again, see probe.c. */
struct probe {
    struct call *call;
    unsigned char *raw;        /* BLOCK_SIZE, for its answer */
    bool busy;
    /* Under the fetch's lock: */
    bool known;
    bool was_known;            /* at some time */
    uint32_t index;
    char token[TOKEN_MAX + 1];
    uint64_t since;            /* monotonic ns: nothing has come since */
    unsigned count;            /* how often, in this time */
};

struct fetch {
    struct source source;
    struct fetch_config config;
    struct delivery *to;
    struct window *window;     /* the same; NULL: there is no order */
    struct job *jobs;          /* by slot number */
    struct call *list;
    struct call *renew;        /* lists again for stale tokens */
    struct late late;
    struct probe probe;
    uint32_t renew_from;       /* index where that list begins */
    unsigned renew_empty;      /* its empty pages so far */
    struct tokens tokens;      /* from these lists, where there is no order */
    bool listing, renewing;
    bool other_blocks;         /* so says the last list that came */
    struct err plan_failed;
    unsigned flying;
    struct depth depth;        /* how many may be */
    bool depth_limits;         /* ... and it kept another one back */
    uint64_t next_offset;      /* behind the last block that has a slot */
    uint64_t page_token_time;
    bool ended;

    pthread_t thread;
    bool started;
    atomic_bool stopping;

    pthread_mutex_t lock;      /* guards the lists of jobs and the probe's
                                * block, between other threads and us */
    struct job *returned;
    struct job *wanted, *wanted_last;
};

/* fetch.c */

void fetch_fail(struct fetch *f, struct err *why); /* ends the run */
/* When the keys are good but may not do this: says what is to be allowed. */
void fetch_name_right(struct err *why, const char *right);
/* As many slots as suit f->depth. */
void fetch_limit(struct fetch *f);
/* A call for one of the parts; its `done' finds `owner' there. */
struct call *fetch_call(struct fetch *f, void (*done)(struct call *c),
                        void *owner, struct err *e);

/* lister.c */

int lister_init(struct fetch *f, struct err *e);
void lister_watch(struct fetch *f); /* call it often */
void lister_stop(struct fetch *f);
void lister_free(struct fetch *f);

/* feed.c: starts what there is room for.  Call it often. */
void feed_watch(struct fetch *f);

/* wants.c: starts what is wanted.  Call it often. */
void wants_watch(struct fetch *f);

/* job.c */

int jobs_init(struct fetch *f, struct err *e);
void jobs_stop(struct fetch *f);
void jobs_free(struct fetch *f);
/* The oldest block of those in this state, or NULL. */
struct job *jobs_oldest(const struct fetch *f, enum job_state state);
/* Asks for the block of j->slot with j->token. */
void job_send(struct job *j);
/* The block of j->slot cannot be had. */
void job_lose(struct job *j, const struct err *why);
/* Asks once more for a block that came and is no good, because of `why'. */
void job_refuse(struct job *j, const char *why);
/* What each job's own call does when it has ended, and where the block goes
 * that it brings. */
void job_done(struct call *c);
unsigned char *job_place(struct call *c);
/* The second request for a block that was late has overtaken the first, and
 * is j->call now. */
void job_won(struct job *j);
/* For the jobs that are DOUBTED: does the service work?  UNKNOWN leaves it to
 * what each of them has seen itself. */
enum service_state { FAILS, WORKS, UNKNOWN };
void jobs_decide(struct fetch *f, enum service_state service);

/* renewal.c: new tokens for the jobs that are STALE. */

int renewal_init(struct fetch *f, struct err *e);
void renewal_watch(struct fetch *f); /* call it often */
void renewal_stop(struct fetch *f);
void renewal_free(struct fetch *f);

/* returns.c */

/* The source's accept() and unpack(): workers. */
bool returns_accept(struct source *src, struct slot *s);
int returns_unpack(struct source *src, struct slot *s, struct err *e);
/* Asks again for what they have refused.  Call it often. */
void returns_watch(struct fetch *f);

/* late.c */

int late_init(struct fetch *f, struct err *e);
void late_free(struct fetch *f);

/* Asks a second time for the oldest block when it is late.  Call it often. */
void late_watch(struct fetch *f);

/* The job's own call has ended, well or not: the second is not needed. */
void late_first_ended(struct job *j);

void late_stop(struct fetch *f);

/* probe.c */

int probe_init(struct fetch *f, struct err *e);
void probe_free(struct fetch *f);
void probe_remember(struct job *j); /* its block is good; any thread */
void probe_watch(struct fetch *f);  /* call it often */
void probe_stop(struct fetch *f);

#endif
