/* SPDX-License-Identifier: Apache-2.0 */
/* What EC2 says about a snapshot, and whether it can be read.  Pure. */
#ifndef EBSIMG_EBS_EC2_H
#define EBSIMG_EBS_EC2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/aws.h"
#include "base/err.h"
#include "ebs/xmllist.h"

struct ec2_tag {
    char *key;
    char *value;            /* "" when there is none */
};

/* Texts are as EC2 sent them, NULL when it said nothing.  Description and
 * tags are whatever somebody typed: escape them before they are shown. */
struct ec2_snapshot {
    char *id;
    char *volume_id;        /* "vol-ffffffff" for copies and uploads */
    char *status;           /* pending completed error recoverable ... */
    char *status_message;
    char *start_time;       /* ISO 8601; the moment that it shows */
    char *completion_time;
    char *progress;         /* "100%" */
    char *owner_id;
    char *owner_alias;
    char *description;
    struct xml_flag encrypted;
    char *kms_key_id;
    char *data_encryption_key_id;
    char *sse_type;
    char *storage_tier;     /* standard archive */
    char *transfer_type;
    char *restore_expiry_time;
    char *outpost_arn;
    char *availability_zone;
    uint64_t volume_gib;
    struct xml_count full_size; /* bytes of all stored blocks; an empty
                             * snapshot is told to have 0 */
    union {
        struct xmllist tag_list;
        struct {
            struct ec2_tag *tags;
            size_t ntags;
        };
    };
};

/* The request: DescribeSnapshots for one id. */
void ec2_describe_snapshot(struct call *c, const char *id);

/* Reads the answer, which must be about exactly one snapshot, of a volume of 1
 * to 65536 GiB as EBS has them.  ERR_SERVICE when it makes no sense,
 * ERR_SOURCE when it is about none.  Free the snapshot in either case. */
int ec2_parse_snapshot(const char *xml, size_t n, struct ec2_snapshot *out,
                       struct err *e);
void ec2_snapshot_free(struct ec2_snapshot *s);

/* The request for a page of an account's snapshots ("self": the caller's):
 * those of one volume, or all of the region when `volume' is NULL.  `next' is
 * what the page before said, NULL for the first. */
void ec2_describe_owned(struct call *c, const char *owner,
                        const char *volume, const char *next);

/* Snapshots, and nextToken in *next, or NULL when that is all of them.
 * EC2: a page may be short or empty and the list goes on all the same.
 * ERR_SERVICE when it makes no sense.  Free both in either case. */
int ec2_parse_snapshots(const char *xml, size_t n, struct xmllist *out,
                        char **next, struct err *e);
void ec2_snapshots_free(struct xmllist *l);

static inline struct ec2_snapshot *ec2_snapshot_at(const struct xmllist *l,
                                                   size_t i)
{
    return (struct ec2_snapshot *)l->items + i;
}

/* "vol-ffffffff" and its kind, which copies and uploads have: it says
 * nothing and must not be used. */
bool ec2_volume_meaningless(const char *volume_id);

/* 0 when the EBS direct APIs can read it and it is the one that was asked
 * for.  Else ERR_SOURCE: what is wrong with it, and the remedy. */
int ec2_snapshot_usable(const struct ec2_snapshot *s, const char *asked,
                        struct err *e);

#endif
