/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/xfs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fs/big.h"
#include "fs/xfs-groups.h"
#include "fs/xfs-link.h"
#include "fs/xfs-walk.h"

/* The length of an extent, in the second half of its record. */
#define XFS_EXTENT_BLOCKS ((UINT64_C(1) << 21) - 1)

struct xfs {
    struct xfs_volume volume;
    struct xfs_map map;
    struct xfs_inode inode;    /* that was asked for last */
    bool has_inode;
};

/* -------------------------------------------------------------------- open */

static struct xfs *of(struct fs *f)
{
    return (struct xfs *)f;
}

static void close_xfs(struct fs *f)
{
    if (!f)
        return;
    xfs_map_free(&of(f)->map);
    xfs_volume_close(&of(f)->volume);
    free(f);
}

static struct fs *open_xfs(const struct fs_source *s, struct err *e)
{
    struct xfs *x = calloc(1, sizeof(*x));

    if (!x) {
        err_nomem(e);
        return NULL;
    }
    if (xfs_volume_open(&x->volume, s, e) < 0) {
        close_xfs((struct fs *)x);
        return NULL;
    }
    return (struct fs *)x;
}

static int walk(struct fs *f, const char *path, const struct fs_visitor *v,
                struct err *e)
{
    return xfs_walk(&of(f)->volume, &of(f)->map, path, v, e);
}

/* Blocks of a fork that needs no tree. */
static uint64_t mapped(const struct xfs_fork *f)
{
    uint64_t all = 0;

    for (uint64_t i = 0; f->bytes && f->format == XFS_EXTENTS
                         && i < f->extents; i++)
        all += be64_at(f->bytes + i * 16 + 8) & XFS_EXTENT_BLOCKS;
    return all;
}

/* A tree that cannot be walked is told by whoever reads it. */
static bool has_other_count(struct xfs *x)
{
    struct err ignored = ERR_INIT;
    const struct xfs_fork *f = &x->inode.data;
    struct xfs_extent t;
    uint64_t count = 0;
    int r = xfs_map_seek(&x->map, &x->volume, f, x->inode.number, 0,
                         &ignored);

    while (r == 0 && (r = xfs_map_next(&x->map, &t, &ignored)) > 0) {
        count++;
        r = 0;
    }
    return r == 0 && count != f->extents;
}

/* What has lost its map reads as zeros.  Version 4 has no checksums: there it
 * is the number of blocks that tells. */
static int check_map(struct xfs *x, struct err *e)
{
    const struct xfs_inode *i = &x->inode;
    bool wrong;

    if (i->type != FS_FILE)
        return 0;
    if (i->data.format == XFS_BTREE)
        wrong = has_other_count(x);
    else
        wrong = i->attributes.format != XFS_BTREE
            && mapped(&i->data) + mapped(&i->attributes) != i->blocks;
    return wrong ? err_set(e, ERR_SOURCE, 0, "the map of inode %" PRIu64
                           " is damaged: it does not have the blocks that the "
                           "inode says", i->number) : 0;
}

static int find(struct xfs *x, uint64_t inode, struct err *e)
{
    if (x->has_inode && x->inode.number == inode)
        return 0;
    x->has_inode = false;
    if (xfs_inode_read(&x->volume, inode, &x->inode, e) < 0)
        return -1;
    if (x->inode.realtime)
        return err_set(e, ERR_SOURCE, 0, "inode %" PRIu64 ": its content is "
                       "on a realtime device, which is not here", inode);
    if (check_map(x, e) < 0)
        return -1;
    x->has_inode = true;
    return 0;
}

/* ----------------------------------------------------------------- content */

/* How much of `n' bytes from `pos' on is before this block of the file. */
static size_t bytes_before(const struct xfs *x, uint64_t block, uint64_t pos,
                           size_t n)
{
    unsigned log = x->volume.super.block_log;

    if (block <= pos >> log)
        return 0;
    if (block > (pos + n) >> log)
        return n;
    return (size_t)((block << log) - pos);
}

/* From `pos' on, which is inside of the extent; at most n bytes. */
static int read_extent(struct xfs *x, const struct xfs_extent *t,
                       uint64_t pos, unsigned char *to, size_t n,
                       struct err *e)
{
    unsigned log = x->volume.super.block_log;

    if (t->unwritten) {
        memset(to, 0, n);
        return 0;
    }
    return fs_source_read(x->volume.source,
                          t->offset + (pos - (t->at << log)), to, n, e);
}

/* All of them are inside of the file. */
static int read_blocks(struct xfs *x, uint64_t pos, unsigned char *to,
                       size_t n, struct err *e)
{
    if (xfs_map_seek(&x->map, &x->volume, &x->inode.data, x->inode.number,
                     pos >> x->volume.super.block_log, e) < 0)
        return -1;
    while (n) {
        struct xfs_extent t;
        int r = xfs_map_next(&x->map, &t, e);
        size_t part;

        if (r < 0)
            return -1;
        part = r ? bytes_before(x, t.at, pos, n) : n;
        memset(to, 0, part);
        pos += part, to += part, n -= part;
        if (!n)
            break;
        part = bytes_before(x, t.at + t.count, pos, n);
        if (read_extent(x, &t, pos, to, part, e) < 0)
            return -1;
        pos += part, to += part, n -= part;
    }
    return 0;
}

static int read_link(struct xfs *x, uint64_t pos, unsigned char *to,
                     size_t n, struct err *e)
{
    char target[XFS_LINK_MAX + 1];

    if (xfs_link_read(&x->volume, &x->inode, &x->map, target, e) < 0)
        return -1;
    memcpy(to, target + pos, n);
    return 0;
}

static int read_xfs(struct fs *f, uint64_t inode, uint64_t stream,
                    uint64_t offset, void *to, size_t n, size_t *got,
                    struct err *e)
{
    struct xfs *x = of(f);

    *got = 0;
    if (stream)
        return err_set(e, ERR_SOURCE, 0, "inode %" PRIu64 " has no stream %"
                       PRIu64, inode, stream);
    if (find(x, inode, e) < 0)
        return -1;
    if (x->inode.type == FS_DIR)
        return err_set(e, ERR_SOURCE, 0, "inode %" PRIu64 " is a directory",
                       inode);
    if (x->inode.data.format == XFS_DEVICE || offset >= x->inode.size)
        return 0;
    if (n > x->inode.size - offset)
        n = (size_t)(x->inode.size - offset);
    if ((x->inode.type == FS_LINK ? read_link : read_blocks)(x, offset, to, n,
                                                             e) < 0)
        return -1;
    *got = n;
    return 0;
}

/* ----------------------------------------------------------------- extents */

struct telling {
    struct xfs *xfs;
    int (*extent)(void *ctx, const struct fs_extent *x, struct err *e);
    void *ctx;
};

static int tell_block(void *ctx, uint64_t offset, struct err *e)
{
    const struct telling *t = ctx;
    struct fs_extent x = {
        .offset = offset,
        .size = t->xfs->volume.super.block,
        .flags = FS_EXTENT_META,
    };

    return t->extent(t->ctx, &x, e);
}

static int tell_extent(const struct telling *t, const struct xfs_extent *m,
                       unsigned flags, struct err *e)
{
    unsigned log = t->xfs->volume.super.block_log;
    struct fs_extent x = {
        .at = flags & FS_EXTENT_META ? 0 : m->at << log,
        .offset = m->offset,
        .size = (uint64_t)m->count << log,
        .flags = flags | (m->unwritten ? FS_EXTENT_UNWRITTEN : 0),
    };

    if (m->at + m->count > (uint64_t)INT64_MAX >> log)
        return err_set(e, ERR_SOURCE, 0, "the map of inode %" PRIu64 " is "
                       "damaged: it goes too far", t->xfs->inode.number);
    return t->extent(t->ctx, &x, e);
}

static int tell_fork(struct telling *t, const struct xfs_fork *f,
                     unsigned flags, struct err *e)
{
    struct xfs *x = t->xfs;
    struct xfs_extent m;
    uint64_t count = 0;
    int r;

    if (!f->bytes || (f->format != XFS_EXTENTS && f->format != XFS_BTREE))
        return 0;
    x->map.block = tell_block;
    x->map.ctx = t;
    r = xfs_map_seek(&x->map, &x->volume, f, x->inode.number, 0, e);
    while (r == 0 && (r = xfs_map_next(&x->map, &m, e)) > 0) {
        r = tell_extent(t, &m, flags, e);
        count++;
    }
    x->map.block = NULL;
    if (r == 0 && count != f->extents)
        return err_set(e, ERR_SOURCE, 0, "the map of inode %" PRIu64 " is "
                       "damaged: it has %" PRIu64 " extents, not %" PRIu64,
                       x->inode.number, count, f->extents);
    return r;
}

static int extents(struct fs *f, uint64_t inode, uint64_t stream,
                   int (*extent)(void *ctx, const struct fs_extent *x,
                                 struct err *e),
                   void *ctx, struct err *e)
{
    struct telling t = { of(f), extent, ctx };

    (void)stream;
    if (find(of(f), inode, e) < 0
        || tell_fork(&t, &of(f)->inode.data, 0, e) < 0)
        return -1;
    return tell_fork(&t, &of(f)->inode.attributes, FS_EXTENT_META, e);
}

/* ----------------------------------------------------------------- regions */

struct own_inode {
    int (*region)(void *ctx, const struct fs_region *r, struct err *e);
    void *ctx;
};

static int tell_own(void *ctx, const struct fs_extent *x, struct err *e)
{
    const struct own_inode *o = ctx;
    struct fs_region r = { x->offset, x->size, FS_USE_META };

    return o->region(o->ctx, &r, e);
}

static int regions(struct fs *f,
                   int (*region)(void *ctx, const struct fs_region *r,
                                 struct err *e),
                   void *ctx, struct err *e)
{
    struct own_inode o = { region, ctx };
    uint64_t own[XFS_OWN_INODES];

    if (xfs_groups(&of(f)->volume, own, region, ctx, e) < 0)
        return -1;
    for (unsigned i = 0; i < XFS_OWN_INODES; i++)
        if (own[i] && extents(f, own[i], 0, tell_own, &o, e) < 0)
            return -1;
    return 0;
}

const struct fs_driver xfs_driver = {
    .name = "XFS",
    .probe = xfs_super_probe,
    .open = open_xfs,
    .walk = walk,
    .read = read_xfs,
    .extents = extents,
    .close = close_xfs,
    .regions = regions,
};
