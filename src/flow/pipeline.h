/* One run: from a source through the workers to digests and sinks.
 *
 *   [source's thread] -> [workers] -> window -> [digest readers], [writer]
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

/* Where the run stands, for tick(). */
struct pipeline_state {
    uint64_t written;   /* bytes of the volume that the writer has passed */
    uint64_t hashed;    /* bytes that the slowest digest has passed */
    uint64_t blocks;    /* blocks that the writer has passed */
    struct window_counts slots;
};

struct pipeline {
    struct source *source;
    struct sink **sinks;     /* called in this order for each slot */
    size_t nsinks;
    unsigned hashes;         /* HASH_BIT()s of the digests to compute */
    unsigned workers;
    unsigned slots;
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
