/* SPDX-License-Identifier: Apache-2.0 */
#include "ec2tags.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "request.h"
#include "snapshot.h"

#define KEY_MAX 127
#define VALUE_MAX 255
#define TAGS_MAX 50

void ec2tags_print(struct bytes *b, const struct snapshot *s)
{
    const cJSON *tag;

    if (!s->tags)
        return;
    bytes_str(b, "<tagSet>");
    cJSON_ArrayForEach(tag, s->tags) {
        const cJSON *k = cJSON_GetObjectItemCaseSensitive(tag, "Key");
        const cJSON *v = cJSON_GetObjectItemCaseSensitive(tag, "Value");

        if (!cJSON_IsString(k) || !cJSON_IsString(v))
            continue;
        bytes_str(b, "<item>");
        bytes_xml(b, "key", k->valuestring);
        bytes_xml(b, "value", v->valuestring);
        bytes_str(b, "</item>");
    }
    bytes_str(b, "</tagSet>");
}

static bool refuse(struct request *r, const char *key)
{
    fault_answer(r, FAULT_EC2_PARAMETER, "The tag '%s' is invalid",
                 key ? key : "");
    return false;
}

static bool is_taken(const char *key, const char *value)
{
    return key && *key && strlen(key) <= KEY_MAX &&
           strncmp(key, "aws:", 4) != 0 && strlen(value) <= VALUE_MAX;
}

static bool read_one(struct request *r, struct snapshot *s, const char *list)
{
    const char *key;

    for (unsigned n = 1; (key = params_nth(&r->params, list, n, ".Key"));
         n++) {
        const char *value = params_nth(&r->params, list, n, ".Value");

        value = value ? value : "";
        if (n > TAGS_MAX || !is_taken(key, value))
            return refuse(r, key);
        if (!snapshot_add_tag(s, key, value))
            r->answer.body.broken = true;
    }
    return true;
}

bool ec2tags_read(struct request *r, struct snapshot *s)
{
    const char *kind;
    char list[48];

    for (unsigned n = 1; (kind = params_nth(&r->params, "TagSpecification", n,
                                            ".ResourceType")); n++) {
        snprintf(list, sizeof(list), "TagSpecification.%u.Tag", n);
        if (strcmp(kind, "snapshot") != 0)
            return refuse(r, kind);
        if (!read_one(r, s, list))
            return false;
    }
    return true;
}
