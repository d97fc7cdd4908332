/* SPDX-License-Identifier: Apache-2.0 */
/* A file system inside a volume, whichever reader knows it: what files there
 * are, what is in them, and which bytes of the volume are theirs.
 *
 * Everything here was written by whoever had the disk: a reader bounds each
 * number before it uses it, never recurses deeper than FS_DEPTH, visits each
 * directory inode once, and takes memory that does not grow with the number
 * of files (a set of inode numbers that were visited apart).  It refuses what
 * it does not know: an unknown feature bit is ERR_SOURCE with the words "not
 * attributed: feature 0x...", never a guess.
 *
 * One thread.  The parsing runs in a process that may do nothing but ask for
 * bytes (files/sandbox.h): readers open no file and write to no terminal. */
#ifndef EBSIMG_FS_FS_H
#define EBSIMG_FS_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

#define FS_DEPTH 512u          /* directories inside each other */
#define FS_NAME_MAX 4096u      /* bytes of one name */
#define FS_PATH_MAX 65536u     /* bytes of a path */

/* ------------------------------------------------------------------- bytes */

/* A run of bytes that somebody owns: a volume, a partition, a logical
 * volume.  read() fills all of `n' bytes or fails; it is asked for nothing
 * outside of `size'. */
struct fs_source {
    int (*read)(void *ctx, uint64_t offset, void *to, size_t n,
                struct err *e);
    void *ctx;
    uint64_t size;
};

/* Checks that it is inside, and reads. */
int fs_source_read(const struct fs_source *s, uint64_t offset, void *to,
                   size_t n, struct err *e);

/* ------------------------------------------------------------------- files */

enum fs_type {
    FS_FILE, FS_DIR, FS_LINK, FS_BLOCK, FS_CHAR, FS_FIFO, FS_SOCKET,
    FS_OTHER,
    FS_TYPES
};

enum fs_time { FS_MODIFIED, FS_ACCESSED, FS_CHANGED, FS_BORN, FS_TIMES };

/* What a directory, or for deleted files what is left of one, says of a
 * file.  Text is the reader's, until the visit is over. */
struct fs_entry {
    const char *path;          /* terminated; "/" is the root.  Made with
                                * fs_path_add(): any bytes but NUL */
    bool odd_name;             /* a name in it held a `/' or NUL, which stands
                                * there as an escape */
    const char *target;        /* of a link, else NULL */
    enum fs_type type;
    uint64_t inode;
    uint64_t stream;           /* which content of the inode; 0 mostly */
    bool deleted;              /* the name, or the inode, is free again */
    bool reused;               /* deleted, and the inode is another file's
                                * now: the rest is not about this name */
    uint64_t size;             /* bytes of the content */
    unsigned links;
    bool has_mode, has_owner;
    uint32_t mode;             /* 07777: rights, without the type */
    uint32_t uid, gid;
    unsigned times;            /* 1 << FS_MODIFIED ...: which there are */
    int64_t time[FS_TIMES];    /* ns since 1970-01-01 UTC */
};

/* Bytes of a file, as they lie in the source. */
struct fs_extent {
    uint64_t at;               /* in the file; of FS_EXTENT_META 0 */
    uint64_t offset;           /* in the source */
    uint64_t size;
    unsigned flags;
};

#define FS_EXTENT_UNWRITTEN 1u /* reserved; reads as zeros */
#define FS_EXTENT_META 2u      /* not content: of its map, its attributes */
#define FS_EXTENT_RECORD 8u    /* with META: the record of the file, in which a
                                * small content may be */
#define FS_EXTENT_PACKED 4u    /* compressed or encrypted: `size' is what it
                                * takes there */

/* What bytes of a file system are that are no file's which walk() visits. */
enum fs_use {
    FS_USE_ALL,                /* where the file system is: what of it is told
                                * by nobody has no owner that is known */
    FS_USE_FREE,               /* unallocated */
    FS_USE_META,               /* its own */
    FS_USE_JOURNAL,
    FS_USES
};

struct fs_region {
    uint64_t offset, size;     /* in the source */
    enum fs_use use;
};

/* Who looks at a file system.  -1 from entry() or extent() ends the walk with
 * that error. */
struct fs_visitor {
    void *ctx;
    /* A directory before what is in it. */
    int (*entry)(void *ctx, const struct fs_entry *f, struct err *e);
    /* What could not be read and is left out, in one sentence: damage, a
     * checksum.  The walk goes on. */
    void (*note)(void *ctx, const char *text);
    /* What is true of all of it, and leaves nothing out; may be NULL. */
    void (*remark)(void *ctx, const char *text);
};

struct fs;

/* A kind of file system, as its reader knows it. */
struct fs_driver {
    const char *name;          /* "xfs" */
    /* Is it one?  1, 0, or -1 when the bytes could not be read. */
    int (*probe)(const struct fs_source *s, struct err *e);
    /* `s' outlives it.  NULL: refused, damaged, or no memory. */
    struct fs *(*open)(const struct fs_source *s, struct err *e);
    /* Visits `path' (absolute; "/" for all), and all below it when it is a
     * directory; reads no other directory than those that lead there.
     * 1: there is no such path. */
    int (*walk)(struct fs *f, const char *path, const struct fs_visitor *v,
                struct err *e);
    /* The same bytes as the system that wrote them would read: holes are
     * zeros.  *got is less than `n' only where the file ends. */
    int (*read)(struct fs *f, uint64_t inode, uint64_t stream,
                uint64_t offset, void *to, size_t n, size_t *got,
                struct err *e);
    /* Holes are left out. */
    int (*extents)(struct fs *f, uint64_t inode, uint64_t stream,
                   int (*extent)(void *ctx, const struct fs_extent *x,
                                 struct err *e),
                   void *ctx, struct err *e);
    void (*close)(struct fs *f); /* NULL is fine */
    /* All that is no file's; NULL: this reader does not know that, and then
     * extents() is of files alone, and leaves out what belongs to their
     * maps.  With it extents() is also of directories and links. */
    int (*regions)(struct fs *f,
                   int (*region)(void *ctx, const struct fs_region *r,
                                 struct err *e),
                   void *ctx, struct err *e);
};

/* ------------------------------------------------------------------- paths */

/* Appends "/NAME" to a path ("/" alone is the root).  False: the path is too
 * long, there is no memory, or the name is "", "." or "..", which lead
 * nowhere; `path' is as it was.  A `/' or a NUL in the name becomes "\x2f" or
 * "\x00", and *odd true. */
bool fs_path_add(struct text *path, const char *name, size_t n, bool *odd);
/* Back to what it was when it had `len' bytes. */
void fs_path_cut(struct text *path, size_t len);

#endif
