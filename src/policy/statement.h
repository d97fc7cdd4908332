/* SPDX-License-Identifier: Apache-2.0 */
/* What the documents of src/policy have in common.  Pure. */
#ifndef EBSIMG_POLICY_STATEMENT_H
#define EBSIMG_POLICY_STATEMENT_H

#include "policy/jsonout.h"
#include "policy/policy.h"

/* A policy of IAM's language, up to the first statement, and its end. */
void policy_begin(struct jsonout *j, struct text *out);
int policy_end(struct jsonout *j, struct err *e);

/* A statement up to its actions. */
void policy_begin_statement(struct jsonout *j, const char *sid,
                            const char *effect);

/* "Resource": those of the targets that are snapshots, and `more' unless it
 * is NULL. */
void policy_add_snapshots(struct jsonout *j, const struct policy_wish *w,
                          const char *more);

/* "Resource": what snapshots are made of (the volumes that were named, and
 * the instances with whatever volumes they have), and the snapshots, whose ids
 * nobody knows yet. */
void policy_add_sources(struct jsonout *j, const struct policy_wish *w);
/* Those snapshots alone. */
void policy_add_new(struct jsonout *j, const struct policy_wish *w);

/* "Condition": the key is used for EBS alone. */
void policy_add_via_ebs(struct jsonout *j, const struct policy_wish *w);

#endif
