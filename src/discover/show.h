/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of `ebsimg list' on standard output, as they come: a table for
 * people, CSV for spreadsheets, JSON for programs, an object a line. */
#ifndef EBSIMG_DISCOVER_SHOW_H
#define EBSIMG_DISCOVER_SHOW_H

#include "base/notes.h"
#include "discover/columns.h"
#include "discover/options.h"

struct show;

/* One way to show it; each adds to `t'. */
struct show_format {
    void (*begin)(const struct show *s, struct text *t);
    /* What the answers about a region rest on comes first. */
    void (*region)(const struct show *s, const struct service *from,
                   struct text *t);
    void (*row)(const struct show *s, const struct row *r, struct text *t);
    void (*end)(const struct show *s, const struct notes *notes,
                bool complete, struct text *t);
};

extern const struct show_format show_table, show_csv, show_lines;

struct show {
    const struct show_format *format;
    bool regions;          /* there may be several */
    bool places, details;  /* there are such columns */
    bool short_rows;       /* nothing beneath a row of the table */
    bool quiet;
    unsigned width;        /* places of a line of the table */
    uint64_t rows;         /* shown so far */
    uint64_t gib;          /* of their volumes */
    bool begun;
};

void show_init(struct show *s, const struct list_options *opt);

/* ERR_DEST when it cannot be written. */
int show_begin(struct show *s, struct err *e);
int show_region(struct show *s, const struct service *from, struct err *e);
int show_row(struct show *s, const struct row *r, struct err *e);
/* `complete': every list came to its end. */
int show_end(struct show *s, const struct notes *notes, bool complete,
             struct err *e);

/* There is such a column in this run; `table': in the table. */
bool show_has(const struct show *s, const struct column *k, bool table);

#endif
