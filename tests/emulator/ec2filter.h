/* SPDX-License-Identifier: Apache-2.0 */
/* Which snapshots a DescribeSnapshots call asks for. */
#ifndef EMULATOR_EC2FILTER_H
#define EMULATOR_EC2FILTER_H

#include <stdbool.h>

struct request;
struct snapshot;

/* False when a filter is not known; it is named in `unknown' then. */
bool ec2filter_check(const struct request *r, const char **unknown);

/* It is the caller's, shared, or public. */
bool ec2filter_visible(const struct snapshot *s);

/* It is in the region that the request was signed for. */
bool ec2filter_here(const struct request *r, const struct snapshot *s);

/* Owner, ids and filters all want it, and the caller may see it. */
bool ec2filter_wants(const struct request *r, const struct snapshot *s);

/* The status that this answer shows: the real one, or what a rule says. */
const char *ec2filter_status(const struct request *r,
                             const struct snapshot *s);
const char *ec2filter_tier(const struct request *r,
                           const struct snapshot *s);

#endif
