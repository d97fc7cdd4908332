/* SPDX-License-Identifier: Apache-2.0 */
/* Brings the blocks of two pipelines together, in the order of the image:
 * each gets a sink from here, and a third thread takes pairs.
 *
 * A pipeline that is ahead waits in append() until the other one has come as
 * far; nothing is kept but the two slots. */
#ifndef EBSIMG_FLOW_ZIP_H
#define EBSIMG_FLOW_ZIP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "flow/sink.h"

struct zip;

struct zip *zip_new(struct err *e);
void zip_free(struct zip *z); /* both pipelines have ended; NULL is fine */

/* The sink of side 0 or 1. */
struct sink *zip_sink(struct zip *z, unsigned side);

/* The pipeline of that side has passed its last block. */
void zip_end(struct zip *z, unsigned side);

/* Ends every wait, here and in the sinks; the first reason is kept.  Not
 * between zip_next() and zip_done() on the thread that takes the pairs. */
void zip_stop(struct zip *z, const struct err *why);
/* For a pipeline's tick(): -1 with the reason once it was stopped. */
int zip_check(struct zip *z, struct err *e);

/* At one offset: the block of each side, NULL where it has none. */
struct zip_pair {
    uint64_t offset;
    const struct slot *slot[2];
};

/* The next pair: 1; 0 after the last one; -1 when stopped.  Waits, but at
 * most `ns' nanoseconds: 2 says that nothing is there yet.  The slots stay
 * valid until zip_done(). */
int zip_next(struct zip *z, struct zip_pair *out, uint64_t ns,
             struct err *e);
void zip_done(struct zip *z);

#endif
