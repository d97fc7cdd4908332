/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/xfs-link.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "fs/big.h"

enum { AT_OFFSET = 4, AT_COUNT = 8, HEAD = 56 };

static const struct xfs_header header = { .crc = 12, .place = 40, .uuid = 16,
                                          .owner = 32 };

static int damaged(const struct xfs_inode *i, const char *what, struct err *e)
{
    return err_set(e, ERR_SOURCE, 0, "the link with inode %" PRIu64
                   " is damaged: %s", i->number, what);
}

/* Adds what one extent holds; version 5 has a header in front of each. */
static int add_extent(struct xfs_volume *v, const struct xfs_inode *i,
                      const struct xfs_extent *x, char *target, size_t *n,
                      struct err *e)
{
    size_t size = (size_t)x->count << v->super.block_log;
    size_t head = v->super.v5 ? HEAD : 0, part;
    autofree unsigned char *b = NULL;

    if (size > XFS_BLOCK_MAX || x->unwritten)
        return damaged(i, "its extents", e);
    b = malloc(size);
    if (!b)
        return err_nomem(e);
    if (xfs_volume_read(v, x->offset, b, size, e) < 0
        || (head && memcmp(b, "XSLM", 4) != 0
            && damaged(i, "its block is something else", e) < 0)
        || xfs_volume_check(v, &header, b, size, x->offset, i->number, e) < 0)
        return -1;
    part = size - head < i->size - *n ? size - head : (size_t)i->size - *n;
    if (head && (be32_at(b + AT_OFFSET) != *n
                 || be32_at(b + AT_COUNT) != part))
        return damaged(i, "its block is of another part", e);
    memcpy(target + *n, b + head, part);
    *n += part;
    return 0;
}

static int read_blocks(struct xfs_volume *v, const struct xfs_inode *i,
                       struct xfs_map *map, char *target, struct err *e)
{
    struct xfs_extent x;
    uint64_t at = 0;
    size_t n = 0;

    if (xfs_map_seek(map, v, &i->data, i->number, 0, e) < 0)
        return -1;
    while (n < i->size) {
        int r = xfs_map_next(map, &x, e);

        if (r < 0)
            return -1;
        if (r == 0 || x.at != at)
            return damaged(i, "a part of it is missing", e);
        if (add_extent(v, i, &x, target, &n, e) < 0)
            return -1;
        at += x.count;
    }
    return 0;
}

int xfs_link_read(struct xfs_volume *v, const struct xfs_inode *i,
                  struct xfs_map *map, char target[XFS_LINK_MAX + 1],
                  struct err *e)
{
    if (i->size == 0 || i->size > XFS_LINK_MAX)
        return damaged(i, "its length", e);
    target[i->size] = '\0';
    if (i->data.format != XFS_LOCAL)
        return read_blocks(v, i, map, target, e);
    if (i->size > i->data.size)
        return damaged(i, "its length", e);
    memcpy(target, i->data.bytes, (size_t)i->size);
    return 0;
}
