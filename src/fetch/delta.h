/* SPDX-License-Identifier: Apache-2.0 */
/* What three lists say about two snapshots: the stored blocks of each, and
 * what EBS lists as changed between them.  Pure.
 *
 * A is the first snapshot of ListChangedBlocks, B the second. */
#ifndef EBSIMG_FETCH_DELTA_H
#define EBSIMG_FETCH_DELTA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "flow/blockset.h"

struct delta {
    struct blockset *a, *b;        /* stored, by ListSnapshotBlocks */
    struct blockset *listed;       /* by ListChangedBlocks ... */
    struct blockset *first;        /* ... with a token for A */
    struct blockset *second;       /* ... with a token for B */
};

struct delta_counts {
    uint64_t changed;              /* stored in both, listed */
    uint64_t added;                /* stored in B alone */
    uint64_t removed;              /* stored in A alone */
};

void delta_free(struct delta *d);

/* Proves that the lists agree:
 *
 *   stored(B) = stored(A) - {listed, no token for B}
 *                         + {listed, a token for B}
 *
 * and the same with A and B exchanged.  So no block that only one of them
 * stores was left out of the list, every token stands for a block that is
 * stored, and every listed block is stored by one of them.  This proves
 * nothing about a block that both store: that one which is not listed has the
 * same bytes is EBS's word.  ERR_SERVICE names the first block that does not
 * fit. */
int delta_prove(const struct delta *d, struct err *e);

struct delta_counts delta_count(const struct delta *d);

#endif
