/* SPDX-License-Identifier: Apache-2.0 */
/* Block tokens for reads in no order: those of the last few pages that were
 * listed, so that what lies near a block that was read costs no list.  Pure.
 *
 * Memory: TOKENS_PAGES pages of TOKENS_PAGE entries, about 9 MiB with the
 * longest tokens that EBS allows. */
#ifndef EBSIMG_FETCH_TOKENS_H
#define EBSIMG_FETCH_TOKENS_H

#include <stdint.h>

#include "ebs/listing.h"

#define TOKENS_PAGES 32
#define TOKENS_PAGE 1000

struct tokens {
    struct listing page[TOKENS_PAGES];
    unsigned newest;          /* the others before it, in a circle */
};

/* Takes the page over, and forgets the oldest one. */
void tokens_keep(struct tokens *t, struct listing *page);

/* By the newest page that has the block; NULL: none has. */
const char *tokens_find(const struct tokens *t, uint32_t index);

void tokens_free(struct tokens *t);

#endif
