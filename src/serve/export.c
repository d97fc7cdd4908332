/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/export.h"

#include <string.h>

#include "serve/nbd.h"

struct export *exports_find(const struct exports *all, const char *name,
                            size_t n)
{
    if (!n && all->count == 1)
        return &all->at[0];
    for (size_t i = 0; i < all->count; i++) {
        struct export *x = &all->at[i];

        if (strlen(x->name) == n && memcmp(x->name, name, n) == 0)
            return x;
    }
    return NULL;
}

void export_expect(struct export *x, uint64_t offset, uint64_t n)
{
    uint64_t first = offset / BLOCK_SIZE, last = (offset + n - 1) / BLOCK_SIZE;
    uint64_t most = volume_reader_ahead(x->reader);
    uint64_t from = 0;
    uint64_t ahead = streams_note(&x->streams, first, last, most, &from);

    if (last > first)
        volume_reader_ask(x->reader, first, last);
    if (ahead)
        volume_reader_ask(x->reader, from, from + ahead - 1);
}

int export_read(struct export *x, uint64_t offset, void *to, size_t n,
                struct err *e)
{
    size_t got;

    if (volume_read(x->reader, offset, to, n, &got, e) < 0)
        return -1;
    if (got == n)
        return 0;
    return err_set(e, ERR_INTERNAL, 0, "%s: only %zu of %zu bytes", x->name,
                   got, n);
}

static unsigned block_state(const struct volume *v, uint64_t index)
{
    if (!v->stored) /* an image alone: nobody has said */
        return 0;
    if (!blockset_has(v->stored, index))
        return NBD_STATE_HOLE | NBD_STATE_ZERO;
    return blockset_has(v->rows.zero, index) ? NBD_STATE_ZERO : 0;
}

unsigned export_state(const struct export *x, uint64_t offset, uint64_t *n)
{
    uint64_t index = offset / BLOCK_SIZE, end = offset + *n;
    unsigned state = block_state(&x->volume, index);

    do
        index++;
    while (index * BLOCK_SIZE < end
           && block_state(&x->volume, index) == state);
    if (index * BLOCK_SIZE < end)
        *n = index * BLOCK_SIZE - offset;
    return state;
}
