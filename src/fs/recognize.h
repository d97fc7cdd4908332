/* SPDX-License-Identifier: Apache-2.0 */
/* What is in a run of bytes, by the marks that its maker put there. */
#ifndef EBSIMG_FS_RECOGNIZE_H
#define EBSIMG_FS_RECOGNIZE_H

#include "fs/fs.h"

struct fs_kind {
    const char *name;          /* "ext", "XFS", "LUKS" ... */
    const struct fs_driver *driver; /* NULL: not read by this build */
    const char *why;           /* that it is not, in a few words; or NULL */
};

#define FS_KINDS_MAX 4u

/* All whose marks are there, in `out': several are possible, since marks of
 * what was there before may be left.  How many; -1: the bytes could not be
 * read. */
int fs_recognize(const struct fs_source *s,
                 const struct fs_kind *out[FS_KINDS_MAX], struct err *e);

/* 1: zeros in its first 64 MiB, at its end, and where the usual file systems
 * have copies of their superblock; what was never used looks like that, and
 * what was wiped does not.  0; -1: the bytes could not be read. */
int fs_seems_empty(const struct fs_source *s, struct err *e);

#endif
