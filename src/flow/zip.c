/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/zip.h"

#include <stdlib.h>

#include "base/thread.h"

struct side {
    struct sink sink;
    struct zip *zip;
    /* Under the lock: */
    const struct slot *slot;  /* waits to be taken, or is being looked at */
    bool ended;
};

struct zip {
    pthread_mutex_t lock;
    pthread_cond_t moved;     /* anything below has changed */
    struct side sides[2];
    bool out[2];              /* which slots zip_next() has handed out */
    bool stopped;
    struct err why;
};

static int stopped(const struct zip *z, struct err *e)
{
    *e = z->why;
    return -1;
}

/* Writer thread of one pipeline. */
static int zip_append(struct sink *k, const struct slot *s,
                      const void *packed, struct err *e)
{
    struct side *side = (struct side *)k;
    struct zip *z = side->zip;
    AUTOLOCK(&z->lock);

    (void)packed;
    side->slot = s;
    thread_wake_all(&z->moved);
    while (side->slot && !z->stopped)
        thread_wait(&z->moved, &z->lock);
    side->slot = NULL;
    return z->stopped ? stopped(z, e) : 0;
}

static int zip_hole(struct sink *k, uint64_t offset, uint64_t len,
                    struct err *e)
{
    (void)k;
    (void)offset;
    (void)len;
    (void)e;
    return 0;
}

struct zip *zip_new(struct err *e)
{
    struct zip *z = calloc(1, sizeof(*z));

    if (!z) {
        err_nomem(e);
        return NULL;
    }
    pthread_mutex_init(&z->lock, NULL);
    thread_cond_init(&z->moved);
    for (int i = 0; i < 2; i++) {
        z->sides[i].zip = z;
        z->sides[i].sink.name = "comparison";
        z->sides[i].sink.append = zip_append;
        z->sides[i].sink.hole = zip_hole;
    }
    return z;
}

void zip_free(struct zip *z)
{
    if (!z)
        return;
    pthread_cond_destroy(&z->moved);
    pthread_mutex_destroy(&z->lock);
    free(z);
}

struct sink *zip_sink(struct zip *z, unsigned side)
{
    return &z->sides[side].sink;
}

void zip_end(struct zip *z, unsigned side)
{
    AUTOLOCK(&z->lock);

    z->sides[side].ended = true;
    thread_wake_all(&z->moved);
}

/* A slot that is being looked at must stay where it is: its writer may go on
 * only when zip_done() has come. */
void zip_stop(struct zip *z, const struct err *why)
{
    AUTOLOCK(&z->lock);

    while (z->out[0] || z->out[1])
        thread_wait(&z->moved, &z->lock);
    if (!z->stopped)
        z->why = *why;
    z->stopped = true;
    thread_wake_all(&z->moved);
}

int zip_check(struct zip *z, struct err *e)
{
    AUTOLOCK(&z->lock);

    return z->stopped ? stopped(z, e) : 0;
}

/* ----------------------------------------------------------------- pairs */

/* Both sides have said what comes next. */
static bool is_settled(const struct zip *z)
{
    for (int i = 0; i < 2; i++)
        if (!z->sides[i].slot && !z->sides[i].ended)
            return false;
    return true;
}

static bool is_over(const struct zip *z)
{
    return !z->sides[0].slot && !z->sides[1].slot;
}

static void hand_out(struct zip *z, struct zip_pair *out)
{
    out->offset = UINT64_MAX;
    for (int i = 0; i < 2; i++)
        if (z->sides[i].slot && z->sides[i].slot->offset < out->offset)
            out->offset = z->sides[i].slot->offset;
    for (int i = 0; i < 2; i++) {
        const struct slot *s = z->sides[i].slot;

        z->out[i] = s && s->offset == out->offset;
        out->slot[i] = z->out[i] ? s : NULL;
    }
}

int zip_next(struct zip *z, struct zip_pair *out, uint64_t ns,
             struct err *e)
{
    AUTOLOCK(&z->lock);

    if (!z->stopped && !is_settled(z))
        thread_wait_ns(&z->moved, &z->lock, ns);
    if (z->stopped)
        return stopped(z, e);
    if (!is_settled(z))
        return 2;
    if (is_over(z))
        return 0;
    hand_out(z, out);
    return 1;
}

void zip_done(struct zip *z)
{
    AUTOLOCK(&z->lock);

    for (int i = 0; i < 2; i++) {
        if (z->out[i])
            z->sides[i].slot = NULL;
        z->out[i] = false;
    }
    thread_wake_all(&z->moved);
}
