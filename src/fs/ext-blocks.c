/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/ext-blocks.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/scope.h"
#include "fs/bytes.h"
#include "fs/ext-map.h"

enum {
    AT_MODE = 0, AT_SIZE = 4, AT_FLAGS = 32, AT_BLOCKS = 40,
    AT_ATTRIBUTES = 104, AT_ATTRIBUTES_HIGH = 118,
    FLAG_EXTENTS = 0x80000,
    TYPE = 0xf000, TYPE_DIR = 0x4000, TYPE_FILE = 0x8000, TYPE_LINK = 0xa000,
    FIRST_INODE = 11, DIRECT = 12, LISTS = 3,
    FAST_LINK = 60,            /* bytes of a link that is in its inode */
};

struct telling {
    const struct fs_source *source;
    const struct ext_layout *layout;
    int (*extent)(void *ctx, const struct fs_extent *x, struct err *e);
    void *ctx;
    struct fs_extent last;     /* not told yet; size 0: none */
    uint64_t at;               /* block of the file that is next */
    uint64_t left;             /* blocks that it may still have */
};

static int flush(struct telling *t, struct err *e)
{
    struct fs_extent x = t->last;

    t->last.size = 0;
    return x.size ? t->extent(t->ctx, &x, e) : 0;
}

/* A block of it, together with those that lie before it. */
static int add(struct telling *t, uint64_t block, unsigned flags,
               struct err *e)
{
    uint64_t unit = t->layout->block_size;
    struct fs_extent x = { flags ? 0 : t->at * unit, block * unit, unit,
                           flags };

    if (block == 0 || block >= t->source->size / unit || t->left == 0)
        return err_set(e, ERR_SOURCE, 0, "its list of blocks is damaged");
    t->left--;
    if (t->last.size && !flags && !t->last.flags
        && x.offset == t->last.offset + t->last.size
        && x.at == t->last.at + t->last.size) {
        t->last.size += unit;
        return 0;
    }
    if (flush(t, e) < 0)
        return -1;
    t->last = x;
    return 0;
}

/* How many blocks of the file one entry of this depth stands for. */
static uint64_t reach(const struct telling *t, int depth)
{
    uint64_t n = 1;

    while (depth--)
        n *= t->layout->block_size / 4;
    return n;
}

static int add_list(struct telling *t, uint64_t block, int depth,
                    struct err *e)
{
    size_t unit = t->layout->block_size;
    autofree unsigned char *b = malloc(unit);
    uint64_t next = t->at;

    if (!b)
        return err_nomem(e);
    if (add(t, block, FS_EXTENT_META, e) < 0
        || fs_source_read(t->source, block * unit, b, unit, e) < 0)
        return -1;
    for (size_t i = 0; i < unit / 4; i++) {
        uint64_t n = le32_at(b + i * 4);

        t->at = next;
        next += reach(t, depth);
        if (n && (depth ? add_list(t, n, depth - 1, e)
                        : add(t, n, 0, e)) < 0)
            return -1;
    }
    return 0;
}

static int tell_lists(struct telling *t, const unsigned char *inode,
                      struct err *e)
{
    uint64_t next = 0;

    for (int i = 0; i < DIRECT + LISTS; i++) {
        uint64_t n = le32_at(inode + AT_BLOCKS + 4 * i);
        int depth = i < DIRECT ? 0 : i - DIRECT + 1;

        t->at = next;
        next += reach(t, depth);
        if (n && (depth ? add_list(t, n, depth - 1, e)
                        : add(t, n, 0, e)) < 0)
            return -1;
    }
    return flush(t, e);
}

static int tell_tree(struct telling *t, uint64_t inode, struct err *e)
{
    struct ext_map m;
    uint64_t unit = t->layout->block_size;
    int r = ext_map_read(t->source, t->layout, inode, &m, e);

    if (r < 0)
        return -1;
    for (size_t i = 0; r == 0 && i < m.count; i++) {
        const struct ext_extent *x = &m.extents[i];
        struct fs_extent y = { x->at * unit, x->start * unit,
                               x->blocks * unit,
                               x->unwritten ? FS_EXTENT_UNWRITTEN : 0 };

        r = t->extent(t->ctx, &y, e);
    }
    for (size_t i = 0; r == 0 && i < m.node_count; i++) {
        struct fs_extent y = { 0, m.nodes[i] * unit, unit, FS_EXTENT_META };

        r = t->extent(t->ctx, &y, e);
    }
    ext_map_free(&m);
    return r;
}

/* Devices, pipes and short links have something else where the others have
 * their map.  The file system's own inodes have a map and may have no type. */
static bool has_map(const unsigned char *b, uint64_t inode)
{
    unsigned type = le16_at(b + AT_MODE) & TYPE;

    if (type == TYPE_LINK)
        return le32_at(b + AT_SIZE) >= FAST_LINK
            || (le32_at(b + AT_FLAGS) & FLAG_EXTENTS);
    return type == TYPE_FILE || type == TYPE_DIR
        || (type == 0 && inode < FIRST_INODE);
}

static int tell_attributes(struct telling *t, const unsigned char *b,
                           struct err *e)
{
    uint64_t block = le32_at(b + AT_ATTRIBUTES)
        | (uint64_t)le16_at(b + AT_ATTRIBUTES_HIGH) << 32;

    if (!block)
        return 0;
    return add(t, block, FS_EXTENT_META, e) < 0 ? -1 : flush(t, e);
}

int ext_blocks(const struct fs_source *s, const struct ext_layout *l,
               uint64_t inode,
               int (*extent)(void *ctx, const struct fs_extent *x,
                             struct err *e),
               void *ctx, struct err *e)
{
    struct telling t = { .source = s, .layout = l, .extent = extent,
                         .ctx = ctx, .left = s->size / l->block_size };
    unsigned char b[EXT_INODE];

    if (ext_inode_read(s, l, inode, b, e) < 0
        || tell_attributes(&t, b, e) < 0)
        return -1;
    if (!has_map(b, inode))
        return 0;
    return le32_at(b + AT_FLAGS) & FLAG_EXTENTS ? tell_tree(&t, inode, e)
                                                : tell_lists(&t, b, e);
}
