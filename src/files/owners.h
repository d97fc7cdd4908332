/* SPDX-License-Identifier: Apache-2.0 */
/* Whose the changed bytes of one side are: what its file systems claim, as far
 * as it has changed.  Takes 32 bytes for each claim on a run, at most
 * OWNERS_MAX of them. */
#ifndef EBSIMG_FILES_OWNERS_H
#define EBSIMG_FILES_OWNERS_H

#include "files/differences.h"

#define OWNERS_MAX (4u << 20)
#define OWNERS_AT_ONCE 1024u   /* of the same bytes */
#define OWNER_NO_FILE UINT32_MAX

/* The later ones count where several are told of the same bytes. */
enum owner_class {
    OWNER_OUTSIDE,             /* no file system is there */
    OWNER_NOBODY,              /* in use, and no owner was found */
    OWNER_UNKNOWN,             /* not attributed */
    OWNER_FREE,
    OWNER_JOURNAL,
    OWNER_META,                /* of the file system, or of a file: its map,
                                * its attributes, a directory */
    OWNER_SLACK,               /* a file's, and no content of it: behind its
                                * end, or reserved */
    OWNER_CONTENT,
    OWNER_SILENT,              /* content that changed behind the back of the
                                * file system */
    OWNER_CLASSES
};

extern const char *const owner_words[OWNER_CLASSES];

struct claim {
    uint64_t offset, size;     /* in the volume, inside of one run */
    uint64_t at;               /* in the file */
    uint32_t file;             /* number of it, or OWNER_NO_FILE */
    enum owner_class class;
};

struct owners {
    const struct differences *changed;
    struct claim *claims;
    size_t count, room;
    bool cut;                  /* there are more */
};

/* Any bytes; what has not changed of them is left out. */
int owners_add(struct owners *o, const struct claim *c, struct err *e);
/* Of a file whose content has this size. */
int owners_add_extent(struct owners *o, const struct fs_extent *x,
                      uint32_t file, uint64_t size, bool is_dir,
                      struct err *e);
int owners_add_region(struct owners *o, const struct wire_region *r,
                      struct err *e);
void owners_free(struct owners *o);

/* Changed bytes that have the same owners in all of them, before and after. */
struct owned {
    uint64_t offset, size;
    enum owner_class class[2];
    const struct claim **files[2]; /* claims of files */
    size_t count[2];
    bool cut;                  /* more than OWNERS_AT_ONCE */
    bool is_unread;            /* nobody knows whether they have changed */
};

/* Both sides, in the order of the volume.  Sorts the claims. */
int owners_walk(struct owners side[2],
                int (*done)(void *ctx, const struct owned *o, struct err *e),
                void *ctx, struct err *e);

#endif
