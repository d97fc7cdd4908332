/* SPDX-License-Identifier: Apache-2.0 */
#include "volume/cache.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/thread.h"

/* A signal is obeyed within this time. */
#define WAIT_NS (200 * NS_PER_MS)

/* COMING: the supply has it; ARRIVED: for the first reader to prove; PROVING:
 * one does. */
enum state { EMPTY, COMING, ARRIVED, PROVING, GOOD, LOST };

struct entry {
    struct slot slot;         /* first: a slot is its entry */
    enum state state;
    unsigned users;           /* that hold it or wait for it */
    uint64_t used;            /* last, in calls of cache_get() */
    struct err why;           /* LOST */
    pthread_cond_t changed;
    struct entry *next;       /* in its bucket */
};

struct cache {
    struct delivery delivery; /* first */
    struct cache_supply *supply;
    uint64_t size;            /* bytes of the volume */
    unsigned count;
    struct entry **buckets;   /* `count' of them */

    pthread_mutex_t lock;     /* guards everything below, but for a slot that
                               * is COMING (the supply's), PROVING (of who
                               * proves it), or GOOD (only read) */
    pthread_cond_t room;      /* an entry has no user any more */
    struct entry *entries;
    uint64_t calls, seq;
    struct err dead;          /* nothing can be had any more, and why */
};

/* ---------------------------------------------------- locked: the entries */

static struct entry **bucket(struct cache *c, uint64_t index)
{
    return &c->buckets[index % c->count];
}

static struct entry *find(struct cache *c, uint64_t index)
{
    struct entry *x = *bucket(c, index);

    while (x && slot_index(&x->slot) != index)
        x = x->next;
    return x;
}

static void release(struct cache *c, struct entry *x)
{
    struct entry **at = bucket(c, slot_index(&x->slot));

    while (*at != x)
        at = &(*at)->next;
    *at = x->next;
    x->state = EMPTY;
    thread_wake_all(&c->room);
}

static void set_state(struct entry *x, enum state state)
{
    x->state = state;
    thread_wake_all(&x->changed);
}

static void lose(struct cache *c, struct entry *x, const struct err *why)
{
    x->why = *why;
    set_state(x, LOST);
    if (!x->users)
        release(c, x);
}

static void leave(struct cache *c, struct entry *x)
{
    if (--x->users)
        return;
    if (x->state == LOST)
        release(c, x);
    else
        thread_wake_all(&c->room);
}

/* ----------------------------------------------------- locked: which goes */

/* The one in this state that nobody reads and that was used longest ago. */
static struct entry *oldest(struct cache *c, enum state state)
{
    struct entry *x = NULL;

    for (unsigned i = 0; i < c->count; i++) {
        struct entry *y = &c->entries[i];

        if (y->state == state && !y->users && (!x || y->used < x->used))
            x = y;
    }
    return x;
}

static struct entry *make_room(struct cache *c)
{
    struct entry *x = oldest(c, EMPTY);

    if (x)
        return x;
    x = oldest(c, GOOD);
    if (x)
        release(c, x);
    return x;
}

static void take_for(struct cache *c, struct entry *x, uint64_t index)
{
    uint64_t offset = index * BLOCK_SIZE;
    uint64_t left = c->size - offset;

    x->slot = (struct slot){
        .seq = c->seq++,
        .offset = offset,
        .len = left < BLOCK_SIZE ? (uint32_t)left : BLOCK_SIZE,
        .raw = x->slot.raw,
        .number = x->slot.number,
    };
    x->used = c->calls++;
    x->state = COMING;
    x->next = *bucket(c, index);
    *bucket(c, index) = x;
}

/* --------------------------------- locked, but not while calling the supply */

static void want(struct cache *c, struct entry *x)
{
    thread_unlock(&c->lock);
    c->supply->want(c->supply, &x->slot);
    thread_lock(&c->lock);
}

/* A block that is taken back may have come again by the time that is known. */
static void prove(struct cache *c, struct entry *x)
{
    struct err why = ERR_INIT;
    int r;

    x->state = PROVING;
    thread_unlock(&c->lock);
    r = c->supply->prove(c->supply, &x->slot, &why);
    thread_lock(&c->lock);
    if (r > 0)
        set_state(x, GOOD);
    else if (r < 0)
        lose(c, x, &why);
    else if (x->state == PROVING)
        x->state = COMING;
    thread_wake_all(&c->room);
}

static int check_end(const struct cache *c, struct err *e)
{
    if (c->dead.kind) {
        *e = c->dead;
        return -1;
    }
    return interrupt_check(e);
}

/* The entry of this block with one user more. */
static struct entry *hold(struct cache *c, uint64_t index, struct err *e)
{
    struct entry *x;

    while (check_end(c, e) == 0) {
        if ((x = find(c, index))) {
            x->users++;
            return x;
        }
        if ((x = make_room(c))) {
            take_for(c, x, index);
            x->users = 1;
            want(c, x);
            return x;
        }
        if ((x = oldest(c, ARRIVED)))
            prove(c, x);
        else
            thread_wait_ns(&c->room, &c->lock, WAIT_NS);
    }
    return NULL;
}

static int await(struct cache *c, struct entry *x, struct err *e)
{
    while (x->state != GOOD) {
        if (x->state == LOST) {
            *e = x->why;
            return -1;
        }
        if (check_end(c, e) < 0)
            return -1;
        if (x->state == ARRIVED)
            prove(c, x);
        else
            thread_wait_ns(&x->changed, &c->lock, WAIT_NS);
    }
    x->used = c->calls++;
    return 0;
}

/* --------------------------------------------------------------- readers */

const struct slot *cache_get(struct cache *c, uint64_t index, struct err *e)
{
    AUTOLOCK(&c->lock);
    struct entry *x = hold(c, index, e);

    if (!x)
        return NULL;
    if (await(c, x, e) == 0)
        return &x->slot;
    leave(c, x);
    return NULL;
}

void cache_put(struct cache *c, const struct slot *s)
{
    AUTOLOCK(&c->lock);

    leave(c, &c->entries[s->number]);
}

void cache_ask(struct cache *c, uint64_t index)
{
    AUTOLOCK(&c->lock);
    struct entry *x;

    if (c->dead.kind || find(c, index) || !(x = make_room(c)))
        return;
    take_for(c, x, index);
    want(c, x);
}

bool cache_is_dead(struct cache *c)
{
    AUTOLOCK(&c->lock);

    return c->dead.kind != ERR_NONE;
}

void cache_settle(struct cache *c)
{
    AUTOLOCK(&c->lock);
    struct entry *x;

    while ((x = oldest(c, ARRIVED)))
        prove(c, x);
}

/* -------------------------------------------------------------- delivery */

static unsigned char *deliver_place(struct delivery *d, struct slot *s)
{
    (void)d;
    return s->raw;
}

static void deliver_arrived(struct delivery *d, struct slot *s)
{
    struct cache *c = (struct cache *)d;
    AUTOLOCK(&c->lock);

    set_state((struct entry *)s, ARRIVED);
}

static void deliver_lost(struct delivery *d, struct slot *s,
                         const struct err *why)
{
    struct cache *c = (struct cache *)d;
    AUTOLOCK(&c->lock);

    if (s) {
        lose(c, (struct entry *)s, why);
        return;
    }
    if (!c->dead.kind)
        c->dead = *why;
    for (unsigned i = 0; i < c->count; i++)
        thread_wake_all(&c->entries[i].changed);
    thread_wake_all(&c->room);
}

struct delivery *cache_delivery(struct cache *c)
{
    return &c->delivery;
}

/* ------------------------------------------------------------- new, free */

static int make_entries(struct cache *c, struct err *e)
{
    c->buckets = calloc(c->count, sizeof(struct entry *));
    c->entries = calloc(c->count, sizeof(*c->entries));
    if (!c->buckets || !c->entries)
        return err_nomem(e);
    for (unsigned i = 0; i < c->count; i++) {
        struct entry *x = &c->entries[i];

        thread_cond_init(&x->changed);
        x->slot.number = i;
        x->slot.raw = aligned_alloc(4096, BLOCK_SIZE);
        if (!x->slot.raw)
            return err_nomem(e);
    }
    return 0;
}

struct cache *cache_new(struct cache_supply *u, unsigned blocks,
                        uint64_t size, struct err *e)
{
    struct cache *c = calloc(1, sizeof(*c));

    assert(blocks);
    if (!c) {
        err_nomem(e);
        return NULL;
    }
    c->delivery = (struct delivery){ deliver_place, deliver_arrived,
                                     deliver_lost };
    c->supply = u;
    c->size = size;
    c->count = blocks;
    pthread_mutex_init(&c->lock, NULL);
    thread_cond_init(&c->room);
    if (make_entries(c, e) == 0)
        return c;
    cache_free(c);
    return NULL;
}

void cache_free(struct cache *c)
{
    if (!c)
        return;
    for (unsigned i = 0; c->entries && i < c->count; i++) {
        if (!c->entries[i].slot.raw)
            break;
        free(c->entries[i].slot.raw);
        pthread_cond_destroy(&c->entries[i].changed);
    }
    pthread_cond_destroy(&c->room);
    pthread_mutex_destroy(&c->lock);
    free(c->buckets);
    free(c->entries);
    free(c);
}
