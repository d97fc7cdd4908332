/* SPDX-License-Identifier: Apache-2.0 */
/* One page of ListSnapshotBlocks, read strictly.  Pure.
 *
 * EBS: indexes are unique and ascend over the whole listing; a page may hold
 * fewer entries than asked for, or none, and only a missing (or null)
 * NextToken ends the list.  BlockSize and VolumeSize can be null. */
#ifndef EBSIMG_EBS_LISTING_H
#define EBSIMG_EBS_LISTING_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ebs/page.h"

struct listing_entry {
    uint32_t index;
    uint32_t token; /* where in `tokens' its text begins */
};

struct listing {
    struct listing_entry *entries;
    size_t count;
    char *tokens;             /* the texts, each with its NUL */
    uint64_t volume_gib;      /* 0: the page did not say */
    char next[TOKEN_MAX + 1]; /* "" on the last page */
};

/* Takes a page apart and checks everything that can be checked without
 * knowing the pages before it: block size, types, ranges, ascending order.
 * -1 with ERR_SERVICE says what does not fit; `out' is then empty. */
int listing_parse(const char *json, size_t n, struct listing *out,
                  struct err *e);
void listing_free(struct listing *l);

/* The token of a block; NULL when it is not in the page. */
const char *listing_token(const struct listing *l, uint32_t index);

#endif
