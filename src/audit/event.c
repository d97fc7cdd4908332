#include "audit/event.h"

#include <math.h>

#define MOST 1e18 /* of what a double holds, surely within 64 bits */

const char *event_name(const cJSON *event)
{
    return event_text(event, "event");
}

const char *event_text(const cJSON *event, const char *key)
{
    return cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(event, key));
}

bool event_number(const cJSON *event, const char *key, uint64_t *out)
{
    const cJSON *j = cJSON_GetObjectItemCaseSensitive(event, key);

    if (!cJSON_IsNumber(j) || j->valuedouble < 0 || j->valuedouble > MOST
        || j->valuedouble != floor(j->valuedouble))
        return false;
    *out = (uint64_t)j->valuedouble;
    return true;
}
