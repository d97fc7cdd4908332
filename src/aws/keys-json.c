/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/keys-json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"

static const char *string_in(const cJSON *o, const char *key)
{
    const char *s = json_text(o, key);

    return s && *s ? s : NULL;
}

/* "+02:00" as ns; -1 when it is no offset. */
static int64_t offset_of(const char *zone)
{
    unsigned h, m;
    int n = 0;

    if ((*zone != '+' && *zone != '-')
        || sscanf(zone + 1, "%2u:%2u%n", &h, &m, &n) != 2 || n != 5
        || zone[6] || h > 14 || m > 59)
        return -1;
    return (int64_t)((h * 60 + m) * 60 * NS_PER_S);
}

/* What is so far away that no clock counts up to it is as good as never; it
 * stays a time of its own, behind all others.  A leap year, too. */
#define LAST_YEAR "2260"
#define LAST_MS 9175000000000.0 /* in it */

static void keep_countable(char *iso)
{
    size_t n = strlen(LAST_YEAR);

    if (strspn(iso, "0123456789") == n && strncmp(iso, LAST_YEAR, n) > 0)
        memcpy(iso, LAST_YEAR, n);
}

uint64_t keys_parse_time(const char *text)
{
    char utc[CLOCK_TEXT + 8];
    size_t n = strcspn(text, "ZU");
    const char *zone = text + n;
    const char *sign = strlen(text) > 19 ? strpbrk(text + 19, "+-") : NULL;
    int64_t offset = 0;
    uint64_t ns;

    if (sign) {
        zone = sign;
        n = (size_t)(sign - text);
        offset = offset_of(sign);
    }
    if (offset < 0 || n + 2 > sizeof(utc)
        || (!sign && strcmp(zone, "Z") != 0 && strcmp(zone, "UTC") != 0))
        return 0;
    memcpy(utc, text, n);
    memcpy(utc + n, "Z", 2);
    keep_countable(utc);
    ns = clock_parse_iso(utc);
    if (!ns || !sign)
        return ns;
    return *sign == '+' ? ns - (uint64_t)offset : ns + (uint64_t)offset;
}

/* Absent: they do not expire. */
static int take_expiry(const cJSON *o, const struct keys_names *names,
                       struct credentials *out, struct err *e)
{
    const cJSON *j = cJSON_GetObjectItemCaseSensitive(o, names->expires);

    if (!j || cJSON_IsNull(j))
        return 0;
    if (names->in_ms && cJSON_IsNumber(j) && j->valuedouble > 0)
        out->expires = (uint64_t)fmin(j->valuedouble, LAST_MS) * NS_PER_MS;
    else if (!names->in_ms && cJSON_IsString(j))
        out->expires = keys_parse_time(j->valuestring);
    if (out->expires)
        return 0;
    return err_set(e, ERR_ACCESS, 0, "%s: \"%s\" is no time", out->source,
                   names->expires);
}

int keys_from_json(const cJSON *o, const struct keys_names *names,
                   struct credentials *out, struct err *e)
{
    struct raw_keys k = {
        string_in(o, names->id), string_in(o, names->secret),
        string_in(o, names->token),
    };

    if (!k.id || !k.secret || (names->needs_token && !k.token))
        return err_set(e, ERR_ACCESS, 0, "%s: the answer has no \"%s\"",
                       out->source, !k.id ? names->id
                       : !k.secret ? names->secret : names->token);
    if (take_expiry(o, names, out, e) < 0)
        return -1;
    return credentials_take(&k, out, e);
}

cJSON *keys_parse_json(const char *text, size_t n, struct err *e)
{
    cJSON *o = text ? cJSON_ParseWithLength(text, n) : NULL;

    if (cJSON_IsObject(o))
        return o;
    keys_wipe_json(o);
    err_set(e, ERR_ACCESS, 0, "the answer is not JSON, or no object");
    return NULL;
}

/* Depth is bounded by cJSON's parser. */
static void wipe(cJSON *o)
{
    for (; o; o = o->next) {
        if (o->valuestring)
            secret_wipe(o->valuestring, strlen(o->valuestring));
        wipe(o->child);
    }
}

void keys_wipe_json(cJSON *o)
{
    wipe(o);
    cJSON_Delete(o);
}
