#include "acquire/carry.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "flow/window.h"

struct carry {
    struct fetch_supply supply;
    struct source *reader;
    struct window *window;
    void (*refused)(void *ctx, const struct slot *s);
    void *ctx;
    pthread_t thread;
    bool started;
    /* Its own thread only: */
    struct manifest_reader *rows;
    struct manifest_row row;
    bool have_row;
    /* Slots that wait, in order; a window has no more than these. */
    pthread_mutex_t lock;
    pthread_cond_t given;
    struct slot **queue;
    unsigned room, first, count;
    bool stopped;
};

/* ----------------------------------------------------------------- queue */

static void carry_give(struct fetch_supply *u, struct slot *s)
{
    struct carry *c = (struct carry *)u;
    AUTOLOCK(&c->lock);

    c->queue[(c->first + c->count++) % c->room] = s;
    thread_wake_one(&c->given);
}

static struct slot *take(struct carry *c)
{
    struct slot *s;
    AUTOLOCK(&c->lock);

    while (!c->count && !c->stopped)
        thread_wait(&c->given, &c->lock);
    if (c->stopped)
        return NULL;
    s = c->queue[c->first];
    c->first = (c->first + 1) % c->room;
    c->count--;
    return s;
}

/* ---------------------------------------------------------------- blocks */

/* The row of this block; the rows before it are of blocks that are not
 * carried. */
static int find_row(struct carry *c, uint32_t index, struct err *e)
{
    while (!c->have_row || c->row.index < index) {
        int r = manifest_next(c->rows, &c->row, e);

        if (r < 0)
            return -1;
        if (r == 0)
            break;
        c->have_row = true;
    }
    if (c->have_row && c->row.index == index)
        return 0;
    return err_set(e, ERR_VERIFY, 0, "the manifest of the earlier image has "
                   "lost block %" PRIu32, index);
}

static int bring(struct carry *c, struct slot *s, struct err *e)
{
    window_buffer(c->window, s);
    if (find_row(c, slot_index(s), e) < 0
        || image_reader_fill(c->reader, s, e) < 0)
        return -1;
    memcpy(s->expected, c->row.sha256, sizeof(s->expected));
    s->provider = c->row.provider;
    s->attempts = c->row.attempts;
    s->time = c->row.time;
    s->age = c->row.age + 1;
    snprintf(s->request_id, sizeof(s->request_id), "%s", c->row.request_id);
    window_arrived(c->window, s);
    return 0;
}

static void *carry_main(void *arg)
{
    struct carry *c = arg;
    struct err e = ERR_INIT;
    struct slot *s;

    while ((s = take(c))) {
        if (bring(c, s, &e) == 0)
            continue;
        window_fail(c->window, &e);
        break;
    }
    return NULL;
}

/* ---------------------------------------------------------------- supply */

static int carry_start(struct fetch_supply *u, struct window *w,
                       struct err *e)
{
    struct carry *c = (struct carry *)u;

    c->window = w;
    if (thread_start(&c->thread, carry_main, c, "carry", e) < 0)
        return -1;
    c->started = true;
    return 0;
}

static int carry_unpack(struct fetch_supply *u, struct slot *s,
                        struct err *e)
{
    struct carry *c = (struct carry *)u;

    return c->reader->unpack(c->reader, s, e);
}

static void carry_refused(struct fetch_supply *u, const struct slot *s)
{
    struct carry *c = (struct carry *)u;

    c->refused(c->ctx, s);
}

static void carry_stop(struct fetch_supply *u)
{
    struct carry *c = (struct carry *)u;

    thread_lock(&c->lock);
    c->stopped = true;
    thread_wake_all(&c->given);
    thread_unlock(&c->lock);
    if (c->started)
        thread_join(c->thread);
    c->started = false;
}

/* A damaged range makes its block unreadable, and that is refused. */
static void ignore_damage(void *ctx, uint64_t offset, uint64_t len)
{
    (void)ctx;
    (void)offset;
    (void)len;
}

static int make_reader(struct carry *c, const struct image *image,
                       unsigned slots, struct err *e)
{
    struct image_reader_config rc = {
        .image = image,
        .slots = slots,
        .lax = true,
        .damaged = ignore_damage,
    };

    c->reader = image_reader_new(&rc, e);
    if (!c->reader)
        return -1;
    if (c->reader->unpack)
        c->supply.unpack = carry_unpack;
    return 0;
}

struct carry *carry_new(const struct image *image,
                        struct manifest_reader *rows, unsigned slots,
                        void (*refused)(void *ctx, const struct slot *s),
                        void *ctx, struct err *e)
{
    struct carry *c = calloc(1, sizeof(*c));

    if (!c) {
        err_nomem(e);
        return NULL;
    }
    c->supply.start = carry_start;
    c->supply.give = carry_give;
    c->supply.refused = carry_refused;
    c->supply.stop = carry_stop;
    c->rows = rows;
    c->refused = refused;
    c->ctx = ctx;
    c->room = slots;
    pthread_mutex_init(&c->lock, NULL);
    thread_cond_init(&c->given);
    c->queue = calloc(slots, sizeof(struct slot *));
    if (!c->queue)
        err_nomem(e);
    else if (make_reader(c, image, slots, e) == 0)
        return c;
    carry_free(c);
    return NULL;
}

struct fetch_supply *carry_supply(struct carry *c)
{
    return &c->supply;
}

void carry_free(struct carry *c)
{
    if (!c)
        return;
    image_reader_free(c->reader);
    pthread_cond_destroy(&c->given);
    pthread_mutex_destroy(&c->lock);
    free(c->queue);
    free(c);
}
