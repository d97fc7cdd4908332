/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of ListChangedBlocks, one after the other into a walk.  Each part of
 * the input is a page; the length of the input says how large the volume
 * is. */
#include <stdlib.h>
#include <string.h>

#include "ebs/changed.h"
#include "flow/slot.h"
#include "fuzz.h"

#define BLOCKS_MAX (65536 * BLOCKS_PER_GIB)

static void check_token(const char *s)
{
    MUST(strlen(s) >= 1 && strlen(s) <= TOKEN_MAX);
    for (; *s; s++)
        MUST(*s > ' ' && *s <= '~');
}

static void check_page(const struct changed *c)
{
    MUST(c->volume_gib <= 65536 && c->count <= PAGE_ENTRIES);
    if (c->next[0])
        check_token(c->next);
    for (size_t i = 0; i < c->count; i++) {
        MUST(i == 0 || c->entries[i].index > c->entries[i - 1].index);
        MUST(c->entries[i].index < BLOCKS_MAX);
    }
}

/* A page that is taken goes on where the walk stood, and stays inside. */
static void check_step(const struct changed_walk *was,
                       const struct changed_walk *w,
                       const struct changed *page, uint64_t limit)
{
    MUST(w->count == was->count + page->count && w->pages == was->pages + 1);
    MUST(w->complete == !page->next[0]);
    MUST(strcmp(w->next, page->next) == 0);
    MUST(!was->volume_gib || w->volume_gib == was->volume_gib);
    MUST(w->count >= was->count && w->any == (w->count > 0));
    if (page->count == 0)
        return;
    MUST(!was->any || page->entries[0].index > was->last);
    MUST(w->last == page->entries[page->count - 1].index);
    MUST(w->last < limit);
}

static void check_refusal(const struct err *e)
{
    MUST(e->kind == ERR_SERVICE && fuzz_is_shown(e->msg));
}

static void add_page(struct changed_walk *w, const char *json,
                     uint64_t limit)
{
    struct changed_walk was;
    struct err e = ERR_INIT;
    struct changed page;
    size_t n = strlen(json);
    int r;

    fuzz_count();
    r = changed_parse(json, n, &page, &e);
    fuzz_spent_at_most(64 * 1024 + 128 * n);
    if (r < 0) {
        check_refusal(&e);
        MUST(!page.entries && !page.count);
        return;
    }
    check_page(&page);
    memcpy(&was, w, sizeof(was));
    if (changed_walk_add(w, &page, limit, &e) == 0) {
        check_step(&was, w, &page, limit);
    } else {
        check_refusal(&e);
        MUST(memcmp(&was, w, sizeof(was)) == 0);
    }
    changed_free(&page);
}

int fuzz_one(const uint8_t *data, size_t size)
{
    static const uint64_t gib[] = { 1, 8, 65536 };
    uint64_t limit = gib[size % 3] * BLOCKS_PER_GIB;
    struct changed_walk w;

    memset(&w, 0, sizeof(w));
    while (size && !w.complete) {
        char *json = fuzz_part(&data, &size);

        add_page(&w, json, limit);
        free(json);
    }
    return 0;
}
