/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ahead.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/thread.h"
#include "base/unpack.h"

#define PIECE ((size_t)256 * 1024)

/* One is looked at, one is waiting, one is being filled. */
#define PIECES 3u

struct piece {
    char *bytes;
    long n;                 /* as unpack_read() says */
    struct err err;
};

struct ahead {
    struct unpack *unpack;  /* the thread's, while it runs */
    pthread_t thread;
    bool running;
    bool ended;             /* the first piece was all */
    struct piece pieces[PIECES];
    pthread_mutex_t lock;   /* of what follows */
    pthread_cond_t change;
    unsigned filled, taken; /* pieces so far; the last one that was taken is
                             * still in use */
    bool stop;
};

/* As much as there is room for, so that few pieces make a file. */
static void fill(struct ahead *a, struct piece *p)
{
    long more = 1;

    p->n = 0;
    while ((size_t)p->n < PIECE && more > 0) {
        more = unpack_read(a->unpack, p->bytes + p->n, PIECE - (size_t)p->n,
                           &p->err);
        p->n = more < 0 ? -1 : p->n + more;
    }
}

static bool is_last(const struct piece *p)
{
    return p->n < (long)PIECE;
}

/* False: it is not wanted any more. */
static bool wait_for_room(struct ahead *a)
{
    AUTOLOCK(&a->lock);

    while (!a->stop && a->filled - a->taken >= PIECES - 1)
        thread_wait(&a->change, &a->lock);
    return !a->stop;
}

static void tell_filled(struct ahead *a)
{
    AUTOLOCK(&a->lock);

    a->filled++;
    thread_wake_all(&a->change);
}

static void *run(void *arg)
{
    struct ahead *a = arg;
    bool last = false;

    while (!last && wait_for_room(a)) {
        struct piece *p = &a->pieces[a->filled % PIECES];

        fill(a, p);
        last = is_last(p);
        tell_filled(a);
    }
    return NULL;
}

/* ------------------------------------------------------------------ caller */

static int prepare(struct ahead *a, const char *path, struct err *e)
{
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->change, NULL);
    for (unsigned i = 0; i < PIECES; i++) {
        a->pieces[i].bytes = malloc(PIECE);
        if (!a->pieces[i].bytes)
            return err_nomem(e);
    }
    a->unpack = unpack_open(path, e);
    return a->unpack ? 0 : -1;
}

struct ahead *ahead_open(const char *path, struct err *e)
{
    struct ahead *a = calloc(1, sizeof(*a));

    if (!a) {
        err_nomem(e);
        return NULL;
    }
    if (prepare(a, path, e) == 0)
        return a;
    ahead_close(a);
    return NULL;
}

static void stop(struct ahead *a)
{
    AUTOLOCK(&a->lock);

    a->stop = true;
    thread_wake_all(&a->change);
}

void ahead_close(struct ahead *a)
{
    if (!a)
        return;
    if (a->running) {
        stop(a);
        thread_join(a->thread);
    }
    unpack_close(a->unpack);
    for (unsigned i = 0; i < PIECES; i++)
        free(a->pieces[i].bytes);
    pthread_cond_destroy(&a->change);
    pthread_mutex_destroy(&a->lock);
    free(a);
}

/* The first piece is filled here: most files have no other. */
static int begin(struct ahead *a, struct err *e)
{
    fill(a, &a->pieces[0]);
    a->filled = 1;
    if (is_last(&a->pieces[0]))
        return 0;
    if (thread_start(&a->thread, run, a, "inflate", e) < 0)
        return -1;
    a->running = true;
    return 0;
}

/* The one that was in use is free now. */
static const struct piece *take(struct ahead *a)
{
    AUTOLOCK(&a->lock);

    while (a->filled == a->taken)
        thread_wait(&a->change, &a->lock);
    thread_wake_all(&a->change);
    return &a->pieces[a->taken++ % PIECES];
}

long ahead_next(struct ahead *a, const char **data, struct err *e)
{
    const struct piece *p;

    if (a->ended)
        return 0;
    if (!a->running && begin(a, e) < 0)
        return -1;
    p = take(a);
    a->ended = is_last(p);
    if (p->n < 0)
        *e = p->err;
    *data = p->bytes;
    return p->n;
}
