/* SPDX-License-Identifier: Apache-2.0 */
/* What became of the new snapshots. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/failure.h"
#include "base/clock.h"
#include "ebs/ec2.h"
#include "ebs/ec2-search.h"
#include "ebs/pager.h"
#include "preserve/preserve-private.h"
#include "show/status.h"
#include "show/tell.h"

/* Between two looks: from the first to the second, growing by half. */
#define PAUSE_FIRST_MS 1000
#define PAUSE_MOST_MS 30000

struct seeing {
    struct preserve *p;
    size_t found;
    char *next;
};

static struct preserve_made *find(struct preserve *p, const char *id)
{
    for (size_t i = 0; i < p->nmade; i++)
        if (strcmp(p->made[i].id, id) == 0)
            return &p->made[i];
    return NULL;
}

static int add(struct preserve *p, const struct ec2_snapshot *s,
               struct err *e)
{
    struct preserve_made *m = &p->made[p->nmade];

    if (p->nmade == PRESERVE_VOLUMES
        || resource_kind(s->id) != RESOURCE_SNAPSHOT
        || resource_kind(s->volume_id) != RESOURCE_VOLUME)
        return err_set(e, ERR_SERVICE, 0, "the answer of EC2 about the new "
                       "snapshots makes no sense");
    *m = (struct preserve_made){ .gib = s->volume_gib };
    strcpy(m->id, s->id);
    strcpy(m->volume, s->volume_id);
    p->nmade++;
    return preserve_log_made(p, m, "its tag", e);
}

static int use(struct preserve *p, const struct ec2_snapshot *s,
               struct err *e)
{
    struct preserve_made *m = find(p, s->id);
    bool changed;

    if (!m && add(p, s, e) < 0)
        return -1;
    m = find(p, s->id);
    if (!m)
        return 0;
    changed = strcmp(m->state, s->status) != 0;
    snprintf(m->state, sizeof(m->state), "%s", s->status);
    snprintf(m->progress, sizeof(m->progress), "%s",
             s->progress ? s->progress : "");
    return changed ? preserve_log_state(p, m, e) : 0;
}

static int take(void *ctx, const struct call *c, struct err *e)
{
    struct seeing *see = ctx;
    const struct text *body = &c->answer->body;
    struct xmllist l;
    int r;

    free(see->next);
    see->next = NULL;
    r = ec2_parse_snapshots(body->s ? body->s : "", body->len, &l,
                            &see->next, e);
    see->found += r == 0 ? l.count : 0;
    for (size_t i = 0; r == 0 && i < l.count; i++)
        r = use(see->p, ec2_snapshot_at(&l, i), e);
    ec2_snapshots_free(&l);
    return r;
}

static int see_page(struct seeing *see, struct pager *at, struct err *e)
{
    static const char *const self = "self";
    struct service *s = &see->p->service;
    const char *const token = see->p->token;
    const struct ec2_filter filter = { "tag:" PRESERVE_TAG, &token, 1 };
    const struct ec2_search search = { &self, 1, &filter, 1 };
    char *next;

    ec2_search_snapshots(s->call, &search, at->next);
    s->call->attempts_max = 0;
    if (service_ask(s, take, see, e) < 0)
        return -1;
    next = see->next;
    see->next = NULL;
    return pager_turn(at, next, e);
}

/* EC2 may send an empty page, and have what is looked for on the next. */
static int see_all(struct seeing *see, struct err *e)
{
    autopager struct pager at = { NULL };

    do {
        if (see_page(see, &at, e) < 0)
            return -1;
    } while (pager_goes_on(&at, PAGER_PAGES_MAX));
    return at.next ? err_set(e, ERR_SERVICE, 0, "EC2's list does not end")
                   : 0;
}

int preserve_see(struct preserve *p, size_t *found, struct err *e)
{
    struct seeing see = { .p = p };
    int r = see_all(&see, e);

    free(see.next);
    if (r < 0)
        return err_in(e, "asking EC2 about the new snapshots");
    if (found)
        *found = see.found;
    return 0;
}

static size_t count(const struct preserve *p, const char *state)
{
    size_t n = 0;

    for (size_t i = 0; i < p->nmade; i++)
        n += strcmp(p->made[i].state, state) == 0;
    return n;
}

bool preserve_done(const struct preserve *p)
{
    return p->nmade && p->nmade >= p->expected
        && count(p, "completed") == p->nmade;
}

static void tell_progress(const struct preserve *p, size_t *told)
{
    size_t done = count(p, "completed");
    char line[160];

    snprintf(line, sizeof(line), "%zu of %zu completed", done, p->nmade);
    for (size_t i = 0; i < p->nmade; i++)
        if (strcmp(p->made[i].state, "completed") != 0) {
            snprintf(line, sizeof(line), "%zu of %zu completed, %s %.4s",
                     done, p->nmade, p->made[i].id, p->made[i].progress);
            break;
        }
    status_set(line);
    if (tell_terminal() == TELL_ABLE)
        tell_line(line);
    else if (done != *told)
        tell_note("%zu of %zu snapshots completed", done, p->nmade);
    *told = done;
}

static int failed(struct preserve *p, struct err *e)
{
    for (size_t i = 0; i < p->nmade; i++)
        if (strcmp(p->made[i].state, "error") == 0)
            return err_set(e, ERR_SOURCE, 0, "%s of %s has failed, as EC2 "
                           "says; it stays where it is", p->made[i].id,
                           p->made[i].volume);
    return 0;
}

/* EC2 may go on without us: what it cannot be asked about is a reserve. */
static int not_seen(struct preserve *p, const struct err *why, struct err *e)
{
    if (!failure_ends(ASKED_AS_USEFUL, why))
        return preserve_warn(p, why->msg, e);
    *e = *why;
    return -1;
}

static int late(struct preserve *p, struct err *e)
{
    autotext struct text list = TEXT_INIT;

    preserve_add_list(p, &list);
    if (list.failed)
        return err_nomem(e);
    tell_always("to see when all are completed:  %s", list.s);
    return preserve_warn(p, "not all are completed", e);
}

static int watch(struct preserve *p, uint64_t end, struct err *e)
{
    uint64_t pause = PAUSE_FIRST_MS;
    struct err why = ERR_INIT;
    size_t told = 0;

    while (preserve_see(p, NULL, &why) == 0) {
        tell_progress(p, &told);
        if (failed(p, e) < 0)
            return -1;
        if (preserve_done(p))
            return 0;
        if (clock_elapsed(&clock_system) >= end)
            return late(p, e);
        if (preserve_pause(pause, e) < 0)
            return -1;
        pause += pause / 2;
        if (pause > PAUSE_MOST_MS)
            pause = PAUSE_MOST_MS;
    }
    return not_seen(p, &why, e);
}

int preserve_wait(struct preserve *p, struct err *e)
{
    uint64_t end = clock_elapsed(&clock_system) + p->opt->wait * NS_PER_S;
    int r;

    if (!p->opt->wait)
        return late(p, e);
    r = watch(p, end, e);
    tell_line(NULL);
    status_set(NULL);
    return r;
}
