/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the reader that is made of libtsk share. */
#ifndef EBSIMG_FS_TSK_PRIVATE_H
#define EBSIMG_FS_TSK_PRIVATE_H

#include <tsk/libtsk.h>

#include "fs/ext-map.h"
#include "fs/ext.h"
#include "fs/fs.h"

/* The library's image, which is a source of ours. */
struct tsk_disk {
    TSK_IMG_INFO info;         /* first: the library's view of it */
    const struct fs_source *source;
    struct err failed;         /* why the last read failed, or none */
};

struct fs {
    struct tsk_disk *disk;     /* the library frees it */
    TSK_FS_INFO *info;
    TSK_FS_FILE *file;         /* the one read last, or NULL */
    uint64_t inode;            /* its */
    struct ext_map map;        /* of the one read last by ext/extents: */
    uint64_t mapped;           /* its inode, or 0 */
    bool is_ext, is_fat, is_exfat, is_ntfs;
    TSK_FS_FILE *mft;          /* of NTFS, and: */
    uint64_t record;           /* bytes of one in it */
    struct ext_facts facts;    /* of ext, and: */
    struct ext_layout layout;
    struct fs_source cached;   /* the disk through the cache of the library */
};

/* What the library says, or what a read of ours said before it. */
int tsk_fail(struct fs *f, struct err *e);

/* Makes f->file that of the inode, unless it is. */
int tsk_open_file(struct fs *f, uint64_t inode, struct err *e);

/* The content of that number of a file that is open: NULL with no error for
 * none. */
const TSK_FS_ATTR *tsk_content(TSK_FS_FILE *file, uint64_t stream);

int tsk_walk(struct fs *f, const char *path, const struct fs_visitor *v,
             struct err *e);

/* ------------------------------------------------------------------ blocks */

/* Whose the clusters of NTFS, FAT and exFAT are, of what libtsk has opened:
 * extents() and regions() of struct fs_driver.
 *
 * NTFS: all attributes of a file that lie outside of its record, and the
 * record itself, which is FS_EXTENT_RECORD.  What is the file system's own
 * ($MFT, $Bitmap, all below $Extend ...) is metadata under its name; $LogFile
 * is the journal.  Sources: the layout as the Linux driver's documentation
 * tells it, and what mkntfs and ntfscluster do.
 *
 * FAT: the boot sectors and tables are metadata, directories belong to
 * themselves; exFAT: so are its bitmap and its table of letters.  A second
 * table that is the one in use, TexFAT and versions that are not known are
 * refused with ERR_SOURCE "not attributed: ...". */
typedef int tsk_on_extent(void *ctx, const struct fs_extent *x,
                          struct err *e);
typedef int tsk_on_region(void *ctx, const struct fs_region *r,
                          struct err *e);

int tsk_ntfs_extents(struct fs *f, uint64_t inode, uint64_t stream,
                     tsk_on_extent *extent, void *ctx, struct err *e);
int tsk_ntfs_regions(struct fs *f, tsk_on_region *region, void *ctx,
                     struct err *e);
int tsk_fat_regions(struct fs *f, tsk_on_region *region, void *ctx,
                    struct err *e);
int tsk_exfat_regions(struct fs *f, tsk_on_region *region, void *ctx,
                      struct err *e);

/* Is this file of exFAT the file system's own? */
bool tsk_exfat_is_own(const TSK_FS_META *m);

/* What is free of the blocks from `first' up to `end', as the library says
 * it, in runs. */
int tsk_free_regions(struct fs *f, uint64_t first, uint64_t end,
                     tsk_on_region *region, void *ctx, struct err *e);

#endif
