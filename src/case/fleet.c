/* SPDX-License-Identifier: Apache-2.0 */
#include "case/fleet.h"

#include <stdlib.h>
#include <string.h>

#include "acquire/run.h"
#include "aws/quota.h"
#include "base/clock.h"
#include "base/thread.h"
#include "flow/budget.h"
#include "show/tell.h"
#include "show/together.h"

/* More wait for the account's pace, and take memory. */
#define AT_ONCE 4

/* EBS: blocks a second of one snapshot. */
#define SNAPSHOT_RATE 1000

struct ship {
    struct fleet *fleet;
    struct acquire_options opt;
    struct fleet_image image;
    pthread_t thread;
    bool under_way, ended;     /* of the fleet's lock */
};

struct fleet {
    const struct acquire_options *opt;
    struct quota *quota;
    struct together *together;
    uint64_t threads, memory;  /* of each */
    struct ship *ships;
    size_t room, under_way;    /* the second: of the starter alone */
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

static size_t how_many(const struct acquire_options *o, size_t images)
{
    size_t n = o->at_once ? (size_t)o->at_once : AT_ONCE;

    return n < images ? n : images;
}

static int prepare(struct fleet *f, size_t images, struct err *e)
{
    const struct acquire_options *o = f->opt;
    uint64_t now = clock_monotonic(&clock_system);

    f->room = budget_share(&f->threads, &f->memory,
                           (unsigned)how_many(o, images));
    f->ships = calloc(f->room, sizeof(*f->ships));
    f->together = together_new(progress_wanted(o->progress, o->quiet), images,
                               now);
    f->quota = quota_new((double)o->service.rate, SERVICE_LIST_RATE, now, e);
    return f->ships && f->together && f->quota ? 0 : err_nomem(e);
}

struct fleet *fleet_new(const struct acquire_options *o, size_t images,
                        struct err *e)
{
    struct fleet *f = calloc(1, sizeof(*f));

    if (!f) {
        err_nomem(e);
        return NULL;
    }
    f->opt = o;
    f->threads = o->threads;
    f->memory = o->memory;
    pthread_mutex_init(&f->lock, NULL);
    thread_cond_init(&f->changed);
    if (prepare(f, images, e) == 0)
        return f;
    fleet_free(f);
    return NULL;
}

void fleet_free(struct fleet *f)
{
    if (!f)
        return;
    together_free(f->together);
    quota_free(f->quota);
    pthread_cond_destroy(&f->changed);
    pthread_mutex_destroy(&f->lock);
    free(f->ships);
    free(f);
}

/* ----------------------------------------------------------- in its thread */

static void acquire(struct ship *s)
{
    struct fleet_image *i = &s->image;
    int r = i->rest
        ? acquire_unfinished(&s->opt, i->member->snapshot, &i->result, &i->why)
        : acquire_one(&s->opt, i->member->snapshot, i->prefix, &i->result,
                      &i->why);

    if (r == 0)
        i->why.kind = ERR_NONE;
}

static void *ship_main(void *arg)
{
    struct ship *s = arg;

    tell_about(s->image.member->snapshot);
    acquire(s);
    tell_about(NULL);
    thread_lock(&s->fleet->lock);
    s->ended = true;
    thread_wake_all(&s->fleet->changed);
    thread_unlock(&s->fleet->lock);
    return NULL;
}

/* ------------------------------------------------------------- the starter */

bool fleet_is_full(const struct fleet *f)
{
    return f->under_way == f->room;
}

bool fleet_is_busy(const struct fleet *f)
{
    return f->under_way > 0;
}

static struct ship *free_place(struct fleet *f)
{
    struct ship *s = f->ships;

    while (s->under_way)
        s++;
    return s;
}

static void equip(struct fleet *f, struct ship *s)
{
    struct acquire_options *o = &s->opt;

    *o = *f->opt;
    o->since = NULL;
    o->resume = s->image.rest ? s->image.prefix : NULL;
    o->threads = f->threads;
    o->memory = f->memory;
    o->progress = PROGRESS_NONE;
    o->together = f->together;
    o->service.quota = f->quota;
    if (o->service.rate > SNAPSHOT_RATE)
        o->service.rate = SNAPSHOT_RATE;
}

int fleet_start(struct fleet *f, struct case_member *m, char *prefix,
                bool rest, struct err *e)
{
    struct ship *s = free_place(f);

    *s = (struct ship){
        .fleet = f,
        .image = { .member = m, .prefix = prefix, .rest = rest },
    };
    equip(f, s);
    if (thread_start(&s->thread, ship_main, s, "image", e) < 0) {
        free(prefix);
        return -1;
    }
    s->under_way = true;
    f->under_way++;
    return 0;
}

static struct ship *ended(struct fleet *f)
{
    for (size_t i = 0; i < f->room; i++)
        if (f->ships[i].under_way && f->ships[i].ended)
            return &f->ships[i];
    return NULL;
}

static struct ship *await_end(struct fleet *f)
{
    struct ship *s;
    AUTOLOCK(&f->lock);

    while (!(s = ended(f)))
        thread_wait(&f->changed, &f->lock);
    return s;
}

bool fleet_await(struct fleet *f, struct fleet_image *out)
{
    struct ship *s;

    if (!f->under_way)
        return false;
    s = await_end(f);
    thread_join(s->thread);
    s->under_way = false;
    f->under_way--;
    *out = s->image;
    return true;
}
