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
    struct window_config config;
    struct slot *slots;       /* slot of sequence n: slots[n % count] */
    void **packed;            /* config.sinks for each slot */

    pthread_mutex_t lock;     /* guards everything below */
    pthread_cond_t room;      /* a slot became free */
    pthread_cond_t work;      /* a block arrived, or nothing more will */
    pthread_cond_t *turn;     /* of each reader: its next slot is there */
    pthread_cond_t over;      /* every reader is through, or it failed */
    uint64_t head;            /* sequence of the next slot to reserve */
    uint64_t tail;            /* oldest sequence that is not free */
    uint64_t *position;       /* next sequence of each reader */
    unsigned readers_through;
    struct slot **queue;      /* arrived slots, first come first served */
    unsigned queue_first, queue_len;
    bool starved;             /* the source asked in vain */
    unsigned counts[STATES];
    bool ended;               /* the slot of length 0 has arrived */
    bool stopped;
    struct err err;           /* why, when stopped */
};

static void set_state(struct window *w, struct slot *s, enum state state)
{
    w->counts[s->state]--;
    w->counts[state]++;
    s->state = (int)state;
}

/* ------------------------------------------------------------ make, free */

static int make_slot(struct window *w, unsigned i, struct err *e)
{
    const struct window_config *c = &w->config;
    struct slot *s = &w->slots[i];

    s->number = i;
    s->packed = w->packed + i * c->sinks;
    s->raw = aligned_alloc(4096, BLOCK_SIZE);
    if (!s->raw)
        return err_nomem(e);
    for (size_t k = 0; k < c->sinks; k++) {
        if (!c->pack_room[k])
            continue;
        s->packed[k] = aligned_alloc(64, (c->pack_room[k] + 63) / 64 * 64);
        if (!s->packed[k])
            return err_nomem(e);
    }
    return 0;
}

static int make_slots(struct window *w, struct err *e)
{
    const struct window_config *c = &w->config;

    w->slots = calloc(c->slots, sizeof(*w->slots));
    w->queue = calloc(c->slots, sizeof(struct slot *));
    w->packed = calloc(c->slots * c->sinks + 1, sizeof(void *));
    w->position = calloc(c->readers, sizeof(*w->position));
    w->turn = calloc(c->readers, sizeof(*w->turn));
    if (!w->slots || !w->queue || !w->packed || !w->position || !w->turn)
        return err_nomem(e);
    for (unsigned i = 0; i < c->readers; i++)
        thread_cond_init(&w->turn[i]);
    for (unsigned i = 0; i < c->slots; i++)
        if (make_slot(w, i, e) < 0)
            return -1;
    w->counts[FREE] = c->slots;
    return 0;
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
    for (unsigned i = 0; w->slots && i < w->config.slots; i++)
        free(w->slots[i].raw);
    for (size_t i = 0; w->packed && i < w->config.slots * w->config.sinks;
         i++)
        free(w->packed[i]);
    free(w->slots);
    free(w->packed);
}

void window_free(struct window *w)
{
    if (!w)
        return;
    free_slots(w);
    free(w->queue);
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
    s->offset = 0;
    s->len = 0;
    s->unreadable = false;
    s->provider = false;
    s->age = 0;
    s->attempts = 0;
    s->time = 0;
    s->request_id[0] = '\0';
    s->zero = false;
}

/* Locked. */
static struct slot *reserve(struct window *w)
{
    struct slot *s;

    if (w->stopped || w->ended)
        return NULL;
    if (w->head - w->tail == w->config.slots) {
        w->starved = true;
        return NULL;
    }
    s = &w->slots[w->head % w->config.slots];
    assert(s->state == FREE);
    clear_slot(s, w->head++);
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

    while (!w->stopped && !w->ended
           && w->head - w->tail == w->config.slots)
        thread_wait(&w->room, &w->lock);
    return reserve(w);
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
    set_state(w, s, ARRIVED);
    w->queue[(w->queue_first + w->queue_len++) % w->config.slots] = s;
    thread_wake_one(&w->work);
}

/* --------------------------------------------------------------- workers */

/* Locked: could anything still come to a worker?  Until the gate has let it
 * pass, any block may be fetched again. */
static bool work_is_over(const struct window *w)
{
    return w->ended && w->position[WINDOW_GATE] == w->head;
}

struct slot *window_take(struct window *w)
{
    struct slot *s;
    AUTOLOCK(&w->lock);

    while (!w->stopped && w->queue_len == 0 && !work_is_over(w))
        thread_wait(&w->work, &w->lock);
    if (w->stopped || w->queue_len == 0)
        return NULL;
    s = w->queue[w->queue_first];
    w->queue_first = (w->queue_first + 1) % w->config.slots;
    w->queue_len--;
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

struct slot *window_next(struct window *w, unsigned reader)
{
    struct slot *s;
    AUTOLOCK(&w->lock);

    s = &w->slots[w->position[reader] % w->config.slots];
    while (!w->stopped && !is_turn(w, reader, s)) {
        if (w->ended && w->position[reader] == w->head)
            return NULL; /* the last slot is behind this reader */
        thread_wait(&w->turn[reader], &w->lock);
    }
    if (w->stopped)
        return NULL;
    if (reader == WINDOW_GATE)
        set_state(w, s, PROVING);
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

/* Locked: the last reader is through with it; true when the source waits for
 * that. */
static bool release(struct window *w, struct slot *s)
{
    bool starved = w->starved;

    set_state(w, s, FREE);
    w->tail++;
    w->starved = false;
    thread_wake_all(&w->room);
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

void window_fail(struct window *w, const struct err *e)
{
    thread_lock(&w->lock);
    if (!w->stopped) {
        w->stopped = true;
        w->err = *e;
        thread_wake_all(&w->room);
        thread_wake_all(&w->work);
        for (unsigned i = 0; i < w->config.readers; i++)
            thread_wake_all(&w->turn[i]);
        thread_wake_all(&w->over);
    }
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
