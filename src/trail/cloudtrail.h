/* SPDX-License-Identifier: Apache-2.0 */
/* What CloudTrail records tell about the origin of snapshots.  Pure: the
 * records come from files that somebody has; nothing is asked for.
 *
 * Read is what people have: files as CloudTrail delivers them
 * ({"Records":[...]}), answers of `aws cloudtrail lookup-events'
 * ({"Events":[...]}), events of EventBridge and of CloudWatch Logs, exports of
 * search engines, each as one value, as a list, or one a line.  Records of
 * calls that failed are left out, and so is a record that comes twice.  What
 * a record says is as good as the file it comes from.
 *
 * Memory is flat: a record is parsed alone, has at most 1 MiB (CloudTrail:
 * 256 KiB) and 200,000 values, and of the calls of interest at most a million
 * are kept. */
#ifndef EBSIMG_TRAIL_CLOUDTRAIL_H
#define EBSIMG_TRAIL_CLOUDTRAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/err.h"
#include "base/resource.h"

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

/* Why something in a file of records is not used. */
enum trail_unused {
    UNUSED_BROKEN,    /* a place that is no JSON; the next line is read on */
    UNUSED_WRAPPED,   /* a record inside of another, and no JSON */
    UNUSED_LARGE,     /* more bytes or values than a record can have */
    UNUSED_OTHER,     /* an entry that is no record */
    UNUSED_KNOWN,     /* one that is known to be something else: a line of a
                       * log, what CloudTrail Insights says */
    TRAIL_UNUSED,
};

struct trail {
    struct trail_event *events;
    size_t count, room;
    uint64_t records;            /* seen, of any kind */
    uint64_t unused[TRAIL_UNUSED];
    uint64_t left_out;           /* things of folders that nobody looked into,
                                  * or could, and that may hold records */
    /* NULL, or what is to become of the records instead: it is handed each
     * one whole, calls that failed and copies included, and no event is kept.
     * -1 ends the reading. */
    int (*each)(void *ctx, const cJSON *record, struct err *e);
    void *ctx;
};

/* One file, piece by piece, added to the trail. */
struct trail_reader;
struct trail_reader *trail_begin(struct trail *t, struct err *e);
int trail_feed(struct trail_reader *r, const char *data, size_t n,
               struct err *e);
/* So much was read without a record, and no JSON either, that it can end. */
bool trail_hopeless(const struct trail_reader *r);
/* What a file turned out to be. */
enum trail_file {
    TRAIL_TAKEN,
    TRAIL_OTHER,      /* JSON, but nothing that looks like records */
    TRAIL_EMPTY,
    TRAIL_NO_JSON,    /* from its first byte on */
    TRAIL_UTF16,
    TRAIL_ALIKE,      /* JSON that speaks of events as records do */
    TRAIL_FILES,
};

/* Frees the reader.  One of enum trail_file, or -1 with ERR_USAGE for what
 * begins as JSON, is none, and has no record: it is damaged.  Nothing is
 * counted of a file that was not taken. */
int trail_end(struct trail_reader *r, struct err *e);
void trail_abandon(struct trail_reader *r); /* frees it, no more */

/* A file that is in memory. */
int trail_parse(struct trail *t, const char *json, size_t n, struct err *e);

/* "it holds no CloudTrail records", "places that are no JSON" ... */
const char *trail_file_words(enum trail_file f);
const char *trail_unused_words(enum trail_unused u);

/* After the last file: in the order of time, each record once. */
void trail_sort(struct trail *t);
void trail_free(struct trail *t);

/* "CopySnapshot" ... */
const char *trail_event_name(enum trail_kind kind);

#endif
