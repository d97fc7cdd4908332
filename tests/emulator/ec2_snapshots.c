/* SPDX-License-Identifier: Apache-2.0 */
/* DescribeSnapshots. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "codec.h"
#include "ec2filter.h"
#include "ec2tags.h"
#include "request.h"
#include "scope.h"
#include "store.h"
#include "token.h"
#include "when.h"
#include "xml.h"

#define SCOPE "DescribeSnapshots"
#define TOKEN_LIFE 3600 /* s */

static void number(struct bytes *b, const char *name, uint64_t n)
{
    bytes_fmt(b, "<%s>%llu</%s>", name, (unsigned long long)n, name);
}

static void encryption(struct bytes *b, const struct snapshot *s)
{
    char id[128];

    bytes_xml(b, "encrypted", s->encrypted ? "true" : "false");
    if (!s->encrypted)
        return;
    if (s->kms_key[0])
        bytes_xml(b, "kmsKeyId", s->kms_key);
    /* Equal within a lineage, as its data key is. */
    snprintf(id, sizeof(id), "datakey-%s", s->lineage);
    bytes_xml(b, "dataEncryptionKeyId", id);
}

static void completion(struct bytes *b, const struct snapshot *s,
                       const struct effects *fx)
{
    int64_t blocks = effect_or(fx, FX_FULL_SIZE, (int64_t)s->blocks.count);
    char time[WHEN_ROOM];

    bytes_xml(b, "completionTime",
              when_text(WHEN_ISO, (int64_t)s->completed, time));
    if (blocks >= 0)
        number(b, "fullSnapshotSizeInBytes", (uint64_t)blocks * BLOCK_SIZE);
}

static void item(struct request *r, const struct snapshot *s)
{
    struct bytes *b = &r->answer.body;
    const char *status = ec2filter_status(r, s);
    bool done = strcmp(status, "completed") == 0;
    char time[WHEN_ROOM];

    bytes_str(b, "<item>");
    bytes_xml(b, "snapshotId", s->id);
    bytes_xml(b, "volumeId", s->volume);
    bytes_xml(b, "status", status);
    if (strcmp(status, "error") == 0)
        bytes_xml(b, "statusMessage",
                  s->problem[0] ? s->problem : "Snapshot timed out");
    bytes_xml(b, "startTime", when_text(WHEN_ISO, (int64_t)s->started, time));
    bytes_xml(b, "progress", done ? "100%" : "0%");
    bytes_xml(b, "ownerId", s->owner);
    number(b, "volumeSize",
           (uint64_t)effect_or(&r->fx, FX_VOLUME_SIZE, (int64_t)s->size_gib));
    bytes_xml(b, "description", s->description);
    encryption(b, s);
    ec2tags_print(b, s);
    bytes_xml(b, "storageTier", ec2filter_tier(r, s));
    if (s->restore_expiry[0])
        bytes_xml(b, "restoreExpiryTime", s->restore_expiry);
    bytes_xml(b, "transferType", "standard");
    if (done)
        completion(b, s, &r->fx);
    bytes_str(b, "</item>");
}

/* Every id that is asked for must be there. */
static bool ids_exist(struct request *r)
{
    const char *id;

    for (unsigned n = 1; (id = params_nth(&r->params, "SnapshotId", n, ""));
         n++) {
        struct snapshot *s = store_find(r->server->store, id);

        if (!snapshot_id_valid(id)) {
            fault_answer(r, FAULT_EC2_MALFORMED,
                         "Invalid id: \"%s\" (expecting \"snap-...\")", id);
            return false;
        }
        if (!s || !ec2filter_visible(s) || !ec2filter_here(r, s)) {
            fault_answer(r, FAULT_EC2_NOT_FOUND,
                         "The snapshot '%s' does not exist.", id);
            return false;
        }
    }
    return true;
}

struct part {
    uint64_t start; /* how many matches come before */
    uint64_t limit;
};

static bool read_part(struct request *r, struct part *p)
{
    const char *limit = params_get(&r->params, "MaxResults");
    const char *token = params_get(&r->params, "NextToken");

    *p = (struct part){ .limit = 1000 };
    if (limit && (!codec_number(limit, 1000, &p->limit) || p->limit < 5)) {
        fault_answer(r, FAULT_EC2_PARAMETER,
                     "Value (%s) for parameter maxResults is invalid. "
                     "Expecting a value between 5 and 1000.",
                     limit);
        return false;
    }
    if (limit && params_get(&r->params, "SnapshotId.1")) {
        fault_answer(r, FAULT_EC2_PARAMETER,
                     "The parameter SnapshotId cannot be used with the "
                     "parameter MaxResults");
        return false;
    }
    if (token && !token_check(r->server->tokens, TOKEN_EC2, SCOPE, token,
                              r->now, &p->start)) {
        fault_answer(r, FAULT_EC2_PARAMETER,
                     "The nextToken is not valid or has expired");
        return false;
    }
    p->limit = (uint64_t)effect_or(&r->fx, FX_PAGE_SIZE, (int64_t)p->limit);
    if (effect_on(&r->fx, FX_EMPTY_PAGE))
        p->limit = 0;
    return true;
}

static void next_token(struct request *r, uint64_t position)
{
    char text[TOKEN_ROOM];
    autobatch struct token_batch *batch = token_batch_new(
        r->server->tokens, TOKEN_EC2, SCOPE, r->now + TOKEN_LIFE * 1000,
        BASE64_STANDARD);

    if (!batch) {
        r->answer.body.broken = true;
        return;
    }
    token_make(batch, position, text);
    bytes_xml(&r->answer.body, "nextToken", text);
}

static void print(struct request *r, const struct part *p)
{
    uint64_t end = p->start + p->limit;
    uint64_t match = 0;
    size_t count;
    autofree struct snapshot **all = store_all(r->server->store, &count);

    xml_ec2_begin(r);
    bytes_str(&r->answer.body, "<snapshotSet>");
    for (size_t i = 0; i < count; i++) {
        if (!ec2filter_wants(r, all[i]))
            continue;
        if (match >= p->start && match < end)
            item(r, all[i]);
        match++;
    }
    bytes_str(&r->answer.body, "</snapshotSet>");
    if (match > end)
        next_token(r, end);
    xml_ec2_end(r);
}

void ec2_snapshots(struct request *r)
{
    const char *unknown;
    struct part p;

    if (!ec2filter_check(r, &unknown)) {
        fault_answer(r, FAULT_EC2_PARAMETER, "The filter '%s' is invalid",
                     unknown);
        return;
    }
    if (ids_exist(r) && read_part(r, &p))
        print(r, &p);
}
