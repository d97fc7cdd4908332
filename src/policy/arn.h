/* SPDX-License-Identifier: Apache-2.0 */
/* The names that a policy is written with: partitions, regions, ids and ARNs.
 * Strict, because a policy with a mistyped name is a policy that IAM takes and
 * that grants nothing, or something else; and because `*' and `?' in a name
 * would be wildcards there.  Pure. */
#ifndef EBSIMG_POLICY_ARN_H
#define EBSIMG_POLICY_ARN_H

#include <stdbool.h>

#include "base/err.h"

/* All parts of AWS as ARNs name them, ended by NULL; the first is the usual
 * one. */
extern const char *const arn_partitions[];

/* What the ARN of a key or a role begins with. */
struct arn {
    char partition[16];
    char region[32];      /* "" for a role */
};

/* "eu-west-1": words of small letters and a number. */
bool arn_region_ok(const char *region);

/* "snap-", "vol-", "i-" (`prefix') and 8 or 17 hex digits in small letters, as
 * EC2 gives them. */
bool arn_id_ok(const char *prefix, const char *id);

/* A key of KMS: arn:aws:kms:REGION:ACCOUNT:key/ID.  ERR_USAGE names what is
 * wrong with it, and the remedy: an alias is no key to IAM. */
int arn_parse_key(const char *text, struct arn *out, struct err *e);

/* A role: arn:aws:iam::ACCOUNT:role/PATH/NAME.  ERR_USAGE likewise: a session
 * of a role is not the role. */
int arn_parse_role(const char *text, struct arn *out, struct err *e);

#endif
