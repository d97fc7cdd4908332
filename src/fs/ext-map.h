/* SPDX-License-Identifier: Apache-2.0 */
/* Where the bytes of a file of ext4 are that has a tree of extents.  (libtsk
 * 4.11 loses the holes of some, and the whole of trees with gaps.) */
#ifndef EBSIMG_FS_EXT_MAP_H
#define EBSIMG_FS_EXT_MAP_H

#include "fs/ext-inode.h"

#define EXT_EXTENTS_MAX (4u << 20)

struct ext_extent {
    uint32_t at, blocks;       /* in the file, in blocks */
    uint64_t start;            /* block of the file system */
    bool unwritten;            /* it is reserved, and reads as zeros */
};

struct ext_map {
    uint64_t size;             /* of the file */
    bool has_extents;          /* else the rest says nothing */
    struct ext_extent *extents; /* in the order of the file */
    size_t count, room;
    /* Blocks of the tree itself. */
    uint64_t *nodes;
    size_t node_count, node_room;
};

int ext_map_read(const struct fs_source *s, const struct ext_layout *l,
                 uint64_t inode, struct ext_map *m, struct err *e);
void ext_map_free(struct ext_map *m);

/* Bytes of the file; holes are zeros.  *got is less only where it ends. */
int ext_map_bytes(const struct fs_source *s, const struct ext_layout *l,
                  const struct ext_map *m, uint64_t offset, void *to,
                  size_t n, size_t *got, struct err *e);

#endif
