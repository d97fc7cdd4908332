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
    bool is_ext, is_fat, is_ntfs;
    struct ext_facts facts;    /* of ext, and: */
    struct ext_layout layout;
    struct fs_source cached;   /* the disk through the cache of the library */
};

/* What the library says, or what a read of ours said before it. */
int tsk_fail(struct fs *f, struct err *e);

/* The content of that number of a file that is open: NULL with no error for
 * none. */
const TSK_FS_ATTR *tsk_content(TSK_FS_FILE *file, uint64_t stream);

int tsk_walk(struct fs *f, const char *path, const struct fs_visitor *v,
             struct err *e);

#endif
