/* SPDX-License-Identifier: Apache-2.0 */
/* The order itself.  EC2 has no client token for it: a request that broke off,
 * or was answered with trouble, may have arrived all the same.  Sent again at
 * once it might make everything twice, so EC2 is asked first for snapshots
 * with the tag of this request; it may show a new one a while later only. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "preserve/preserve-private.h"
#include "show/tell.h"

#define ATTEMPTS 3

/* After so many ms each, 31 s together. */
static const uint64_t looks[] = { 1000, 2000, 4000, 8000, 16000 };
#define LOOKS (sizeof(looks) / sizeof(looks[0]))

int preserve_pause(uint64_t milliseconds, struct err *e)
{
    uint64_t end = clock_monotonic(&clock_system) + milliseconds * NS_PER_MS;

    do {
        if (interrupt_check(e) < 0)
            return -1;
        poll(NULL, 0, 50);
    } while (clock_monotonic(&clock_system) < end);
    return 0;
}

static int take_made(void *ctx, const struct call *c, struct err *e)
{
    struct preserve *p = ctx;
    const struct text *body = &c->answer->body;
    const struct ec2_made *m;
    struct xmllist l;
    int r = ec2_parse_made(body->s ? body->s : "", body->len, &p->order, &l,
                           e);

    m = l.items;
    p->nmade = 0;
    for (size_t i = 0; r == 0 && i < l.count; i++) {
        struct preserve_made *to = &p->made[p->nmade];

        if (resource_kind(m[i].id) != RESOURCE_SNAPSHOT
            || resource_kind(m[i].volume_id) != RESOURCE_VOLUME
            || p->nmade == PRESERVE_VOLUMES) {
            r = err_set(e, ERR_SERVICE, 0, "the answer of EC2 about new "
                        "snapshots makes no sense");
            break;
        }
        *to = (struct preserve_made){ .gib = m[i].gib };
        strcpy(to->id, m[i].id);
        strcpy(to->volume, m[i].volume_id);
        p->nmade++;
    }
    ec2_made_free(&l);
    return r;
}

static int log_made(struct preserve *p, struct err *e)
{
    p->expected = p->nmade;
    for (size_t i = 0; i < p->nmade; i++)
        if (preserve_log_made(p, &p->made[i], "the answer", e) < 0)
            return -1;
    return log_sync(p->log, e);
}

/* A service that says no has done nothing.  Of trouble of its own, of silence
 * and of an answer that makes no sense nobody knows. */
static bool may_have_arrived(const struct err *why)
{
    bool says_no = why->http_status >= 400 && why->http_status < 500
        && why->http_status != 408;

    return !says_no && why->kind != ERR_ACCESS;
}

/* 1: it is there. */
static int look(struct preserve *p, struct err *e)
{
    for (size_t i = 0; i < LOOKS; i++) {
        size_t found = 0;

        if (preserve_pause(looks[i], e) < 0
            || preserve_see(p, &found, e) < 0
            || preserve_log_look(p, found, e) < 0)
            return -1;
        if (found)
            return 1;
    }
    return 0;
}

static int unknown(const struct preserve *p, const struct err *why,
                   struct err *e)
{
    autotext struct text list = TEXT_INIT;

    preserve_add_list(p, &list);
    if (list.failed)
        return err_nomem(e);
    tell_always("to see what was made:  %s", list.s);
    *e = *why;
    return err_in(e, "it is not known whether snapshots were made");
}

/* 1: made, 0: not, and it may be tried again. */
static int try(struct preserve *p, unsigned n, struct err *why,
               struct err *e)
{
    *why = (struct err)ERR_INIT;
    ec2_create(p->service.call, &p->order);
    /* Refusals to be so fast are waited out; nothing else is sent again. */
    p->service.call->attempts_max = 1;
    if (service_ask(&p->service, take_made, p, why) == 0)
        return preserve_log_attempt(p, n, "made", NULL, e) < 0
            || log_made(p, e) < 0 ? -1 : 1;
    p->nmade = 0;
    if (preserve_log_attempt(p, n, may_have_arrived(why) ? "not known"
                             : "refused", why, e) < 0)
        return -1;
    if (!may_have_arrived(why)) {
        *e = *why;
        return err_in(e, "nothing was made");
    }
    if (why->kind == ERR_INTERRUPTED)
        return unknown(p, why, e);
    tell_warning("%s: looking whether it was made", why->msg);
    return 0;
}

int preserve_count(struct preserve *p, struct err *e)
{
    char text[128];

    if (p->nmade == p->nvolumes)
        return 0;
    snprintf(text, sizeof(text), "%zu snapshots were made, and %zu volumes "
             "were there", p->nmade, p->nvolumes);
    return preserve_warn(p, text, e);
}

int preserve_order(struct preserve *p, struct err *e)
{
    struct err why, ask = ERR_INIT;
    int r = 0;

    for (unsigned n = 1; n <= ATTEMPTS; n++) {
        r = try(p, n, &why, e);
        if (r == 0) {
            p->expected = p->nvolumes;
            r = look(p, &ask);
            if (r < 0)
                return unknown(p, &ask, e);
        }
        if (r != 0)
            break;
    }
    if (r == 0)
        return unknown(p, &why, e);
    return r < 0 ? -1 : 0;
}
