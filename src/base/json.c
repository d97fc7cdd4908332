/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* ---------------------------------------------------------------- reading */

const cJSON *json_member(const cJSON *object, const char *name)
{
    const cJSON *j = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsNull(j) ? NULL : j;
}

const char *json_text(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(object, name));
}

bool json_is_whole(const cJSON *value, uint64_t max, uint64_t *out)
{
    if (max > JSON_WHOLE_MAX)
        max = JSON_WHOLE_MAX;
    if (!cJSON_IsNumber(value) || !(value->valuedouble >= 0)
        || value->valuedouble > (double)max
        || value->valuedouble != floor(value->valuedouble))
        return false;
    *out = (uint64_t)value->valuedouble;
    return true;
}

bool json_whole(const cJSON *object, const char *name, uint64_t max,
                uint64_t *out)
{
    return json_is_whole(json_member(object, name), max, out);
}

bool json_hex(const cJSON *object, const char *name, void *out, size_t n)
{
    const char *digits = json_text(object, name);

    return digits && hex_decode(out, n, digits) == 0;
}

/* ---------------------------------------------------------------- writing */

static void begin(struct text *t, const char *name)
{
    char last = t->len ? t->s[t->len - 1] : '\0';

    if (last && !strchr("{[:\n", last))
        text_add(t, ",");
    if (!name)
        return;
    text_add_json(t, name);
    text_add(t, ":");
}

void json_open(struct text *t, const char *name, char bracket)
{
    begin(t, name);
    text_addn(t, &bracket, 1);
}

void json_close(struct text *t, char bracket)
{
    text_addn(t, &bracket, 1);
}

void json_put_value(struct text *t, const char *name, const char *json)
{
    begin(t, name);
    text_add(t, json);
}

void json_put_null(struct text *t, const char *name)
{
    json_put_value(t, name, "null");
}

void json_put_text(struct text *t, const char *name, const char *value)
{
    begin(t, name);
    if (value)
        text_add_json(t, value);
    else
        text_add(t, "null");
}

void json_put_u64(struct text *t, const char *name, uint64_t value)
{
    begin(t, name);
    text_addf(t, "%" PRIu64, value);
}

void json_put_bool(struct text *t, const char *name, bool value)
{
    json_put_value(t, name, value ? "true" : "false");
}

/* In parts of a million; no locale has a say. */
void json_put_seconds(struct text *t, const char *name, uint64_t ns)
{
    uint64_t us = ns / 1000 + (ns % 1000 >= 500);

    begin(t, name);
    text_addf(t, "%" PRIu64 ".%06u", us / 1000000, (unsigned)(us % 1000000));
}
