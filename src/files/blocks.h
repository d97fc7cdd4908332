/* SPDX-License-Identifier: Apache-2.0 */
/* What the changed bytes of two volumes hold: a row for each run of them with
 * its owners, and sums by class. */
#ifndef EBSIMG_FILES_BLOCKS_H
#define EBSIMG_FILES_BLOCKS_H

#include "files/catalog.h"

struct blocks_sum {
    bool done;                 /* they were compared; else */
    char why[400];             /* not; "": nobody wanted it */
    uint64_t changed, lost;    /* blocks of 512 KiB */
    bool cut;                  /* there is more than was looked at */
    /* By what they hold after: */
    uint64_t bytes[OWNER_CLASSES], blocks[OWNER_CLASSES];
    uint64_t last[OWNER_CLASSES]; /* block that was counted last, + 1 */
};

/* One row. */
struct block_row {
    const struct owned *owned;
    enum owner_class class[2]; /* before and after */
    const struct catalog *side[2];
};

void blocks_count(struct blocks_sum *sum, const struct block_row *r);

struct block_format {
    void (*row)(const struct block_row *r, struct text *t);
    void (*sum)(const struct blocks_sum *s, struct text *t);
};

/* The sums of JSON are members of the last object, those of the others lines
 * before the last one.  A CSV row begins behind the columns of a change. */
extern const struct block_format block_text, block_json, block_csv;

/* Columns of the latter, of which these are empty in other rows. */
#define BLOCK_COLUMNS "class,class_before,block,offset,bytes,file_offset,blocks"
#define BLOCK_SKIP 22          /* columns between the place and these */
#define BLOCK_NO_COLUMNS ",,,,,,"

#endif
