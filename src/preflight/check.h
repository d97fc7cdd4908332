/* SPDX-License-Identifier: Apache-2.0 */
/* What was looked at before a run, and what came of it: the rows of the table
 * that `ebsimg preflight' shows.  Pure. */
#ifndef EBSIMG_PREFLIGHT_CHECK_H
#define EBSIMG_PREFLIGHT_CHECK_H

#include <stddef.h>

#include "base/err.h"

enum check_part {
    PART_RIGHT,
    PART_SNAPSHOT,
    PART_FOLDER,
    PART_CLOCK,
    PART_WAY,        /* to the service */
    PART_SPARE,      /* a right that the command has no use for */
    CHECK_PARTS
};

enum check_need {
    NEED_TO_RUN,     /* without it there is no run */
    NEED_USEFUL,     /* without it something stays unknown, or is worse */
    NEED_NONE,       /* told, and nothing depends on it */
};

enum check_answer {
    CHECK_YES,
    CHECK_NO,
    CHECK_UNKNOWN,   /* nobody said, or it could not be asked */
    CHECK_SPARED,    /* there is nothing to ask: no key, no block */
};

struct check {
    enum check_part part;
    enum check_need need;
    enum check_answer answer;
    const char *name;        /* lent: "ebs:GetSnapshotBlock" */
    const char *target;      /* lent: the snapshot, or NULL */
    const char *needed_for;  /* lent: a few words */
    enum err_kind kind;      /* what a run without it would end with */
    char *says;              /* a sentence, from whoever; hostile */
    char *remedy;            /* NULL: none is needed */
};

struct checks {
    struct check *list;
    size_t count, room;
};

/* Adds a copy of `row' with copies of the two sentences; `remedy' may be
 * NULL. */
int checks_add(struct checks *c, const struct check *row, const char *says,
               const char *remedy, struct err *e);
void checks_free(struct checks *c);

/* What the answers come to. */
struct checks_sum {
    size_t prevent;          /* needed, and not there or not known */
    size_t missing;          /* useful, and likewise */
    const struct check *first; /* of those that prevent; NULL: none */
};
struct checks_sum checks_sum(const struct checks *c);

const char *check_part_name(enum check_part part);
const char *check_need_name(enum check_need need);
const char *check_answer_name(enum check_answer answer);

#endif
