/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/reading.h"

#include <stddef.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/resource.h"
#include "base/snapshot-id.h"

static const struct row {
    const char *source, *event;
    enum reading_call call;
} rows[] = {
    { "ebs.amazonaws.com", "GetSnapshotBlock", READING_GET },
    { "ebs.amazonaws.com", "ListSnapshotBlocks", READING_LIST },
    { "ebs.amazonaws.com", "ListChangedBlocks", READING_CHANGED },
    { "kms.amazonaws.com", "Decrypt", READING_DECRYPT },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

const char *reading_name(enum reading_call call)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].call == call)
            return rows[i].event;
    return "";
}

const char *reading_text(const cJSON *object, const char *name)
{
    const char *s = json_text(object, name);

    return s ? s : "";
}

static const char *snapshot_of(const cJSON *object, const char *name)
{
    const char *id = reading_text(object, name);

    return snapshot_id_ok(id) ? id : "";
}

/* EBS encrypts the keys of volumes and snapshots in the context of their
 * ids. */
static const char *decrypted(const cJSON *request)
{
    const char *id = reading_text(json_member(request, "encryptionContext"),
                                 "aws:ebs:id");

    return snapshot_id_ok(id) || resource_kind(id) == RESOURCE_VOLUME ? id
                                                                      : "";
}

/* The part of "arn:aws:ec2:REGION::snapshot/ID" that counts. */
static const char *resource(const cJSON *record, int i)
{
    const cJSON *list = json_member(record, "resources");
    const char *arn = reading_text(cJSON_IsArray(list)
                                  ? cJSON_GetArrayItem(list, i) : NULL,
                                  "ARN");
    const char *id = strrchr(arn, '/');

    return id && snapshot_id_ok(id + 1) ? id + 1 : "";
}

static void read_things(const cJSON *record, struct reading *a)
{
    const cJSON *request = json_member(record, "requestParameters");

    a->things[0] = a->things[1] = "";
    switch (a->call) {
    case READING_GET:
    case READING_LIST:
        a->things[0] = snapshot_of(request, "snapshotId");
        break;
    case READING_CHANGED:
        a->things[0] = snapshot_of(request, "secondSnapshotId");
        a->things[1] = snapshot_of(request, "firstSnapshotId");
        break;
    default:
        a->things[0] = decrypted(request);
        return;
    }
    if (!a->things[0][0])
        a->things[0] = resource(record, 0);
    if (a->call == READING_CHANGED && !a->things[1][0])
        a->things[1] = resource(record, 1);
    if (strcmp(a->things[0], a->things[1]) == 0)
        a->things[1] = "";
}

/* The ARN is left out of what one account is told about another one's
 * callers, and of what a service of AWS does by itself. */
static void read_caller(const cJSON *record, struct reading *a)
{
    static const char *const names[] = { "arn", "principalId", "invokedBy",
                                         "accountId", "type" };
    const cJSON *id = json_member(record, "userIdentity");

    a->who = "";
    for (size_t i = 0; !a->who[0] && i < sizeof(names) / sizeof(names[0]);
         i++)
        a->who = reading_text(id, names[i]);
    a->type = reading_text(id, "type");
    a->account = reading_text(id, "accountId");
    a->key = reading_text(id, "accessKeyId");
}

static void read_rest(const cJSON *record, struct reading *a)
{
    a->address = reading_text(record, "sourceIPAddress");
    a->endpoint = reading_text(record, "vpcEndpointId");
    a->agent = reading_text(record, "userAgent");
    a->region = reading_text(record, "awsRegion");
    a->error = reading_text(record, "errorCode");
    a->request_id = reading_text(record, "requestID");
    a->event_id = reading_text(record, "eventID");
    a->shared = reading_text(record, "sharedEventID")[0];
    a->time = reading_text(record, "eventTime");
    a->seconds = clock_parse_iso(a->time) / NS_PER_S;
}

bool reading_read(const cJSON *record, struct reading *a)
{
    const char *event = reading_text(record, "eventName");
    const char *source = reading_text(record, "eventSource");
    size_t i = 0;

    while (i < ROWS && (strcmp(rows[i].event, event) != 0
                        || strcmp(rows[i].source, source) != 0))
        i++;
    if (i == ROWS)
        return false;
    a->call = rows[i].call;
    read_things(record, a);
    if (a->call == READING_DECRYPT && !a->things[0][0])
        return false;
    a->block = READING_NO_BLOCK;
    if (a->call == READING_GET)
        json_whole(json_member(record, "requestParameters"), "blockIndex",
                   READING_BLOCKS - 1, &a->block);
    read_caller(record, a);
    read_rest(record, a);
    return true;
}
