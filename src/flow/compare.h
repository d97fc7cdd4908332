/* SPDX-License-Identifier: Apache-2.0 */
/* A sink that compares an image with its block manifest as it passes: each
 * block that the manifest lists must have the provider's SHA-256, every
 * other block must be zeros. */
#ifndef EBSIMG_FLOW_COMPARE_H
#define EBSIMG_FLOW_COMPARE_H

#include "audit/manifest.h"
#include "flow/sink.h"

struct compare_counts {
    uint64_t same;        /* blocks equal to the provider's checksum */
    uint64_t zero;        /* of these: stored by the provider as zeros */
    uint64_t cached;      /* of the same: a cache gave them */
    uint64_t unreadable;  /* rows of blocks that could not be read */
    uint64_t different;   /* blocks that do not fit the manifest */
};

struct compare {
    struct sink sink;
    struct manifest_reader *rows;
    struct manifest_row row;    /* the next one, when have_row */
    int have_row;
    uint64_t position;          /* bytes compared */
    struct compare_counts counts;
    /* Told of each block that differs; writer thread. */
    void (*different)(void *ctx, uint32_t index, const char *why);
    void *ctx;
};

/* `rows' stays the caller's.  finish() reads the rows that are left, each of
 * which is a difference (blocks past the end of the image). */
int compare_open(struct compare *c, struct manifest_reader *rows,
                 struct err *e);

#endif
