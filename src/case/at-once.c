/* SPDX-License-Identifier: Apache-2.0 */
/* The images of a case side by side.  One thread, this one, looks at what is
 * there, writes the case log and says what became of each; the images are made
 * in others.  One that fails does not stop those that are under way. */
#include <stdlib.h>

#include "case/fleet.h"
#include "case/series-private.h"
#include "case/standing.h"
#include "show/tell.h"

/* Once one has failed as all others would, no more are begun. */
struct course {
    struct series *series;
    struct fleet *fleet;
    bool is_over;
    struct err why;           /* of that */
};

static void note(struct course *c, const struct case_member *m,
                 const struct err *why)
{
    struct err end = ERR_INIT;
    int r;

    tell_about(m->snapshot);
    r = series_note_failure(c->series, why, &end);
    if (r < 0 && c->is_over && why->kind != ERR_INTERRUPTED)
        tell_always("%s", why->msg); /* the command ends with the first */
    tell_about(NULL);
    if (r == 0 || c->is_over)
        return;
    c->is_over = true;
    c->why = end;
}

static void settle_next(struct course *c)
{
    struct fleet_image i;
    struct err why = ERR_INIT;

    if (!fleet_await(c->fleet, &i))
        return;
    if (series_settle(c->series, i.member, &i.prefix, i.rest, &i.result,
                      &i.why, &why) < 0)
        note(c, i.member, &why);
    free(i.prefix);
}

static int begin(struct course *c, struct case_member *m, struct err *e)
{
    struct series *s = c->series;
    char *prefix = standing_prefix(s->prefix, m, e);
    bool rest = false;
    int r = prefix ? series_look(s, m, &prefix, &rest, e) : -1;

    if (r != 0) {
        free(prefix);
        return r < 0 ? -1 : 0;
    }
    tell_note("snapshot %zu of %zu: %s", (size_t)(m - s->log.members) + 1,
              s->log.count, m->snapshot);
    return fleet_start(c->fleet, m, prefix, rest, e);
}

static void make_all(struct course *c)
{
    struct case_log *log = &c->series->log;

    for (size_t i = 0; i < log->count; i++) {
        struct err why = ERR_INIT;

        if (fleet_is_full(c->fleet))
            settle_next(c);
        if (c->is_over)
            break;
        if (begin(c, &log->members[i], &why) < 0)
            note(c, &log->members[i], &why);
    }
    while (fleet_is_busy(c->fleet))
        settle_next(c);
}

/* What becomes of this machine's own login files is no image's: it is told,
 * and stands in the log of the case. */
static void note_login(void *ctx, const char *text)
{
    struct series *s = ctx;
    struct err why = ERR_INIT;

    tell_note("%s", text);
    if (case_write_identity(&s->log, text, &why) < 0)
        tell_warning("%s", why.msg);
}

/* Before there are several who would ask for the code of an MFA device. */
static int sign_in(struct series *s, struct err *e)
{
    const struct service_hooks hooks = { .note = note_login, .ctx = s };
    struct service_options so = s->opt->service;

    so.case_number = s->opt->case_number;
    return service_sign_in(&so, &hooks, e);
}

int series_make_at_once(struct series *s, struct err *e)
{
    struct course c = { .series = s };

    if (sign_in(s, e) < 0)
        return -1;
    c.fleet = fleet_new(s->opt, s->log.count, e);
    if (!c.fleet)
        return -1;
    make_all(&c);
    fleet_free(c.fleet);
    if (c.is_over)
        *e = c.why;
    return c.is_over ? -1 : 0;
}
