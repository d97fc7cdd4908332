/* SPDX-License-Identifier: Apache-2.0 */
/* The blocks of a volume in order: a source for a pipeline.  A snapshot's are
 * fetched, each with the provider's SHA-256; an image with a manifest is
 * proved by it while it is read. */
#ifndef EBSIMG_VOLUME_PASS_H
#define EBSIMG_VOLUME_PASS_H

#include "fetch/fetch.h"
#include "flow/compare.h"
#include "flow/pipeline.h"
#include "volume/volume.h"

struct pass {
    struct volume *volume;
    struct source *source;
    struct blockmap *map;      /* a snapshot */
    struct manifest_reader *rows; /* an image's with a manifest, and ... */
    struct compare compare;    /* ... what compares the two */
};

/* Of a snapshot the blocks of `only', which are stored, or NULL: all; an image
 * is read whole.  The volume and the set must outlive it.  Close it in every
 * case. */
int pass_open(struct pass *p, struct volume *v, const struct blockset *only,
              unsigned slots, struct err *e);

/* Through to `sink', on the caller's thread.  `different' (the writer's
 * thread) is told of each block of an image that is not as its manifest says.
 * `tick' as in pipeline.h, with the same ctx. */
struct pass_run {
    struct sink *sink;
    unsigned workers, slots;
    void (*different)(void *ctx, uint32_t index, const char *why);
    int (*tick)(void *ctx, const struct pipeline_state *st, struct err *e);
    void *ctx;
};
int pass_run(struct pass *p, const struct pass_run *how, struct err *e);

void pass_close(struct pass *p);

#endif
