/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks that came back bad: workers refuse what has not the provider's
 * SHA-256, and the fetch's thread asks for it once more. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/thread.h"
#include "fetch/fetch-private.h"

/* What a supply cannot read is fetched, not given up. */
static bool is_good(const struct job *j, const struct slot *s)
{
    bool same = memcmp(s->sha256, s->expected, 32) == 0;

    if (j->state == SUPPLIED)
        return same && !s->unreadable;
    return same || s->unreadable;
}

static void give_back(struct fetch *f, struct job *j)
{
    thread_lock(&f->lock);
    j->next = f->returned;
    f->returned = j;
    thread_unlock(&f->lock);
    aws_wake(f->config.aws);
}

static void tell(struct fetch *f, const struct slot *s)
{
    struct err e = ERR_INIT;

    if (f->config.accepted && f->config.accepted(f->config.ctx, s, &e) < 0)
        f->to->lost(f->to, NULL, &e);
}

bool returns_accept(struct source *src, struct slot *s)
{
    struct fetch *f = (struct fetch *)src;
    struct job *j = &f->jobs[s->number];

    if (!is_good(j, s)) {
        give_back(f, j);
        return false;
    }
    if (j->state == SUPPLIED || s->unreadable)
        return true;
    probe_remember(j);
    tell(f, s);
    return true;
}

int returns_unpack(struct source *src, struct slot *s, struct err *e)
{
    struct fetch *f = (struct fetch *)src;

    if (f->jobs[s->number].state != SUPPLIED)
        return 0;
    return f->config.supply->unpack(f->config.supply, s, e);
}

static void fetch_after_all(struct job *j)
{
    struct fetch_supply *u = j->fetch->config.supply;

    u->refused(u, j->slot);
    j->slot->unreadable = false;
    j->slot->provider = false;
    j->slot->age = 0;
    j->slot->cached = false;
    job_send(j);
}

static void refuse_mismatch(struct job *j)
{
    char got[65], said[65], why[256];

    hex_encode(got, j->slot->sha256, 32);
    hex_encode(said, j->slot->expected, 32);
    snprintf(why, sizeof(why),
             "the block has SHA-256 %s, the provider says %s", got, said);
    job_refuse(j, why);
}

static struct job *take_all(struct fetch *f)
{
    AUTOLOCK(&f->lock);
    struct job *first = f->returned;

    f->returned = NULL;
    return first;
}

void returns_watch(struct fetch *f)
{
    struct job *j = take_all(f);

    while (j) {
        struct job *next = j->next;

        if (j->state == SUPPLIED)
            fetch_after_all(j);
        else
            refuse_mismatch(j);
        j = next;
    }
}
