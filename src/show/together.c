/* SPDX-License-Identifier: Apache-2.0 */
#include "show/together.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/thread.h"

struct together {
    pthread_mutex_t lock;  /* for all below */
    struct progress line;
    struct progress_facts sum;
    char what[64];
    size_t all, begun, ended;
};

struct together *together_new(enum progress_style style, size_t all,
                              uint64_t now)
{
    struct together *t = calloc(1, sizeof(*t));

    if (!t)
        return NULL;
    pthread_mutex_init(&t->lock, NULL);
    t->all = all;
    snprintf(t->what, sizeof(t->what), "%zu images", all);
    progress_start(&t->line, style, t->what, 0, now);
    return t;
}

void together_free(struct together *t)
{
    if (!t)
        return;
    progress_end(&t->line);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

/* All locked from here on. */

/* Unsigned numbers: what has become less is taken away by the same sum. */
static void add(struct progress_facts *sum, const struct progress_facts *was,
                const struct progress_facts *is)
{
    sum->done += is->done - was->done;
    sum->blocks += is->blocks - was->blocks;
    sum->retries += is->retries - was->retries;
    sum->throttled += is->throttled - was->throttled;
}

static void name(struct together *t)
{
    snprintf(t->what, sizeof(t->what), "%zu of %zu images, %zu under way",
             t->ended, t->all, t->begun - t->ended);
}

void together_join(struct together *t, struct together_part *p,
                   uint64_t total, uint64_t from)
{
    AUTOLOCK(&t->lock);

    *p = (struct together_part){ .facts = { .done = 0 } };
    t->line.total += total;
    t->line.from += from;
    t->begun++;
    name(t);
}

void together_show(struct together *t, struct together_part *p,
                   const struct progress_facts *f, uint64_t now)
{
    AUTOLOCK(&t->lock);

    add(&t->sum, &p->facts, f);
    p->facts = *f;
    t->sum.waiting = f->waiting;
    progress_show(&t->line, &t->sum, now);
}

void together_leave(struct together *t)
{
    AUTOLOCK(&t->lock);

    t->ended++;
    name(t);
}
