/* SPDX-License-Identifier: Apache-2.0 */
/* CreateSnapshot, CreateSnapshots and CopySnapshot.  A volume has no bytes of
 * its own here: what it holds now is what its newest snapshot holds. */
#include <stdio.h>
#include <string.h>

#include "ec2filter.h"
#include "ec2tags.h"
#include "keyring.h"
#include "request.h"
#include "scope.h"
#include "store.h"
#include "upload.h"
#include "when.h"
#include "xml.h"

#define DESCRIPTION_MAX 255
#define VOLUMES_MAX 64
#define COPIED_VOLUME "vol-ffffffff"

/* The newest whole snapshot of each volume of an instance, or of one. */
struct sources {
    struct snapshot *list[VOLUMES_MAX];
    size_t count;
};

static void add_source(struct sources *to, struct snapshot *s)
{
    for (size_t i = 0; i < to->count; i++)
        if (strcmp(to->list[i]->volume, s->volume) == 0) {
            if (s->started >= to->list[i]->started)
                to->list[i] = s;
            return;
        }
    if (to->count < VOLUMES_MAX)
        to->list[to->count++] = s;
}

static bool has_bytes(struct request *r, const struct snapshot *s)
{
    return ec2filter_here(r, s) && !s->volume_gone && !snapshot_deleted(s) &&
           strcmp(s->owner, KEYRING_ACCOUNT) == 0 &&
           snapshot_status(s, when_now()) == SNAPSHOT_COMPLETED;
}

static void find_sources(struct request *r, const char *volume,
                         const char *instance, struct sources *to)
{
    struct store *st = r->server->store;
    size_t count;
    autofree struct snapshot **all = store_all(st, &count);
    autolock(store_lock(st));

    for (size_t i = 0; i < count; i++) {
        const char *has = volume ? all[i]->volume : all[i]->instance;

        if (strcmp(has, volume ? volume : instance) == 0 &&
            strcmp(all[i]->volume, COPIED_VOLUME) != 0 &&
            has_bytes(r, all[i]))
            add_source(to, all[i]);
    }
}

/* What the request says of each new one.  False after making the answer. */
static bool take_words(struct request *r, struct snapshot *s)
{
    const char *text = params_get(&r->params, "Description");

    if (text && strlen(text) > DESCRIPTION_MAX) {
        fault_answer(r, FAULT_EC2_PARAMETER, "The description is too long");
        return false;
    }
    snprintf(s->description, sizeof(s->description), "%s", text ? text : "");
    return ec2tags_read(r, s);
}

#define COPY(field) memcpy(s->field, from->field, sizeof(s->field))

static void take_bytes(struct snapshot *s, const struct snapshot *from)
{
    snapshot_make_id("snap-", s->id);
    COPY(owner);
    COPY(lineage);
    COPY(region);
    COPY(kms_key);
    snprintf(s->parent, sizeof(s->parent), "%s", from->id);
    s->size_gib = from->size_gib;
    s->encrypted = from->encrypted;
}

static void take_place(struct snapshot *s, const struct snapshot *from)
{
    COPY(volume);
    COPY(origin);
    COPY(instance);
    COPY(device);
}

/* In the store, and as whole as it will be. */
static int keep(struct request *r, struct snapshot *s, struct fail *f)
{
    struct store *st = r->server->store;
    const struct upload_claim claim = {
        .completed = (int64_t)s->started + r->server->complete_delay,
    };

    if (upload_begin(st, s, f) < 0)
        return -1;
    autolock(store_lock(st));
    return upload_seal(st, s, &claim, f);
}

/* NULL after making the answer. */
static struct snapshot *make(struct request *r, const struct snapshot *from,
                             bool copied, uint64_t now)
{
    struct snapshot *s = snapshot_new();
    struct fail f = { 0 };

    if (!s)
        return NULL;
    take_bytes(s, from);
    s->started = now;
    if (copied)
        strcpy(s->volume, COPIED_VOLUME);
    else
        take_place(s, from);
    if (take_words(r, s)) {
        if (keep(r, s, &f) == 0)
            return s;
        fault_answer(r, FAULT_500, "%s", f.msg);
    }
    if (store_find(r->server->store, s->id) != s)
        snapshot_free(s);
    return NULL;
}

static void print(struct request *r, const struct snapshot *s,
                  const char *status)
{
    struct bytes *b = &r->answer.body;
    char time[WHEN_ROOM];

    bytes_xml(b, "snapshotId", s->id);
    bytes_xml(b, "volumeId", s->volume);
    bytes_xml(b, status, "pending");
    bytes_xml(b, "startTime", when_text(WHEN_ISO, (int64_t)s->started, time));
    bytes_xml(b, "progress", "");
    bytes_xml(b, "ownerId", s->owner);
    bytes_fmt(b, "<volumeSize>%llu</volumeSize>",
              (unsigned long long)s->size_gib);
    bytes_xml(b, "description", s->description);
    bytes_xml(b, "encrypted", s->encrypted ? "true" : "false");
    ec2tags_print(b, s);
}

void ec2_create(struct request *r)
{
    const char *volume = params_get(&r->params, "VolumeId");
    struct sources from = { .count = 0 };
    const struct snapshot *s;

    find_sources(r, volume ? volume : "", NULL, &from);
    if (!from.count) {
        fault_answer(r, FAULT_EC2_NO_VOLUME,
                     "The volume '%s' does not exist.", volume ? volume : "");
        return;
    }
    s = make(r, from.list[0], false, (uint64_t)when_now());
    if (!s)
        return;
    xml_ec2_begin(r);
    print(r, s, "status");
    xml_ec2_end(r);
}

/* All of one moment. */
void ec2_create_all(struct request *r)
{
    const char *id = params_get(&r->params,
                                "InstanceSpecification.InstanceId");
    const struct snapshot *made[VOLUMES_MAX];
    struct sources from = { .count = 0 };
    uint64_t now = (uint64_t)when_now();

    if (id && *id)
        find_sources(r, NULL, id, &from);
    if (!from.count) {
        fault_answer(r, FAULT_EC2_NO_INSTANCE,
                     "The instance ID '%s' does not exist", id ? id : "");
        return;
    }
    for (size_t i = 0; i < from.count; i++)
        if (!(made[i] = make(r, from.list[i], false, now)))
            return;
    xml_ec2_begin(r);
    bytes_str(&r->answer.body, "<snapshotSet>");
    for (size_t i = 0; i < from.count; i++) {
        bytes_str(&r->answer.body, "<item>");
        print(r, made[i], "state");
        bytes_str(&r->answer.body, "</item>");
    }
    bytes_str(&r->answer.body, "</snapshotSet>");
    xml_ec2_end(r);
}

void ec2_copy(struct request *r)
{
    const char *id = params_get(&r->params, "SourceSnapshotId");
    const struct snapshot *from = store_find(r->server->store, id ? id : "");
    const struct snapshot *s;

    if (!from || !has_bytes(r, from)) {
        fault_answer(r, FAULT_EC2_NOT_FOUND,
                     "The snapshot '%s' does not exist.", id ? id : "");
        return;
    }
    s = make(r, from, true, (uint64_t)when_now());
    if (!s)
        return;
    xml_ec2_begin(r);
    bytes_xml(&r->answer.body, "snapshotId", s->id);
    xml_ec2_end(r);
}
