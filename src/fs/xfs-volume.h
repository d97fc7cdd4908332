/* SPDX-License-Identifier: Apache-2.0 */
/* The blocks of an XFS file system, each where its number says, and inside.
 *
 * A number of a block has two parts: the allocation group, and in the low
 * `group_log' bits the block in it. */
#ifndef EBSIMG_FS_XFS_VOLUME_H
#define EBSIMG_FS_XFS_VOLUME_H

#include "fs/crc32c.h"
#include "fs/fs.h"
#include "fs/xfs-super.h"

#define XFS_PAGE 16384u        /* read at once; metadata lies together */
#define XFS_PAGES 64u

struct xfs_page {
    uint64_t number;           /* + 1; 0: none */
    unsigned char bytes[XFS_PAGE];
};

struct xfs_volume {
    const struct fs_source *source;
    struct xfs_super super;
    struct crc32c crc;
    struct xfs_page *pages;    /* metadata that was read last */
};

/* `s' outlives it.  xfs_volume_close() is fine after a failure, too. */
int xfs_volume_open(struct xfs_volume *v, const struct fs_source *s,
                    struct err *e);
void xfs_volume_close(struct xfs_volume *v);

/* So many blocks (at least one) from this one on are in one group: ERR_SOURCE
 * if not.  Their offset in the source then is what *offset says. */
int xfs_volume_place(const struct xfs_volume *v, uint64_t block,
                     uint64_t count, uint64_t *offset, struct err *e);

/* Metadata, at any offset. */
int xfs_volume_read(struct xfs_volume *v, uint64_t offset, void *to, size_t n,
                    struct err *e);

/* Where the header of a block says what it is of: the bytes from its
 * beginning at which there are the checksum, the number of its first 512
 * bytes on the disk, the UUID and the inode. */
struct xfs_header {
    unsigned crc, place, uuid, owner;
};

/* Of version 5: is it this inode's block, and whole?  `n' bytes that lie at
 * `offset'. */
int xfs_volume_check(const struct xfs_volume *v, const struct xfs_header *h,
                     const unsigned char *bytes, size_t n, uint64_t offset,
                     uint64_t owner, struct err *e);

#endif
