/* SPDX-License-Identifier: Apache-2.0 */
/* A snapshot as `ebsimg list' shows it: what EC2 says of it, and what was
 * found out around it.  Pure.
 *
 * What was not asked for, what nobody would tell and what there is not are
 * three things: a refusal must never look like a "no". */
#ifndef EBSIMG_DISCOVER_ROW_H
#define EBSIMG_DISCOVER_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "ebs/ec2.h"

enum known { NOT_ASKED, UNKNOWN, KNOWN };

enum sharing { SHARED_NOT, SHARED_ACCOUNTS, SHARED_PUBLIC };

/* Texts are as EC2 sent them, NULL when there is nothing to tell. */
struct row {
    struct ec2_snapshot snapshot;
    const char *region;          /* lent */
    uint64_t start;              /* ns; 0: not told, or no time */

    enum known place;
    struct text instance, device; /* where the volume is attached, one after
                                   * the other */
    enum known lock;
    char *lock_state, *lock_until;
    enum known sharing;
    enum sharing shared;
    struct text accounts;        /* "1, 2" */
    struct text accounts_json;   /* "1","2" */
    enum known tier;
    char *tiering, *archived, *restore_expires;
};

/* Takes the snapshot over and leaves *s empty. */
void row_take(struct row *r, struct ec2_snapshot *s, const char *region);
void row_free(struct row *r);

/* Bytes of memory that its texts take, roughly. */
size_t row_weight(const struct row *r);

/* The moment is between the two, 0: no bound.  One without a start time
 * always is: what cannot be judged is not left out. */
bool row_is_between(const struct row *r, uint64_t from, uint64_t to);

/* Adds one name to a list of them, a comma between. */
void row_add_name(struct text *list, const char *name);

#endif
