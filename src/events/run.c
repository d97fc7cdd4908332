/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "events/carve.h"
#include "events/events.h"
#include "events/judge.h"
#include "events/limits.h"
#include "events/logfiles.h"
#include "events/show.h"

#define STATUS_RESERVE 1
#define NOTES_MAX 200u

/* ------------------------------------------------------------------- heard */

/* Without a year nothing is sure before all files were read. */
static bool is_outside(const struct events_options *o, const struct event *v)
{
    return v->year != EVENT_YEAR_UNKNOWN
        && (v->time < o->from_us || v->time >= o->to_us);
}

int events_add(struct events *s, unsigned side, const struct event *v,
               const char *path, uint64_t at, struct err *e)
{
    struct event moved = *v;

    if (v->zone == EVENT_LOCAL)
        moved.time -= s->opt->zone_minutes * 60 * US_PER_S;
    if (is_outside(s->opt, &moved)) {
        s->outside++;
        return 0;
    }
    return store_add(&s->store, side, &moved, path, at, e);
}

int events_note(struct events *s, unsigned side, const char *path,
                const char *text, struct err *e)
{
    if (s->notes.count >= NOTES_MAX) {
        s->notes_dropped++;
        return 0;
    }
    if (s->nsides == 1)
        return notes_add(&s->notes, e, "%s: %s", path, text);
    return notes_add(&s->notes, e, "%c: %s: %s", (int)events_letter(side),
                     path, text);
}

/* --------------------------------------------------------------------- run */

static int look(struct events *s, char **names, struct err *e)
{
    if (events_start(s, e) < 0 || events_open(s, names, e) < 0)
        return -1;
    for (unsigned i = 0; i < s->nsides; i++)
        if (logfiles_read(s, i, e) < 0)
            return -1;
    if (!s->opt->no_carving && carve_blocks(s, e) < 0)
        return -1;
    store_sort(&s->store);
    return events_show(s, e);
}

int events_run(const struct events_options *opt, char **names, int n,
               struct err *e)
{
    struct events *s = calloc(1, sizeof(*s));
    struct err ignored = ERR_INIT;
    int r;

    if (!s)
        return err_nomem(e);
    s->opt = opt;
    s->nsides = (unsigned)n;
    store_init(&s->store, opt->memory);
    r = look(s, names, e);
    if (r == 0 && events_have_reserve(s))
        r = STATUS_RESERVE;
    if (events_close(s, r < 0 ? &ignored : e) < 0)
        r = -1;
    store_free(&s->store);
    notes_free(&s->notes);
    free(s);
    return r;
}
