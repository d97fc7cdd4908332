/* SPDX-License-Identifier: Apache-2.0 */
/* Which blocks of the volume are stored, in order, with their tokens: grown
 * page by page, dropped behind the reader, so that memory is flat whatever
 * the volume.  Pure: does no I/O. */
#ifndef EBSIMG_FETCH_BLOCKMAP_H
#define EBSIMG_FETCH_BLOCKMAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "ebs/listing.h"

struct blockmap;

/* `volume_gib' is what EC2 says, or 0 when it was not asked. */
struct blockmap *blockmap_new(uint64_t volume_gib, struct err *e);
void blockmap_free(struct blockmap *m);

/* Before the first page: the list begins at block `index', because `listed'
 * blocks before it were listed and taken in an earlier run. */
void blockmap_begin_at(struct blockmap *m, uint32_t index, uint64_t listed);

/* Adds the next page and takes over its memory (the listing is empty
 * afterwards, also when -1 comes back).  -1 with ERR_SERVICE when the page
 * does not continue the ones before it: order, volume size, block past the
 * end, a page token that was seen just before. */
int blockmap_add(struct blockmap *m, struct listing *page, struct err *e);

/* Worth asking for another page now: the list goes on, and what is there
 * will not last long. */
bool blockmap_wants_page(const struct blockmap *m);

/* How to ask for it: by page token when there is a good one (""  if not),
 * else from this block index on. */
const char *blockmap_page_token(const struct blockmap *m);
uint32_t blockmap_next_index(const struct blockmap *m);

/* Nothing below this index is of interest: the list goes on there. */
void blockmap_skip_to(struct blockmap *m, uint32_t index);
/* Nothing more is of interest: as if the list had ended. */
void blockmap_end(struct blockmap *m);

/* The page token is stale or too old: ask by index from now on. */
void blockmap_drop_page_token(struct blockmap *m);

/* The block tokens are stale: forgets every entry that was not taken yet
 * and lists again from there.  The new list must have every index that the
 * old one had.  -1: no memory. */
int blockmap_relist(struct blockmap *m, struct err *e);

/* The next stored block, in order; false when none is known now. */
bool blockmap_peek(const struct blockmap *m, uint32_t *index);
/* Takes it; `token' has room for TOKEN_MAX + 1. */
void blockmap_take(struct blockmap *m, uint32_t *index, char *token);

/* Every page is there, and every entry was taken. */
bool blockmap_done(const struct blockmap *m);
/* Every page is there. */
bool blockmap_complete(const struct blockmap *m);

uint64_t blockmap_volume_size(const struct blockmap *m); /* bytes; 0: not
                                                          * known yet */
bool blockmap_size_told(const struct blockmap *m); /* by a page of the list */
uint64_t blockmap_listed(const struct blockmap *m); /* entries so far */
uint64_t blockmap_pages(const struct blockmap *m);

#endif
