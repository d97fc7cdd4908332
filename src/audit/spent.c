#include "audit/spent.h"

#include <string.h>

/* Ten years.  More was written by a clock that was set back. */
#define SESSION_MAX_MS 315360000000.0

/* Of several `end' events of one session the last one counts. */
static bool take(struct spent *s, const cJSON *event)
{
    const cJSON *ms = cJSON_GetObjectItemCaseSensitive(event,
                                                       "milliseconds");

    if (!cJSON_IsNumber(ms) || ms->valuedouble < 0
        || ms->valuedouble > SESSION_MAX_MS)
        return false;
    s->session = (uint64_t)ms->valuedouble;
    return true;
}

void spent_next(struct spent *s)
{
    s->before += s->session;
    s->died += s->begun && !s->ended;
    s->session = 0;
    s->begun = s->ended = false;
}

void spent_event(struct spent *s, const cJSON *event)
{
    const cJSON *j = cJSON_GetObjectItemCaseSensitive(event, "event");
    const char *name = cJSON_IsString(j) ? j->valuestring : "";

    if (strcmp(name, "start") == 0 || strcmp(name, "resume") == 0) {
        spent_next(s);
        s->begun = true;
    } else if (strcmp(name, "progress") == 0) {
        take(s, event);
    } else if (strcmp(name, "end") == 0) {
        s->ended = take(s, event);
    }
}
