/* SPDX-License-Identifier: Apache-2.0 */
#include "readers/seen.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_LEAST ((size_t)1 << 12)
#define ROOM_MAX ((size_t)1 << 22)   /* 32 MiB */

/* FNV-1a, and the last steps of MurmurHash3 to mix its bits. */
static uint64_t number_of(const char *id)
{
    uint64_t h = UINT64_C(14695981039346656037);

    for (; *id; id++)
        h = (h ^ (unsigned char)*id) * UINT64_C(1099511628211);
    h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
    h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    h ^= h >> 33;
    return h ? h : 1;
}

/* Where the number is, or where it would be. */
static uint64_t *place(uint64_t *numbers, size_t room, uint64_t x)
{
    size_t i = (size_t)x & (room - 1);

    while (numbers[i] && numbers[i] != x)
        i = (i + 1) & (room - 1);
    return &numbers[i];
}

static int grow(struct seen *s, struct err *e)
{
    size_t room = s->room ? 2 * s->room : ROOM_LEAST;
    uint64_t *numbers = calloc(room, sizeof(*numbers));

    if (!numbers)
        return err_nomem(e);
    for (size_t i = 0; i < s->room; i++)
        if (s->numbers[i])
            *place(numbers, room, s->numbers[i]) = s->numbers[i];
    free(s->numbers);
    s->numbers = numbers;
    s->room = room;
    return 0;
}

static int make_room(struct seen *s, struct err *e)
{
    if (s->count < s->room - s->room / 8)
        return 0;
    if (s->room < ROOM_MAX)
        return grow(s, e);
    memset(s->numbers, 0, s->room * sizeof(*s->numbers));
    s->count = 0;
    s->begun_anew++;
    return 0;
}

int seen_add(struct seen *s, const char *id, struct err *e)
{
    uint64_t x = number_of(id);
    uint64_t *at;

    if (!*id)
        return 0;
    if (make_room(s, e) < 0)
        return -1;
    at = place(s->numbers, s->room, x);
    if (*at)
        return 1;
    *at = x;
    s->count++;
    return 0;
}

void seen_free(struct seen *s)
{
    free(s->numbers);
    memset(s, 0, sizeof(*s));
}
