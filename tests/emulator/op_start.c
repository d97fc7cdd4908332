/* SPDX-License-Identifier: Apache-2.0 */
/* StartSnapshot. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "keyring.h"
#include "request.h"
#include "scope.h"
#include "store.h"
#include "upload.h"
#include "when.h"

#define PENDING_MAX 100
#define DEFAULT_TIMEOUT 60 /* minutes */
#define MADE_VOLUME "vol-ffffffff"

static void scope_json(cJSON **o)
{
    cJSON_Delete(*o);
}

#define autojson __attribute__((cleanup(scope_json))) cJSON

static const char *text_of(const cJSON *o, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, name));
}

/* False when it is there and not a whole number from `min' to `max'. */
static bool number_of(const cJSON *o, const char *name, double min,
                      double max, uint64_t *out)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);

    if (!v || cJSON_IsNull(v))
        return true;
    if (!cJSON_IsNumber(v) || v->valuedouble < min || v->valuedouble > max ||
        v->valuedouble != (double)(uint64_t)v->valuedouble)
        return false;
    *out = (uint64_t)v->valuedouble;
    return true;
}

/* Each returns false after making the answer. */

static bool copy_text(struct request *r, const cJSON *o, const char *name,
                      size_t max, char *to)
{
    const char *text = text_of(o, name);

    if (!text)
        return true;
    if (strlen(text) > max) {
        fault_answer(r, FAULT_VALIDATION,
                     "1 validation error detected: Value at '%s' failed to "
                     "satisfy constraint: Member must have length less than "
                     "or equal to %zu",
                     name, max);
        return false;
    }
    strcpy(to, text);
    return true;
}

static bool copy_sizes(struct request *r, const cJSON *o, struct snapshot *s)
{
    s->timeout = DEFAULT_TIMEOUT;
    if (!number_of(o, "VolumeSize", 1, 65536, &s->size_gib) || !s->size_gib) {
        fault_answer(r, FAULT_VOLUME_SIZE,
                     "Invalid volume size: %llu",
                     (unsigned long long)s->size_gib);
        return false;
    }
    if (number_of(o, "Timeout", 10, 4320, &s->timeout))
        return true;
    fault_answer(r, FAULT_VALIDATION,
                 "1 validation error detected: Value at 'timeout' failed to "
                 "satisfy constraint: Member must be between 10 and 4320");
    return false;
}

static bool copy_tags(struct request *r, const cJSON *o, struct snapshot *s)
{
    const cJSON *tag;

    cJSON_ArrayForEach(tag, cJSON_GetObjectItemCaseSensitive(o, "Tags")) {
        const char *key = text_of(tag, "Key");
        const char *value = text_of(tag, "Value");

        if (!key || strlen(key) > 127 || (value && strlen(value) > 255)) {
            fault_answer(r, FAULT_PARAMETER, "A tag is not valid");
            return false;
        }
        if (!snapshot_add_tag(s, key, value ? value : ""))
            r->answer.body.broken = true;
    }
    return true;
}

static bool copy_encryption(struct request *r, const cJSON *o,
                            struct snapshot *s)
{
    const cJSON *flag = cJSON_GetObjectItemCaseSensitive(o, "Encrypted");

    if (!copy_text(r, o, "KmsKeyArn", sizeof(s->kms_key) - 1, s->kms_key))
        return false;
    s->encrypted = cJSON_IsTrue(flag);
    if (!s->parent[0] || (!flag && !s->kms_key[0]))
        return true;
    /* In the service's own words, which name the key first. */
    fault_answer(r, FAULT_PARAMETER,
                 "ParentSnapshotId and %s cannot be specified together",
                 s->kms_key[0] ? "KmsKeyArn" : "Encrypt");
    return false;
}

static bool copy_parent(struct request *r, struct snapshot *s)
{
    struct store *st = r->server->store;
    struct snapshot *parent;
    enum snapshot_status status;

    snprintf(s->lineage, sizeof(s->lineage), "%s", s->id);
    if (!s->parent[0])
        return true;
    parent = store_find(st, s->parent);
    if (!parent || snapshot_deleted(parent)) {
        fault_answer(r, FAULT_NOT_FOUND,
                     "The snapshot '%s' does not exist.", s->parent);
        return false;
    }
    pthread_mutex_lock(store_lock(st));
    status = snapshot_status(parent, when_now());
    pthread_mutex_unlock(store_lock(st));
    if (status != SNAPSHOT_COMPLETED) {
        fault_answer(r, FAULT_SNAPSHOT_ID,
                     "Source snapshot (%s) is not complete.", s->parent);
        return false;
    }
    memcpy(s->lineage, parent->lineage, sizeof(s->lineage));
    s->encrypted = parent->encrypted;
    memcpy(s->kms_key, parent->kms_key, sizeof(s->kms_key));
    return true;
}

static bool fill(struct request *r, const cJSON *o, struct snapshot *s)
{
    snapshot_make_id("snap-", s->id);
    strcpy(s->volume, MADE_VOLUME);
    strcpy(s->owner, KEYRING_ACCOUNT);
    s->started = (uint64_t)when_now();
    return copy_text(r, o, "Description", 255, s->description) &&
           copy_text(r, o, "ClientToken", 255, s->client_token) &&
           copy_text(r, o, "ParentSnapshotId", SNAPSHOT_ID_ROOM - 1,
                     s->parent) &&
           copy_sizes(r, o, s) && copy_tags(r, o, s) &&
           copy_encryption(r, o, s) && copy_parent(r, s);
}

/* The service writes null where the documentation has "none". */
static const char *sse_type(const struct snapshot *s)
{
    if (!s->encrypted)
        return NULL;
    return s->kms_key[0] ? "sse-kms" : "sse-ebs";
}

static void print(struct request *r, const struct snapshot *s)
{
    struct bytes *b = &r->answer.body;
    char *tags = cJSON_PrintUnformatted(s->tags);
    char time[WHEN_ROOM];

    r->answer.status = 201;
    answer_type(&r->answer, "application/json");
    bytes_fmt(b, "{\"BlockSize\":%u,\"Description\":", BLOCK_SIZE);
    bytes_json(b, s->description[0] ? s->description : NULL);
    bytes_str(b, ",\"KmsKeyArn\":");
    bytes_json(b, s->kms_key[0] ? s->kms_key : NULL);
    bytes_fmt(b, ",\"OwnerId\":\"%s\",\"ParentSnapshotId\":", s->owner);
    bytes_json(b, s->parent[0] ? s->parent : NULL);
    bytes_fmt(b, ",\"SnapshotId\":\"%s\",\"SseType\":", s->id);
    bytes_json(b, sse_type(s));
    bytes_fmt(b, ",\"StartTime\":%s,\"Status\":\"pending\",\"Tags\":%s",
              when_text(WHEN_EPOCH, (int64_t)s->started, time),
              tags ? tags : "null");
    bytes_fmt(b, ",\"VolumeSize\":%llu}", (unsigned long long)s->size_gib);
    cJSON_free(tags);
}

static bool same_parameters(const struct snapshot *a,
                            const struct snapshot *b)
{
    return a->size_gib == b->size_gib && a->encrypted == b->encrypted &&
           a->timeout == b->timeout && strcmp(a->parent, b->parent) == 0 &&
           strcmp(a->description, b->description) == 0 &&
           strcmp(a->kms_key, b->kms_key) == 0;
}

/* True when the answer is made: the same client token was here before, or
 * too many snapshots are open. */
static bool answered_before(struct request *r, const struct snapshot *s)
{
    struct store *st = r->server->store;
    unsigned pending = 0;
    size_t count;
    autofree struct snapshot **all = store_all(st, &count);

    for (size_t i = 0; i < count; i++) {
        const struct snapshot *old = all[i];

        pthread_mutex_lock(store_lock(st));
        pending += old->data_file && old->completed == 0 &&
                   !snapshot_deleted(old) &&
                   snapshot_status(old, when_now()) == SNAPSHOT_PENDING;
        pthread_mutex_unlock(store_lock(st));
        if (!s->client_token[0] ||
            strcmp(old->client_token, s->client_token) != 0)
            continue;
        if (same_parameters(old, s))
            print(r, old);
        else
            fault_answer(r, FAULT_CONFLICT,
                         "Current request does not match request stored "
                         "with this token.");
        return true;
    }
    if (pending >= PENDING_MAX)
        fault_answer(r, FAULT_LIMIT, NULL);
    return pending >= PENDING_MAX;
}

void op_start(struct request *r)
{
    autojson *o = cJSON_Parse(bytes_text(&r->body));
    struct snapshot *s = snapshot_new();
    struct fail f;

    if (!o || !s)
        fault_answer(r, FAULT_VALIDATION, "The body is not a JSON object");
    else if (!fill(r, o, s) || answered_before(r, s))
        ;
    else if (upload_begin(r->server->store, s, &f) < 0)
        fault_answer(r, FAULT_500, "%s", f.msg);
    else
        print(r, s);
    if (s && store_find(r->server->store, s->id) != s)
        snapshot_free(s);
}
