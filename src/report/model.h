/* SPDX-License-Identifier: Apache-2.0 */
/* All that a report tells of one run: what its papers say, what was found when
 * they were held against each other, and the pictures of it.  It is made of
 * the files alone. */
#ifndef EBSIMG_REPORT_MODEL_H
#define EBSIMG_REPORT_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "report/disk.h"
#include "report/map.h"
#include "report/story.h"
#include "verify/papers.h"

struct report {
    const char *name;         /* as it was typed */
    struct papers papers;
    const struct run_record *log; /* of these */
    char head[2 * LOG_HASH + 1];  /* of the log as far as it is good */
    struct story story;
    struct map map;
    struct disk disk;
    uint64_t made;            /* when this report was, wall ns */
    /* What is known of the run, the worst first: */
    bool broken;              /* its log is not sound: what stands behind the
                               * break is not in the report */
    bool died;                /* its log has no end */
    bool cut;                 /* and its last line was cut off then */
    bool failed;              /* it says that it made no image */
};

/* ERR_USAGE when there is no log of that name.  report_free() in every
 * case. */
int report_fill(struct report *r, const char *name, const char *head,
                struct err *e);
void report_free(struct report *r);

/* The exit status: as `verify' gives for the papers. */
int report_status(const struct report *r);

/* The verdict in a few words: the worst thing that is known. */
const char *report_headline(const struct report *r);
/* 0: all is well, 1: with a reserve, 2: it is not. */
int report_alarm(const struct report *r);

#endif
