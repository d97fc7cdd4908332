/* SPDX-License-Identifier: Apache-2.0 */
/* What the two listings have in common: where a page starts, how long it
 * is, and the parts of its JSON. */
#ifndef EMULATOR_PAGE_H
#define EMULATOR_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "codec.h"
#include "request.h"
#include "token.h"

struct page {
    enum token_kind kind;
    char scope[2 * SNAPSHOT_ID_ROOM]; /* of its page token */
    const char *token;  /* that it was asked for with, or NULL */
    uint64_t start;     /* first block index that may be on it */
    uint64_t limit;     /* candidates */
    uint64_t next;      /* start of the next page, when there is one */
    bool more;
    int64_t expires;    /* of its block tokens */
    enum base64 alphabet;
};

/* Reads the parameters and what the rules say.  False after making the
 * answer. */
bool page_begin(struct page *p, struct request *r, enum token_kind kind,
                const char *scope);

/* Block tokens for a snapshot on this page.  NULL: out of memory. */
struct token_batch *page_batch(const struct page *p, struct request *r,
                               const struct snapshot *s);

/* Finds a snapshot that can be read over the direct API; NULL after making
 * the answer. */
struct snapshot *page_snapshot(struct request *r, const char *id);

/* "ExpiryTime" as the service writes it. */
void page_expiry(struct bytes *b, int64_t when);

/* "NextToken":..., */
void page_next_token(const struct page *p, struct request *r);

#endif
