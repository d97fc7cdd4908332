/* SPDX-License-Identifier: Apache-2.0 */
#include "ebs/listing.h"

#include <stdlib.h>
#include <string.h>

static int read_entry(const cJSON *item, struct listing *out, size_t *used,
                      struct err *e)
{
    struct listing_entry *x = &out->entries[out->count];
    const char *token;

    if (page_index(item, out->count ? &x[-1].index : NULL, &x->index, e) < 0
        || page_token(item, "BlockToken", &token, e) < 0)
        return -1;
    if (!token)
        return page_bad(e, "an entry has no valid block token");
    x->token = (uint32_t)*used;
    strcpy(out->tokens + *used, token);
    *used += strlen(token) + 1;
    out->count++;
    return 0;
}

static size_t token_bytes(const cJSON *blocks)
{
    const cJSON *item;
    size_t n = 1;

    cJSON_ArrayForEach(item, blocks) {
        const cJSON *token = cJSON_GetObjectItemCaseSensitive(item,
                                                              "BlockToken");

        n += cJSON_IsString(token) ? strlen(token->valuestring) + 1 : 1;
    }
    return n;
}

static int read_entries(const cJSON *blocks, struct listing *out,
                        struct err *e)
{
    const cJSON *item;
    size_t used = 0;
    size_t count = (size_t)cJSON_GetArraySize(blocks);

    out->entries = calloc(count + 1, sizeof(*out->entries));
    out->tokens = malloc(token_bytes(blocks));
    if (!out->entries || !out->tokens)
        return err_nomem(e);
    cJSON_ArrayForEach(item, blocks)
        if (read_entry(item, out, &used, e) < 0)
            return -1;
    return 0;
}

int listing_parse(const char *json, size_t n, struct listing *out,
                  struct err *e)
{
    struct page_head head;
    const cJSON *blocks;
    autojson cJSON *page = page_read(json, n, "Blocks", &head, &blocks, e);

    memset(out, 0, sizeof(*out));
    if (!page)
        return -1;
    out->volume_gib = head.volume_gib;
    strcpy(out->next, head.next);
    if (read_entries(blocks, out, e) < 0) {
        listing_free(out);
        return -1;
    }
    return 0;
}

void listing_free(struct listing *l)
{
    free(l->entries);
    free(l->tokens);
    memset(l, 0, sizeof(*l));
}

const char *listing_token(const struct listing *l, uint32_t index)
{
    size_t lo = 0;
    size_t hi = l->count;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (l->entries[mid].index == index)
            return l->tokens + l->entries[mid].token;
        if (l->entries[mid].index < index)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}
