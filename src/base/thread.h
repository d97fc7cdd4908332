/* SPDX-License-Identifier: Apache-2.0 */
/* Threads and locks.  What only a bug can break (unlocking twice, a broken
 * mutex) aborts; what the world can break (no more threads) is an error. */
#ifndef EBSIMG_BASE_THREAD_H
#define EBSIMG_BASE_THREAD_H

#include <pthread.h>
#include <stdint.h>

#include "base/err.h"

void thread_lock(pthread_mutex_t *m);
void thread_unlock(pthread_mutex_t *m);
void thread_wait(pthread_cond_t *c, pthread_mutex_t *m);
void thread_wake_all(pthread_cond_t *c);
void thread_wake_one(pthread_cond_t *c);

/* Waits at most `ns' nanoseconds; `c' must come from thread_cond_init(). */
void thread_wait_ns(pthread_cond_t *c, pthread_mutex_t *m, uint64_t ns);
void thread_cond_init(pthread_cond_t *c);

/* `name' (at most 15 characters) is what debuggers and top show.  New
 * threads have every signal blocked: only main handles signals. */
int thread_start(pthread_t *t, void *(*fn)(void *), void *arg,
                 const char *name, struct err *e);
void thread_join(pthread_t t);

/* Who goes first where there are fewer processors than threads that are
 * ready: the one thread that nothing can replace; those that feed it, and
 * others with the same claim; those that may come last. */
enum thread_rank { RANK_FIRST, RANK_FEEDS, RANK_AT_LEISURE };

/* From now on the calling thread has this rank (a nice value; Linux has one
 * for each thread).  Once in a thread's life; advice. */
void thread_stand_back(enum thread_rank rank);

static inline void thread_unlock_scope(pthread_mutex_t **m)
{
    thread_unlock(*m);
}

/* Held from here to the end of the scope. */
#define AUTOLOCK(m) \
    pthread_mutex_t *autolock_held \
        __attribute__((cleanup(thread_unlock_scope), unused)) \
        = (thread_lock(m), (m))

#endif
