/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/window.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/thread.h"

/* COMMITTED: waits for the gate; PROVING: the gate has it; PROVED: for the
 * other readers. */
enum state {
    FREE, FETCHING, ARRIVED, WORKING, COMMITTED, PROVING, PROVED, STATES
};

struct window {
    struct delivery delivery;
    struct window_config config;
    struct slot *slots;       /* slot of sequence n: slots[n % count] */
    void **packed;            /* of sequence n: config.sinks of them from
                               * (n % config.packed) * config.sinks on */

    pthread_mutex_t lock;     /* guards everything below */
    pthread_cond_t room;      /* a slot became free */
    pthread_cond_t work;      /* a block arrived, or nothing more will */
    pthread_cond_t *turn;     /* of each reader: its next slot is there */
    pthread_cond_t over;      /* every reader is through, or it failed */
    uint64_t head;            /* sequence of the next slot to reserve */
    uint64_t tail;            /* oldest sequence that is not free */
    uint64_t *position;       /* next sequence of each reader */
    unsigned readers_through;
    unsigned *numbers;        /* that no slot has, a stack ... */
    unsigned nnumbers;
    unsigned char **buffers;  /* ... and so are these */
    unsigned nbuffers;
    unsigned limit;           /* slots that may be in use */
    bool starved;             /* the source asked in vain */
    unsigned counts[STATES];
    bool ended;               /* the slot of length 0 has arrived */
    bool lost;                /* the run ends before slot lost_seq ... */
    uint64_t lost_seq;
    struct err lost_why;      /* ... for this reason */
    bool stopped;
    struct err err;           /* why, when stopped */
};

static void set_state(struct window *w, struct slot *s, enum state state)
{
    w->counts[s->state]--;
    w->counts[state]++;
    s->state = (int)state;
}

/* -------------------------------------------------------------- delivery */

static unsigned char *deliver_place(struct delivery *d, struct slot *s)
{
    return window_buffer((struct window *)d, s);
}

static void deliver_arrived(struct delivery *d, struct slot *s)
{
    window_arrived((struct window *)d, s);
}

static void deliver_lost(struct delivery *d, struct slot *s,
                         const struct err *why)
{
    if (s)
        window_fail_at((struct window *)d, s, why);
    else
        window_fail((struct window *)d, why);
}

struct delivery *window_delivery(struct window *w)
{
    return &w->delivery;
}

/* ------------------------------------------------------------ make, free */

/* Large ones take no memory before they are touched. */
static int make_buffers(struct window *w, struct err *e)
{
    const struct window_config *c = &w->config;

    for (unsigned i = 0; i < c->slots; i++) {
        unsigned char *buffer = aligned_alloc(4096, BLOCK_SIZE);

        if (!buffer)
            return err_nomem(e);
        w->buffers[w->nbuffers++] = buffer;
        w->numbers[w->nnumbers++] = c->slots - 1 - i;
    }
    for (size_t i = 0; i < c->packed * c->sinks; i++) {
        size_t room = c->pack_room[i % c->sinks];

        if (room && !(w->packed[i] = aligned_alloc(64, (room + 63) / 64 * 64)))
            return err_nomem(e);
    }
    return 0;
}

static int make_slots(struct window *w, struct err *e)
{
    const struct window_config *c = &w->config;

    w->slots = calloc(c->slots, sizeof(*w->slots));
    w->numbers = calloc(c->slots, sizeof(*w->numbers));
    w->buffers = calloc(c->slots, sizeof(*w->buffers));
    w->packed = calloc(c->packed * c->sinks + 1, sizeof(void *));
    w->position = calloc(c->readers, sizeof(*w->position));
    w->turn = calloc(c->readers, sizeof(*w->turn));
    if (!w->slots || !w->numbers || !w->buffers || !w->packed
        || !w->position || !w->turn)
        return err_nomem(e);
    for (unsigned i = 0; i < c->readers; i++)
        thread_cond_init(&w->turn[i]);
    w->counts[FREE] = c->slots;
    w->limit = c->slots;
    return make_buffers(w, e);
}

struct window *window_new(const struct window_config *c, struct err *e)
{
    struct window *w = calloc(1, sizeof(*w));

    assert(c->slots >= 1 && c->readers >= 2);
    if (!w) {
        err_nomem(e);
        return NULL;
    }
    w->config = *c;
    w->delivery = (struct delivery){ deliver_place, deliver_arrived,
                                     deliver_lost };
    if (!c->packed || c->packed > c->slots)
        w->config.packed = c->slots;
    pthread_mutex_init(&w->lock, NULL);
    thread_cond_init(&w->room);
    thread_cond_init(&w->work);
    thread_cond_init(&w->over);
    if (make_slots(w, e) < 0) {
        window_free(w);
        return NULL;
    }
    return w;
}

static void free_slots(struct window *w)
{
    const struct window_config *c = &w->config;

    for (unsigned i = 0; w->slots && i < c->slots; i++)
        free(w->slots[i].raw);
    while (w->nbuffers)
        free(w->buffers[--w->nbuffers]);
    for (size_t i = 0; w->packed && i < c->packed * c->sinks; i++)
        free(w->packed[i]);
    free(w->slots);
    free(w->numbers);
    free(w->buffers);
    free(w->packed);
}

void window_free(struct window *w)
{
    if (!w)
        return;
    free_slots(w);
    free(w->position);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->room);
    pthread_cond_destroy(&w->work);
    pthread_cond_destroy(&w->over);
    for (unsigned i = 0; w->turn && i < w->config.readers; i++)
        pthread_cond_destroy(&w->turn[i]);
    free(w->turn);
    free(w);
}

/* ---------------------------------------------------------------- source */

static void clear_slot(struct slot *s, uint64_t seq)
{
    s->seq = seq;
    s->gap = 0;
    s->hole = false;
    s->offset = 0;
    s->len = 0;
    s->unreadable = false;
    s->provider = false;
    s->age = 0;
    s->cached = false;
    s->attempts = 0;
    s->time = 0;
    s->request_id[0] = '\0';
    s->zero = false;
}

/* Locked. */
static bool is_full(const struct window *w)
{
    return w->head - w->tail >= w->limit;
}

/* Locked. */
static struct slot *reserve(struct window *w)
{
    struct slot *s;

    if (w->stopped || w->ended || w->lost)
        return NULL;
    if (is_full(w)) {
        w->starved = true;
        return NULL;
    }
    s = &w->slots[w->head % w->config.slots];
    assert(s->state == FREE && w->nnumbers);
    clear_slot(s, w->head++);
    s->number = w->numbers[--w->nnumbers];
    s->readers_left = w->config.readers;
    set_state(w, s, FETCHING);
    return s;
}

struct slot *window_reserve(struct window *w)
{
    AUTOLOCK(&w->lock);

    return reserve(w);
}

struct slot *window_reserve_wait(struct window *w)
{
    AUTOLOCK(&w->lock);

    while (!w->stopped && !w->ended && !w->lost && is_full(w))
        thread_wait(&w->room, &w->lock);
    return reserve(w);
}

void window_limit(struct window *w, unsigned slots)
{
    AUTOLOCK(&w->lock);

    w->limit = slots < w->config.slots ? slots : w->config.slots;
    thread_wake_all(&w->room);
}

/* There are as many buffers as slots: one is always left. */
unsigned char *window_buffer(struct window *w, struct slot *s)
{
    AUTOLOCK(&w->lock);

    assert(s->state != FREE && (s->raw || w->nbuffers));
    if (!s->raw)
        s->raw = w->buffers[--w->nbuffers];
    return s->raw;
}

/* Locked: is it among the oldest, which may be packed? */
static bool has_pack_room(const struct window *w, const struct slot *s)
{
    return s->seq - w->tail < w->config.packed;
}

/* Locked: wakes this reader when it is its slot. */
static void call(struct window *w, unsigned reader, const struct slot *s)
{
    if (w->position[reader] == s->seq)
        thread_wake_one(&w->turn[reader]);
}

/* Locked. */
static void commit(struct window *w, struct slot *s)
{
    set_state(w, s, COMMITTED);
    call(w, WINDOW_GATE, s);
}

void window_arrived(struct window *w, struct slot *s)
{
    AUTOLOCK(&w->lock);

    if (s->len == 0) { /* the end: nothing to work on */
        w->ended = true;
        commit(w, s);
        return;
    }
    assert(s->raw || s->hole);
    set_state(w, s, ARRIVED);
    if (has_pack_room(w, s))
        thread_wake_one(&w->work);
}

/* --------------------------------------------------------------- workers */

/* Locked: could anything still come to a worker?  Until the gate has let it
 * pass, any block may be fetched again. */
static bool work_is_over(const struct window *w)
{
    return w->ended && w->position[WINDOW_GATE] == w->head;
}

/* Locked: the oldest that waits for a worker.  What the gate has let pass
 * lies before it. */
static struct slot *oldest_arrived(struct window *w)
{
    for (uint64_t seq = w->position[WINDOW_GATE]; seq < w->head; seq++) {
        struct slot *s = &w->slots[seq % w->config.slots];

        if (!has_pack_room(w, s))
            break;
        if (s->state == ARRIVED)
            return s;
    }
    return NULL;
}

struct slot *window_take(struct window *w)
{
    struct slot *s = NULL;
    AUTOLOCK(&w->lock);

    while (!w->stopped && !(s = oldest_arrived(w)) && !work_is_over(w))
        thread_wait(&w->work, &w->lock);
    if (w->stopped || !s)
        return NULL;
    s->packed = w->packed + s->seq % w->config.packed * w->config.sinks;
    set_state(w, s, WORKING);
    return s;
}

void window_commit(struct window *w, struct slot *s)
{
    AUTOLOCK(&w->lock);

    commit(w, s);
}

/* --------------------------------------------------------------- readers */

/* Locked: may this reader have the slot?  The gate before all others, the
 * last reader behind all others. */
static bool is_turn(const struct window *w, unsigned reader,
                    const struct slot *s)
{
    if (s->seq != w->position[reader])
        return false;
    if (reader == WINDOW_GATE)
        return s->state == COMMITTED;
    return s->state == PROVED
        && (reader + 1 < w->config.readers || s->readers_left == 1);
}

/* Locked: the first reason stays. */
static void stop(struct window *w, const struct err *why)
{
    if (w->stopped)
        return;
    w->stopped = true;
    w->err = *why;
    thread_wake_all(&w->room);
    thread_wake_all(&w->work);
    for (unsigned i = 0; i < w->config.readers; i++)
        thread_wake_all(&w->turn[i]);
    thread_wake_all(&w->over);
}

/* Locked: is there nothing more for this reader?  The last one has finished
 * what lies before a lost block when it gets there. */
static bool is_through(struct window *w, unsigned reader)
{
    if (w->ended && w->position[reader] == w->head)
        return true;
    if (!w->lost || w->position[reader] != w->lost_seq)
        return false;
    if (reader + 1 == w->config.readers)
        stop(w, &w->lost_why);
    return true;
}

struct slot *window_next(struct window *w, unsigned reader)
{
    struct slot *s;
    AUTOLOCK(&w->lock);

    s = &w->slots[w->position[reader] % w->config.slots];
    while (!w->stopped && !is_turn(w, reader, s)) {
        if (is_through(w, reader))
            return NULL;
        thread_wait(&w->turn[reader], &w->lock);
    }
    if (w->stopped)
        return NULL;
    if (reader == WINDOW_GATE)
        set_state(w, s, PROVING);
    return s;
}

struct slot *window_peek(struct window *w)
{
    uint64_t seq;
    struct slot *s;
    AUTOLOCK(&w->lock);

    seq = w->position[WINDOW_GATE] + 1;
    s = &w->slots[seq % w->config.slots];
    if (s->seq != seq || s->state != COMMITTED || s->hole
        || s->len != BLOCK_SIZE)
        return NULL;
    return s;
}

void window_refused(struct window *w, struct slot *s)
{
    AUTOLOCK(&w->lock);

    /* It may have arrived again meanwhile. */
    if (s->state == PROVING)
        set_state(w, s, FETCHING);
}

/* Locked: the slot has passed the gate. */
static void open_to_all(struct window *w, struct slot *s)
{
    set_state(w, s, PROVED);
    for (unsigned i = WINDOW_GATE + 1; i < w->config.readers; i++)
        call(w, i, s);
    if (work_is_over(w))
        thread_wake_all(&w->work);
}

/* Locked: one slot more has room for packed data now. */
static void wake_next_worker(struct window *w)
{
    uint64_t seq = w->tail + w->config.packed - 1;
    const struct slot *s = &w->slots[seq % w->config.slots];

    if (s->seq == seq && s->state == ARRIVED)
        thread_wake_one(&w->work);
}

/* Locked: the last reader is through with it; true when the source waits for
 * that. */
static bool release(struct window *w, struct slot *s)
{
    bool starved = w->starved;

    set_state(w, s, FREE);
    w->numbers[w->nnumbers++] = s->number;
    if (s->raw)
        w->buffers[w->nbuffers++] = s->raw;
    s->raw = NULL;
    w->tail++;
    w->starved = false;
    thread_wake_all(&w->room);
    wake_next_worker(w);
    return starved;
}

/* Locked: one more reader is through with it. */
static bool pass(struct window *w, unsigned reader, struct slot *s)
{
    bool last = s->len == 0;
    bool wake = false;

    w->position[reader]++;
    s->readers_left--;
    if (reader == WINDOW_GATE)
        open_to_all(w, s);
    else if (s->readers_left == 1)
        call(w, w->config.readers - 1, s);
    else if (s->readers_left == 0)
        wake = release(w, s);
    if (last && ++w->readers_through == w->config.readers)
        thread_wake_all(&w->over);
    return wake;
}

void window_done(struct window *w, unsigned reader)
{
    bool wake;

    thread_lock(&w->lock);
    wake = pass(w, reader, &w->slots[w->position[reader]
                                     % w->config.slots]);
    thread_unlock(&w->lock);
    if (wake && w->config.wake)
        w->config.wake(w->config.wake_ctx);
}

/* -------------------------------------------------------------- the end */

void window_fail_at(struct window *w, const struct slot *s,
                    const struct err *e)
{
    AUTOLOCK(&w->lock);

    if (w->lost && w->lost_seq < s->seq)
        return;
    w->lost = true;
    w->lost_seq = s->seq;
    w->lost_why = *e;
    thread_wake_all(&w->room);
    for (unsigned i = 0; i < w->config.readers; i++)
        call(w, i, s);
}

void window_fail(struct window *w, const struct err *e)
{
    thread_lock(&w->lock);
    stop(w, e);
    thread_unlock(&w->lock);
    if (w->config.wake)
        w->config.wake(w->config.wake_ctx);
}

bool window_failed(struct window *w, struct err *e)
{
    AUTOLOCK(&w->lock);

    if (w->stopped && e)
        *e = w->err;
    return w->stopped;
}

/* Locked. */
static bool is_over(const struct window *w)
{
    return w->stopped || w->readers_through == w->config.readers;
}

bool window_wait(struct window *w, uint64_t ns)
{
    AUTOLOCK(&w->lock);

    if (!is_over(w))
        thread_wait_ns(&w->over, &w->lock, ns);
    return is_over(w);
}

void window_counts(struct window *w, struct window_counts *out)
{
    AUTOLOCK(&w->lock);

    *out = (struct window_counts){
        .free = w->counts[FREE],
        .fetching = w->counts[FETCHING],
        .arrived = w->counts[ARRIVED],
        .working = w->counts[WORKING],
        .committed = w->counts[COMMITTED] + w->counts[PROVING],
        .proved = w->counts[PROVED],
    };
}
