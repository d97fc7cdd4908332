/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "snapshot.h"

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "codec.h"

enum kind { TEXT, NUMBER, FLAG };

#define FIELD(name, kind)                                                 \
    { #name, kind, offsetof(struct snapshot, name),                       \
      sizeof(((struct snapshot *)0)->name) }

static const struct field {
    const char *name;
    enum kind kind;
    size_t at;
    size_t room;
} fields[] = {
    FIELD(id, TEXT),          FIELD(volume, TEXT),
    FIELD(parent, TEXT),      FIELD(lineage, TEXT),
    FIELD(origin, TEXT),      FIELD(owner, TEXT),
    FIELD(description, TEXT), FIELD(kms_key, TEXT),
    FIELD(tier, TEXT),        FIELD(problem, TEXT),
    FIELD(client_token, TEXT),
    FIELD(instance, TEXT),    FIELD(image, TEXT),
    FIELD(device, TEXT),      FIELD(region, TEXT),
    FIELD(shared_with, TEXT), FIELD(lock, TEXT),
    FIELD(lock_until, TEXT),  FIELD(tiering, TEXT),
    FIELD(archived, TEXT),    FIELD(restore_expiry, TEXT),
    FIELD(size_gib, NUMBER),
    FIELD(started, NUMBER),   FIELD(completed, NUMBER),
    FIELD(timeout, NUMBER),   FIELD(data_file, NUMBER),
    FIELD(every, NUMBER),     FIELD(count, NUMBER),
    FIELD(deleted, NUMBER),
    FIELD(encrypted, FLAG),   FIELD(is_public, FLAG),
    FIELD(shared, FLAG),      FIELD(volume_gone, FLAG),
};

struct snapshot *snapshot_new(void)
{
    struct snapshot *s = calloc(1, sizeof(*s));

    if (s)
        strcpy(s->tier, "standard");
    return s;
}

void snapshot_free(struct snapshot *s)
{
    if (!s)
        return;
    blocks_close(&s->blocks);
    cJSON_Delete(s->tags);
    free(s);
}

bool snapshot_id_valid(const char *id)
{
    static const char prefix[] = "snap-";
    size_t n = strlen(id);

    return n < SNAPSHOT_ID_ROOM && n > sizeof(prefix) - 1 &&
           strncmp(id, prefix, sizeof(prefix) - 1) == 0 &&
           strspn(id + sizeof(prefix) - 1, "0123456789abcdef") ==
               n - (sizeof(prefix) - 1);
}

void snapshot_make_id(const char *prefix, char out[SNAPSHOT_ID_ROOM])
{
    uint8_t raw[9];
    char hex[sizeof(raw) * 2 + 1];

    if (getrandom(raw, sizeof(raw), 0) != (ssize_t)sizeof(raw))
        abort();
    codec_hex(raw, sizeof(raw), hex);
    snprintf(out, SNAPSHOT_ID_ROOM, "%s0%.16s", prefix, hex);
}

enum snapshot_status snapshot_status(const struct snapshot *s, int64_t now)
{
    uint64_t then = (uint64_t)now;

    if (s->completed == 0)
        return s->timeout && then > s->started + s->timeout * 60000
                   ? SNAPSHOT_ERROR
                   : SNAPSHOT_PENDING;
    if (then < s->completed)
        return SNAPSHOT_PENDING;
    return s->problem[0] ? SNAPSHOT_ERROR : SNAPSHOT_COMPLETED;
}

const char *snapshot_status_name(enum snapshot_status status)
{
    static const char *const names[] = {
        [SNAPSHOT_PENDING] = "pending",
        [SNAPSHOT_COMPLETED] = "completed",
        [SNAPSHOT_ERROR] = "error",
        [SNAPSHOT_RECOVERABLE] = "recoverable",
        [SNAPSHOT_RECOVERING] = "recovering",
    };

    return names[status];
}

static cJSON *print_field(const struct snapshot *s, const struct field *f)
{
    const char *at = (const char *)s + f->at;

    if (f->kind == TEXT)
        return cJSON_CreateString(at);
    if (f->kind == FLAG)
        return cJSON_CreateBool(*(const bool *)at);
    return cJSON_CreateNumber((double)*(const uint64_t *)(const void *)at);
}

char *snapshot_print(const struct snapshot *s)
{
    cJSON *o = cJSON_CreateObject();
    char *text = NULL;

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        if (!cJSON_AddItemToObject(o, fields[i].name,
                                   print_field(s, &fields[i])))
            goto out;
    if (s->tags && !cJSON_AddItemToObject(o, "tags",
                                          cJSON_Duplicate(s->tags, true)))
        goto out;
    text = cJSON_Print(o);
out:
    cJSON_Delete(o);
    return text;
}

static bool parse_field(struct snapshot *s, const struct field *f,
                        const cJSON *v)
{
    char *at = (char *)s + f->at;

    if (f->kind == FLAG) {
        *(bool *)at = cJSON_IsTrue(v);
        return cJSON_IsBool(v);
    }
    if (f->kind == NUMBER) {
        if (!cJSON_IsNumber(v) || v->valuedouble < 0 ||
            v->valuedouble > 9007199254740992.0)
            return false;
        *(uint64_t *)(void *)at = (uint64_t)v->valuedouble;
        return true;
    }
    if (!cJSON_IsString(v) || strlen(v->valuestring) >= f->room)
        return false;
    strcpy(at, v->valuestring);
    return true;
}

static int parse_object(struct snapshot *s, const cJSON *o, struct fail *f)
{
    const cJSON *tags = cJSON_GetObjectItemCaseSensitive(o, "tags");

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, fields[i].name);

        if (v && !parse_field(s, &fields[i], v))
            return fail(f, 0, "bad value of \"%s\"", fields[i].name);
    }
    if (tags)
        s->tags = cJSON_Duplicate(tags, true);
    return snapshot_id_valid(s->id) ? 0 : fail(f, 0, "bad snapshot id");
}

struct snapshot *snapshot_parse(const char *json, struct fail *f)
{
    struct snapshot *s = snapshot_new();
    cJSON *o = cJSON_Parse(json);

    if (!s || !o) {
        fail(f, 0, "not JSON");
    } else if (parse_object(s, o, f) == 0) {
        cJSON_Delete(o);
        return s;
    }
    cJSON_Delete(o);
    snapshot_free(s);
    return NULL;
}

bool snapshot_add_tag(struct snapshot *s, const char *key, const char *value)
{
    cJSON *tag = cJSON_CreateObject();

    if (!s->tags)
        s->tags = cJSON_CreateArray();
    if (!tag || !cJSON_AddStringToObject(tag, "Key", key) ||
        !cJSON_AddStringToObject(tag, "Value", value) ||
        !cJSON_AddItemToArray(s->tags, tag)) {
        cJSON_Delete(tag);
        return false;
    }
    return true;
}
