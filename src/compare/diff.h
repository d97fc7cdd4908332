/* SPDX-License-Identifier: Apache-2.0 */
/* One run of `ebsimg diff': the two sides (sides.c), what the lists say
 * (plan.c), the comparison of bytes (bytes.c), and where the
 * result goes (show.c, map.c, dump.c). */
#ifndef EBSIMG_COMPARE_DIFF_H
#define EBSIMG_COMPARE_DIFF_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "fetch/delta.h"
#include "fetch/service.h"
#include "flow/slot.h"
#include "show/progress.h"
#include "volume/pass.h"
#include "volume/volume.h"

/* Bytes are compared in pieces of this size, the page of most systems. */
#define DIFF_PAGE 4096u

struct diff_options {
    struct service_options service;
    bool list_only, full, ranges, json, csv;
    bool exit_code;  /* 10 when they differ */
    const char *svg, *dump;
    int progress;
};

/* ----------------------------------------------------------------- sides */

struct diff_side {
    char letter;               /* 'A' or 'B' */
    const char *access;        /* path of its access log; NULL: none */
    struct volume volume;      /* its `stored' may be the delta's */
    struct blockset *wanted;   /* of a snapshot: what is to be fetched */
    struct pass pass;          /* what is to be compared of it */
};

struct diff {
    const struct diff_options *opt;
    struct diff_side sides[2];
    bool listed;               /* there is a list of changes */
    bool listed_twice;         /* nothing but a second list of stored blocks
                                * vouches for the first */
    struct delta delta;        /* it, when `listed' */
    uint64_t blocks;           /* of the larger side */
    struct progress progress;
    struct diff_totals {
        uint64_t blocks;       /* compared and reported: listed ones, or ... */
        uint64_t different;    /* ... those whose bytes differ */
        uint64_t equal;        /* listed, and the same bytes */
        uint64_t unreadable;
        uint64_t bytes;        /* in the pages that differ */
    } totals;
    struct diff_show *show;
    struct diff_map *map;
    struct diff_dump *dump;
};

/* All of it: the exit status, or -1. */
int diff_run(const struct diff_options *opt, char **names, struct err *e);

/* Finds out what the two are.  Asks nobody. */
int diff_open_sides(struct diff *d, char **names, struct err *e);
void diff_close_sides(struct diff *d);

/* ------------------------------------------------------------------ plan */

/* Asks for the lists, proves that they agree, and says what the rest will
 * cost. */
int diff_plan(struct diff *d, struct err *e);

/* The lists alone, proved: what each side stores, and where there is a list of
 * changes, `delta'. */
int diff_lists(struct diff *d, struct err *e);

/* ---------------------------------------------------------------- result */

enum diff_kind { DIFF_CHANGED, DIFF_ADDED, DIFF_REMOVED };
enum diff_state { DIFF_LISTED, DIFF_DIFFERENT, DIFF_EQUAL, DIFF_UNREADABLE };

extern const char *const diff_kind_names[];  /* "changed" ... */
extern const char *const diff_state_names[]; /* "listed" ... */

/* What was found out about one block. */
struct diff_block {
    uint64_t index;
    enum diff_kind kind;
    enum diff_state state;
    const struct slot *slot[2]; /* NULL: zeros, or nothing was fetched */
    uint32_t size;              /* bytes: BLOCK_SIZE, or the image's rest */
    uint32_t different;         /* bytes in the pages that differ */
    bool page[BLOCK_SIZE / DIFF_PAGE]; /* which ones */
};

/* After all blocks: were all compared that are to be, and does no byte differ,
 * nor the size?  Is anything known to differ (of lists alone: listed)? */
bool diff_is_identical(const struct diff *d);
bool diff_differs(const struct diff *d);

/* Hands a block, in ascending order, to all who want it. */
int diff_report(struct diff *d, const struct diff_block *b, struct err *e);
enum diff_kind diff_kind_of(const struct diff *d, uint64_t index);

/* Compares bytes; every block that is listed, or else differs, is reported. */
int diff_compare(struct diff *d, struct err *e);

/* basis.c: what a side rests on, as a word and, of both, in a line each;
 * weak: whoever has the files of one could have changed it. */
const char *diff_basis_name(const struct diff_side *s);
bool diff_basis_is_weak(const struct diff *d);
void diff_basis_put(const struct diff *d, FILE *f);

/* The lines of the result, on standard output, as they come. */
struct diff_show *diff_show_new(const struct diff *d, struct err *e);
int diff_show_block(struct diff_show *s, const struct diff_block *b,
                    struct err *e);
int diff_show_end(struct diff_show *s, struct err *e);
void diff_show_free(struct diff_show *s);

/* A map of the volume as SVG, written at the end. */
struct diff_map *diff_map_new(const struct diff *d, struct err *e);
void diff_map_block(struct diff_map *m, const struct diff_block *b);
int diff_map_write(struct diff_map *m, const struct diff *d,
                   const char *path, struct err *e);
void diff_map_free(struct diff_map *m);

/* A folder with what differs, from both sides. */
struct diff_dump *diff_dump_new(const struct diff *d, const char *folder,
                                struct err *e);
int diff_dump_block(struct diff_dump *u, const struct diff_block *b,
                    struct err *e);
int diff_dump_end(struct diff_dump *u, struct err *e);
/* It has its index. */
bool diff_dump_is_whole(const struct diff_dump *u);
void diff_dump_free(struct diff_dump *u);

#endif
