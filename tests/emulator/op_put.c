/* SPDX-License-Identifier: Apache-2.0 */
/* PutSnapshotBlock and CompleteSnapshot. */
#include <string.h>

#include "codec.h"
#include "constraint.h"
#include "keyring.h"
#include "request.h"
#include "scope.h"
#include "store.h"
#include "upload.h"
#include "when.h"

/* What the headers of a put say. */
struct claim {
    int64_t length;
    const char *checksum;
    const char *algorithm;
};

/* Each returns false after making the answer. */

static bool read_headers(struct request *r, struct claim *c)
{
    const char *length = request_header(r, "x-amz-Data-Length");
    const char *progress = request_header(r, "x-amz-Progress");
    int64_t unused;

    c->algorithm = request_header(r, "x-amz-Checksum-Algorithm");
    c->checksum = request_header(r, "x-amz-Checksum");
    if (!length || !c->checksum || !c->algorithm) {
        fault_answer(r, FAULT_VALIDATION,
                     "x-amz-Data-Length, x-amz-Checksum and "
                     "x-amz-Checksum-Algorithm must not be null");
        return false;
    }
    return constraint_number(r, r->block_text, "blockIndex", 0, INT32_MAX,
                             &unused) &&
           constraint_number(r, length, "dataLength", 0, INT32_MAX,
                             &c->length) &&
           (!progress || constraint_number(r, progress, "progress", 0, 100,
                                           &unused)) &&
           constraint_base64(r, c->checksum, "checksum");
}

static bool check_algorithm(struct request *r, const char *algorithm)
{
    if (strcmp(algorithm, "SHA256") == 0)
        return true;
    fault_answer(r, FAULT_PARAMETER,
                 "Unsupported Checksum Algorithm '%s', supported algorithms "
                 "are SHA256",
                 algorithm);
    return false;
}

static bool check_body(struct request *r, const struct claim *c,
                       uint8_t sum[DIGEST_SIZE])
{
    char text[DIGEST_BASE64_ROOM];

    /* It reads a block before it looks at what the header says. */
    if (r->body.len != BLOCK_SIZE) {
        fault_answer(r, FAULT_PARAMETER, "Failed to read block data");
        return false;
    }
    if (c->length != BLOCK_SIZE) {
        fault_answer(r, FAULT_BLOCK,
                     "Block data length %lld is not valid, expected %u",
                     (long long)c->length, BLOCK_SIZE);
        return false;
    }
    digest_sha256(r->body.at, BLOCK_SIZE, sum);
    codec_base64(BASE64_STANDARD, sum, DIGEST_SIZE, text);
    if (strcmp(text, c->checksum) == 0)
        return true;
    fault_answer(r, FAULT_CHECKSUM,
                 "The value passed in as x-amz-Checksum does not match the "
                 "computed checksum. Computed checksum: %s expected "
                 "checksum: %s",
                 text, c->checksum);
    return false;
}

/* The snapshot of the path, if it was started here and has not failed;
 * NULL after making the answer. */
static struct snapshot *find_started(struct request *r)
{
    struct store *st = r->server->store;
    struct snapshot *s = store_find(st, r->snapshot);
    bool failed = true;

    if (s) {
        pthread_mutex_lock(store_lock(st));
        failed = snapshot_status(s, when_now()) == SNAPSHOT_ERROR &&
                 !s->completed;
        pthread_mutex_unlock(store_lock(st));
    }
    if (s && !failed && !snapshot_deleted(s) &&
        strcmp(s->owner, KEYRING_ACCOUNT) == 0)
        return s;
    fault_answer(r, FAULT_NOT_FOUND, "The snapshot '%s' does not exist.",
                 r->snapshot);
    return NULL;
}

static bool check_open(struct request *r, const struct snapshot *s)
{
    struct store *st = r->server->store;
    enum snapshot_status status;
    bool sealed;

    pthread_mutex_lock(store_lock(st));
    status = snapshot_status(s, when_now());
    sealed = s->completed;
    pthread_mutex_unlock(store_lock(st));
    if (status == SNAPSHOT_ERROR)
        fault_answer(r, FAULT_NOT_FOUND, "The snapshot '%s' does not exist.",
                     r->snapshot);
    else if (sealed)
        fault_answer(r, FAULT_SNAPSHOT_ID, "Snapshot is already completed");
    return status != SNAPSHOT_ERROR && !sealed;
}

static bool check_index(struct request *r, const struct snapshot *s)
{
    if (r->block >= 0 &&
        (uint64_t)r->block < s->size_gib * BLOCKS_PER_GIB)
        return true;
    fault_answer(r, FAULT_BLOCK,
                 "Block index %s is beyond the volume size extent",
                 r->block_text);
    return false;
}

static void store_block(struct request *r, struct snapshot *s,
                        const struct claim *c, const uint8_t *sum)
{
    struct fail f;
    int result = upload_put(r->server->store, s, (uint32_t)r->block,
                            r->body.at, sum, &f);

    if (result < 0) {
        fault_answer(r, FAULT_500, "%s", f.msg);
    } else if (result > 0) {
        fault_answer(r, FAULT_SNAPSHOT_ID, "Snapshot is already completed");
    } else {
        r->answer.status = 201;
        answer_type(&r->answer, "application/json");
        answer_header(&r->answer, "x-amz-Checksum", "%s", c->checksum);
        answer_header(&r->answer, "x-amz-Checksum-Algorithm", "SHA256");
        bytes_str(&r->answer.body, "{}");
    }
}

void op_put(struct request *r)
{
    struct snapshot *s;
    uint8_t sum[DIGEST_SIZE];
    struct claim c;

    if (!read_headers(r, &c))
        return;
    s = find_started(r);
    if (s && check_algorithm(r, c.algorithm) && check_open(r, s) &&
        check_index(r, s) && check_body(r, &c, sum))
        store_block(r, s, &c, sum);
}

static bool read_claim(struct request *r, struct upload_claim *c)
{
    const char *count = request_header(r, "x-amz-ChangedBlocksCount");
    const char *how = request_header(r, "x-amz-Checksum-Aggregation-Method");
    const char *algorithm = request_header(r, "x-amz-Checksum-Algorithm");

    c->completed = when_now() + r->server->complete_delay;
    c->linear = request_header(r, "x-amz-Checksum");
    if (!count || !codec_number(count, INT32_MAX, &c->count)) {
        fault_answer(r, FAULT_VALIDATION,
                     "1 validation error detected: Value null at "
                     "'changedBlocksCount' failed to satisfy constraint: "
                     "Member must not be null");
        return false;
    }
    if (!c->linear || (how && strcmp(how, "LINEAR") == 0 && algorithm &&
                       strcmp(algorithm, "SHA256") == 0))
        return true;
    fault_answer(r, FAULT_PARAMETER,
                 "A checksum needs the algorithm SHA256 and the aggregation "
                 "method LINEAR");
    return false;
}

void op_complete(struct request *r)
{
    struct store *st = r->server->store;
    struct snapshot *s = find_started(r);
    struct upload_claim claim;
    struct fail f;

    if (!s || !read_claim(r, &claim))
        return;
    autolock(store_lock(st));
    if (!s->completed && upload_seal(st, s, &claim, &f) < 0) {
        fault_answer(r, FAULT_500, "%s", f.msg);
        return;
    }
    r->answer.status = 202;
    answer_type(&r->answer, "application/json");
    bytes_fmt(&r->answer.body, "{\"Status\":\"%s\"}",
              snapshot_status_name(snapshot_status(s, when_now())));
}
