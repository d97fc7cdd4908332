/* SPDX-License-Identifier: Apache-2.0 */
/* Where the blocks of a fork lie: the extents of an inode in the order of the
 * file, out of the inode or out of a tree of blocks.
 *
 * Every extent is inside an allocation group and behind the one before, so
 * that a walk ends whatever the tree says.  A tree takes as much memory as it
 * is deep, which is at most XFS_LEVELS blocks. */
#ifndef EBSIMG_FS_XFS_MAP_H
#define EBSIMG_FS_XFS_MAP_H

#include "fs/xfs-inode.h"

#define XFS_LEVELS 10u

struct xfs_extent {
    uint64_t at;               /* block of the file */
    uint64_t block;            /* block of the volume, as its number says */
    uint64_t offset;           /* ... and its place in the source, bytes */
    uint32_t count;            /* blocks, at least 1 */
    bool unwritten;
};

struct xfs_level {
    unsigned char *bytes;      /* a block, kept for the next walk */
    unsigned at, count;        /* which of its records, of how many */
};

/* One at a time for each of these: a second xfs_map_seek() ends the walk that
 * was before.  All zeros to begin with. */
struct xfs_map {
    struct xfs_volume *volume;
    const struct xfs_fork *fork;
    uint64_t owner;            /* inode */
    unsigned top;              /* level of what the inode holds; 0: extents */
    uint64_t from;             /* the block that is sought */
    uint64_t floor;            /* where the next extent may begin */
    struct xfs_level level[XFS_LEVELS + 1]; /* [0]: records of extents */
    const unsigned char *root; /* the records in the inode */
    /* NULL, or told of each block of the tree. */
    int (*block)(void *ctx, uint64_t offset, struct err *e);
    void *ctx;
};

void xfs_map_free(struct xfs_map *m);

/* The fork and `m' stay in place until the walk is over.  xfs_map_next()
 * begins with the extent that holds this block of the file, or the next. */
int xfs_map_seek(struct xfs_map *m, struct xfs_volume *v,
                 const struct xfs_fork *f, uint64_t owner, uint64_t block,
                 struct err *e);

/* 1; 0 after the last. */
int xfs_map_next(struct xfs_map *m, struct xfs_extent *x, struct err *e);

#endif
