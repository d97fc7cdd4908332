/* SPDX-License-Identifier: Apache-2.0 */
/* Which rights each command uses, and what for: one table, which the tests
 * hold against what the commands really ask for.  Pure.
 *
 * A right that is required ends the command when it is missing; one that is
 * wanted leaves something unknown, which the command tells. */
#ifndef EBSIMG_POLICY_RIGHTS_H
#define EBSIMG_POLICY_RIGHTS_H

#include <stdbool.h>
#include <stddef.h>

/* What was named: bits.  A right is used when one of its bits is there. */
enum rights_when {
    RIGHTS_ALWAYS = 1,
    RIGHTS_SNAPSHOT = 2,  /* a snapshot was named */
    RIGHTS_PAIR = 4,      /* two snapshots or more */
    RIGHTS_VOLUME = 8,
    RIGHTS_INSTANCE = 16,
    RIGHTS_LINE = 32,     /* acquire --chain or --since: lists of changes */
};

/* What the right is for.  EC2's questions know no resources: they are for
 * everything. */
enum rights_scope {
    RIGHTS_NAMED,     /* the snapshots that were named */
    RIGHTS_AND_BASE,  /* these, and that of the earlier image */
    RIGHTS_ANY,
    RIGHTS_KEYS,
    RIGHTS_MAKE,      /* the volumes and instances that were named, and new
                       * snapshots */
    RIGHTS_TAG,       /* new snapshots, while they are made */
    RIGHTS_SCOPES,
};

struct rights_row {
    const char *command;
    const char *right;            /* "ebs:GetSnapshotBlock" */
    enum rights_scope scope;
    unsigned required, wanted;    /* enum rights_when */
};

extern const struct rights_row rights_table[];
extern const size_t rights_rows;

/* Of each command: which ids it is asked about; 0 asks AWS nothing. */
struct rights_command {
    const char *name;
    unsigned targets;  /* RIGHTS_SNAPSHOT, RIGHTS_VOLUME, RIGHTS_INSTANCE */
    bool line;         /* it has --chain and --since */
};

/* NULL: there is no such command. */
const struct rights_command *rights_find(const char *name);

/* Does this command use the right of this row, when that was named?  With
 * `least' only when it is required. */
bool rights_used(const struct rights_row *r, const struct rights_command *c,
                 unsigned named, bool least);

/* The calls that read a snapshot directly: what guards and alarms are about. */
#define RIGHTS_READS 3
extern const char *const rights_reads[RIGHTS_READS];

/* The actions of KMS that reading an encrypted snapshot takes. */
#define RIGHTS_KMS 2
extern const char *const rights_kms[RIGHTS_KMS];

#endif
