/* SPDX-License-Identifier: Apache-2.0 */
/* One run: from a source through the workers and the gate to the sinks.
 *
 *   [source's thread] -> [workers] -> window -> [gate] -> [writer]
 *
 * The gate takes the blocks in order, and in one pass over a block computes
 * the digests of the stream and the block's own SHA-256.  Only when the
 * source accepts that one may the writer have the block; else the stream's
 * digests go back to where they were before it, and the block is fetched
 * again.  Without digests of the stream it hashes two blocks at once where it
 * can.  Where such a pass is no faster than one after the other, the gate
 * computes the block's SHA-256 alone and each digest has a reader between
 * gate and writer.
 *
 * The same pipeline acquires (source: EBS) and verifies (source: an image
 * file); only what is plugged in differs. */
#ifndef EBSIMG_FLOW_PIPELINE_H
#define EBSIMG_FLOW_PIPELINE_H

#include <stddef.h>
#include <stdint.h>

#include "audit/hash.h"
#include "base/err.h"
#include "flow/sink.h"
#include "flow/source.h"
#include "flow/window.h"

/* Where the time of a stage's threads went, ns. */
struct stage_times {
    unsigned threads;
    uint64_t busy, waiting;
};

struct pipeline_times {
    uint64_t wall;              /* of the run so far */
    struct stage_times workers; /* their work, in parts: */
    uint64_t unpack, zeros, pack;
    struct stage_times gate;
    struct stage_times digests; /* readers of their own, where not fused */
    struct stage_times writer;
};

/* Where the run stands, for tick(). */
struct pipeline_state {
    uint64_t written;   /* bytes of the volume that the writer has passed */
    uint64_t hashed;    /* bytes that the slowest digest has passed, also in
                         * the middle of a hole */
    uint64_t blocks;    /* blocks that the writer has passed */
    struct window_counts slots;
    struct pipeline_times times;
};

struct pipeline {
    struct source *source;
    struct sink **sinks;     /* called in this order for each slot */
    size_t nsinks;
    unsigned hashes;         /* HASH_BIT()s of the digests to compute */
    /* NULL, or to go on where a run had ended: the state of these digests
     * there.  The source begins at from->bytes, which a block ends at. */
    const struct digest_state *from;
    unsigned workers;
    unsigned slots;
    unsigned packed;         /* slots with room for packed data; 0: all */
    struct pipeline_times *times; /* NULL, or filled in at the end */
    /* The writer's thread, when all sinks have taken a block or a piece of a
     * long gap: where it ends, and the digests of all before that.  -1 stops
     * the run.  NULL is fine. */
    int (*passed)(void *ctx, uint64_t offset, const struct digest_state *d,
                  struct err *e);
    /* Called on the caller's thread several times a second; -1 stops the
     * run with that reason. */
    int (*tick)(void *ctx, const struct pipeline_state *st, struct err *e);
    void *ctx;
};

/* Runs until the source's end has passed every reader, or the first failure.
 * All threads have ended when it returns.  The sinks are neither finished
 * nor abandoned: that is the caller's next step. */
int pipeline_run(const struct pipeline *p, struct hashes *out,
                 struct err *e);

#endif
