/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages of ListSnapshotBlocks and ListChangedBlocks have in common:
 * the strict reading of their JSON.  Pure.
 *
 * EBS: a page may hold fewer entries than asked for, or none, and only a
 * missing (or null) NextToken ends the list.  BlockSize and VolumeSize can be
 * null. */
#ifndef EBSIMG_EBS_PAGE_H
#define EBSIMG_EBS_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/err.h"
#include "base/json.h"

#define TOKEN_MAX 256      /* EBS: block and page tokens have at most so many */
#define PAGE_ENTRIES 10000 /* EBS: the most that a page can be asked for */

struct page_head {
    uint64_t volume_gib;      /* 0: the page did not say */
    char next[TOKEN_MAX + 1]; /* "" on the last page */
};

/* The page as JSON, its head checked, and *entries the array `name' in it,
 * which has at most PAGE_ENTRIES members.  NULL with ERR_SERVICE; the caller
 * deletes it. */
cJSON *page_read(const char *json, size_t n, const char *name,
                 struct page_head *head, const cJSON **entries,
                 struct err *e);

/* The BlockIndex of an entry: ERR_SERVICE unless it is one, and above *last,
 * which may be NULL for the first. */
int page_index(const cJSON *entry, const uint32_t *last, uint32_t *out,
               struct err *e);

/* The token of an entry, or NULL when it is absent or null; -1 with
 * ERR_SERVICE when it is there and no token. */
int page_token(const cJSON *entry, const char *name, const char **out,
               struct err *e);

/* The page was refused because it says, in so many words, that blocks have
 * another size than ours: to ask again and again changes nothing. */
bool page_has_other_blocks(const struct err *e);

/* "the list of blocks makes no sense: WHAT", ERR_SERVICE. */
int page_bad(struct err *e, const char *what);

#endif
