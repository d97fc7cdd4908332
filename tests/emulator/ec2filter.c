/* SPDX-License-Identifier: Apache-2.0 */
#include "ec2filter.h"

#include <cjson/cJSON.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "keyring.h"
#include "request.h"
#include "scope.h"
#include "store.h"
#include "when.h"

#define VALUE_ROOM SNAPSHOT_TEXT_ROOM

const char *ec2filter_status(const struct request *r,
                             const struct snapshot *s)
{
    enum snapshot_status status;

    pthread_mutex_lock(store_lock(r->server->store));
    status = snapshot_status(s, when_now());
    pthread_mutex_unlock(store_lock(r->server->store));
    return snapshot_status_name(
        (enum snapshot_status)effect_or(&r->fx, FX_STATUS, status));
}

const char *ec2filter_tier(const struct request *r, const struct snapshot *s)
{
    if (!effect_on(&r->fx, FX_TIER))
        return s->tier;
    return r->fx.value[FX_TIER] ? "archive" : "standard";
}

static const char *tag_value(const struct snapshot *s, const char *key)
{
    const cJSON *tag;

    cJSON_ArrayForEach(tag, s->tags) {
        const cJSON *k = cJSON_GetObjectItemCaseSensitive(tag, "Key");
        const cJSON *v = cJSON_GetObjectItemCaseSensitive(tag, "Value");

        if (cJSON_IsString(k) && cJSON_IsString(v) &&
            strcmp(k->valuestring, key) == 0)
            return v->valuestring;
    }
    return NULL;
}

enum field {
    ID, VOLUME, OWNER, DESCRIPTION, STATUS, TIER, ENCRYPTED, SIZE, START,
    PROGRESS,
};

static const struct {
    const char *name;
    enum field field;
} filters[] = {
    { "snapshot-id", ID },          { "volume-id", VOLUME },
    { "owner-id", OWNER },          { "description", DESCRIPTION },
    { "status", STATUS },           { "storage-tier", TIER },
    { "encrypted", ENCRYPTED },     { "volume-size", SIZE },
    { "start-time", START },        { "progress", PROGRESS },
};

static const char *field_text(const struct request *r,
                              const struct snapshot *s, enum field field,
                              char room[VALUE_ROOM])
{
    switch (field) {
    case ID:
        return s->id;
    case VOLUME:
        return s->volume;
    case OWNER:
        return s->owner;
    case DESCRIPTION:
        return s->description;
    case STATUS:
        return ec2filter_status(r, s);
    case TIER:
        return ec2filter_tier(r, s);
    case ENCRYPTED:
        return s->encrypted ? "true" : "false";
    case SIZE:
        snprintf(room, VALUE_ROOM, "%llu", (unsigned long long)s->size_gib);
        return room;
    case START:
        return when_text(WHEN_ISO, (int64_t)s->started, room);
    case PROGRESS:
        return strcmp(ec2filter_status(r, s), "completed") == 0 ? "100%"
                                                                : "0%";
    }
    return "";
}

/* The text that a filter compares with; NULL: the snapshot has none. */
static const char *filter_text(const struct request *r,
                               const struct snapshot *s, const char *name,
                               char room[VALUE_ROOM])
{
    if (strncmp(name, "tag:", 4) == 0)
        return tag_value(s, name + 4);
    for (size_t i = 0; i < COUNT(filters); i++)
        if (strcmp(filters[i].name, name) == 0)
            return field_text(r, s, filters[i].field, room);
    return NULL;
}

static bool value_fits(const struct request *r, const struct snapshot *s,
                       const char *name, const char *wanted)
{
    char room[VALUE_ROOM];
    const char *text;

    if (strcmp(name, "tag-key") == 0)
        return tag_value(s, wanted);
    text = filter_text(r, s, name, room);
    return text && fnmatch(wanted, text, 0) == 0;
}

static bool filter_fits(const struct request *r, const struct snapshot *s,
                        unsigned n, const char *name)
{
    char list[32];
    const char *wanted;

    snprintf(list, sizeof(list), "Filter.%u.Value", n);
    for (unsigned i = 1; (wanted = params_nth(&r->params, list, i, "")); i++)
        if (value_fits(r, s, name, wanted))
            return true;
    return false;
}

bool ec2filter_check(const struct request *r, const char **unknown)
{
    const char *name;

    for (unsigned n = 1;
         (name = params_nth(&r->params, "Filter", n, ".Name")); n++) {
        bool known = strncmp(name, "tag:", 4) == 0 ||
                     strcmp(name, "tag-key") == 0;

        for (size_t i = 0; i < COUNT(filters); i++)
            known |= strcmp(filters[i].name, name) == 0;
        *unknown = name;
        if (!known)
            return false;
    }
    return true;
}

static bool owner_fits(const struct request *r, const struct snapshot *s)
{
    const char *owner;
    unsigned n = 1;

    for (; (owner = params_nth(&r->params, "Owner", n, "")); n++) {
        if (strcmp(owner, "self") == 0)
            owner = KEYRING_ACCOUNT;
        if (strcmp(owner, s->owner) == 0)
            return true;
    }
    return n == 1;
}

static bool id_fits(const struct request *r, const struct snapshot *s)
{
    const char *id;
    unsigned n = 1;

    for (; (id = params_nth(&r->params, "SnapshotId", n, "")); n++)
        if (strcmp(id, s->id) == 0)
            return true;
    return n == 1;
}

bool ec2filter_visible(const struct snapshot *s)
{
    return !snapshot_deleted(s) &&
           (strcmp(s->owner, KEYRING_ACCOUNT) == 0 || s->is_public ||
            s->shared);
}

bool ec2filter_here(const struct request *r, const struct snapshot *s)
{
    const char *region = s->region[0] ? s->region : r->server->region;

    return strcmp(region, r->region) == 0;
}

bool ec2filter_wants(const struct request *r, const struct snapshot *s)
{
    const char *name;

    if (!ec2filter_visible(s) || !ec2filter_here(r, s) ||
        !owner_fits(r, s) || !id_fits(r, s))
        return false;
    for (unsigned n = 1;
         (name = params_nth(&r->params, "Filter", n, ".Name")); n++)
        if (!filter_fits(r, s, n, name))
            return false;
    return true;
}
