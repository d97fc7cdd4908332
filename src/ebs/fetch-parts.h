/* What fetch.c, late.c and probe.c share; nobody else includes it. */
#ifndef EBSIMG_EBS_FETCH_PARTS_H
#define EBSIMG_EBS_FETCH_PARTS_H

#include <pthread.h>
#include <stdatomic.h>

#include "audit/hash.h"
#include "ebs/depth.h"
#include "ebs/fetch.h"

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
    struct job *returned;      /* next in the list of refused blocks */
};

/* A second request for the block that holds up the others, see late.c. */
struct late {
    struct call *call;
    struct job *job;           /* whose block it asks for, NULL: idle */
    unsigned char *raw;        /* BLOCK_SIZE, for its answer */
    uint64_t usual;            /* ns that a block takes, on average */
    void (*first_done)(struct call *c); /* what a job's own call does */
    void (*won)(struct job *j); /* j->call is now the one that answered */
};

/* A block that came before, asked for again, see probe.c. */
struct probe {
    struct call *call;
    unsigned char *raw;        /* BLOCK_SIZE, for its answer */
    bool busy;
    void (*decide)(struct fetch *f, bool works);
    /* Under the fetch's lock: */
    bool known;
    uint32_t index;
    char token[TOKEN_MAX + 1];
    uint64_t since;            /* monotonic ns: nothing has come since */
    unsigned count;            /* how often, in this time */
};

struct fetch {
    struct source source;
    struct fetch_config config;
    struct window *window;
    struct job *jobs;          /* by slot number */
    struct call *list;
    struct call *renew;        /* lists again for stale tokens */
    struct late late;
    struct probe probe;
    uint32_t renew_from;       /* index where that list begins */
    unsigned renew_empty;      /* its empty pages so far */
    bool listing, renewing;
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

    pthread_mutex_t lock;      /* guards `returned' and the probe's block,
                                * between workers and us */
    struct job *returned;
};

int late_init(struct fetch *f, void (*first_done)(struct call *c),
              struct err *e);
void late_free(struct fetch *f);

/* Asks a second time for the oldest block when it is late.  Call it often. */
void late_watch(struct fetch *f);

/* The job's own call has ended, well or not: the second is not needed. */
void late_first_ended(struct job *j);

void late_stop(struct fetch *f);

/* `decide' hears whether the service works, for the jobs that are DOUBTED. */
int probe_init(struct fetch *f, void (*decide)(struct fetch *f, bool works),
               struct err *e);
void probe_free(struct fetch *f);
void probe_remember(struct job *j); /* its block is good; any thread */
bool probe_possible(struct fetch *f);
void probe_watch(struct fetch *f);  /* call it often */
void probe_stop(struct fetch *f);

#endif
