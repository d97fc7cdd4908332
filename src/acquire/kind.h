/* SPDX-License-Identifier: Apache-2.0 */
/* A physical disk or a logical volume?  Decided when the image is whole, by
 * its first block and its last one with data, read from the image itself: so
 * a run of one session, one that was gone on with, and one whose blocks are
 * carried decide the same, and no block is asked for that would not be fetched
 * anyway.
 *
 * What an E01 says of itself is written with its first chunk, by the first
 * block alone; only a GPT at the end of what began like a file system changes
 * it, and then in the finished segments. */
#ifndef EBSIMG_ACQUIRE_KIND_H
#define EBSIMG_ACQUIRE_KIND_H

#include <stdint.h>

#include "audit/stage.h"
#include "base/err.h"
#include "flow/ledger.h"
#include "image/medium.h"

struct kind {
    enum medium medium;
    char because[96];      /* what was found, in words */
    char doubt[256];       /* why a block had no say, or "" */
};

/* "physical" or "logical". */
const char *kind_word(const struct kind *k);

/* Fills *k in.  The images in the stage are finished, and none is hashed;
 * `counts' are of all their blocks, `size' is that of the volume in bytes.  A
 * block that cannot be read leaves the decision to the other.  -1 only when an
 * E01 cannot be marked as it must be. */
int kind_decide(struct kind *k, const struct stage *stage,
                const struct ledger_counts *counts, uint64_t size,
                struct err *e);

#endif
