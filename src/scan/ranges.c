/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/ranges.h"

#include <stdlib.h>

static int make_room(struct ranges *r, struct err *e)
{
    size_t room = r->room ? r->room * 2 : 256;
    struct range *more;

    if (r->count < r->room)
        return 0;
    more = reallocarray(r->list, room, sizeof(*more));
    if (!more)
        return err_nomem(e);
    r->list = more;
    r->room = room;
    return 0;
}

int ranges_add(struct ranges *r, uint64_t from, uint64_t to, struct err *e)
{
    if (from >= to)
        return 0;
    if (r->count && r->list[r->count - 1].to == from) {
        r->list[r->count - 1].to = to;
        return 0;
    }
    if (r->count == RANGES_MAX) {
        r->cut = true;
        return 0;
    }
    if (make_room(r, e) < 0)
        return -1;
    r->list[r->count++] = (struct range){ from, to };
    return 0;
}

static int by_place(const void *x, const void *y)
{
    const struct range *a = x, *b = y;

    return a->from < b->from ? -1 : a->from > b->from;
}

void ranges_sort(struct ranges *r)
{
    size_t kept = 0;

    if (r->count)
        qsort(r->list, r->count, sizeof(*r->list), by_place);
    for (size_t i = 0; i < r->count; i++) {
        struct range *last = kept ? &r->list[kept - 1] : NULL;

        if (!last || r->list[i].from > last->to)
            r->list[kept++] = r->list[i];
        else if (r->list[i].to > last->to)
            last->to = r->list[i].to;
    }
    r->count = kept;
}

int ranges_subtract(const struct ranges *a, const struct ranges *b,
                    struct ranges *out, struct err *e)
{
    size_t k = 0;

    for (size_t i = 0; i < a->count; i++) {
        uint64_t at = a->list[i].from, end = a->list[i].to;

        while (k < b->count && b->list[k].to <= at)
            k++;
        for (size_t m = k; m < b->count && b->list[m].from < end; m++) {
            if (ranges_add(out, at, b->list[m].from, e) < 0)
                return -1;
            at = b->list[m].to;
        }
        if (ranges_add(out, at, end, e) < 0)
            return -1;
    }
    return 0;
}

/* The first that ends behind this byte. */
static size_t first_behind(const struct ranges *r, uint64_t at)
{
    size_t low = 0, high = r->count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (r->list[mid].to <= at)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

uint64_t ranges_within(const struct ranges *r, uint64_t from, uint64_t to)
{
    uint64_t n = 0;

    for (size_t i = first_behind(r, from);
         i < r->count && r->list[i].from < to; i++) {
        uint64_t low = r->list[i].from > from ? r->list[i].from : from;
        uint64_t high = r->list[i].to < to ? r->list[i].to : to;

        n += high - low;
    }
    return n;
}

void ranges_free(struct ranges *r)
{
    free(r->list);
    *r = (struct ranges){ 0 };
}
