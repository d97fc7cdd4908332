/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between the files of two volumes, and how it is shown. */
#ifndef EBSIMG_FILES_CHANGES_H
#define EBSIMG_FILES_CHANGES_H

#include "files/blocks.h"

/* Unclear: it is on one side alone, and where it would be on the other one
 * could not be read. */
enum change_kind { CHANGE_ADDED, CHANGE_REMOVED, CHANGE_CHANGED,
                   CHANGE_MOVED, CHANGE_UNCLEAR,
                   /* its bytes were, and no metadata says so */
                   CHANGE_REWRITTEN,
                   CHANGE_KINDS };

extern const char *const change_words[CHANGE_KINDS];

/* What of a file is compared. */
enum change_field {
    FIELD_TYPE, FIELD_SIZE, FIELD_MODE, FIELD_UID, FIELD_GID, FIELD_TARGET,
    FIELD_INODE, FIELD_MODIFIED, FIELD_CHANGED, FIELD_BORN,
    FIELDS
};

extern const char *const field_words[FIELDS];

struct change {
    enum change_kind kind;
    const struct part_info *part;
    const struct fs_entry *a, *b; /* before and after; NULL: was not there */
    struct catalog_row *row[2]; /* the same with all that is known */
    unsigned fields;           /* 1 << FIELD_...: which differ */
    const char *place;         /* of persistence, or NULL */
};

/* Which fields differ.  When a file was read last is none of them. */
unsigned change_fields(const struct fs_entry *a, const struct fs_entry *b);
/* The value of one, as text; "" where there is none. */
void change_value(const struct fs_entry *f, enum change_field field,
                  struct text *t);

struct change_sums {
    uint64_t of[CHANGE_KINDS];
    uint64_t places;
    const struct blocks_sum *bytes;
};

struct change_format {
    void (*begin)(struct text *t);
    void (*change)(const struct change *c, struct text *t);
    void (*end)(const struct change_sums *sum, uint64_t left_out,
                struct text *t);
};

extern const struct change_format change_text, change_json, change_csv;

/* Does the metadata say that the content has not changed?  Type, size, and the
 * times of content and of inode are the same. */
bool change_is_none_of_content(const struct fs_entry *a,
                               const struct fs_entry *b);

/* Those of one path on both sides. */
int changes_pairs(struct catalog *a, struct catalog *b,
                  int (*pair)(void *ctx, struct catalog_row *a,
                              struct catalog_row *b, struct err *e),
                  void *ctx, struct err *e);

/* Compares two catalogs; `done' is called for each change. */
int changes_find(struct catalog *a, struct catalog *b,
                 int (*done)(void *ctx, const struct change *c,
                             struct err *e),
                 void *ctx, struct err *e);

#endif
