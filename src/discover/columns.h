/* SPDX-License-Identifier: Apache-2.0 */
/* What there is to tell of a snapshot, as columns: one row of a table for
 * each, which the three ways to show it read.  Pure. */
#ifndef EBSIMG_DISCOVER_COLUMNS_H
#define EBSIMG_DISCOVER_COLUMNS_H

#include "discover/row.h"

enum cell_kind {
    CELL_NONE,      /* there is none, or it does not apply */
    CELL_UNKNOWN,   /* nobody tells */
    CELL_TEXT,      /* as it came: escape it */
    CELL_NUMBER,
    CELL_BYTES,     /* a number, shown as a size */
    CELL_BOOL,      /* a number */
    CELL_TIME,      /* a text, shown without fractions of a second */
    CELL_LIST,      /* a text for people; `json' for programs */
};

struct cell {
    enum cell_kind kind;
    const char *text;
    uint64_t number;
    const char *json;
    struct text made, made_json; /* where they are kept, or empty */
};

/* When there is such a column at all. */
enum column_when {
    ALWAYS,
    WITH_REGIONS,   /* in the table; elsewhere always */
    WITH_PLACES,    /* an instance was named, or details are wanted */
    WITH_DETAILS,
};

struct column {
    const char *name;       /* in JSON and CSV */
    const char *title;      /* in the table */
    enum column_when when;
    unsigned width;         /* of its place in the table */
    unsigned rank;          /* 1 comes into the table's line first; 0: never,
                             * it stands beneath */
    bool right;
    void (*get)(const struct row *r, struct cell *c);
};

extern const struct column columns[];
extern const size_t columns_count;

/* Free it in any case. */
void column_read(const struct column *k, const struct row *r,
                 struct cell *c);
void cell_free(struct cell *c);

/* For people, escaped: "-" for CELL_NONE, "?" for CELL_UNKNOWN. */
void cell_add_shown(const struct cell *c, struct text *t);

#endif
