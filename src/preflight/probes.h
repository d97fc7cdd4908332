/* SPDX-License-Identifier: Apache-2.0 */
/* How each right of policy/rights.h is tried: the cheapest call that tells,
 * and none that changes anything.  A table; pure. */
#ifndef EBSIMG_PREFLIGHT_PROBES_H
#define EBSIMG_PREFLIGHT_PROBES_H

#include "base/err.h"
#include "preflight/check.h"

/* In the order of the questions: later ones use what earlier ones tell. */
enum probe_way {
    PROBE_IDENTITY,  /* GetCallerIdentity */
    PROBE_SNAPSHOT,  /* DescribeSnapshots of each snapshot */
    PROBE_DRY,       /* the call itself, with DryRun: EC2 then only says
                      * whether it would be allowed */
    PROBE_SHARING,   /* the same, of a snapshot */
    PROBE_MAKE,      /* the call itself with DryRun and a tag, of each volume or
                      * instance */
    PROBE_TAG,       /* asked by the one before */
    PROBE_LIST,      /* the shortest page of each snapshot's list */
    PROBE_BLOCK,     /* the first block of that page */
    PROBE_CHANGED,   /* the shortest page, between two snapshots; of one
                      * alone, between it and itself */
    PROBE_KEY,       /* no call of its own: EBS uses the key */
    PROBE_WAYS
};

struct probe {
    const char *right;
    enum probe_way way;
    const char *needed_for;
};

/* NULL: nobody knows how to try it. */
const struct probe *probe_find(const char *right);

/* "ec2:DescribeVolumes" is the action DescribeVolumes. */
const char *probe_action(const char *right);

/* What a failed question says about the right to ask it: EC2 looks whether
 * the caller may before it looks for the thing, so that "there is no such
 * thing" is an answer to who may. */
enum check_answer probe_judge(const struct err *why);

/* The same about the KMS key: CHECK_NO when it or its policy is to blame,
 * CHECK_UNKNOWN for all else. */
enum check_answer probe_judge_key(const struct err *why);

/* Rights to make things that no acquisition needs, and that can be asked
 * about without harm: both would make something new, and touch nothing that
 * is there, if a service took the question for an order. */
struct probe_spare {
    const char *right;
    const char *what;        /* "makes more snapshots" */
};
#define PROBE_SPARES 2
extern const struct probe_spare probe_spares[PROBE_SPARES];

#endif
