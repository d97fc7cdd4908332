/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/ext-inode.h"

#include <string.h>

#include "fs/bytes.h"

enum {
    SUPERBLOCK = 1024, OLD_INODE = 128,
    AT_INODES = 0, AT_FIRST_BLOCK = 20, AT_LOG_BLOCK = 24, AT_PER_GROUP = 40,
    AT_REVISION = 76, AT_INODE_SIZE = 88, AT_INCOMPAT = 96,
    AT_DESCRIPTOR_SIZE = 254, INCOMPAT_64BIT = 0x80,
    DESCRIPTOR_TABLE = 8, DESCRIPTOR_TABLE_HIGH = 40,
    INODE_EXTRA_SIZE = 128,
};

int ext_layout_read(const struct fs_source *s, struct ext_layout *l,
                    struct err *e)
{
    unsigned char b[1024];
    unsigned shift;

    if (fs_source_read(s, SUPERBLOCK, b, sizeof(b), e) < 0)
        return -1;
    shift = le32_at(b + AT_LOG_BLOCK);
    *l = (struct ext_layout){
        .inodes = le32_at(b + AT_INODES),
        .per_group = le32_at(b + AT_PER_GROUP),
        .inode_size = le32_at(b + AT_REVISION) ? le16_at(b + AT_INODE_SIZE)
                                               : OLD_INODE,
        .descriptor_size = le32_at(b + AT_INCOMPAT) & INCOMPAT_64BIT
            ? le16_at(b + AT_DESCRIPTOR_SIZE) : 32,
    };
    if (shift > 6 || !l->per_group || l->inode_size < OLD_INODE
        || l->inode_size > 65535 || l->descriptor_size < 32
        || l->descriptor_size > 1024)
        return err_set(e, ERR_SOURCE, 0, "the superblock makes no sense");
    l->block_size = 1024u << shift;
    l->descriptors = ((uint64_t)le32_at(b + AT_FIRST_BLOCK) + 1)
        * l->block_size;
    return 0;
}

int ext_inode_read(const struct fs_source *s, const struct ext_layout *l,
                   uint64_t inode, unsigned char b[EXT_INODE],
                   struct err *e)
{
    uint64_t group = (inode - 1) / l->per_group;
    uint64_t index = (inode - 1) % l->per_group;
    unsigned char d[64] = { 0 };
    uint64_t table, at;

    if (inode == 0 || inode > l->inodes)
        return err_set(e, ERR_SOURCE, 0, "there is no such inode");
    if (fs_source_read(s, l->descriptors + group * l->descriptor_size, d,
                       l->descriptor_size < 64 ? 32 : 64, e) < 0)
        return -1;
    table = le32_at(d + DESCRIPTOR_TABLE)
        | (uint64_t)le32_at(d + DESCRIPTOR_TABLE_HIGH) << 32;
    if (__builtin_mul_overflow(table, (uint64_t)l->block_size, &at)
        || __builtin_add_overflow(at, index * l->inode_size, &at))
        return err_set(e, ERR_SOURCE, 0, "the inode is nowhere");
    memset(b, 0, EXT_INODE);
    return fs_source_read(s, at, b, l->inode_size < EXT_INODE
                          ? OLD_INODE : EXT_INODE, e);
}

/* Two bits more of the seconds, and the nanoseconds above them. */
static void set_time(struct fs_entry *f, enum fs_time which,
                     const unsigned char *b, size_t low, size_t extra,
                     size_t end)
{
    int64_t seconds = (int32_t)le32_at(b + low);
    uint32_t more = extra + 4 <= end ? le32_at(b + extra) : 0;
    uint32_t ns = more >> 2;

    if (low + 4 > end || ns >= 1000000000)
        return;
    seconds += (int64_t)(more & 3) << 32;
    if (which == FS_BORN && seconds == 0 && ns == 0)
        return;
    f->times |= 1u << which;
    f->time[which] = seconds * 1000000000 + (int64_t)ns;
}

int ext_times(const struct fs_source *s, const struct ext_layout *l,
              struct fs_entry *f, struct err *e)
{
    unsigned char b[EXT_INODE];
    size_t end;

    if (ext_inode_read(s, l, f->inode, b, e) < 0)
        return -1;
    end = OLD_INODE;
    if (l->inode_size >= EXT_INODE)
        end += le16_at(b + INODE_EXTRA_SIZE);
    end = end < EXT_INODE ? end : EXT_INODE;
    f->times = 0;
    set_time(f, FS_ACCESSED, b, 8, 140, end);
    set_time(f, FS_CHANGED, b, 12, 132, end);
    set_time(f, FS_MODIFIED, b, 16, 136, end);
    set_time(f, FS_BORN, b, 144, 148, end);
    return 0;
}
