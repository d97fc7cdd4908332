/* SPDX-License-Identifier: Apache-2.0 */
#include "discover/hold.h"

#include <stdlib.h>
#include <string.h>

static int grow(struct hold *h, struct err *e)
{
    size_t room = h->room ? 2 * h->room : 128;
    struct row *more;

    if (h->count < h->room)
        return 0;
    more = realloc(h->rows, room * sizeof(*more));
    if (!more)
        return err_nomem(e);
    h->rows = more;
    h->room = room;
    return 0;
}

int hold_add(struct hold *h, struct row *r, struct err *e)
{
    if (grow(h, e) < 0) {
        row_free(r);
        return -1;
    }
    h->weight += row_weight(r);
    h->rows[h->count++] = *r;
    memset(r, 0, sizeof(*r));
    return 0;
}

bool hold_is_full(const struct hold *h)
{
    return h->count >= h->max_rows || h->weight >= h->max_weight;
}

static int by_id(const void *a, const void *b)
{
    const struct row *x = a;
    const struct row *y = b;

    return strcmp(x->snapshot.id, y->snapshot.id);
}

static int by_start(const void *a, const void *b)
{
    const struct row *x = a;
    const struct row *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return by_id(a, b);
}

static int by_volume(const void *a, const void *b)
{
    const struct row *x = a;
    const struct row *y = b;
    const char *v = x->snapshot.volume_id ? x->snapshot.volume_id : "";
    const char *w = y->snapshot.volume_id ? y->snapshot.volume_id : "";
    int r = strcmp(v, w);

    return r ? r : by_start(a, b);
}

static int by_size(const void *a, const void *b)
{
    const struct row *x = a;
    const struct row *y = b;
    const struct xml_count *m = &x->snapshot.full_size;
    const struct xml_count *n = &y->snapshot.full_size;

    if (m->told != n->told)
        return m->told ? 1 : -1;
    if (m->value != n->value)
        return m->value > n->value ? -1 : 1;
    return by_start(a, b);
}

void hold_sort(struct hold *h, enum list_sort by)
{
    static int (*const orders[])(const void *, const void *) = {
        [SORT_START] = by_start,
        [SORT_VOLUME] = by_volume,
        [SORT_SIZE] = by_size,
        [SORT_NONE] = NULL,
    };

    if (h->count && orders[by])
        qsort(h->rows, h->count, sizeof(*h->rows), orders[by]);
}

void hold_clear(struct hold *h)
{
    for (size_t i = 0; i < h->count; i++)
        row_free(&h->rows[i]);
    h->count = 0;
    h->weight = 0;
}

void hold_free(struct hold *h)
{
    hold_clear(h);
    free(h->rows);
    h->rows = NULL;
    h->room = 0;
}
