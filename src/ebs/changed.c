/* SPDX-License-Identifier: Apache-2.0 */
#include "ebs/changed.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* EBS cuts pages over the stored blocks of both snapshots before it compares
 * them, so that equal blocks leave pages empty: of two snapshots of 64 TiB
 * that are nearly the same, all 13422.  Few blocks cannot have so many: each
 * page stands for one of them at least, or for little more than that. */
#define EMPTY_PAGES_MAX 30000u
#define SPARE 100

static int read_entry(const cJSON *item, struct changed *out, struct err *e)
{
    struct changed_entry *x = &out->entries[out->count];
    const char *first;
    const char *second;

    if (page_index(item, out->count ? &x[-1].index : NULL, &x->index, e) < 0
        || page_token(item, "FirstBlockToken", &first, e) < 0
        || page_token(item, "SecondBlockToken", &second, e) < 0)
        return -1;
    x->first = first != NULL;
    x->second = second != NULL;
    out->count++;
    return 0;
}

int changed_parse(const char *json, size_t n, struct changed *out,
                  struct err *e)
{
    struct page_head head;
    const cJSON *blocks;
    const cJSON *item;
    autojson cJSON *page = page_read(json, n, "ChangedBlocks", &head,
                                     &blocks, e);

    memset(out, 0, sizeof(*out));
    if (!page)
        return -1;
    out->volume_gib = head.volume_gib;
    strcpy(out->next, head.next);
    out->entries = calloc((size_t)cJSON_GetArraySize(blocks) + 1,
                          sizeof(*out->entries));
    if (!out->entries)
        return err_nomem(e);
    cJSON_ArrayForEach(item, blocks) {
        if (read_entry(item, out, e) == 0)
            continue;
        changed_free(out);
        return -1;
    }
    return 0;
}

void changed_free(struct changed *c)
{
    free(c->entries);
    memset(c, 0, sizeof(*c));
}

/* ------------------------------------------------------------- all pages */

static int check_size(const struct changed_walk *w,
                      const struct changed *page, struct err *e)
{
    if (!page->volume_gib || !w->volume_gib
        || page->volume_gib == w->volume_gib)
        return 0;
    return err_set(e, ERR_SERVICE, 0,
                   "the list of changes makes no sense: it says that the "
                   "volume has %" PRIu64 " GiB and %" PRIu64 " GiB",
                   w->volume_gib, page->volume_gib);
}

static int check_order(const struct changed_walk *w,
                       const struct changed *page, uint64_t limit,
                       struct err *e)
{
    if (page->count == 0)
        return 0;
    if (w->any && page->entries[0].index <= w->last)
        return err_set(e, ERR_SERVICE, 0,
                       "the list of changes makes no sense: block %" PRIu32
                       " comes after block %" PRIu32,
                       page->entries[0].index, w->last);
    if (page->entries[page->count - 1].index >= limit)
        return err_set(e, ERR_SERVICE, 0,
                       "the list of changes makes no sense: block %" PRIu32
                       " lies past the end of the volume",
                       page->entries[page->count - 1].index);
    return 0;
}

static int check_progress(const struct changed_walk *w,
                          const struct changed *page, struct err *e)
{
    uint64_t most = EMPTY_PAGES_MAX;

    if (w->stored && w->stored + SPARE < most)
        most = w->stored + SPARE;
    if (page->count || !page->next[0])
        return 0;
    if (w->next[0] && strcmp(page->next, w->next) == 0)
        return err_set(e, ERR_SERVICE, 0,
                       "the list of changes makes no sense: it answers a "
                       "page token with the same token and no blocks");
    if (w->empty >= most)
        return err_set(e, ERR_SERVICE, 0,
                       "the list of changes never ends: %" PRIu64 " empty "
                       "pages in a row", most);
    return 0;
}

int changed_walk_add(struct changed_walk *w, const struct changed *page,
                     uint64_t limit, struct err *e)
{
    if (check_size(w, page, e) < 0 || check_order(w, page, limit, e) < 0
        || check_progress(w, page, e) < 0)
        return -1;
    if (page->volume_gib)
        w->volume_gib = page->volume_gib;
    w->pages++;
    w->count += page->count;
    w->empty = page->count ? 0 : w->empty + 1;
    if (page->count) {
        w->any = true;
        w->last = page->entries[page->count - 1].index;
    }
    memcpy(w->next, page->next, sizeof(w->next));
    w->complete = !page->next[0];
    return 0;
}
