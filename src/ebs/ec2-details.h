/* SPDX-License-Identifier: Apache-2.0 */
/* What EC2 tells about snapshots only when it is asked for it, with a right of
 * its own each: locks, moves between tiers, with whom it is shared.  Pure.
 * Texts are as EC2 sent them, NULL when it said nothing. */
#ifndef EBSIMG_EBS_EC2_DETAILS_H
#define EBSIMG_EBS_EC2_DETAILS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "ebs/ec2-request.h"
#include "ebs/xmllist.h"

struct ec2_lock {
    char *snapshot_id;
    char *state;              /* governance compliance compliance-cooloff
                               * expired */
    char *expires;
    char *cooloff_expires;
};

struct ec2_tier {
    char *snapshot_id;
    char *operation;          /* archival-completed ...: the last one */
    char *archived;           /* when */
    char *restore_expires;    /* of one that is restored for a while */
};

/* Of at most EC2_FILTER_VALUES snapshots.  The answers name those that have
 * something to be told of. */
void ec2_describe_locks(struct call *c, const char *const *ids, size_t n,
                        const char *next);
void ec2_describe_tiers(struct call *c, const char *const *ids, size_t n,
                        const char *next);

/* As ec2_parse_snapshots(). */
int ec2_parse_locks(const char *xml, size_t n, struct xmllist *out,
                    char **next, struct err *e);
int ec2_parse_tiers(const char *xml, size_t n, struct xmllist *out,
                    char **next, struct err *e);
void ec2_locks_free(struct xmllist *l);
void ec2_tiers_free(struct xmllist *l);

/* One may be shared with accounts or with a group: "all" is everybody. */
struct ec2_permission {
    char *account;
    char *group;
};

struct ec2_sharing {
    char *snapshot_id;
    struct xmllist permissions; /* none: its owner alone has it */
};

/* createVolumePermission of one snapshot. */
void ec2_describe_sharing(struct call *c, const char *id);
/* ERR_SERVICE when it makes no sense, or is silent about permissions: silence
 * does not mean that there are none.  Free in either case. */
int ec2_parse_sharing(const char *xml, size_t n, struct ec2_sharing *out,
                      struct err *e);
void ec2_sharing_free(struct ec2_sharing *s);

#endif
