/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of ListSnapshotBlocks, one after the other into a block map.  Each
 * part of the input is a page; the map may also be told to list again. */
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "fetch/blockmap.h"
#include "flow/slot.h"
#include "fuzz.h"

static void check_token(const char *s)
{
    MUST(strlen(s) >= 1 && strlen(s) <= TOKEN_MAX);
    for (; *s; s++)
        MUST(*s > ' ' && *s <= '~');
}

static void check_listing(const struct listing *l)
{
    MUST(l->volume_gib <= 65536);
    if (l->next[0])
        check_token(l->next);
    for (size_t i = 0; i < l->count; i++) {
        MUST(i == 0 || l->entries[i].index > l->entries[i - 1].index);
        MUST(l->entries[i].index < 65536 * BLOCKS_PER_GIB);
        check_token(l->tokens + l->entries[i].token);
    }
}

/* What comes out of the map ascends and lies inside the volume. */
static void take_some(struct blockmap *m, unsigned n, uint64_t *least)
{
    char token[TOKEN_MAX + 1];
    uint32_t peeked, index;

    while (n-- && blockmap_peek(m, &peeked)) {
        blockmap_take(m, &index, token);
        MUST(index == peeked && index >= *least);
        MUST((index + 1ull) * BLOCK_SIZE <= blockmap_volume_size(m));
        check_token(token);
        *least = index + 1ull;
    }
}

static bool add_page(struct blockmap *m, const char *json)
{
    struct err e = ERR_INIT;
    struct listing page;
    size_t n = strlen(json);
    int r;

    fuzz_count();
    r = listing_parse(json, n, &page, &e);
    fuzz_spent_at_most(64 * 1024 + 128 * n);
    if (r < 0) {
        MUST(e.kind == ERR_SERVICE && fuzz_is_shown(e.msg));
        MUST(!page.entries && !page.tokens);
        return false;
    }
    check_listing(&page);
    r = blockmap_add(m, &page, &e);
    MUST(!page.entries);
    MUST(r == 0 || (e.kind == ERR_SERVICE && fuzz_is_shown(e.msg)));
    return r == 0;
}

int fuzz_one(const uint8_t *data, size_t size)
{
    struct err e = ERR_INIT;
    struct blockmap *m = blockmap_new(size % 3, &e);
    uint64_t least = 0;

    MUST(m);
    while (size && !blockmap_complete(m)) {
        char *json = fuzz_part(&data, &size);

        if (strcmp(json, "again\n") == 0)
            blockmap_relist(m, &e);
        else if (add_page(m, json))
            take_some(m, 2, &least);
        free(json);
    }
    take_some(m, UINT32_MAX, &least);
    blockmap_free(m);
    return 0;
}
