/* SPDX-License-Identifier: Apache-2.0 */
/* One page of ListChangedBlocks, read strictly, and what all pages of a list
 * say together.  Pure.
 *
 * EBS: the list compares the identity of blocks, not their bytes: a block
 * that was written again with the same bytes is listed.  A token that is
 * missing means that the snapshot of that side has no such block (there it
 * is zeros that were never stored), but also that the caller lacks
 * ebs:GetSnapshotBlock on that snapshot; the list alone does not tell which.
 * The list answers in both directions and between siblings, so an answer
 * proves that the snapshots are related and nothing about which is older. */
#ifndef EBSIMG_EBS_CHANGED_H
#define EBSIMG_EBS_CHANGED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ebs/page.h"

struct changed_entry {
    uint32_t index;
    bool first, second;       /* there is a token for this side */
};

struct changed {
    struct changed_entry *entries;
    size_t count;
    uint64_t volume_gib;      /* 0: the page did not say */
    char next[TOKEN_MAX + 1]; /* "" on the last page */
};

/* Checks everything that can be checked without knowing the pages before:
 * block size, types, ranges, ascending order.  -1 with ERR_SERVICE says what
 * does not fit; `out' is then empty. */
int changed_parse(const char *json, size_t n, struct changed *out,
                  struct err *e);
void changed_free(struct changed *c);

/* Where a walk over the pages of one list stands.  Begin with zeros, but for
 * what is known of the volume. */
struct changed_walk {
    uint64_t stored;          /* blocks of both snapshots together; 0: not
                               * known */
    uint64_t volume_gib;      /* what the pages say so far; 0: nothing */
    uint64_t count;           /* entries so far */
    uint64_t pages;
    uint64_t empty;           /* empty pages in a row */
    bool any;
    uint32_t last;            /* index of the last entry, when `any' */
    char next[TOKEN_MAX + 1];
    bool complete;            /* that was the last page */
};

/* `limit' is the number of blocks of the larger volume.  -1 with ERR_SERVICE
 * when the page does not continue the ones before it: order, another volume
 * size, a block past the end, a page token that was seen just before, pages
 * without end; the walk then stands where it stood. */
int changed_walk_add(struct changed_walk *w, const struct changed *page,
                     uint64_t limit, struct err *e);

#endif
