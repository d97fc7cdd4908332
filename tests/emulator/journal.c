/* SPDX-License-Identifier: Apache-2.0 */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "codec.h"
#include "keyring.h"
#include "request.h"
#include "scope.h"
#include "when.h"

struct journal {
    int fd;
};

struct journal *journal_open(const char *path, struct fail *f)
{
    struct journal *j = calloc(1, sizeof(*j));

    if (!j) {
        fail(f, 0, "out of memory");
        return NULL;
    }
    j->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (j->fd >= 0)
        return j;
    fail(f, errno, "open %s", path);
    free(j);
    return NULL;
}

void journal_close(struct journal *j)
{
    if (!j)
        return;
    close(j->fd);
    free(j);
}

/* ,"name":"value" */
static void member(struct bytes *b, const char *name, const char *value)
{
    bytes_fmt(b, ",\"%s\":", name);
    bytes_json(b, value);
}

static void identity(struct bytes *b, const struct request *r)
{
    const struct key *k = r->key;
    bool role = k && k->expires;

    bytes_str(b, ",\"userIdentity\":{\"type\":");
    bytes_json(b, !k ? "Unknown" : role ? "AssumedRole" : "IAMUser");
    if (k) {
        member(b, "principalId", k->user_id);
        member(b, "arn", k->arn);
        member(b, "accountId", KEYRING_ACCOUNT);
    }
    member(b, "accessKeyId", r->key_id);
    if (role) {
        char created[WHEN_ROOM];

        bytes_str(b, ",\"sessionContext\":{\"attributes\":{"
                     "\"mfaAuthenticated\":\"false\"");
        member(b, "creationDate",
               when_text(WHEN_SECONDS, k->created, created));
        bytes_str(b, "}}");
    }
    bytes_str(b, "}");
}

/* CloudTrail's name for a parameter, and whether it is a number. */
static const struct {
    const char *sent;
    const char *name;
    bool number;
} names[] = {
    { "maxResults", "maxResults", true },
    { "startingBlockIndex", "startingBlockIndex", true },
    { "pageToken", "nextToken", false },
    { "blockToken", "blockToken", false },
    { "firstSnapshotId", "firstSnapshotId", false },
};

static void parameter(struct bytes *b, const struct param *p)
{
    uint64_t n;

    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(p->name, names[i].sent) != 0)
            continue;
        if (names[i].number && codec_number(p->value, UINT32_MAX, &n))
            bytes_fmt(b, ",\"%s\":%u", names[i].name, (unsigned)n);
        else
            member(b, names[i].name, p->value);
        return;
    }
    if (strcmp(p->name, "Action") == 0 || strcmp(p->name, "Version") == 0)
        return;
    bytes_str(b, ",");
    bytes_json(b, p->name);
    bytes_str(b, ":");
    bytes_json(b, p->value);
}

static void parameters(struct bytes *b, const struct request *r)
{
    size_t start;

    /* CloudTrail suppresses them when IAM said no. */
    if (r->answer.error &&
        strcmp(r->answer.error, "AccessDeniedException") == 0) {
        bytes_str(b, ",\"requestParameters\":null");
        return;
    }
    bytes_str(b, ",\"requestParameters\":{");
    start = b->len;
    if (r->snapshot[0])
        member(b, r->op->id_name, r->snapshot);
    if (r->block >= 0)
        bytes_fmt(b, ",\"blockIndex\":%lld", (long long)r->block);
    for (size_t i = 0; i < r->params.count; i++)
        parameter(b, &r->params.list[i]);
    if (!b->broken && b->len > start) {
        memmove(b->at + start, b->at + start + 1, b->len - start - 1);
        b->len--;
    }
    bytes_str(b, "}");
}

static void resource(struct bytes *b, const struct request *r,
                     const char *comma, const char *id)
{
    bytes_fmt(b,
              "%s{\"accountId\":\"" KEYRING_ACCOUNT
              "\",\"type\":\"AWS::EC2::Snapshot\",\"ARN\":",
              comma);
    {
        char arn[160];

        snprintf(arn, sizeof(arn), "arn:aws:ec2:%.32s::snapshot/%.64s",
                 r->server->region, id);
        bytes_json(b, arn);
    }
    bytes_str(b, "}");
}

static void resources(struct bytes *b, const struct request *r)
{
    const char *first = params_get(&r->params, "firstSnapshotId");

    if (r->op->family != FAMILY_EBS || !r->snapshot[0])
        return;
    bytes_str(b, ",\"resources\":[");
    resource(b, r, "", r->snapshot);
    if (r->op->id == OP_CHANGED && first)
        resource(b, r, ",", first);
    bytes_str(b, "]");
}

static void event_id(struct bytes *b)
{
    uint8_t raw[16];
    char hex[33];

    if (getrandom(raw, sizeof(raw), 0) != (ssize_t)sizeof(raw))
        abort();
    codec_hex(raw, sizeof(raw), hex);
    bytes_fmt(b, ",\"eventID\":\"%.8s-%.4s-4%.3s-8%.3s-%.12s\"", hex,
              hex + 8, hex + 13, hex + 17, hex + 20);
}

static void tls_details(struct bytes *b, const struct request *r)
{
    const char *host = request_header(r, "Host");

    if (!r->tls_version)
        return;
    bytes_str(b, ",\"tlsDetails\":{\"tlsVersion\":");
    bytes_json(b, r->tls_version);
    member(b, "clientProvidedHostHeader", host);
    bytes_str(b, "}");
}

static void additional(struct bytes *b, const struct request *r)
{
    bytes_fmt(b, ",\"additionalEventData\":{\"httpStatus\":%u,\"rules\":[",
              r->answer.status);
    for (unsigned i = 0; i < r->fx.rule_count; i++) {
        bytes_str(b, i ? "," : "");
        bytes_json(b, r->fx.rules[i]);
    }
    bytes_str(b, "]}");
}

static void first_part(struct bytes *b, const struct request *r)
{
    char source[32];
    char time[WHEN_ROOM];

    snprintf(source, sizeof(source), "%s.amazonaws.com", op_service(r->op));
    bytes_str(b, "{\"eventVersion\":\"1.11\"");
    identity(b, r);
    member(b, "eventTime", when_text(WHEN_SECONDS, r->now, time));
    member(b, "eventSource", source);
    member(b, "eventName", r->op->event);
    member(b, "awsRegion",
           r->region[0] ? r->region : r->server->region);
    member(b, "sourceIPAddress", r->address);
    member(b, "userAgent", request_header(r, "User-Agent"));
    if (r->answer.error) {
        member(b, "errorCode", r->answer.error);
        member(b, "errorMessage", r->answer.message);
    }
}

static void last_part(struct bytes *b, const struct request *r)
{
    bool data = OP_BIT(r->op->id) & (OP_BIT(OP_LIST) | OP_BIT(OP_CHANGED) |
                                     OP_BIT(OP_GET) | OP_BIT(OP_PUT));
    bool writes = OP_BIT(r->op->id) &
                  (OP_BIT(OP_START) | OP_BIT(OP_PUT) | OP_BIT(OP_COMPLETE) |
                   OP_BIT(OP_DELETE));

    bytes_str(b, ",\"responseElements\":null");
    member(b, "requestID", r->id);
    event_id(b);
    bytes_fmt(b, ",\"readOnly\":%s", writes ? "false" : "true");
    resources(b, r);
    member(b, "eventType", "AwsApiCall");
    bytes_fmt(b, ",\"managementEvent\":%s", data ? "false" : "true");
    member(b, "recipientAccountId", KEYRING_ACCOUNT);
    member(b, "eventCategory", data ? "Data" : "Management");
    tls_details(b, r);
    additional(b, r);
    bytes_str(b, "}\n");
}

void journal_write(struct journal *j, const struct request *r)
{
    autobytes b = { 0 };
    size_t done = 0;

    first_part(&b, r);
    parameters(&b, r);
    last_part(&b, r);
    while (!b.broken && done < b.len) {
        ssize_t n = write(j->fd, b.at + done, b.len - done);

        if (n < 0 && errno != EINTR) {
            fprintf(stderr, "ebs-emulator: write the journal: %s\n",
                    strerror(errno));
            return;
        }
        done += n > 0 ? (size_t)n : 0;
    }
}
