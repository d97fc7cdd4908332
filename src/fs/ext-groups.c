/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/ext-groups.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "fs/bytes.h"
#include "fs/ext-blocks.h"

enum {
    SUPERBLOCK = 1024, AT_BLOCKS = 4, AT_FIRST_BLOCK = 20,
    AT_BLOCKS_PER_GROUP = 32, AT_COMPAT = 92, AT_INCOMPAT = 96,
    AT_RO_COMPAT = 100, AT_RESERVED = 206, AT_JOURNAL = 224,
    AT_BLOCKS_HIGH = 336, AT_MMP = 360, AT_USER_QUOTA = 576,
    AT_GROUP_QUOTA = 580, AT_BACKUPS = 588, AT_PROJECT_QUOTA = 620,
    AT_ORPHANS = 640,
    COMPAT_JOURNAL = 4, COMPAT_RESIZE = 0x10, COMPAT_BACKUPS = 0x200,
    COMPAT_ORPHANS = 0x1000, INCOMPAT_64BIT = 0x80, INCOMPAT_MMP = 0x100,
    RO_SPARSE = 1, RO_GDT_CSUM = 0x10, RO_QUOTA = 0x100, RO_CSUM = 0x400,
    RO_PROJECT = 0x2000,
    UNUSED = 2,                /* flag of a group: its bitmap was never made */
    ROOT = 2, FIRST_INODE = 11,
};

struct groups {
    const struct fs_source *source;
    const struct ext_layout *layout;
    int (*region)(void *ctx, const struct fs_region *r, struct err *e);
    void *ctx;
    unsigned char super[1024];
    uint64_t blocks, first, per_group, count;
    enum fs_use use;           /* of the inode that is told */
};

static int tell(const struct groups *g, uint64_t block, uint64_t n,
                enum fs_use use, struct err *e)
{
    uint64_t unit = g->layout->block_size;
    struct fs_region r = { block * unit, n * unit, use };

    if (block > g->blocks || n > g->blocks - block)
        return err_set(e, ERR_SOURCE, 0, "a table of a group lies outside of "
                       "the file system");
    return n ? g->region(g->ctx, &r, e) : 0;
}

static int read_super(struct groups *g, struct err *e)
{
    const unsigned char *b = g->super;

    if (fs_source_read(g->source, SUPERBLOCK, g->super, sizeof(g->super), e)
        < 0)
        return -1;
    g->blocks = le32_at(b + AT_BLOCKS);
    if (le32_at(b + AT_INCOMPAT) & INCOMPAT_64BIT)
        g->blocks |= (uint64_t)le32_at(b + AT_BLOCKS_HIGH) << 32;
    g->first = le32_at(b + AT_FIRST_BLOCK);
    g->per_group = le32_at(b + AT_BLOCKS_PER_GROUP);
    if (g->per_group == 0 || g->per_group > g->layout->block_size * 8
        || g->first >= g->blocks
        || g->blocks > g->source->size / g->layout->block_size)
        return err_set(e, ERR_SOURCE, 0, "the superblock makes no sense, or "
                       "the file system is larger than what holds it");
    g->count = (g->blocks - g->first + g->per_group - 1) / g->per_group;
    return 0;
}

/* ------------------------------------------------------------------ groups */

static bool is_power(uint64_t n, uint64_t of)
{
    while (n % of == 0)
        n /= of;
    return n == 1;
}

static bool has_super(const struct groups *g, uint64_t n)
{
    if (n == 0)
        return true;
    if (le32_at(g->super + AT_COMPAT) & COMPAT_BACKUPS)
        return n == le32_at(g->super + AT_BACKUPS)
            || n == le32_at(g->super + AT_BACKUPS + 4);
    if (!(le32_at(g->super + AT_RO_COMPAT) & RO_SPARSE))
        return true;
    return n == 1 || is_power(n, 3) || is_power(n, 5) || is_power(n, 7);
}

static uint64_t group_begin(const struct groups *g, uint64_t n)
{
    return g->first + n * g->per_group;
}

static uint64_t group_size(const struct groups *g, uint64_t n)
{
    uint64_t left = g->blocks - group_begin(g, n);

    return left < g->per_group ? left : g->per_group;
}

/* The superblock, the descriptors and the place that these may grow into. */
static int tell_super(const struct groups *g, uint64_t n, struct err *e)
{
    uint64_t unit = g->layout->block_size;
    uint64_t size = 1 + (g->count * g->layout->descriptor_size + unit - 1)
        / unit;

    if (le32_at(g->super + AT_COMPAT) & COMPAT_RESIZE)
        size += le16_at(g->super + AT_RESERVED);
    if (size > group_size(g, n))
        size = group_size(g, n);
    return tell(g, group_begin(g, n), size, FS_USE_META, e);
}

static uint64_t pointer(const struct groups *g, const unsigned char *d,
                        unsigned low)
{
    uint64_t high = g->layout->descriptor_size >= 64 ? le32_at(d + low + 32)
                                                     : 0;

    return le32_at(d + low) | high << 32;
}

static int tell_free(const struct groups *g, uint64_t n, uint64_t bitmap,
                     struct err *e)
{
    size_t unit = g->layout->block_size;
    autofree unsigned char *b = malloc(unit);
    uint64_t begin = group_begin(g, n), size = group_size(g, n), from = 0;

    if (!b)
        return err_nomem(e);
    if (fs_source_read(g->source, bitmap * unit, b, unit, e) < 0)
        return -1;
    for (uint64_t i = 0; i <= size; i++) {
        if (i < size && !(b[i / 8] & 1u << i % 8))
            continue;
        if (tell(g, begin + from, i - from, FS_USE_FREE, e) < 0)
            return -1;
        from = i + 1;
    }
    return 0;
}

/* A bitmap that was never made: all is free that nobody else tells of. */
static bool has_no_bitmap(const struct groups *g, const unsigned char *d)
{
    return (le32_at(g->super + AT_RO_COMPAT) & (RO_GDT_CSUM | RO_CSUM))
        && (le16_at(d + 18) & UNUSED);
}

static int tell_group(const struct groups *g, uint64_t n, struct err *e)
{
    const struct ext_layout *l = g->layout;
    unsigned char d[64] = { 0 };
    uint64_t bitmap;
    uint64_t table = ((uint64_t)l->per_group * l->inode_size
                      + l->block_size - 1) / l->block_size;

    if (fs_source_read(g->source, l->descriptors + n * l->descriptor_size, d,
                       l->descriptor_size < 64 ? 32 : 64, e) < 0)
        return -1;
    bitmap = pointer(g, d, 0);
    if ((has_super(g, n) && tell_super(g, n, e) < 0)
        || tell(g, bitmap, 1, FS_USE_META, e) < 0
        || tell(g, pointer(g, d, 4), 1, FS_USE_META, e) < 0
        || tell(g, pointer(g, d, 8), table, FS_USE_META, e) < 0)
        return -1;
    if (has_no_bitmap(g, d))
        return tell(g, group_begin(g, n), group_size(g, n), FS_USE_FREE, e);
    return tell_free(g, n, bitmap, e);
}

/* -------------------------------------------------------------- own inodes */

static int on_extent(void *ctx, const struct fs_extent *x, struct err *e)
{
    const struct groups *g = ctx;
    struct fs_region r = { x->offset, x->size, x->flags & FS_EXTENT_META
                           ? FS_USE_META : g->use };

    return g->region(g->ctx, &r, e);
}

static int tell_inode(struct groups *g, uint64_t inode, enum fs_use use,
                      struct err *e)
{
    g->use = use;
    return inode ? ext_blocks(g->source, g->layout, inode, on_extent, g, e)
                 : 0;
}

static uint32_t inode_if(const struct groups *g, size_t flags, uint32_t bit,
                         size_t at)
{
    return le32_at(g->super + flags) & bit ? le32_at(g->super + at) : 0;
}

static int tell_inodes(struct groups *g, struct err *e)
{
    const uint32_t journal = inode_if(g, AT_COMPAT, COMPAT_JOURNAL,
                                      AT_JOURNAL);
    const uint32_t others[] = {
        inode_if(g, AT_RO_COMPAT, RO_QUOTA, AT_USER_QUOTA),
        inode_if(g, AT_RO_COMPAT, RO_QUOTA, AT_GROUP_QUOTA),
        inode_if(g, AT_RO_COMPAT, RO_PROJECT, AT_PROJECT_QUOTA),
        inode_if(g, AT_COMPAT, COMPAT_ORPHANS, AT_ORPHANS),
    };

    for (uint32_t i = 1; i < FIRST_INODE; i++)
        if (i != ROOT && i != journal
            && tell_inode(g, i, FS_USE_META, e) < 0)
            return -1;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (others[i] >= FIRST_INODE
            && tell_inode(g, others[i], FS_USE_META, e) < 0)
            return -1;
    return tell_inode(g, journal, FS_USE_JOURNAL, e);
}

int ext_groups(const struct fs_source *s, const struct ext_layout *l,
               int (*region)(void *ctx, const struct fs_region *r,
                             struct err *e),
               void *ctx, struct err *e)
{
    struct groups g = { .source = s, .layout = l, .region = region,
                        .ctx = ctx };

    if (read_super(&g, e) < 0 || tell(&g, 0, g.blocks, FS_USE_ALL, e) < 0
        || tell(&g, 0, g.first + 1, FS_USE_META, e) < 0)
        return -1;
    for (uint64_t n = 0; n < g.count; n++)
        if (tell_group(&g, n, e) < 0)
            return -1;
    if ((le32_at(g.super + AT_INCOMPAT) & INCOMPAT_MMP)
        && tell(&g, le64_at(g.super + AT_MMP), 1, FS_USE_META, e) < 0)
        return -1;
    return tell_inodes(&g, e);
}
