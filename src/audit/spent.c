/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/spent.h"

#include "base/json.h"

#include <string.h>

/* Ten years.  More was written by a clock that was set back. */
#define SESSION_MAX_MS 315360000000u

/* Of several `end' events of one session the last one counts. */
static bool take(struct spent *s, const cJSON *event)
{
    return json_whole(event, "milliseconds", SESSION_MAX_MS, &s->session);
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
    const char *name = json_text(event, "event");

    if (!name)
        return;
    if (strcmp(name, "start") == 0 || strcmp(name, "resume") == 0) {
        spent_next(s);
        s->begun = true;
    } else if (strcmp(name, "progress") == 0) {
        take(s, event);
    } else if (strcmp(name, "end") == 0) {
        s->ended = take(s, event);
    }
}
