/* The files of one side of a comparison, in the order of their paths.  Takes
 * some 200 bytes for each. */
#ifndef EBSIMG_FILES_CATALOG_H
#define EBSIMG_FILES_CATALOG_H

#include "files/files.h"

struct catalog_row {
    struct fs_entry f;         /* its texts are the catalog's */
    unsigned part;             /* in `parts' */
    bool met;                  /* it has found its like on the other side */
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
    struct files_totals sum;
};

/* All that is not deleted, or what is below `path'; sorted. */
int catalog_read(struct catalog *c, struct session *s,
                 const struct files_options *o, const char *path,
                 struct err *e);
void catalog_free(struct catalog *c);

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
