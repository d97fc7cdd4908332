/* SPDX-License-Identifier: Apache-2.0 */
/* What has never been written, told from what has lost its superblock. */
#include <string.h>

#include "base/number.h"
#include "fs/recognize.h"

#define PIECE 65536u
#define ALL_OF (64 * MIB)
/* Groups of ext have as much, with blocks of 4 KiB. */
#define GROUP (128 * MIB)
#define LOOKS 16384u
/* XFS has four parts of equal size, rounded up to blocks. */
#define PARTS 4u

static int is_zero(const struct fs_source *s, uint64_t at, struct err *e)
{
    static unsigned char b[PIECE];
    uint64_t left = at < s->size ? s->size - at : 0;
    size_t n = left < sizeof(b) ? (size_t)left : sizeof(b);

    if (!n)
        return 1;
    if (fs_source_read(s, at, b, n, e) < 0)
        return -1;
    return b[0] == 0 && memcmp(b, b + 1, n - 1) == 0;
}

/* From `from' on, a look in each `step' bytes. */
static int are_zeros(const struct fs_source *s, uint64_t from, uint64_t to,
                     uint64_t step, struct err *e)
{
    int r = 1;

    for (unsigned i = 0; r > 0 && i < LOOKS && from < to; i++, from += step)
        r = is_zero(s, from, e);
    return r;
}

int fs_seems_empty(const struct fs_source *s, struct err *e)
{
    uint64_t end = s->size > PIECE ? s->size - PIECE : 0;
    int r = are_zeros(s, 0, s->size < ALL_OF ? s->size : ALL_OF, PIECE, e);

    if (r > 0)
        r = is_zero(s, end, e);
    for (uint64_t i = 1; r > 0 && i < PARTS; i++)
        r = is_zero(s, s->size / PARTS * i, e);
    return r > 0 ? are_zeros(s, GROUP, s->size, GROUP, e) : r;
}
