/* SPDX-License-Identifier: Apache-2.0 */
/* The files of one side of a comparison, in the order of their paths.  Takes
 * some 200 bytes for each. */
#ifndef EBSIMG_FILES_CATALOG_H
#define EBSIMG_FILES_CATALOG_H

#include "files/files.h"
#include "files/owners.h"

struct catalog_row {
    struct fs_entry f;         /* its texts are the catalog's */
    unsigned part;             /* in `parts' */
    bool met;                  /* it has found its like on the other side */
    bool touched;              /* bytes of its content have changed */
    bool wanted;               /* its digest is */
    bool in_record;            /* its content may be in its record */
    bool silent;               /* its content has changed, and no metadata
                                * says so */
    uint32_t id;               /* that claims have of it */
    uint64_t map;              /* a digest of where it lies; 0: not known */
    const unsigned char *sha256; /* 32 bytes, or NULL */
    const char *unread;        /* why there is none */
};

/* What could not be read of a part. */
struct catalog_gap {
    unsigned part;             /* in `parts' */
    const char *note;          /* the catalog's; "PATH: ..." about a path */
};

struct catalog {
    struct part_info *parts;
    size_t part_count, part_room;
    struct catalog_gap *gaps;
    size_t gap_count, gap_room;
    bool blind;                /* there are more gaps than these */
    struct catalog_row *rows;
    size_t count, room;
    struct text_chunk *chunks; /* of texts */
    struct owners *owners;     /* NULL, or told whose what is */
    struct hash *map;          /* of the row that came last */
    bool is_deleted;           /* what came last is, and has no row */
    uint32_t *by_id;           /* rows by their id, once they are sorted */
    struct files_totals sum;
};

/* All that is not deleted, or what is below `path'; sorted. */
int catalog_read(struct catalog *c, struct session *s,
                 const struct files_options *o, const char *path,
                 struct err *e);
void catalog_free(struct catalog *c);
/* Bytes that live as long as the catalog; NULL: no memory. */
char *catalog_keep(struct catalog *c, const void *bytes, size_t n,
                   struct err *e);
/* Of a claim; NULL: it is no file's that is in it. */
struct catalog_row *catalog_row_of(const struct catalog *c, uint32_t id);
/* The row of a file that a second walk meets; NULL: there is none. */
struct catalog_row *catalog_find(struct catalog *c, size_t part,
                                 const struct fs_entry *f);

/* Could a file be on this side though it is not in the catalog?  Yes when the
 * part of the other side is not read here, or is not here and not all parts
 * were read, or what is told as not read is the path, a directory above it, or
 * nobody knows where. */
bool catalog_may_have(const struct catalog *c, const struct part_info *part,
                      const char *path);

/* Of two catalogs: the same file system?  By the number of its partition and
 * the name of its logical volume. */
int catalog_compare_parts(const struct part_info *a,
                          const struct part_info *b);

#endif
