/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/identity.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "aws/keys-memo.h"
#include "base/clock.h"
#include "base/thread.h"

/* Between two tries that fail; less for keys of a short life. */
#define AGAIN_NS (30 * NS_PER_S)
#define AGAIN_MIN_NS (1 * NS_PER_S)

/* The clock may be set while the thread waits, and the machine may sleep. */
#define STEP_NS (200 * NS_PER_MS)

struct identity {
    struct keys_plan plan;
    struct keys_env env;        /* of the thread */
    pthread_t thread;
    bool started;
    volatile int closing;       /* the thread shall end */
    _Atomic uint64_t generation;
    pthread_mutex_t lock;       /* for all below */
    pthread_cond_t changed;
    struct credentials keys;
    uint64_t due;               /* elapsed ns: to be renewed; 0: never */
    uint64_t end;               /* elapsed ns: they expire; 0: not known */
    uint64_t not_before;        /* elapsed ns: the next try */
    bool wanted;                /* the service refuses them */
    bool ended;                 /* there will be no newer ones, because: */
    struct err why;
    void (*listener)(void *ctx);
    void *listener_ctx;
};

/* ------------------------------------------------------------------ time */

/* By a clock that nobody sets and that goes on while the machine sleeps. */
static uint64_t now(void)
{
    return clock_elapsed(&clock_system);
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t life_of(const struct credentials *c)
{
    uint64_t wall = clock_wall(&clock_system);

    if (c->life)
        return c->life;
    return c->expires > wall ? c->expires - wall : 0;
}

/* Locked, or not shared yet. */
static void set_times(struct identity *i)
{
    uint64_t life = life_of(&i->keys);

    i->due = i->end = 0;
    if (!i->keys.expires || !keys_plan_renews(&i->plan))
        return;
    i->end = now() + life;
    i->due = i->end - keys_early_ns(life);
    /* Over when they come: a clock is wrong, or somebody hands out old ones. */
    i->not_before = now() + (life < 2 * AGAIN_MIN_NS ? AGAIN_NS
                                                     : AGAIN_MIN_NS);
}

/* ---------------------------------------------------------------- thread */

/* True: it is time for new keys.  False: for an end. */
static bool await_turn(struct identity *i)
{
    AUTOLOCK(&i->lock);

    while (!i->closing && (now() < i->not_before
                           || (!i->wanted && (!i->due || now() < i->due))))
        thread_wait_ns(&i->changed, &i->lock, STEP_NS);
    i->env.anew = i->wanted;
    i->env.refused = i->keys.access_key_id; /* this thread replaces them */
    return !i->closing;
}

static void notify(struct identity *i)
{
    AUTOLOCK(&i->lock);

    if (i->listener)
        i->listener(i->listener_ctx);
}

static void replace(struct identity *i, struct credentials *newer)
{
    AUTOLOCK(&i->lock);

    credentials_free(&i->keys);
    i->keys = *newer;
    i->wanted = false;
    set_times(i);
    i->generation++;
}

/* Keys that the service takes no more and that cannot be had again are the
 * end; while they are good, or the service alone is in the way, it is tried
 * again. */
static void note_failure(struct identity *i, const struct err *why)
{
    AUTOLOCK(&i->lock);

    if (why->kind != ERR_SERVICE && (i->wanted || now() >= i->end)) {
        i->ended = true;
        i->why = *why;
        return;
    }
    i->not_before = now() + AGAIN_MIN_NS
        + smaller(AGAIN_NS, life_of(&i->keys) / 10);
}

static bool are_same(const struct credentials *a, const struct credentials *b)
{
    return strcmp(a->access_key_id, b->access_key_id) == 0
        && strcmp(a->secret_access_key, b->secret_access_key) == 0
        && a->expires == b->expires;
}

/* Keys that are there already are no newer ones: they change nothing, and
 * when the service refuses them it must be tried again. */
static int get_newer(struct identity *i, struct credentials *newer,
                     struct err *e)
{
    if (keys_memo_get(&i->plan, &i->env, newer, e) < 0)
        return -1;
    if (!are_same(newer, &i->keys)) /* which this thread alone replaces */
        return 0;
    return err_set(e, ERR_SERVICE, 0, "%s: the same keys again",
                   newer->source);
}

static void *identity_main(void *arg)
{
    struct identity *i = arg;

    while (!i->ended && await_turn(i)) {
        struct credentials newer;
        struct err why = ERR_INIT;

        if (get_newer(i, &newer, &why) == 0) {
            replace(i, &newer);
        } else {
            credentials_free(&newer);
            note_failure(i, &why);
        }
        notify(i);
    }
    return NULL;
}

/* ---------------------------------------------------------------- public */

/* With whoever sits at the terminal. */
static int get_first(struct identity *i, const struct keys_env *env,
                     struct err *e)
{
    struct keys_env first = *env;

    first.first = true;
    return keys_memo_get(&i->plan, &first, &i->keys, e);
}

struct identity *identity_new(struct keys_plan *plan,
                              const struct keys_env *env, struct err *e)
{
    struct identity *i = calloc(1, sizeof(*i));

    if (!i) {
        keys_plan_free(plan);
        err_nomem(e);
        return NULL;
    }
    i->plan = *plan;
    i->env = *env;
    i->env.ask_code = NULL;
    i->env.stop = &i->closing;
    i->generation = 1;
    pthread_mutex_init(&i->lock, NULL);
    thread_cond_init(&i->changed);
    if (get_first(i, env, e) < 0)
        goto free_identity;
    set_times(i);
    if (keys_plan_renews(&i->plan)
        && thread_start(&i->thread, identity_main, i, "identity", e) < 0)
        goto free_identity;
    i->started = keys_plan_renews(&i->plan);
    return i;

free_identity:
    identity_free(i);
    return NULL;
}

void identity_stop(struct identity *i)
{
    if (!i->started)
        return;
    thread_lock(&i->lock);
    i->closing = 1;
    thread_wake_all(&i->changed);
    thread_unlock(&i->lock);
    thread_join(i->thread);
    i->started = false;
}

void identity_free(struct identity *i)
{
    if (!i)
        return;
    identity_stop(i);
    keys_plan_free(&i->plan);
    credentials_free(&i->keys);
    pthread_cond_destroy(&i->changed);
    pthread_mutex_destroy(&i->lock);
    free(i);
}

uint64_t identity_generation(const struct identity *i)
{
    return i->generation;
}

int identity_current(struct identity *i, struct credentials *out,
                     uint64_t *generation, struct err *e)
{
    AUTOLOCK(&i->lock);

    *generation = i->generation;
    return credentials_copy(&i->keys, out, e);
}

bool identity_renew(struct identity *i, uint64_t generation, struct err *why)
{
    AUTOLOCK(&i->lock);

    if (i->generation != generation)
        return true;
    if (!i->started)
        return false;
    if (i->ended) {
        *why = i->why;
        return false;
    }
    i->wanted = true;
    thread_wake_all(&i->changed);
    return true;
}

void identity_listen(struct identity *i, void (*listener)(void *ctx),
                     void *ctx)
{
    AUTOLOCK(&i->lock);

    i->listener = listener;
    i->listener_ctx = ctx;
}

bool identity_renews(const struct identity *i)
{
    return i->started;
}
