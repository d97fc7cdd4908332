/* SPDX-License-Identifier: Apache-2.0 */
#include "delay.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "scope.h"
#include "when.h"

struct sleeper {
    struct MHD_Connection *connection;
    int64_t wake; /* when_monotonic() */
};

struct delay {
    pthread_t thread;
    bool started;
    pthread_mutex_t lock; /* for all below */
    pthread_cond_t changed;
    struct sleeper *sleepers;
    size_t count;
    size_t room;
    bool stopped;
};

/* Lock held.  Wakes whose time has come; returns the next time, or -1. */
static int64_t wake_due(struct delay *d)
{
    int64_t now = when_monotonic();
    int64_t next = -1;

    for (size_t i = 0; i < d->count;) {
        struct sleeper s = d->sleepers[i];

        if (d->stopped || s.wake <= now) {
            d->sleepers[i] = d->sleepers[--d->count];
            MHD_resume_connection(s.connection);
            continue;
        }
        if (next < 0 || s.wake < next)
            next = s.wake;
        i++;
    }
    return next;
}

static void *run(void *arg)
{
    struct delay *d = arg;
    autolock(&d->lock);

    for (;;) {
        int64_t next = wake_due(d);
        struct timespec ts = { .tv_sec = next / 1000,
                               .tv_nsec = next % 1000 * 1000000 };

        if (d->stopped)
            return NULL;
        if (next < 0)
            pthread_cond_wait(&d->changed, &d->lock);
        else
            pthread_cond_timedwait(&d->changed, &d->lock, &ts);
    }
}

struct delay *delay_new(void)
{
    struct delay *d = calloc(1, sizeof(*d));
    pthread_condattr_t attr;

    if (!d)
        return NULL;
    pthread_mutex_init(&d->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&d->changed, &attr);
    pthread_condattr_destroy(&attr);
    d->started = pthread_create(&d->thread, NULL, run, d) == 0;
    if (d->started)
        return d;
    delay_free(d);
    return NULL;
}

void delay_suspend(struct delay *d, struct MHD_Connection *c, int64_t ms)
{
    autolock(&d->lock);

    if (d->count == d->room) {
        size_t room = d->room ? d->room * 2 : 64;
        struct sleeper *more = realloc(d->sleepers, room * sizeof(*more));

        if (!more)
            return; /* no wait is better than one without an end */
        d->sleepers = more;
        d->room = room;
    }
    MHD_suspend_connection(c);
    d->sleepers[d->count++] = (struct sleeper){ c, when_monotonic() + ms };
    pthread_cond_signal(&d->changed);
    if (d->stopped)
        wake_due(d);
}

void delay_stop(struct delay *d)
{
    pthread_mutex_lock(&d->lock);
    d->stopped = true;
    wake_due(d);
    pthread_cond_signal(&d->changed);
    pthread_mutex_unlock(&d->lock);
    if (d->started)
        pthread_join(d->thread, NULL);
    d->started = false;
}

void delay_free(struct delay *d)
{
    if (!d)
        return;
    if (d->started)
        delay_stop(d);
    pthread_cond_destroy(&d->changed);
    pthread_mutex_destroy(&d->lock);
    free(d->sleepers);
    free(d);
}
