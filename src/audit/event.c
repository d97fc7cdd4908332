/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/event.h"

#include "base/json.h"

const char *event_name(const cJSON *event)
{
    return event_text(event, "event");
}

const char *event_text(const cJSON *event, const char *key)
{
    return json_text(event, key);
}

bool event_number(const cJSON *event, const char *key, uint64_t *out)
{
    return json_whole(event, key, JSON_WHOLE_MAX, out);
}
