/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/xfs-inode.h"

#include <inttypes.h>
#include <string.h>

#include "fs/big.h"

enum {
    AT_MODE = 2, AT_VERSION = 4, AT_FORMAT = 5, AT_LINKS_1 = 6, AT_UID = 8,
    AT_GID = 12, AT_LINKS = 16, AT_BIG_EXTENTS = 24, AT_ACCESSED = 32,
    AT_MODIFIED = 40, AT_CHANGED = 48, AT_SIZE = 56, AT_BLOCKS = 64,
    AT_EXTENTS = 76,
    AT_ATTR_EXTENTS = 80, AT_FORK = 82, AT_ATTR_FORMAT = 83, AT_FLAGS = 90,
    CORE_2 = 100,              /* where the content's fork begins */
    AT_CRC = 100, AT_FLAGS2 = 120, AT_BORN = 144, AT_INODE = 152,
    AT_UUID = 160, CORE_3 = 176,
    FLAG_REALTIME = 1,
    FLAG2_BIGTIME = 8, FLAG2_BIG_EXTENTS = 16,
};

static int damaged(const struct xfs_inode *i, const char *what, struct err *e)
{
    return err_set(e, ERR_SOURCE, 0, "inode %" PRIu64 " is damaged: %s",
                   i->number, what);
}

static int place(const struct xfs_volume *v, uint64_t number,
                 uint64_t *offset, struct err *e)
{
    unsigned log = v->super.inodes_log;
    uint64_t in_block = number & ((UINT64_C(1) << log) - 1);

    if (xfs_volume_place(v, number >> log, 1, offset, e) < 0)
        return err_in(e, "inode %" PRIu64, number);
    *offset += in_block * v->super.inode;
    return 0;
}

/* ------------------------------------------------------------------- what */

static enum fs_type type_of(unsigned mode)
{
    switch (mode >> 12) {
    case 1: return FS_FIFO;
    case 2: return FS_CHAR;
    case 4: return FS_DIR;
    case 6: return FS_BLOCK;
    case 8: return FS_FILE;
    case 10: return FS_LINK;
    case 12: return FS_SOCKET;
    default: return FS_OTHER;
    }
}

static bool may_be(enum fs_type type, unsigned format)
{
    switch (type) {
    case FS_FILE: return format == XFS_EXTENTS || format == XFS_BTREE;
    case FS_DIR: return format >= XFS_LOCAL && format <= XFS_BTREE;
    case FS_LINK: return format == XFS_LOCAL || format == XFS_EXTENTS;
    case FS_OTHER: return false;
    default: return format == XFS_DEVICE;
    }
}

/* ------------------------------------------------------------------- when */

/* Seconds and nanoseconds; or, since 5.10 of Linux, nanoseconds alone since
 * the first second that 32 bits with a sign can tell, which go beyond what 64
 * bits with a sign hold: such a time is left out. */
static void set_time(struct xfs_inode *i, enum fs_time which, unsigned at,
                     bool big)
{
    int64_t s = (int32_t)be32_at(i->raw + at);
    uint32_t ns = be32_at(i->raw + at + 4);

    if (big) {
        uint64_t all = be64_at(i->raw + at);

        s = (int64_t)(all / 1000000000) + INT32_MIN;
        ns = (uint32_t)(all % 1000000000);
    }
    if (ns >= 1000000000 || s > INT64_MAX / 1000000000 - 1)
        return;
    i->times |= 1u << which;
    i->time[which] = s * 1000000000 + ns;
}

static void set_times(struct xfs_inode *i, bool v3, bool big)
{
    set_time(i, FS_MODIFIED, AT_MODIFIED, big);
    set_time(i, FS_ACCESSED, AT_ACCESSED, big);
    set_time(i, FS_CHANGED, AT_CHANGED, big);
    if (v3)
        set_time(i, FS_BORN, AT_BORN, big);
}

/* ------------------------------------------------------------------ forks */

static int set_fork(const struct xfs_inode *i, struct xfs_fork *f,
                    unsigned format, uint64_t extents, size_t from,
                    size_t to, struct err *e)
{
    f->format = (enum xfs_format)format;
    f->extents = extents;
    f->bytes = i->raw + from;
    f->size = to - from;
    if (format >= XFS_FORMATS)
        return damaged(i, "the format of a fork", e);
    if (format == XFS_EXTENTS && extents > f->size / 16)
        return damaged(i, "it has more extents than there is room for", e);
    if (format == XFS_LOCAL && extents)
        return damaged(i, "it has extents and none", e);
    return 0;
}

static int set_forks(struct xfs_inode *i, size_t size, bool v3, bool big,
                     struct err *e)
{
    size_t core = v3 ? CORE_3 : CORE_2;
    size_t split = i->raw[AT_FORK] ? core + i->raw[AT_FORK] * 8u : size;
    uint64_t data = big ? be64_at(i->raw + AT_BIG_EXTENTS)
                        : be32_at(i->raw + AT_EXTENTS);
    uint32_t attr = big ? be32_at(i->raw + AT_EXTENTS)
                        : be16_at(i->raw + AT_ATTR_EXTENTS);

    if (split > size || (i->raw[AT_FORK] && split == size))
        return damaged(i, "its forks do not fit", e);
    if (set_fork(i, &i->data, i->raw[AT_FORMAT], data, core, split, e) < 0)
        return -1;
    if (split == size)
        return attr ? damaged(i, "it has attributes and no place for them", e)
                    : 0;
    return set_fork(i, &i->attributes, i->raw[AT_ATTR_FORMAT], attr, split,
                    size, e);
}

/* ------------------------------------------------------------------- read */

static int check_3(const struct xfs_volume *v, const struct xfs_inode *i,
                   struct err *e)
{
    if (!crc32c_good(&v->crc, i->raw, v->super.inode, AT_CRC))
        return damaged(i, "its checksum is wrong", e);
    if (be64_at(i->raw + AT_INODE) != i->number)
        return damaged(i, "it says that it is another one", e);
    if (memcmp(i->raw + AT_UUID, v->super.uuid, XFS_UUID) != 0)
        return damaged(i, "it is of another file system", e);
    return 0;
}

static int check_begin(const struct xfs_volume *v, const struct xfs_inode *i,
                       struct err *e)
{
    unsigned version = i->raw[AT_VERSION];

    if (memcmp(i->raw, "IN", 2) != 0)
        return err_set(e, ERR_SOURCE, 0, "there is no inode %" PRIu64,
                       i->number);
    if (v->super.v5 ? version != 3 : version != 1 && version != 2)
        return damaged(i, "its version", e);
    if (v->super.v5 && check_3(v, i, e) < 0)
        return -1;
    if (be16_at(i->raw + AT_MODE) == 0)
        return err_set(e, ERR_SOURCE, 0, "inode %" PRIu64 " is not in use",
                       i->number);
    return 0;
}

static int parse(const struct xfs_volume *v, struct xfs_inode *i,
                 struct err *e)
{
    const unsigned char *b = i->raw;
    bool v3 = v->super.v5;
    uint64_t flags2 = v3 ? be64_at(b + AT_FLAGS2) : 0;

    i->mode = be16_at(b + AT_MODE);
    i->type = type_of(i->mode);
    i->uid = be32_at(b + AT_UID);
    i->gid = be32_at(b + AT_GID);
    i->links = b[AT_VERSION] == 1 ? be16_at(b + AT_LINKS_1)
                                  : be32_at(b + AT_LINKS);
    i->size = be64_at(b + AT_SIZE);
    i->blocks = be64_at(b + AT_BLOCKS);
    i->realtime = i->type == FS_FILE
        && (be16_at(b + AT_FLAGS) & FLAG_REALTIME);
    if (i->size > INT64_MAX)
        return damaged(i, "its size", e);
    if (!may_be(i->type, b[AT_FORMAT]))
        return damaged(i, "its type or its format", e);
    set_times(i, v3, flags2 & FLAG2_BIGTIME);
    return set_forks(i, v->super.inode, v3, flags2 & FLAG2_BIG_EXTENTS, e);
}

int xfs_inode_read(struct xfs_volume *v, uint64_t number, struct xfs_inode *i,
                   struct err *e)
{
    uint64_t offset;

    memset(i, 0, sizeof(*i));
    i->number = number;
    if (place(v, number, &offset, e) < 0
        || xfs_volume_read(v, offset, i->raw, v->super.inode, e) < 0
        || check_begin(v, i, e) < 0)
        return -1;
    return parse(v, i, e);
}
