/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/xfs-dir.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fs/big.h"

enum {
    HEAD_4 = 16, HEAD_5 = 64,
    TAIL = 8, LEAF = 8,        /* of a directory of one block */
    FREE_TAG = 0xffff,
    AT_NAME = 9,               /* inode, length of the name */
};

#define NAMES_END (UINT64_C(1) << 35) /* bytes: here the index begins */

static const struct xfs_header header = { .crc = 4, .place = 8, .uuid = 24,
                                          .owner = 40 };

static int damaged(const struct xfs_dir *d, const char *what, struct err *e)
{
    return err_set(e, ERR_SOURCE, 0, "the directory with inode %" PRIu64
                   " is damaged: %s", d->inode->number, what);
}

/* ---------------------------------------------------------------- in inode */

static int open_short(struct xfs_dir *d, struct err *e)
{
    const struct xfs_fork *f = &d->inode->data;
    size_t head = 2;

    d->last = true;
    if (d->inode->size > f->size || d->inode->size < 6)
        return damaged(d, "its size", e);
    head += f->bytes[1] ? 8 : 4;
    d->left = f->bytes[0];
    d->end = (size_t)d->inode->size;
    d->at = head;
    if (head > d->end)
        return damaged(d, "its size", e);
    return 0;
}

static int next_short(struct xfs_dir *d, struct xfs_name *n, struct err *e)
{
    const unsigned char *b = d->inode->data.bytes;
    const unsigned char *p = b + d->at;
    size_t wide = b[1] ? 8 : 4, size;

    if (d->left == 0)
        return 0;
    if (d->end - d->at < 3)
        return d->left = 0, damaged(d, "its names", e);
    n->n = p[0];
    size = 3 + n->n + d->volume->super.ftype + wide;
    if (n->n == 0 || size > d->end - d->at)
        return d->left = 0, damaged(d, "its names", e);
    n->name = (const char *)p + 3;
    p += size - wide;
    n->inode = wide == 8 ? be64_at(p) : be32_at(p);
    d->at += size;
    d->left--;
    return 1;
}

/* --------------------------------------------------------------- in blocks */

/* All blocks of the volume that make the block of names at `first'. */
static int gather(struct xfs_dir *d, uint64_t first, uint64_t *offset,
                  struct err *e)
{
    const struct xfs_super *s = &d->volume->super;
    uint64_t want = s->dir_block >> s->block_log, have = 0;

    if (xfs_map_seek(d->map, d->volume, &d->inode->data, d->inode->number,
                     first, e) < 0)
        return -1;
    while (have < want) {
        struct xfs_extent x;
        uint64_t skip, count;
        int r = xfs_map_next(d->map, &x, e);

        if (r < 0)
            return -1;
        if (r == 0 || x.at > first + have || x.unwritten)
            return damaged(d, "a part of it is missing", e);
        skip = first + have - x.at;
        count = x.count - skip < want - have ? x.count - skip : want - have;
        if (have == 0)
            *offset = x.offset + (skip << s->block_log);
        if (xfs_volume_read(d->volume, x.offset + (skip << s->block_log),
                            d->block + (have << s->block_log),
                            (size_t)(count << s->block_log), e) < 0)
            return -1;
        have += count;
    }
    return 0;
}

static int check_block(struct xfs_dir *d, uint64_t first, uint64_t offset,
                       struct err *e)
{
    bool v5 = d->volume->super.v5;
    const unsigned char *b = d->block;
    size_t size = d->volume->super.dir_block;
    bool whole = memcmp(b, v5 ? "XDB3" : "XD2B", 4) == 0;

    if (!whole && memcmp(b, v5 ? "XDD3" : "XD2D", 4) != 0)
        return damaged(d, "a block of it is something else", e);
    if (xfs_volume_check(d->volume, &header, b, size, offset,
                         d->inode->number, e) < 0)
        return err_in(e, "the directory with inode %" PRIu64,
                      d->inode->number);
    d->at = v5 ? HEAD_5 : HEAD_4;
    d->end = size;
    if (whole) {
        uint64_t leaves = (uint64_t)be32_at(b + size - TAIL) * LEAF;

        d->last = true;
        if (first != 0 || leaves > size - TAIL - d->at)
            return d->end = d->at, damaged(d, "its tail", e);
        d->end = size - TAIL - (size_t)leaves;
    }
    return 0;
}

/* Where the next block of names begins, holes being skipped.  0: nowhere. */
static int find_block(struct xfs_dir *d, uint64_t *first, struct err *e)
{
    const struct xfs_super *s = &d->volume->super;
    uint64_t wide = s->dir_block >> s->block_log;
    struct xfs_extent x;
    int r;

    if (xfs_map_seek(d->map, d->volume, &d->inode->data, d->inode->number,
                     d->next, e) < 0)
        return -1;
    r = xfs_map_next(d->map, &x, e);
    if (r <= 0)
        return r;
    *first = x.at > d->next ? x.at - x.at % wide : d->next;
    return *first < NAMES_END >> s->block_log;
}

/* It lies where no block of a directory was seen. */
static int take_block(struct xfs_dir *d, uint64_t offset, struct err *e)
{
    bool seen;

    if (visited_add(d->taken, offset >> d->volume->super.block_log, &seen,
                    e) < 0)
        return -1;
    return seen ? damaged(d, "a block of it is another's, too", e) : 0;
}

/* The next block that there is, which is `first' of the file. */
static int read_block(struct xfs_dir *d, uint64_t first, struct err *e)
{
    uint64_t offset = 0;

    if (gather(d, first, &offset, e) == 0 && take_block(d, offset, e) == 0
        && check_block(d, first, offset, e) == 0)
        return 1;
    if (++d->bad < XFS_DIR_BAD)
        return -1;
    d->last = true;
    return err_in(e, "this is the last block that is looked at, because so "
                  "many are damaged");
}

/* 1: names of another block.  What fails is not tried again. */
static int next_block(struct xfs_dir *d, struct err *e)
{
    const struct xfs_super *s = &d->volume->super;
    uint64_t first = 0;
    int r;

    d->at = d->end = 0;
    if (d->last)
        return 0;
    r = find_block(d, &first, e);
    if (r <= 0) {
        d->last = true;
        return r;
    }
    d->next = first + (s->dir_block >> s->block_log);
    return read_block(d, first, e);
}

/* Of a name in a block, with all that belongs to it. */
static size_t size_of(const struct xfs_dir *d, size_t n)
{
    return (AT_NAME + n + d->volume->super.ftype + 2 + 7) / 8 * 8;
}

/* 1: a name; 0: the block is at its end. */
static int next_in_block(struct xfs_dir *d, struct xfs_name *n,
                         struct err *e)
{
    while (d->at < d->end) {
        const unsigned char *p = d->block + d->at;
        size_t left = d->end - d->at, size;
        bool is_free = left >= 8 && be16_at(p) == FREE_TAG;

        if (left < 16 && !is_free)
            break;
        size = is_free ? be16_at(p + 2) : size_of(d, p[8]);
        if (size < 8 || size % 8 || size > left || (!is_free && p[8] == 0)
            || be16_at(p + size - 2) != d->at)
            break;
        d->at += size;
        if (is_free)
            continue;
        n->name = (const char *)p + AT_NAME;
        n->n = p[8];
        n->inode = be64_at(p);
        return 1;
    }
    if (d->at == d->end)
        return 0;
    d->at = d->end;
    return damaged(d, "its names", e);
}

/* -------------------------------------------------------------------- both */

int xfs_dir_open(struct xfs_dir *d, struct xfs_volume *v,
                 const struct xfs_inode *i, struct xfs_map *map,
                 struct visited *taken, struct err *e)
{
    memset(d, 0, sizeof(*d));
    d->volume = v;
    d->inode = i;
    d->map = map;
    d->taken = taken;
    if (i->data.format == XFS_LOCAL)
        return open_short(d, e);
    d->block = malloc(v->super.dir_block);
    return d->block ? 0 : err_nomem(e);
}

void xfs_dir_close(struct xfs_dir *d)
{
    free(d->block);
    d->block = NULL;
}

static bool is_dots(const struct xfs_name *n)
{
    return n->name[0] == '.'
        && (n->n == 1 || (n->n == 2 && n->name[1] == '.'));
}

int xfs_dir_next(struct xfs_dir *d, struct xfs_name *n, struct err *e)
{
    int r;

    if (!d->block)
        return next_short(d, n, e);
    do {
        while ((r = next_in_block(d, n, e)) == 0) {
            r = next_block(d, e);
            if (r <= 0)
                return r;
        }
    } while (r > 0 && is_dots(n));
    return r;
}
