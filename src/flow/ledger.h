/* SPDX-License-Identifier: Apache-2.0 */
/* A sink that keeps the books: a row of the block manifest for each stored
 * block, and the counts of the three kinds of zeros, which are never mixed:
 * never stored, stored and all zero, unreadable. */
#ifndef EBSIMG_FLOW_LEDGER_H
#define EBSIMG_FLOW_LEDGER_H

#include "audit/manifest.h"
#include "flow/sink.h"

struct ledger_counts {
    uint64_t stored;        /* blocks with data */
    uint64_t zero;          /* blocks stored by the provider, all zeros */
    uint64_t unreadable;    /* blocks that could not be read */
    uint64_t hole_bytes;    /* bytes that the provider never stored */
    uint64_t carried;       /* of all these: taken from an earlier image */
    uint64_t cached;        /* ... from a cache of earlier accesses */
    uint64_t attempts;      /* for all blocks that were fetched */
    uint64_t end;           /* behind the last block with data, bytes; 0:
                             * there is none */
    bool end_unreadable;    /* and a block behind it could not be read */
    bool begin_unreadable;  /* nor could that at sector 0 */
};

struct ledger {
    struct sink sink;
    struct manifest *manifest;
    struct ledger_counts counts;
    unsigned char file[MANIFEST_HASH]; /* after finish: hash of the file */
    unsigned char root[MANIFEST_HASH]; /* ... and of the block digests */
};

/* Goes on with the manifest of a run that ended at `at'; the counts are then
 * what they were, and `each' (may be NULL) has seen every row. */
int ledger_resume(struct ledger *l, const char *path,
                  const struct checkpoint *at,
                  void (*each)(void *ctx, const struct manifest_row *row),
                  void *ctx, struct err *e);

/* Creates the manifest file; the sink's finish() closes it. */
int ledger_open(struct ledger *l, const char *path,
                const struct manifest_header *h, struct err *e);

#endif
