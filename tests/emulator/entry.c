/* SPDX-License-Identifier: Apache-2.0 */
#include "entry.h"

#include <stdlib.h>
#include <string.h>

#include "blocks.h"
#include "effect.h"
#include "page.h"
#include "snapshot.h"

#define SPARE 2 /* one duplicate, one beyond the end */

bool entries_room(struct entries *e, const struct page *p)
{
    e->list = calloc(p->limit + SPARE, sizeof(*e->list));
    return e->list;
}

void entries_free(struct entries *e)
{
    free(e->list);
}

void entries_add(struct entries *e, struct entry entry)
{
    e->list[e->count++] = entry;
}

/* The position of block `wanted', of the first when it is -1; the count
 * when it is not on the page. */
static size_t position(const struct entries *e, int64_t wanted)
{
    size_t i = 0;

    while (wanted >= 0 && i < e->count && e->list[i].index != wanted)
        i++;
    return i;
}

static void drop(struct entries *e, size_t at)
{
    e->count--;
    memmove(&e->list[at], &e->list[at + 1],
            (e->count - at) * sizeof(*e->list));
}

static void duplicate(struct entries *e, size_t at)
{
    memmove(&e->list[at + 1], &e->list[at],
            (e->count - at) * sizeof(*e->list));
    e->count++;
}

static void swap(struct entries *e, size_t at)
{
    size_t other = at + 1 < e->count ? at + 1 : at - 1;
    struct entry kept = e->list[at];

    e->list[at] = e->list[other];
    e->list[other] = kept;
}

static void pages(struct entries *e, struct page *p,
                  const struct effects *fx)
{
    if (effect_on(fx, FX_EMPTY_PAGE)) {
        e->count = 0;
        p->more = true;
        p->next = p->start;
    } else if (effect_on(fx, FX_TRAILING_PAGE) && !p->more && e->count) {
        p->more = true;
        p->next = (uint64_t)e->list[e->count - 1].index + 1;
    }
}

void entries_spoil(struct entries *e, struct page *p,
                   const struct effects *fx, const struct snapshot *s)
{
    size_t at;

    pages(e, p, fx);
    at = position(e, effect_or(fx, FX_UNLISTED, -1));
    if (effect_on(fx, FX_UNLISTED) && at < e->count)
        drop(e, at);
    at = position(e, effect_or(fx, FX_DESCENDING, -1));
    if (effect_on(fx, FX_DESCENDING) && at < e->count && e->count > 1)
        swap(e, at);
    at = position(e, effect_or(fx, FX_DUPLICATE, -1));
    if (effect_on(fx, FX_DUPLICATE) && at < e->count)
        duplicate(e, at);
    for (size_t i = 0; effect_on(fx, FX_SHIFT) && i < e->count; i++)
        e->list[i].index += (uint32_t)fx->value[FX_SHIFT];
    if (effect_on(fx, FX_BEYOND))
        entries_add(e, (struct entry){
            .index = (uint32_t)(s->size_gib * BLOCKS_PER_GIB - 1 +
                                (uint64_t)fx->value[FX_BEYOND]),
            .second = true });
}
