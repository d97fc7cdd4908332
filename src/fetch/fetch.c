/* SPDX-License-Identifier: Apache-2.0 */
/* The source itself: its thread, which drives all the parts, and its life. */
#include "fetch/fetch.h"

#include <stdlib.h>

#include "aws/verdict.h"
#include "base/thread.h"
#include "fetch/fetch-private.h"
#include "flow/window.h"

#define POLL_MS 500

/* Slots for what waits, however few blocks are in flight. */
#define AHEAD_MIN 16u

void fetch_fail(struct fetch *f, struct err *why)
{
    f->to->lost(f->to, NULL, why);
}

void fetch_name_right(struct err *why, const char *right)
{
    if (verdict_lacks_right(why))
        err_in(why, "the right %s on this snapshot is missing", right);
}

/* Behind the blocks in flight there is room for half as many that wait for
 * one that is late, or for the processor. */
unsigned fetch_slots(unsigned connections)
{
    unsigned half = connections / 2;

    return connections + (half > AHEAD_MIN ? half : AHEAD_MIN);
}

void fetch_limit(struct fetch *f)
{
    if (f->window)
        window_limit(f->window, fetch_slots(f->depth.now));
}

struct call *fetch_call(struct fetch *f, void (*done)(struct call *c),
                        void *owner, struct err *e)
{
    struct call *c = call_new(f->config.aws, e);

    if (c) {
        c->done = done;
        c->owner = owner;
    }
    return c;
}

/* ---------------------------------------------------------------- thread */

static void start_blocks(struct fetch *f)
{
    if (!f->window) {
        wants_watch(f);
        return;
    }
    lister_watch(f);
    feed_watch(f);
}

static void *fetch_main(void *arg)
{
    struct fetch *f = arg;
    struct err e = ERR_INIT;

    while (!f->stopping) {
        returns_watch(f);
        renewal_watch(f);
        start_blocks(f);
        late_watch(f);
        probe_watch(f);
        if (aws_poll(f->config.aws, POLL_MS, &e) < 0) {
            fetch_fail(f, &e);
            break;
        }
    }
    return NULL;
}

static int start_thread(struct fetch *f, struct err *e)
{
    if (thread_start(&f->thread, fetch_main, f, "fetch", e) < 0)
        return -1;
    f->started = true;
    return 0;
}

static int fetch_start(struct source *src, struct window *w, struct err *e)
{
    struct fetch *f = (struct fetch *)src;

    f->window = w;
    f->to = window_delivery(w);
    depth_init(&f->depth, f->config.connections,
               clock_monotonic(f->config.clock));
    fetch_limit(f);
    if (f->config.supply
        && f->config.supply->start(f->config.supply, w, e) < 0)
        return -1;
    return start_thread(f, e);
}

int fetch_serve(struct source *src, struct delivery *to, struct err *e)
{
    struct fetch *f = (struct fetch *)src;

    f->to = to;
    depth_init(&f->depth, f->config.connections,
               clock_monotonic(f->config.clock));
    return start_thread(f, e);
}

static void fetch_wake(struct source *src)
{
    aws_wake(((struct fetch *)src)->config.aws);
}

static void fetch_stop(struct source *src)
{
    struct fetch *f = (struct fetch *)src;

    f->stopping = true;
    if (f->config.supply)
        f->config.supply->stop(f->config.supply);
    if (!f->started)
        return;
    aws_wake(f->config.aws);
    thread_join(f->thread);
    f->started = false;
    jobs_stop(f);
    lister_stop(f);
    renewal_stop(f);
    late_stop(f);
    probe_stop(f);
}

/* ------------------------------------------------------------ make, free */

static int make_parts(struct fetch *f, struct err *e)
{
    if (jobs_init(f, e) < 0 || lister_init(f, e) < 0
        || renewal_init(f, e) < 0 || late_init(f, e) < 0)
        return -1;
    return probe_init(f, e);
}

struct source *fetch_new(const struct fetch_config *c, struct err *e)
{
    struct fetch *f = calloc(1, sizeof(*f));

    if (!f) {
        err_nomem(e);
        return NULL;
    }
    f->config = *c;
    f->next_offset = c->start;
    f->source = (struct source){
        .name = "EBS",
        .start = fetch_start,
        .accept = returns_accept,
        .wake = fetch_wake,
        .stop = fetch_stop,
    };
    if (c->supply && c->supply->unpack)
        f->source.unpack = returns_unpack;
    pthread_mutex_init(&f->lock, NULL);
    if (make_parts(f, e) < 0) {
        fetch_free(&f->source);
        return NULL;
    }
    return &f->source;
}

void fetch_free(struct source *src)
{
    struct fetch *f = (struct fetch *)src;

    if (!f)
        return;
    jobs_free(f);
    lister_free(f);
    renewal_free(f);
    late_free(f);
    probe_free(f);
    tokens_free(&f->tokens);
    pthread_mutex_destroy(&f->lock);
    free(f);
}
