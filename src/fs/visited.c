/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/visited.h"

#include <stdlib.h>

/* Whoever wrote the disk chose the numbers: they are mixed, and a table that
 * is half empty keeps the ways short. */
static size_t place_of(const uint64_t *slots, size_t room, uint64_t key)
{
    size_t at = (size_t)(key * 0x9e3779b97f4a7c15u >> 20) % room;

    while (slots[at] && slots[at] != key)
        at = (at + 1) % room;
    return at;
}

static int grow(struct visited *v, struct err *e)
{
    size_t room = v->room ? v->room * 2 : 1024;
    uint64_t *slots;

    if (v->used >= VISITED_MAX)
        return err_set(e, ERR_SOURCE, 0, "more than %u directories",
                       VISITED_MAX);
    slots = calloc(room, sizeof(*slots));
    if (!slots)
        return err_nomem(e);
    for (size_t i = 0; i < v->room; i++)
        if (v->slots[i])
            slots[place_of(slots, room, v->slots[i])] = v->slots[i];
    free(v->slots);
    v->slots = slots;
    v->room = room;
    return 0;
}

int visited_add(struct visited *v, uint64_t number, bool *seen,
                struct err *e)
{
    uint64_t key = number + 1 ? number + 1 : UINT64_MAX;
    size_t at;

    if (v->used * 2 >= v->room && grow(v, e) < 0)
        return -1;
    at = place_of(v->slots, v->room, key);
    *seen = v->slots[at] != 0;
    v->slots[at] = key;
    v->used += !*seen;
    return 0;
}

void visited_free(struct visited *v)
{
    free(v->slots);
    *v = (struct visited){ 0 };
}
