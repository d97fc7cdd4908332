/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg reconcile': the requests of a run held against the records of
 * CloudTrail, and who else read the same snapshot.
 *
 * own.c knows the run, own-count.c counts what became of its requests,
 * reconcile.c goes through the records, show-*.c tells. */
#ifndef EBSIMG_RECONCILE_RECONCILE_H
#define EBSIMG_RECONCILE_RECONCILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "readers/crowd.h"
#include "readers/gather.h"
#include "reconcile/options.h"
#include "reconcile/own.h"

/* Of one kind of requests: how many, and how many of them have a record. */
struct tally {
    uint64_t all, witnessed;
};

struct counts {
    struct tally blocks;     /* rows of this run, with an id */
    struct tally carried;    /* rows of earlier runs */
    uint64_t without_id;     /* rows */
    struct tally answers;    /* lists, and blocks that were rejected */
    struct tally failures;   /* requests that were refused or had an error */
    struct tally others;     /* calls of EC2 and STS */
};

/* Calls by our keys that nothing explains, and requests of ours without a
 * record: the first of each are named. */
#define NAMED_MAX 1000u

struct named {
    char id[64];
    enum reading_call call;
    uint64_t block;          /* or READING_NO_BLOCK */
    uint64_t time;           /* seconds since 1970, or 0 */
};

struct names_of {
    struct named *list;
    size_t count;
    uint64_t more;
};

struct reconcile {
    const struct reconcile_options *opt;
    const char *prefix;
    struct own own;
    struct gather gather;
    struct crowd ours;       /* requests that the provider witnessed */
    struct few known;        /* addresses that they came from */
    struct crowd adrift;     /* by our keys, without an answer */
    struct crowd others;     /* everybody else */
    struct counts counts;
    struct names_of unexplained, unwitnessed;
    uint64_t untold;         /* refused calls of others, for nobody knows
                              * what */
    bool strange;
};

/* The exit status: 0, or 1 when there is a request without its record, a call
 * or a reader that is not ours, or a file that could not be used whole; or
 * -1. */
int reconcile_run(const struct reconcile_options *opt, const char *prefix,
                  struct err *e);

/* For the files of this room: */

/* After the last record. */
int reconcile_count(struct reconcile *r, struct err *e);
int names_note(struct names_of *n, const struct named *x, struct err *e);

/* Somebody has our keys at an address that no witnessed request of ours came
 * from. */
bool reconcile_is_elsewhere(const struct reconcile *r,
                            const struct reader *x);

void reconcile_text(const struct reconcile *r, struct text *out);
void reconcile_json(const struct reconcile *r, struct text *out);

/* One sentence: RECONCILED, or NOT RECONCILED and why. */
void reconcile_verdict(const struct reconcile *r, struct text *t);

#endif
