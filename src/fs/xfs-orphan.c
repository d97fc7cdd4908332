/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/xfs-orphan.h"

#include <inttypes.h>
#include <string.h>

#include "fs/big.h"

enum {
    AT_GROUP = 8, AT_HEADS = 40, AT_UUID = 296, AT_CRC = 312,
    HEADER = 512,              /* of a group's inodes: its third sector, of
                                * which this much is read in version 4 */
    AT_NEXT = 96,              /* of an inode */
    NONE = 0xffffffff,
};

static int damaged(const struct xfs_orphans *o, const char *what,
                   struct err *e)
{
    return err_set(e, ERR_SOURCE, 0, "the header of the inodes of group %"
                   PRIu64 " is damaged: %s", o->group, what);
}

static int check(const struct xfs_orphans *o, const unsigned char *b,
                 struct err *e)
{
    const struct xfs_super *s = &o->volume->super;

    if (memcmp(b, "XAGI", 4) != 0 || be32_at(b + AT_GROUP) != o->group)
        return damaged(o, "it is something else", e);
    if (!s->v5)
        return 0;
    if (!crc32c_good(&o->volume->crc, b, s->sector, AT_CRC))
        return damaged(o, "its checksum is wrong", e);
    if (memcmp(b + AT_UUID, s->uuid, XFS_UUID) != 0)
        return damaged(o, "it is of another file system", e);
    return 0;
}

static int load(struct xfs_orphans *o, struct err *e)
{
    const struct xfs_super *s = &o->volume->super;
    unsigned char b[32768];
    uint64_t offset;

    if (xfs_volume_place(o->volume, o->group << s->group_log, 1, &offset,
                         e) < 0
        || xfs_volume_read(o->volume, offset + 2 * s->sector, b, s->sector,
                           e) < 0
        || check(o, b, e) < 0)
        return -1;
    for (unsigned i = 0; i < XFS_ORPHAN_LISTS; i++)
        o->head[i] = be32_at(b + AT_HEADS + 4 * i);
    o->list = 0;
    o->next = o->head[0];
    o->loaded = true;
    return 0;
}

/* To the next list that is not empty, in whichever group.  0: there is
 * none. */
static int next_list(struct xfs_orphans *o, struct err *e)
{
    while (o->group < o->volume->super.groups) {
        if (!o->loaded && load(o, e) < 0) {
            o->group++;
            return -1;
        }
        while (o->next == NONE && ++o->list < XFS_ORPHAN_LISTS)
            o->next = o->head[o->list];
        if (o->next != NONE)
            return 1;
        o->loaded = false;
        o->group++;
    }
    return 0;
}

int xfs_orphan_next(struct xfs_orphans *o, struct xfs_inode *i,
                    struct err *e)
{
    const struct xfs_super *s = &o->volume->super;
    unsigned bits = s->group_log + s->inodes_log; /* of one in its group */
    uint64_t number;
    bool seen;
    int r = next_list(o, e);

    if (r <= 0)
        return r;
    number = o->group << bits | o->next;
    if (number >> bits != o->group)
        return o->next = NONE, damaged(o, "a list leads out of it", e);
    o->next = NONE;
    if (visited_add(&o->seen, number, &seen, e) < 0)
        return -1;
    if (seen)
        return damaged(o, "a list of inodes leads back into itself", e);
    if (xfs_inode_read(o->volume, number, i, e) < 0)
        return -1;
    o->next = be32_at(i->raw + AT_NEXT);
    return 1;
}

void xfs_orphan_end(struct xfs_orphans *o)
{
    visited_free(&o->seen);
}
