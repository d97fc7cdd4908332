/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/xfs-map.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fs/big.h"

enum {
    AT_LEVEL = 4, AT_COUNT = 6, HEAD_4 = 24, HEAD_5 = 72,
    ROOT_HEAD = 4,             /* level, count */
    RECORD = 16,               /* an extent; a key and a pointer */
};

static const struct xfs_header header = { .crc = 64, .place = 24, .uuid = 40,
                                          .owner = 56 };

static int damaged(const struct xfs_map *m, const char *what, struct err *e)
{
    return err_set(e, ERR_SOURCE, 0, "the map of inode %" PRIu64
                   " is damaged: %s", m->owner, what);
}

void xfs_map_free(struct xfs_map *m)
{
    for (unsigned i = 0; i <= XFS_LEVELS; i++) {
        free(m->level[i].bytes);
        m->level[i].bytes = NULL;
    }
}

/* ----------------------------------------------------------------- records */

/* Of a level: where its records begin, and for how many there is room. */
static const unsigned char *records(const struct xfs_map *m, unsigned level,
                                    size_t *room)
{
    size_t head = m->volume->super.v5 ? HEAD_5 : HEAD_4;

    if (level == m->top) {
        *room = (m->fork->size - (size_t)(m->root - m->fork->bytes)) / RECORD;
        return m->root;
    }
    *room = (m->volume->super.block - head) / RECORD;
    return m->level[level].bytes + head;
}

/* Of a node: all its keys, then as many pointers as there is room for. */
static uint64_t key_of(const struct xfs_map *m, unsigned level, unsigned i)
{
    size_t room;

    return be64_at(records(m, level, &room) + 8u * i);
}

static uint64_t pointer_of(const struct xfs_map *m, unsigned level,
                           unsigned i)
{
    size_t room;
    const unsigned char *r = records(m, level, &room);

    return be64_at(r + 8 * room + 8u * i);
}

/* 128 bits: a flag, 54 of the place in the file, 52 of the block, 21 of the
 * count. */
static int extent_of(const struct xfs_map *m, unsigned i,
                     struct xfs_extent *x, struct err *e)
{
    size_t room;
    const unsigned char *r = records(m, 0, &room) + (size_t)RECORD * i;
    uint64_t high = be64_at(r), low = be64_at(r + 8);

    x->unwritten = high >> 63;
    x->at = high >> 9 & ((UINT64_C(1) << 54) - 1);
    x->block = (high & 0x1ff) << 43 | low >> 21;
    x->count = (uint32_t)(low & 0x1fffff);
    if (xfs_volume_place(m->volume, x->block, x->count, &x->offset, e) < 0)
        return err_in(e, "the map of inode %" PRIu64, m->owner);
    return 0;
}

/* ------------------------------------------------------------------- tree */

/* The block of the file that a record begins at. */
static uint64_t first_of(const struct xfs_map *m, unsigned level, unsigned i)
{
    size_t room;

    return level ? key_of(m, level, i)
        : be64_at(records(m, 0, &room) + (size_t)RECORD * i) >> 9
              & ((UINT64_C(1) << 54) - 1);
}

/* What is looked for by its keys must be where they say, or it would be taken
 * for a hole. */
static bool is_sorted(const struct xfs_map *m, unsigned level, unsigned count)
{
    for (unsigned i = 1; i < count; i++)
        if (first_of(m, level, i) <= first_of(m, level, i - 1))
            return false;
    return true;
}

static int check_block(const struct xfs_map *m, unsigned level,
                       uint64_t offset, struct err *e)
{
    const unsigned char *b = m->level[level].bytes;
    const char *magic = m->volume->super.v5 ? "BMA3" : "BMAP";
    unsigned count = be16_at(b + AT_COUNT);
    size_t room;

    if (memcmp(b, magic, 4) != 0)
        return damaged(m, "a pointer leads to no block of it", e);
    if (xfs_volume_check(m->volume, &header, b, m->volume->super.block,
                         offset, m->owner, e) < 0)
        return err_in(e, "the map of inode %" PRIu64, m->owner);
    records(m, level, &room);
    if (be16_at(b + AT_LEVEL) != level || count == 0 || count > room
        || !is_sorted(m, level, count)
        || first_of(m, level, 0)
               != key_of(m, level + 1, m->level[level + 1].at))
        return damaged(m, "a block of it", e);
    return 0;
}

/* The block that a node above points to, as this level. */
static int load(struct xfs_map *m, unsigned level, struct err *e)
{
    struct xfs_level *l = &m->level[level];
    const struct xfs_level *up = &m->level[level + 1];
    uint64_t offset;

    if (xfs_volume_place(m->volume, pointer_of(m, level + 1, up->at), 1,
                         &offset, e) < 0)
        return err_in(e, "the map of inode %" PRIu64, m->owner);
    if (!l->bytes)
        l->bytes = malloc(XFS_BLOCK_MAX);
    if (!l->bytes)
        return err_nomem(e);
    if (xfs_volume_read(m->volume, offset, l->bytes, m->volume->super.block,
                        e) < 0
        || check_block(m, level, offset, e) < 0)
        return -1;
    l->at = 0;
    l->count = be16_at(l->bytes + AT_COUNT);
    return m->block ? m->block(m->ctx, offset, e) : 0;
}

/* The last child that begins at `block' or before. */
static void choose(struct xfs_map *m, unsigned level, uint64_t block)
{
    struct xfs_level *l = &m->level[level];

    l->at = 0;
    while (l->at + 1 < l->count && key_of(m, level, l->at + 1) <= block)
        l->at++;
}

static int begin_tree(struct xfs_map *m, struct err *e)
{
    const struct xfs_fork *f = m->fork;
    size_t room;
    unsigned count;

    if (f->size < ROOT_HEAD)
        return damaged(m, "there is no room for it", e);
    m->top = be16_at(f->bytes);
    m->root = f->bytes + ROOT_HEAD;
    if (m->top == 0 || m->top > XFS_LEVELS)
        return damaged(m, "its depth", e);
    records(m, m->top, &room);
    count = be16_at(f->bytes + 2);
    if (count == 0 || count > room || !is_sorted(m, m->top, count))
        return damaged(m, "its root", e);
    m->level[m->top].count = count;
    return 0;
}

int xfs_map_seek(struct xfs_map *m, struct xfs_volume *v,
                 const struct xfs_fork *f, uint64_t owner, uint64_t block,
                 struct err *e)
{
    m->volume = v;
    m->fork = f;
    m->owner = owner;
    m->top = 0;
    m->from = block;
    m->floor = 0;
    m->root = f->bytes;
    m->level[0].at = m->level[0].count = 0;
    if (f->format == XFS_EXTENTS)
        m->level[0].count = (unsigned)f->extents;
    if (f->format != XFS_BTREE)
        return 0;
    if (begin_tree(m, e) < 0)
        return -1;
    for (unsigned level = m->top; level > 0; level--) {
        choose(m, level, block);
        if (load(m, level - 1, e) < 0)
            return -1;
    }
    return 0;
}

/* To the next block of records: up as far as must be, and down again.  0:
 * there is none. */
static int next_leaf(struct xfs_map *m, struct err *e)
{
    unsigned level = 1;

    while (level <= m->top && m->level[level].at + 1 >= m->level[level].count)
        level++;
    if (level > m->top)
        return 0;
    m->level[level].at++;
    for (; level > 0; level--)
        if (load(m, level - 1, e) < 0)
            return -1;
    return 1;
}

static int next_extent(struct xfs_map *m, struct xfs_extent *x, struct err *e)
{
    struct xfs_level *leaf = &m->level[0];

    if (leaf->at >= leaf->count) {
        int r = next_leaf(m, e);

        if (r <= 0)
            return r;
    }
    if (extent_of(m, leaf->at, x, e) < 0)
        return -1;
    if (x->at < m->floor)
        return damaged(m, "its extents are out of order", e);
    m->floor = x->at + x->count;
    leaf->at++;
    return 1;
}

int xfs_map_next(struct xfs_map *m, struct xfs_extent *x, struct err *e)
{
    int r;

    do
        r = next_extent(m, x, e);
    while (r > 0 && x->at + x->count <= m->from);
    return r;
}
