/* SPDX-License-Identifier: Apache-2.0 */
/* The files of an acquisition, in its stage: made before the first block
 * (outputs.c), finished, checked and hashed after the last
 * (outputs-finish.c). */
#ifndef EBSIMG_ACQUIRE_OUTPUTS_H
#define EBSIMG_ACQUIRE_OUTPUTS_H

#include <stddef.h>
#include <stdint.h>

#include "acquire/kind.h"
#include "acquire/options.h"
#include "acquire/origin.h"
#include "audit/checkpoint.h"
#include "audit/hash-ahead.h"
#include "audit/hash.h"
#include "audit/stage.h"
#include "flow/ledger.h"
#include "flow/sink.h"
#include "image/raw-share.h"

struct output_file {
    char *name;             /* without folder */
    char *path;             /* while it is staged */
    uint64_t size;
    uint64_t allocated;
    struct hashes hashes;
};

struct outputs {
    const struct acquire_options *opt;
    const struct origin *from;  /* whose blocks they get */
    const char *prefix;
    struct stage *stage;        /* whoever has opened it frees it */
    uint32_t chunk_size;        /* of an E01; 0: there is none */
    struct sink *sinks[FORMATS + 1]; /* images, then the ledger */
    size_t nsinks;
    size_t nfinished;           /* so many of them are finished */
    struct hash_ahead *ahead;   /* from outputs_open() on */
    struct raw_share *share;    /* what outputs_open() was given */
    struct ledger ledger;
    struct kind kind;           /* of the volume, by outputs_finish() */
    struct output_file *files;  /* images first, then log, manifest ... */
    size_t nfiles;
};

/* New ones.  `started' (wall ns) is when the run began; `share' may give a raw
 * image the blocks of an earlier one, and may be NULL. */
int outputs_open(struct outputs *o, uint64_t started, struct raw_share *share,
                 struct err *e);
/* What an earlier run has left, cut to `at'; ERR_VERIFY when it is not what
 * it was. */
int outputs_resume(struct outputs *o, const struct checkpoint *at,
                   struct err *e);
/* The images are whole: closes and hashes them, with so many threads. */
int outputs_finish(struct outputs *o, const struct hashes *stream,
                   unsigned threads, struct err *e);
void outputs_abandon(struct outputs *o);
/* One more file, which it hashes. */
int outputs_add_file(struct outputs *o, const char *suffix, struct err *e);
int outputs_write_sums(const struct outputs *o, const struct hashes *stream,
                       struct err *e);
void outputs_free(struct outputs *o);

#endif
