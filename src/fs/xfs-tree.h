/* SPDX-License-Identifier: Apache-2.0 */
/* The trees of an allocation group of XFS: of free space, of inodes, of owners
 * and of shared blocks.  Each of their blocks is checked (version 5: checksum,
 * place, file system, group), is told, and lies in the group; one that is met
 * twice is damage, so that a walk ends.  Takes some 32 bytes for each block of
 * the tree. */
#ifndef EBSIMG_FS_XFS_TREE_H
#define EBSIMG_FS_XFS_TREE_H

#include "fs/visited.h"
#include "fs/xfs-volume.h"

enum xfs_tree_kind {
    XFS_TREE_FREE, XFS_TREE_FREE_BY_SIZE, XFS_TREE_INODES,
    XFS_TREE_FREE_INODES, XFS_TREE_OWNERS, XFS_TREE_SHARED,
    XFS_TREES
};

struct xfs_tree {
    struct xfs_volume *volume;
    enum xfs_tree_kind kind;
    uint32_t group, size;      /* of the group, blocks */
    uint32_t root;             /* block of the group */
    unsigned levels;
    /* Told of each block of it, by its number in the group. */
    int (*block)(void *ctx, uint32_t block, struct err *e);
    /* NULL, or told of each record. */
    int (*record)(void *ctx, const unsigned char *r, struct err *e);
    void *ctx;
    struct visited met;        /* blocks so far */
};

int xfs_tree_walk(struct xfs_tree *t, struct err *e);

#endif
