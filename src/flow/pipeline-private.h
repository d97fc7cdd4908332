/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of a pipeline share, which nobody else includes: pipeline.c
 * (the threads, the workers and the writer) and gate.c (all that hashes). */
#ifndef EBSIMG_FLOW_PIPELINE_PRIVATE_H
#define EBSIMG_FLOW_PIPELINE_PRIVATE_H

#include <pthread.h>
#include <stdbool.h>

#include "audit/digest.h"
#include "flow/pipeline.h"
#include "flow/timing.h"

struct run;

struct reader {
    struct run *run;
    unsigned number;            /* of the window's readers */
    const char *name;
    void *(*main)(void *reader);
    struct digest digest;       /* gate and digest readers */
    const struct slot *ahead;   /* gate: its SHA-256 is there already */
    _Atomic uint64_t position;  /* bytes of the volume passed */
    struct timing timing;
    pthread_t thread;
    bool started;
};

struct worker {
    struct run *run;
    struct timing timing;
    _Atomic uint64_t unpack, zeros, pack; /* ns, parts of its work */
    pthread_t thread;
};

struct run {
    const struct pipeline *p;
    struct window *window;
    struct reader readers[HASH_KINDS + 2]; /* gate, digests, writer */
    unsigned nreaders;
    struct worker *workers;
    unsigned nworkers;
    _Atomic uint64_t blocks;
    uint64_t began;             /* monotonic ns */
};

/* The next slot for this reader; NULL at the end. */
struct slot *reader_next(struct reader *d);
/* The reader is through with it. */
void reader_done(struct reader *d);

/* Threads: of the gate, and of a digest that has a thread of its own. */
void *gate_main(void *reader);
void *digest_main(void *reader);

/* Where never-stored zeros end and a block begins, if there is one. */
static inline uint64_t gap_end(const struct slot *s)
{
    return s->offset + (s->hole ? s->len : 0);
}

#endif
