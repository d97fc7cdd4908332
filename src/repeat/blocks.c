/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "repeat/repeat.h"

static int read_both(struct repeat *r, uint64_t index, unsigned char *a,
                     unsigned char *b, size_t *n, struct err *e)
{
    uint64_t at = index * BLOCK_SIZE;
    size_t got;

    if (volume_read(r->own_reader, at, a, BLOCK_SIZE, n, e) < 0)
        return -1;
    if (volume_read(r->other_reader, at, b, BLOCK_SIZE, &got, e) < 0)
        return -1;
    if (got < *n)
        *n = got;
    return 0;
}

static void note_difference(struct repeat *r, uint64_t index,
                            const unsigned char *a, const unsigned char *b)
{
    size_t i = 0;

    if (r->different++)
        return;
    while (a[i] == b[i])
        i++;
    r->first = index;
    r->first_byte = index * BLOCK_SIZE + i;
}

int repeat_block(struct repeat *r, uint64_t index, struct err *e)
{
    autofree unsigned char *both = malloc(2 * BLOCK_SIZE);
    size_t n;

    if (!both)
        return err_nomem(e);
    if (interrupt_check(e) < 0
        || read_both(r, index, both, both + BLOCK_SIZE, &n, e) < 0)
        return -1;
    r->compared++;
    if (memcmp(both, both + BLOCK_SIZE, n) != 0)
        note_difference(r, index, both, both + BLOCK_SIZE);
    return 0;
}

void repeat_show(struct repeat *r, uint64_t done)
{
    const struct progress_facts f = { .done = done, .blocks = r->compared };

    progress_show(&r->progress, &f, clock_monotonic(&clock_system));
}
