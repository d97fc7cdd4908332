/* What CloudTrail records tell about the origin of snapshots.  Pure: the
 * records come from files that somebody has; nothing is asked for.
 *
 * Accepted are a file as CloudTrail delivers it ({"Records":[...]}), the
 * answer of `aws cloudtrail lookup-events' ({"Events":[{"CloudTrailEvent":
 * "..."}]}), a list of records, and records one after another.  Records of
 * calls that failed are left out, and so is a record that comes twice.  What
 * a record says is as good as the file it comes from. */
#ifndef EBSIMG_EBS_CLOUDTRAIL_H
#define EBSIMG_EBS_CLOUDTRAIL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ebs/resource.h"

enum trail_kind {
    TRAIL_SNAPSHOT,   /* CreateSnapshot(s): made of a volume */
    TRAIL_COPY,       /* CopySnapshot: of a snapshot, maybe elsewhere */
    TRAIL_UPLOAD,     /* StartSnapshot: on a parent snapshot, or on none */
    TRAIL_VOLUME,     /* CreateVolume: from a snapshot, or empty */
    TRAIL_INSTANCE,   /* RunInstances: from a machine image */
    TRAIL_IMAGE,      /* CreateImage: of an instance */
    TRAIL_DELETE,     /* DeleteSnapshot */
};

struct trail_event {
    enum trail_kind kind;
    char made[RESOURCE_ROOM];    /* what came to be (or was deleted) */
    char from[RESOURCE_ROOM];    /* what it was made of, or "" */
    char from_region[32];        /* of a copy, or "" */
    char time[32];               /* ISO 8601 */
    char event_id[48];
};

struct trail {
    struct trail_event *events;
    size_t count;
    uint64_t records;            /* seen, of any kind */
};

/* Adds what one file holds.  1: it is JSON, but holds nothing that looks like
 * records.  ERR_USAGE when it is not JSON. */
int trail_parse(struct trail *t, const char *json, size_t n, struct err *e);

/* After the last file: in the order of time, each record once. */
void trail_sort(struct trail *t);
void trail_free(struct trail *t);

/* "CopySnapshot" ... */
const char *trail_event_name(enum trail_kind kind);

#endif
