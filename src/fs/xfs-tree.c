/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/xfs-tree.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "fs/big.h"

enum {
    AT_LEVEL = 4, AT_COUNT = 6, AT_PLACE = 16, AT_UUID = 32, AT_OWNER = 48,
    AT_CRC = 52, HEAD_4 = 16, HEAD_5 = 56, LEVELS_MAX = 9,
};

/* Bytes of a record; of the keys of an inner block, which has two where ranges
 * overlap. */
static const struct {
    const char *magic_4, *magic_5;
    unsigned record, key;
} kinds[XFS_TREES] = {
    [XFS_TREE_FREE] = { "ABTB", "AB3B", 8, 8 },
    [XFS_TREE_FREE_BY_SIZE] = { "ABTC", "AB3C", 8, 8 },
    [XFS_TREE_INODES] = { "IABT", "IAB3", 16, 4 },
    [XFS_TREE_FREE_INODES] = { "FIBT", "FIB3", 16, 4 },
    [XFS_TREE_OWNERS] = { "RMB3", "RMB3", 24, 40 },
    [XFS_TREE_SHARED] = { "R3FC", "R3FC", 12, 4 },
};

static int damaged(const struct xfs_tree *t, const char *what, struct err *e)
{
    return err_set(e, ERR_SOURCE, 0, "a tree of group %" PRIu32 " is damaged: "
                   "%s", t->group, what);
}

static int check(const struct xfs_tree *t, const unsigned char *b,
                 uint64_t offset, unsigned level, struct err *e)
{
    const struct xfs_super *s = &t->volume->super;

    if (memcmp(b, s->v5 ? kinds[t->kind].magic_5 : kinds[t->kind].magic_4, 4)
            != 0
        || be16_at(b + AT_LEVEL) != level)
        return damaged(t, "a block of it is something else", e);
    if (!s->v5)
        return 0;
    if (!crc32c_good(&t->volume->crc, b, s->block, AT_CRC))
        return damaged(t, "a checksum is wrong", e);
    if (memcmp(b + AT_UUID, s->uuid, XFS_UUID) != 0
        || be64_at(b + AT_PLACE) != offset / 512
        || be32_at(b + AT_OWNER) != t->group)
        return damaged(t, "a block of it is of another place", e);
    return 0;
}

static int read_block(const struct xfs_tree *t, uint32_t block,
                      unsigned level, unsigned char *b, struct err *e)
{
    const struct xfs_super *s = &t->volume->super;
    uint64_t offset;

    if (block >= t->size)
        return damaged(t, "it leads out of its group", e);
    if (xfs_volume_place(t->volume, (uint64_t)t->group << s->group_log
                         | block, 1, &offset, e) < 0
        || xfs_volume_read(t->volume, offset, b, s->block, e) < 0)
        return -1;
    return check(t, b, offset, level, e);
}

static int tell_records(const struct xfs_tree *t, const unsigned char *b,
                        size_t room, unsigned count, struct err *e)
{
    unsigned each = kinds[t->kind].record;

    if (count > room / each)
        return damaged(t, "a block has more records than room", e);
    for (unsigned i = 0; t->record && i < count; i++)
        if (t->record(t->ctx, b + (size_t)i * each, e) < 0)
            return -1;
    return 0;
}

static int visit(struct xfs_tree *t, uint32_t block, unsigned level,
                 struct err *e)
{
    const struct xfs_super *s = &t->volume->super;
    size_t head = s->v5 ? HEAD_5 : HEAD_4, room = s->block - head;
    size_t most = room / (kinds[t->kind].key + 4);
    autofree unsigned char *b = malloc(s->block);
    unsigned count;
    bool seen;

    if (!b)
        return err_nomem(e);
    if (visited_add(&t->met, block, &seen, e) < 0)
        return -1;
    if (seen)
        return damaged(t, "it leads back into itself", e);
    if (read_block(t, block, level, b, e) < 0
        || t->block(t->ctx, block, e) < 0)
        return -1;
    count = be16_at(b + AT_COUNT);
    if (level == 0)
        return tell_records(t, b + head, room, count, e);
    if (count > most)
        return damaged(t, "a block has more keys than room", e);
    for (unsigned i = 0; i < count; i++)
        if (visit(t, be32_at(b + head + most * kinds[t->kind].key + 4 * i),
                  level - 1, e) < 0)
            return -1;
    return 0;
}

int xfs_tree_walk(struct xfs_tree *t, struct err *e)
{
    int r;

    if (t->levels == 0 || t->levels > LEVELS_MAX)
        return damaged(t, "its depth makes no sense", e);
    r = visit(t, t->root, t->levels - 1, e);
    visited_free(&t->met);
    return r;
}
