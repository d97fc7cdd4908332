/* SPDX-License-Identifier: Apache-2.0 */
/* What one CloudTrail record tells about the reading of a snapshot: a call of
 * the EBS direct APIs that reads, or the decryption of its key.  Pure.
 *
 * Nothing in a record is needed but the name of the call: AWS leaves out the
 * parameters of calls that IAM refused, and the ARN of a caller in another
 * account. */
#ifndef EBSIMG_TRAIL_READING_H
#define EBSIMG_TRAIL_READING_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

enum reading_call {
    READING_GET,        /* GetSnapshotBlock */
    READING_LIST,       /* ListSnapshotBlocks */
    READING_CHANGED,    /* ListChangedBlocks, of one snapshot or two */
    READING_DECRYPT,    /* KMS Decrypt, for the snapshot in its context */
    READING_CALLS,
};

#define READING_NO_BLOCK UINT64_MAX

/* More than any volume has: 64 TiB in blocks of 512 KiB. */
#define READING_BLOCKS (UINT64_C(1) << 27)

/* Texts are the record's, and "" where it does not tell. */
struct reading {
    enum reading_call call;
    /* The second one of ListChangedBlocks alone.  One that is not told is "";
     * of Decrypt it may be a volume. */
    const char *things[2];
    uint64_t block;          /* of GetSnapshotBlock, or READING_NO_BLOCK */
    const char *who;         /* the ARN, else what comes nearest to it */
    const char *type, *account, *key;
    const char *address, *endpoint, *agent, *region, *error;
    const char *request_id, *event_id;
    bool shared;             /* one of several records of one call */
    const char *time;        /* as it stands there */
    uint64_t seconds;        /* since 1970, or 0 */
};

/* The member as a text, or "". */
const char *reading_text(const cJSON *object, const char *name);

/* False: the record is about something else. */
bool reading_read(const cJSON *record, struct reading *a);

/* "GetSnapshotBlock" ... */
const char *reading_name(enum reading_call call);

#endif
