/* SPDX-License-Identifier: Apache-2.0 */
#include "describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keyring.h"
#include "scope.h"
#include "when.h"

/* Which text of the options goes where. */
#define TEXT(option, field)                                               \
    { offsetof(struct describe, option), offsetof(struct snapshot, field), \
      sizeof(((struct snapshot *)0)->field), #option }

static const struct {
    size_t from;
    size_t to;
    size_t room;
    const char *name;
} texts[] = {
    TEXT(id, id),
    TEXT(volume, volume),
    TEXT(origin, origin),
    TEXT(description, description),
    TEXT(owner, owner),
    TEXT(kms_key, kms_key),
    TEXT(tier, tier),
    TEXT(instance, instance),
    TEXT(image, image),
    TEXT(device, device),
    TEXT(region, region),
    TEXT(shared_with, shared_with),
    TEXT(lock, lock),
    TEXT(lock_until, lock_until),
    TEXT(tiering, tiering),
    TEXT(archived, archived),
    TEXT(restore_expiry, restore_expiry),
};

static int copy_texts(const struct describe *d, struct snapshot *s,
                      struct fail *f)
{
    for (size_t i = 0; i < COUNT(texts); i++) {
        const char *value;

        memcpy(&value, (const char *)d + texts[i].from, sizeof(value));
        if (!value)
            continue;
        if (strlen(value) >= texts[i].room)
            return fail(f, 0, "%s is too long", texts[i].name);
        strcpy((char *)s + texts[i].to, value);
    }
    return 0;
}

static int copy_tags(const struct describe *d, struct snapshot *s,
                     struct fail *f)
{
    for (size_t i = 0; i < d->tags.count; i++) {
        autofree char *key = strdup(d->tags.values[i]);
        char *equals = key ? strchr(key, '=') : NULL;

        if (!equals)
            return fail(f, 0, "'%s' is not K=V", d->tags.values[i]);
        *equals = '\0';
        if (!snapshot_add_tag(s, key, equals + 1))
            return fail(f, 0, "out of memory");
    }
    return 0;
}

static int set_status(const struct describe *d, struct snapshot *s,
                      struct fail *f)
{
    uint64_t now = (uint64_t)when_now();

    s->started = d->started ? d->started : now;
    s->completed = s->started + 1000 < now ? s->started + 1000 : now;
    if (!d->status || strcmp(d->status, "completed") == 0)
        return 0;
    if (strcmp(d->status, "error") == 0) {
        strcpy(s->problem, "Snapshot creation failed");
        return 0;
    }
    /* A moment that never comes: the blocks are there, and stay shut. */
    s->completed = UINT64_C(9000000000000000);
    return strcmp(d->status, "pending") == 0
               ? 0
               : fail(f, 0, "--status is completed, pending or error");
}

/* The older snapshot of the same volume, if the store has one; copies have a
 * volume id that says nothing. */
static void lineage_of_volume(struct store *st, struct snapshot *s)
{
    size_t count;
    autofree struct snapshot **all = store_all(st, &count);

    if (strcmp(s->volume, "vol-ffffffff") == 0) {
        memcpy(s->lineage, s->id, sizeof(s->lineage));
        return;
    }
    snprintf(s->lineage, sizeof(s->lineage), "%s", s->volume);
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i]->volume, s->volume) == 0)
            memcpy(s->lineage, all[i]->lineage, sizeof(s->lineage));
}

static int set_lineage(const struct describe *d, struct store *st,
                       struct snapshot *s, struct snapshot **parent,
                       struct fail *f)
{
    const char *from = d->parent ? d->parent : d->origin;
    struct snapshot *source = from ? store_find(st, from) : NULL;

    *parent = d->parent ? source : NULL;
    if (from && !source)
        return fail(f, 0, "there is no snapshot %s", from);
    if (*parent) {
        strcpy(s->parent, source->id);
        if (!d->volume)
            strcpy(s->volume, source->volume);
    }
    if (!s->volume[0])
        snapshot_make_id("vol-", s->volume);
    if (source)
        strcpy(s->lineage, source->lineage);
    else
        lineage_of_volume(st, s);
    return 0;
}

static int check(struct store *st, const struct snapshot *s, struct fail *f)
{
    if (!snapshot_id_valid(s->id))
        return fail(f, 0, "'%s' is not a snapshot id", s->id);
    if (store_find(st, s->id))
        return fail(f, 0, "snapshot %s exists already", s->id);
    if (strcmp(s->tier, "standard") != 0 && strcmp(s->tier, "archive") != 0)
        return fail(f, 0, "--tier is standard or archive");
    return 0;
}

struct snapshot *describe_make(const struct describe *d, struct store *st,
                               struct snapshot **parent, struct fail *f)
{
    struct snapshot *s = snapshot_new();

    if (!s) {
        fail(f, 0, "out of memory");
        return NULL;
    }
    strcpy(s->owner, KEYRING_ACCOUNT);
    strcpy(s->device, "/dev/sda1");
    snapshot_make_id("snap-", s->id);
    if (copy_texts(d, s, f) == 0 && copy_tags(d, s, f) == 0 &&
        set_status(d, s, f) == 0 && set_lineage(d, st, s, parent, f) == 0 &&
        check(st, s, f) == 0) {
        s->encrypted = d->encrypted || d->kms_key;
        s->is_public = d->is_public;
        s->shared = d->shared;
        s->volume_gone = d->volume_gone;
        return s;
    }
    snapshot_free(s);
    return NULL;
}
