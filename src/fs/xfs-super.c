/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/xfs-super.h"

#include <inttypes.h>
#include <string.h>

#include "fs/big.h"

enum {
    AT_BLOCK = 4, AT_BLOCKS = 8, AT_UUID = 32, AT_LOG_START = 48, AT_ROOT = 56,
    AT_GROUP_BLOCKS = 84, AT_GROUPS = 88, AT_LOG_BLOCKS = 96,
    AT_VERSION = 100, AT_SECTOR = 102, AT_INODE = 104, AT_IN_BLOCK = 106,
    AT_BLOCK_LOG = 120, AT_SECTOR_LOG = 121, AT_INODE_LOG = 122,
    AT_IN_BLOCK_LOG = 123, AT_GROUP_LOG = 124, AT_IN_PROGRESS = 126,
    AT_DIR_LOG = 192, AT_FEATURES2 = 200, AT_COMPAT = 208, AT_RO_COMPAT = 212,
    AT_INCOMPAT = 216, AT_LOG_INCOMPAT = 220, AT_CRC = 224, AT_LSN = 240,
    AT_META_UUID = 248,
    READ = 512,                /* is in the first sector, however small */
    GROUP_MIN = 64,            /* blocks */
};

enum {
    VERSION_DIR2 = 0x2000, VERSION_MORE = 0x8000,
    FEATURES2_FTYPE = 0x200,
    INCOMPAT_FTYPE = 1, INCOMPAT_META_UUID = 4,
};

/* What is known, and either changes nothing of what is read here or is done
 * right.  Whatever else there is is refused. */
static const struct {
    const char *set;
    size_t at;
    uint32_t known;
    bool v4, v5;
} features[] = {
    /* attributes, large link counts, quota, alignment, stripes, log 2, sector
     * size, unwritten extents, directories 2, case-blind names, more.  Not:
     * 0x200, shared by several systems. */
    { "version", AT_VERSION - 2, 0xffffu & ~0x200u, true, true },
    /* lazy counters, attributes 2, 32-bit projects, file types; 0x100 is what
     * makes version 5 */
    { "features2", AT_FEATURES2, 0x2u | 0x8 | 0x80 | 0x200, true, false },
    { "features2", AT_FEATURES2, 0x2u | 0x8 | 0x80 | 0x100 | 0x200, false,
      true },
    { "compat", AT_COMPAT, 0, false, true },
    /* free inode tree, reverse map, reflink, inode counters */
    { "ro_compat", AT_RO_COMPAT, 0x1u | 0x2 | 0x4 | 0x8, false, true },
    /* file types, sparse inodes, metadata UUID, bigtime, large extent counts,
     * exchange of ranges, parent pointers.  Not: 0x10, a repair is needed;
     * 0x100, a tree of metadata, which moves what belongs to realtime. */
    { "incompat", AT_INCOMPAT, 0x1u | 0x2 | 0x4 | 0x8 | 0x20 | 0x40 | 0x80,
      false, true },
    /* attributes in the log, which is not read */
    { "log_incompat", AT_LOG_INCOMPAT, 0x1u, false, true },
};

static int refuse_features(const unsigned char *b, bool v5, struct err *e)
{
    uint32_t version = be16_at(b + AT_VERSION);

    for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++) {
        uint32_t has = features[i].at == AT_VERSION - 2
            ? version : be32_at(b + features[i].at);

        if (!(v5 ? features[i].v5 : features[i].v4))
            continue;
        if (features[i].at == AT_FEATURES2 && !(version & VERSION_MORE))
            continue;
        if (has & ~features[i].known)
            return err_set(e, ERR_SOURCE, 0, "not attributed: feature 0x%"
                           PRIx32 " (%s)", has & ~features[i].known,
                           features[i].set);
    }
    if (!(version & VERSION_DIR2))
        return err_set(e, ERR_SOURCE, 0, "not attributed: feature 0x0 "
                       "(version): directories of version 1");
    return 0;
}

static int damaged(const char *what, struct err *e)
{
    return err_set(e, ERR_SOURCE, 0, "the superblock is damaged: %s", what);
}

static bool is_power(uint32_t n, unsigned log, uint32_t min, uint32_t max)
{
    return n >= min && n <= max && log < 32 && n == 1u << log;
}

static int read_sizes(const unsigned char *b, struct xfs_super *x,
                      struct err *e)
{
    unsigned dir_log = b[AT_DIR_LOG];

    x->block = be32_at(b + AT_BLOCK);
    x->block_log = b[AT_BLOCK_LOG];
    x->sector = be16_at(b + AT_SECTOR);
    x->inode = be16_at(b + AT_INODE);
    x->inodes_log = b[AT_IN_BLOCK_LOG];
    if (!is_power(x->block, x->block_log, 512, XFS_BLOCK_MAX))
        return damaged("the size of a block", e);
    if (!is_power(x->sector, b[AT_SECTOR_LOG], 512, 32768))
        return damaged("the size of a sector", e);
    if (!is_power(x->inode, b[AT_INODE_LOG], 256, XFS_INODE_MAX)
        || x->inode >= x->block
        || x->inodes_log != x->block_log - b[AT_INODE_LOG]
        || be16_at(b + AT_IN_BLOCK) != x->block / x->inode)
        return damaged("the size of an inode", e);
    if (dir_log + x->block_log > 16)
        return damaged("the size of a block of directories", e);
    x->dir_block = x->block << dir_log;
    return 0;
}

/* Every block has one number, and every byte an offset of 63 bits. */
static int read_groups(const unsigned char *b, struct xfs_super *x,
                       struct err *e)
{
    uint64_t before, all;

    x->blocks = be64_at(b + AT_BLOCKS);
    x->groups = be32_at(b + AT_GROUPS);
    x->group_blocks = be32_at(b + AT_GROUP_BLOCKS);
    x->group_log = b[AT_GROUP_LOG];
    if (x->groups == 0 || x->group_blocks < GROUP_MIN || x->group_log > 31
        || x->group_blocks > 1u << x->group_log
        || x->group_blocks <= 1u << x->group_log >> 1)
        return damaged("the size of an allocation group", e);
    before = (uint64_t)(x->groups - 1) * x->group_blocks;
    all = before + x->group_blocks;
    if (x->blocks > all || x->blocks < before + 1
        || x->blocks > (uint64_t)INT64_MAX >> x->block_log)
        return damaged("the number of blocks", e);
    return 0;
}

static void read_rest(const unsigned char *b, struct xfs_super *x)
{
    uint32_t incompat = be32_at(b + AT_INCOMPAT);
    bool more = be16_at(b + AT_VERSION) & VERSION_MORE;

    x->ftype = x->v5 ? incompat & INCOMPAT_FTYPE
                     : more && (be32_at(b + AT_FEATURES2) & FEATURES2_FTYPE);
    x->root = be64_at(b + AT_ROOT);
    x->log_start = be64_at(b + AT_LOG_START);
    x->log_blocks = be32_at(b + AT_LOG_BLOCKS);
    x->lsn = x->v5 ? be64_at(b + AT_LSN) : 0;
    memcpy(x->uuid, b + (x->v5 && (incompat & INCOMPAT_META_UUID)
                         ? AT_META_UUID : AT_UUID), XFS_UUID);
}

int xfs_super_probe(const struct fs_source *s, struct err *e)
{
    unsigned char magic[4];

    if (s->size < READ)
        return 0;
    if (fs_source_read(s, 0, magic, sizeof(magic), e) < 0)
        return -1;
    return memcmp(magic, "XFSB", 4) == 0;
}

static int check_sum(const struct fs_source *s, const struct crc32c *crc,
                     const struct xfs_super *x, struct err *e)
{
    unsigned char whole[32768];

    if (fs_source_read(s, 0, whole, x->sector, e) < 0)
        return -1;
    if (!crc32c_good(crc, whole, x->sector, AT_CRC))
        return damaged("its checksum is wrong", e);
    return 0;
}

int xfs_super_read(const struct fs_source *s, const struct crc32c *crc,
                   struct xfs_super *x, struct err *e)
{
    unsigned char b[READ];
    unsigned version;

    if (fs_source_read(s, 0, b, sizeof(b), e) < 0)
        return -1;
    if (memcmp(b, "XFSB", 4) != 0)
        return err_set(e, ERR_SOURCE, 0, "there is no superblock");
    version = be16_at(b + AT_VERSION) & 0xf;
    if (version != 4 && version != 5)
        return err_set(e, ERR_SOURCE, 0, "not attributed: version %u of XFS",
                       version);
    x->v5 = version == 5;
    if (read_sizes(b, x, e) < 0)
        return -1;
    if (x->v5 && check_sum(s, crc, x, e) < 0)
        return -1;
    if (refuse_features(b, x->v5, e) < 0 || read_groups(b, x, e) < 0)
        return -1;
    if (b[AT_IN_PROGRESS])
        return err_set(e, ERR_SOURCE, 0, "mkfs.xfs did not finish it");
    read_rest(b, x);
    return 0;
}
