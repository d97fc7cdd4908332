/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/xfs-groups.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "fs/big.h"
#include "fs/xfs-tree.h"

enum {
    SECTOR_MAX = 32768,
    /* of the superblock */
    AT_BITMAP_INODE = 64, AT_SUMMARY_INODE = 72, AT_VERSION = 100,
    AT_USER_QUOTA = 160, AT_GROUP_QUOTA = 168, AT_RO_COMPAT = 212,
    AT_INCOMPAT = 216, AT_PROJECT_QUOTA = 232,
    VERSION_QUOTA = 0x40, RO_FREE_INODES = 1, RO_OWNERS = 2, RO_SHARED = 4,
    INCOMPAT_SPARSE = 2,
    /* of the header of free space */
    F_GROUP = 8, F_LENGTH = 12, F_ROOTS = 16, F_LEVELS = 28, F_FIRST = 40,
    F_LAST = 44, F_COUNT = 48, F_UUID = 64, F_SHARED_ROOT = 88,
    F_SHARED_LEVELS = 92, F_CRC = 216,
    /* of the header of inodes */
    I_GROUP = 8, I_ROOT = 20, I_LEVELS = 24, I_UUID = 296, I_CRC = 312,
    I_FREE_ROOT = 328, I_FREE_LEVELS = 332,
    /* of the list of blocks for trees */
    L_GROUP = 4, L_UUID = 8, L_CRC = 32, L_FIRST = 36,
    CHUNK = 64, PIECE = 4,     /* inodes: of a record, of a bit of its holes */
};

struct groups {
    struct xfs_volume *volume;
    int (*region)(void *ctx, const struct fs_region *r, struct err *e);
    void *ctx;
    uint32_t ro_compat, incompat;
    uint32_t group, size;      /* that is looked at, and its blocks */
    uint64_t offset;           /* of it in the source */
    unsigned char free[SECTOR_MAX], inodes[SECTOR_MAX], list[SECTOR_MAX];
};

static int damaged(const struct groups *g, const char *what, struct err *e)
{
    return err_set(e, ERR_SOURCE, 0, "group %" PRIu32 ": %s", g->group, what);
}

static int tell(const struct groups *g, uint64_t block, uint64_t n,
                enum fs_use use, struct err *e)
{
    unsigned log = g->volume->super.block_log;
    struct fs_region r = { g->offset + (block << log), n << log, use };

    if (block >= g->size || n > g->size - block)
        return damaged(g, "what it says lies outside of it", e);
    return n ? g->region(g->ctx, &r, e) : 0;
}

/* ----------------------------------------------------------------- headers */

static int read_header(const struct groups *g, unsigned sector,
                       unsigned char *b, const char *magic, size_t at_group,
                       size_t at_uuid, size_t at_crc, struct err *e)
{
    const struct xfs_super *s = &g->volume->super;

    if (xfs_volume_read(g->volume, g->offset + (uint64_t)sector * s->sector,
                        b, s->sector, e) < 0)
        return -1;
    if (!magic)
        return 0;
    if (memcmp(b, magic, 4) != 0 || be32_at(b + at_group) != g->group
        || (s->v5 && (!crc32c_good(&g->volume->crc, b, s->sector, at_crc)
                      || memcmp(b + at_uuid, s->uuid, XFS_UUID) != 0)))
        return damaged(g, "a header is damaged", e);
    return 0;
}

static int read_headers(struct groups *g, struct err *e)
{
    const struct xfs_super *s = &g->volume->super;

    if (xfs_volume_place(g->volume, (uint64_t)g->group << s->group_log, 1,
                         &g->offset, e) < 0
        || read_header(g, 1, g->free, "XAGF", F_GROUP, F_UUID, F_CRC, e) < 0
        || read_header(g, 2, g->inodes, "XAGI", I_GROUP, I_UUID, I_CRC, e) < 0
        || read_header(g, 3, g->list, s->v5 ? "XAFL" : NULL, L_GROUP, L_UUID,
                       L_CRC, e) < 0)
        return -1;
    g->size = be32_at(g->free + F_LENGTH);
    if (g->size == 0 || g->size > s->group_blocks
        || (uint64_t)g->group * s->group_blocks + g->size > s->blocks)
        return damaged(g, "its length makes no sense", e);
    return tell(g, 0, (4 * (uint64_t)s->sector + s->block - 1) / s->block,
                FS_USE_META, e);
}

/* Blocks that wait for a tree to grow: a ring. */
static int tell_list(const struct groups *g, struct err *e)
{
    const struct xfs_super *s = &g->volume->super;
    unsigned first = s->v5 ? L_FIRST : 0, room = (s->sector - first) / 4;
    uint32_t at = be32_at(g->free + F_FIRST);
    uint32_t n = be32_at(g->free + F_COUNT);

    if (n > room || (n && at >= room))
        return damaged(g, "its list of blocks for trees is damaged", e);
    for (; n; n--, at = (at + 1) % room)
        if (tell(g, be32_at(g->list + first + 4 * at), 1, FS_USE_META, e) < 0)
            return -1;
    return 0;
}

/* ------------------------------------------------------------------- trees */

static int on_block(void *ctx, uint32_t block, struct err *e)
{
    return tell(ctx, block, 1, FS_USE_META, e);
}

static int on_free(void *ctx, const unsigned char *r, struct err *e)
{
    return tell(ctx, be32_at(r), be32_at(r + 4), FS_USE_FREE, e);
}

static int on_inodes(void *ctx, const unsigned char *r, struct err *e)
{
    const struct groups *g = ctx;
    const struct xfs_super *s = &g->volume->super;
    uint32_t first = be32_at(r);
    unsigned holes = g->incompat & INCOMPAT_SPARSE ? be16_at(r + 4) : 0;

    for (unsigned i = 0; i < CHUNK / PIECE; i++) {
        uint64_t at = ((uint64_t)first + i * PIECE) * s->inode;
        struct fs_region x = { g->offset + at, (uint64_t)PIECE * s->inode,
                               FS_USE_META };

        if (holes & 1u << i)
            continue;
        if (at + x.size > (uint64_t)g->size << s->block_log)
            return damaged(g, "inodes lie outside of it", e);
        if (g->region(g->ctx, &x, e) < 0)
            return -1;
    }
    return 0;
}

static int walk(struct groups *g, enum xfs_tree_kind kind,
                const unsigned char *root, const unsigned char *levels,
                int (*record)(void *ctx, const unsigned char *r,
                              struct err *e), struct err *e)
{
    struct xfs_tree t = { .volume = g->volume, .kind = kind,
        .group = g->group, .size = g->size, .root = be32_at(root),
        .levels = be32_at(levels), .block = on_block, .record = record,
        .ctx = g };

    return xfs_tree_walk(&t, e);
}

static int tell_trees(struct groups *g, struct err *e)
{
    const unsigned char *f = g->free, *i = g->inodes;

    if (walk(g, XFS_TREE_FREE, f + F_ROOTS, f + F_LEVELS, on_free, e) < 0
        || walk(g, XFS_TREE_FREE_BY_SIZE, f + F_ROOTS + 4, f + F_LEVELS + 4,
                NULL, e) < 0
        || walk(g, XFS_TREE_INODES, i + I_ROOT, i + I_LEVELS, on_inodes, e)
            < 0)
        return -1;
    if ((g->ro_compat & RO_FREE_INODES)
        && walk(g, XFS_TREE_FREE_INODES, i + I_FREE_ROOT, i + I_FREE_LEVELS,
                NULL, e) < 0)
        return -1;
    if ((g->ro_compat & RO_OWNERS)
        && walk(g, XFS_TREE_OWNERS, f + F_ROOTS + 8, f + F_LEVELS + 8, NULL,
                e) < 0)
        return -1;
    return g->ro_compat & RO_SHARED
        ? walk(g, XFS_TREE_SHARED, f + F_SHARED_ROOT, f + F_SHARED_LEVELS,
               NULL, e) : 0;
}

/* -------------------------------------------------------------- superblock */

static void set_own(uint64_t own[XFS_OWN_INODES], const unsigned char *b,
                    bool v5)
{
    bool quota = be16_at(b + AT_VERSION) & VERSION_QUOTA;
    const size_t at[XFS_OWN_INODES] = { AT_BITMAP_INODE, AT_SUMMARY_INODE,
        AT_USER_QUOTA, AT_GROUP_QUOTA, AT_PROJECT_QUOTA };

    for (unsigned i = 0; i < XFS_OWN_INODES; i++) {
        own[i] = be64_at(b + at[i]);
        if (own[i] == UINT64_MAX || (i > 1 && !quota)
            || (at[i] == AT_PROJECT_QUOTA && !v5))
            own[i] = 0;
    }
}

static int tell_all(const struct groups *g, struct err *e)
{
    const struct xfs_super *s = &g->volume->super;
    struct fs_region all = { 0, s->blocks << s->block_log, FS_USE_ALL };
    struct fs_region log = { 0, (uint64_t)s->log_blocks << s->block_log,
                             FS_USE_JOURNAL };

    if (g->region(g->ctx, &all, e) < 0)
        return -1;
    if (!s->log_start)
        return 0;
    if (xfs_volume_place(g->volume, s->log_start, s->log_blocks, &log.offset,
                         e) < 0)
        return -1;
    return g->region(g->ctx, &log, e);
}

static int tell_groups(struct groups *g, uint64_t own[XFS_OWN_INODES],
                       struct err *e)
{
    const struct xfs_super *s = &g->volume->super;
    unsigned char b[512];

    if (xfs_volume_read(g->volume, 0, b, sizeof(b), e) < 0)
        return -1;
    if (s->v5) {
        g->ro_compat = be32_at(b + AT_RO_COMPAT);
        g->incompat = be32_at(b + AT_INCOMPAT);
    }
    set_own(own, b, s->v5);
    if (tell_all(g, e) < 0)
        return -1;
    for (g->group = 0; g->group < s->groups; g->group++)
        if (read_headers(g, e) < 0 || tell_list(g, e) < 0
            || tell_trees(g, e) < 0)
            return -1;
    return 0;
}

int xfs_groups(struct xfs_volume *v, uint64_t own[XFS_OWN_INODES],
               int (*region)(void *ctx, const struct fs_region *r,
                             struct err *e),
               void *ctx, struct err *e)
{
    autofree struct groups *g = calloc(1, sizeof(*g));

    if (!g)
        return err_nomem(e);
    g->volume = v;
    g->region = region;
    g->ctx = ctx;
    return tell_groups(g, own, e);
}
