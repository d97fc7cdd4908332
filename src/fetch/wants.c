/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks that are wanted in no order.  For one whose token is known a request
 * goes out; any other is like one whose token has expired: renewal.c lists
 * from there on. */
#include <string.h>

#include "base/thread.h"
#include "fetch/fetch-private.h"

void fetch_want(struct source *src, struct slot *s)
{
    struct fetch *f = (struct fetch *)src;
    struct job *j = &f->jobs[s->number];

    thread_lock(&f->lock);
    j->slot = s;
    j->next = NULL;
    if (f->wanted)
        f->wanted_last->next = j;
    else
        f->wanted = j;
    f->wanted_last = j;
    thread_unlock(&f->lock);
    aws_wake(f->config.aws);
}

static struct job *take_first(struct fetch *f)
{
    AUTOLOCK(&f->lock);
    struct job *j = f->wanted;

    if (j)
        f->wanted = j->next;
    return j;
}

static void start(struct job *j)
{
    const char *token = tokens_find(&j->fetch->tokens, slot_index(j->slot));

    j->renewals = 0;
    j->others = 0;
    strcpy(j->token, token ? token : "");
    if (token)
        job_send(j);
    else
        j->state = STALE;
}

void wants_watch(struct fetch *f)
{
    struct job *j;

    while (f->flying < f->depth.now && (j = take_first(f)))
        start(j);
    f->depth_limits = f->flying >= f->depth.now;
}
