/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/carrier.h"

#include <stdlib.h>

#include "base/thread.h"
#include "flow/window.h"

/* ----------------------------------------------------------------- queue */

static void carrier_give(struct fetch_supply *u, struct slot *s)
{
    struct carrier *c = (struct carrier *)u;
    AUTOLOCK(&c->lock);

    c->queue[(c->first + c->count++) % c->room] = s;
    thread_wake_one(&c->given);
}

static struct slot *take(struct carrier *c)
{
    struct slot *s;
    AUTOLOCK(&c->lock);

    while (!c->count && !c->stopped)
        thread_wait(&c->given, &c->lock);
    if (c->stopped)
        return NULL;
    s = c->queue[c->first];
    c->first = (c->first + 1) % c->room;
    c->count--;
    return s;
}

/* ---------------------------------------------------------------- thread */

static int bring(struct carrier *c, struct slot *s, struct err *e)
{
    window_buffer(c->window, s);
    if (c->bring(c, s, e) < 0)
        return -1;
    window_arrived(c->window, s);
    return 0;
}

static void *carrier_main(void *arg)
{
    struct carrier *c = arg;
    struct err e = ERR_INIT;
    struct slot *s;

    while ((s = take(c))) {
        if (bring(c, s, &e) == 0)
            continue;
        window_fail(c->window, &e);
        break;
    }
    return NULL;
}

static int carrier_start(struct fetch_supply *u, struct window *w,
                         struct err *e)
{
    struct carrier *c = (struct carrier *)u;

    c->window = w;
    if (thread_start(&c->thread, carrier_main, c, "carry", e) < 0)
        return -1;
    c->started = true;
    return 0;
}

static void carrier_stop(struct fetch_supply *u)
{
    struct carrier *c = (struct carrier *)u;

    thread_lock(&c->lock);
    c->stopped = true;
    thread_wake_all(&c->given);
    thread_unlock(&c->lock);
    if (c->started)
        thread_join(c->thread);
    c->started = false;
}

/* -------------------------------------------------------------- init, free */

int carrier_init(struct carrier *c, unsigned slots,
                 int (*how)(struct carrier *c, struct slot *s,
                            struct err *e), struct err *e)
{
    c->supply = (struct fetch_supply){
        .start = carrier_start,
        .give = carrier_give,
        .stop = carrier_stop,
    };
    c->bring = how;
    c->room = slots;
    pthread_mutex_init(&c->lock, NULL);
    thread_cond_init(&c->given);
    c->queue = calloc(slots, sizeof(struct slot *));
    return c->queue ? 0 : err_nomem(e);
}

void carrier_free(struct carrier *c)
{
    pthread_cond_destroy(&c->given);
    pthread_mutex_destroy(&c->lock);
    free(c->queue);
}
