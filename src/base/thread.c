/* SPDX-License-Identifier: Apache-2.0 */
#include "base/thread.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/clock.h"

static void must(int r)
{
    if (r)
        abort();
}

void thread_lock(pthread_mutex_t *m)
{
    must(pthread_mutex_lock(m));
}

void thread_unlock(pthread_mutex_t *m)
{
    must(pthread_mutex_unlock(m));
}

void thread_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
    must(pthread_cond_wait(c, m));
}

void thread_wake_all(pthread_cond_t *c)
{
    must(pthread_cond_broadcast(c));
}

void thread_wake_one(pthread_cond_t *c)
{
    must(pthread_cond_signal(c));
}

void thread_cond_init(pthread_cond_t *c)
{
    pthread_condattr_t attr;

    must(pthread_condattr_init(&attr));
    must(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC));
    must(pthread_cond_init(c, &attr));
    must(pthread_condattr_destroy(&attr));
}

void thread_wait_ns(pthread_cond_t *c, pthread_mutex_t *m, uint64_t ns)
{
    uint64_t until = clock_monotonic(&clock_system) + ns;
    struct timespec ts = {
        .tv_sec = (time_t)(until / NS_PER_S),
        .tv_nsec = (long)(until % NS_PER_S),
    };

    pthread_cond_timedwait(c, m, &ts); /* a time-out is a normal outcome */
}

int thread_start(pthread_t *t, void *(*fn)(void *), void *arg,
                 const char *name, struct err *e)
{
    sigset_t all;
    sigset_t old;
    int r;

    sigfillset(&all);
    must(pthread_sigmask(SIG_SETMASK, &all, &old));
    r = pthread_create(t, NULL, fn, arg);
    must(pthread_sigmask(SIG_SETMASK, &old, NULL));
    if (r)
        return err_set(e, ERR_INTERNAL, r, "cannot start thread %s", name);
    pthread_setname_np(*t, name);
    return 0;
}

void thread_join(pthread_t t)
{
    must(pthread_join(t, NULL));
}

/* 8 is a sixth of the weight, and that again for each rank: 3 was worth half
 * as much. */
void thread_stand_back(enum thread_rank rank)
{
    errno = 0;
    int now = getpriority(PRIO_PROCESS, 0);

    if (errno == 0)
        setpriority(PRIO_PROCESS, 0, now + 8 * (int)rank);
}
