/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody else must write down so that a command may read snapshots, or
 * nobody else may, or it is noticed: policies of IAM, of an organisation and
 * of a key, and the three rules that notice reads.  Pure: nobody is asked,
 * and no account, region or ARN is in them that was not given. */
#ifndef EBSIMG_POLICY_POLICY_H
#define EBSIMG_POLICY_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/text.h"
#include "policy/rights.h"

struct policy_names {
    const char *const *at;
    size_t count;
};

/* All of it is lent. */
struct policy_wish {
    const struct rights_command *command; /* NULL where none is needed */
    struct policy_names targets; /* ids of snapshots, volumes, instances */
    const char *since;           /* the snapshot of an earlier image, or NULL */
    bool chain;                  /* as acquire --chain */
    bool least;                  /* only what is required */
    struct policy_names keys;    /* ARNs */
    struct policy_names roles;   /* ARNs: who reads */
    const char *partition;       /* "aws" */
    const char *region;          /* NULL: any */
    const char *trail;           /* name of a trail of CloudTrail */
};

/* Everything is well-formed, of one partition and region, and named once.
 * ERR_USAGE names the thing and the remedy. */
int policy_check(const struct policy_wish *w, struct err *e);

/* What was named, as rights_used() wants to know it. */
unsigned policy_named(const struct policy_wish *w);

/* Each adds a JSON document with a newline to `out'.  The wish has passed
 * policy_check(); what can fail then is memory. */

/* The least that w->command needs: a policy of IAM for an identity.  A command
 * that asks AWS nothing has one without statements. */
int policy_write_allow(const struct policy_wish *w, struct text *out,
                       struct err *e);

/* A service control policy: nobody but the roles reads snapshots (those that
 * are named, or all) directly. */
int policy_write_scp(const struct policy_wish *w, struct text *out,
                     struct err *e);

/* The policy of a key with one statement: the roles may use it, through EBS
 * alone. */
int policy_write_kms(const struct policy_wish *w, struct text *out,
                     struct err *e);

/* An object with the parameters of PutEventSelectors (CloudTrail), PutRule
 * (EventBridge) and PutConfigRule (AWS Config), which notice reads of the
 * snapshots that are named, or of all, and snapshots that are shared or
 * public; and what searches for such reads (detect-search.h).  ERR_USAGE when
 * there are more snapshots than a rule takes. */
int policy_write_detect(const struct policy_wish *w, struct text *out,
                        struct err *e);

/* How IAM counts a policy: without blanks between its parts. */
size_t policy_size(const char *json);

/* What IAM takes as a managed policy (policy_size). */
#define POLICY_SIZE_MAX 6144

#endif
