/* SPDX-License-Identifier: Apache-2.0 */
/* The names in a directory of XFS, whatever its form: short (in the inode), a
 * block, or many blocks.  The index that large ones have is not read: all
 * names are in the blocks below 32 GiB of the directory. */
#ifndef EBSIMG_FS_XFS_DIR_H
#define EBSIMG_FS_XFS_DIR_H

#include "fs/visited.h"
#include "fs/xfs-map.h"

/* After so many blocks of a directory that are damaged the others are not
 * looked at. */
#define XFS_DIR_BAD 64u

struct xfs_dir {
    struct xfs_volume *volume;
    const struct xfs_inode *inode;
    struct xfs_map *map;       /* lent for each step only */
    uint64_t next;             /* block of the file to go on with */
    unsigned char *block;      /* NULL: the names are in the inode */
    size_t at, end;            /* where in it, and where names end */
    unsigned left;             /* of a short one: names to come */
    bool last;                 /* there is no other block */
    unsigned bad;              /* blocks so far */
    struct visited *taken;     /* blocks of all directories so far */
};

struct xfs_name {
    const char *name;          /* `n' bytes, good until the next step */
    size_t n;
    uint64_t inode;
};

/* The inode is a directory's, and stays; so do `map' and `taken': no block is
 * of two directories, or twice of one, or a small disk could keep us busy for
 * ever. */
int xfs_dir_open(struct xfs_dir *d, struct xfs_volume *v,
                 const struct xfs_inode *i, struct xfs_map *map,
                 struct visited *taken, struct err *e);
void xfs_dir_close(struct xfs_dir *d); /* also after a failure */

/* 1 and the next name, "." and ".." left out; 0: that was all.  -1: a block is
 * damaged or cannot be read; the step after it goes on with the next. */
int xfs_dir_next(struct xfs_dir *d, struct xfs_name *n, struct err *e);

#endif
