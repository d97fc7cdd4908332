/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/thread.h"
#include "flow/pipeline-private.h"

/* Progress is shown, and a signal obeyed, within this time. */
#define TICK_NS (200 * 1000 * 1000ull)

/* Gaps are worked off in pieces, so that a stop is obeyed inside them. */
#define HOLE_PIECE GIB

/* --------------------------------------------------------------- workers */

static bool all_zero(const unsigned char *p, size_t n)
{
    return p[0] == 0 && memcmp(p, p + 1, n - 1) == 0;
}

static int pack(struct run *r, struct slot *s, struct err *e)
{
    for (size_t k = 0; k < r->p->nsinks; k++) {
        const struct sink *sink = r->p->sinks[k];

        if (sink->pack && sink->pack(sink, s, s->packed[k], e) < 0)
            return -1;
    }
    return 0;
}

/* All of it may be in vain: only the gate knows whether the block is good. */
static int work(struct worker *k, struct slot *s, struct err *e)
{
    struct source *src = k->run->p->source;
    int r = 0;

    if (s->hole)
        return 0;
    if (src->unpack) {
        r = src->unpack(src, s, e);
        k->unpack += timing_worked(&k->timing);
    }
    if (r < 0)
        return -1;
    s->zero = all_zero(s->raw, s->len);
    k->zeros += timing_worked(&k->timing);
    if (s->zero || s->unreadable)
        return 0;
    r = pack(k->run, s, e);
    k->pack += timing_worked(&k->timing);
    return r;
}

static void *worker_main(void *arg)
{
    struct worker *k = arg;
    struct window *w = k->run->window;
    struct slot *s;
    struct err e = ERR_INIT;

    /* All of them can do what one of them does; MD5 is one long chain, which
     * the gate alone goes along. */
    thread_stand_back(RANK_FEEDS);
    timing_begin(&k->timing);
    while ((s = window_take(w))) {
        int r;

        timing_waited(&k->timing, true);
        r = work(k, s, &e);
        timing_worked(&k->timing);
        if (r < 0)
            window_fail(w, &e);
        else
            window_commit(w, s);
    }
    timing_waited(&k->timing, false);
    return NULL;
}

/* --------------------------------------------------------------- readers */

struct slot *reader_next(struct reader *d)
{
    struct slot *s = window_next(d->run->window, d->number);

    timing_waited(&d->timing, s);
    return s;
}

void reader_done(struct reader *d)
{
    window_done(d->run->window, d->number);
    timing_worked(&d->timing);
}

/* ---------------------------------------------------------------- writer */

static int write_hole(struct run *r, uint64_t offset, uint64_t len,
                      struct err *e)
{
    for (size_t k = 0; k < r->p->nsinks; k++) {
        struct sink *sink = r->p->sinks[k];

        if (sink->hole(sink, offset, len, e) < 0)
            return -1;
    }
    return 0;
}

static int write_gap(struct reader *wr, const struct slot *s, struct err *e)
{
    uint64_t at = s->offset - s->gap;
    uint64_t end = gap_end(s);

    while (at < end) {
        uint64_t n = end - at;

        if (window_failed(wr->run->window, e))
            return -1;
        n = n < HOLE_PIECE ? n : HOLE_PIECE;
        if (write_hole(wr->run, at, n, e) < 0)
            return -1;
        at += n;
        wr->position += n;
    }
    return 0;
}

static int write_block(struct reader *wr, const struct slot *s,
                       struct err *e)
{
    struct run *r = wr->run;

    for (size_t k = 0; k < r->p->nsinks; k++) {
        struct sink *sink = r->p->sinks[k];

        if (sink->append(sink, s, s->packed[k], e) < 0)
            return -1;
    }
    wr->position += s->len;
    r->blocks++;
    return 0;
}

static int write_slot(struct reader *wr, const struct slot *s,
                      struct err *e)
{
    const struct pipeline *p = wr->run->p;

    if (write_gap(wr, s, e) < 0
        || (s->len && !s->hole && write_block(wr, s, e) < 0))
        return -1;
    return s->len && p->passed ? p->passed(p->ctx, wr->position, &s->digest,
                                           e) : 0;
}

static void *writer_main(void *arg)
{
    struct reader *wr = arg;
    struct slot *s;
    struct err e = ERR_INIT;

    timing_begin(&wr->timing);
    while ((s = reader_next(wr))) {
        if (write_slot(wr, s, &e) < 0) {
            window_fail(wr->run->window, &e);
            timing_worked(&wr->timing);
            return NULL;
        }
        reader_done(wr);
    }
    return NULL;
}

/* ----------------------------------------------------------------- setup */

static void add_reader(struct run *r, const char *name,
                       void *(*main)(void *reader), unsigned kinds)
{
    struct reader *d = &r->readers[r->nreaders];

    d->run = r;
    d->number = r->nreaders++;
    d->name = name;
    d->main = main;
    digest_begin(&d->digest, kinds);
    if (r->p->from) {
        digest_restore(&d->digest, r->p->from);
        d->digest.state.kinds = kinds;
        d->position = r->p->from->bytes;
    }
}

static void make_readers(struct run *r)
{
    bool fused = digest_is_fused();

    add_reader(r, "gate", gate_main, fused ? r->p->hashes : 0);
    for (int k = 0; k < HASH_KINDS && !fused; k++)
        if (r->p->hashes & HASH_BIT(k))
            add_reader(r, hash_names[k], digest_main, HASH_BIT(k));
    add_reader(r, "writer", writer_main, 0);
}

static void wake_source(void *ctx)
{
    struct source *src = ctx;

    if (src->wake)
        src->wake(src);
}

static struct window *make_window(struct run *r, struct err *e)
{
    autofree size_t *room = calloc(r->p->nsinks + 1, sizeof(*room));
    struct window_config c = {
        .slots = r->p->slots,
        .readers = r->nreaders,
        .packed = r->p->packed,
        .sinks = r->p->nsinks,
        .pack_room = room,
        .wake = wake_source,
        .wake_ctx = r->p->source,
    };

    if (!room) {
        err_nomem(e);
        return NULL;
    }
    for (size_t k = 0; k < r->p->nsinks; k++)
        room[k] = r->p->sinks[k]->pack_room;
    return window_new(&c, e);
}

static int start_threads(struct run *r, struct err *e)
{
    for (unsigned i = 0; i < r->nreaders; i++) {
        struct reader *d = &r->readers[i];

        if (thread_start(&d->thread, d->main, d, d->name, e) < 0)
            return -1;
        d->started = true;
    }
    r->workers = calloc(r->p->workers, sizeof(*r->workers));
    if (!r->workers)
        return err_nomem(e);
    for (; r->nworkers < r->p->workers; r->nworkers++) {
        struct worker *k = &r->workers[r->nworkers];

        k->run = r;
        if (thread_start(&k->thread, worker_main, k, "worker", e) < 0)
            return -1;
    }
    return r->p->source->start(r->p->source, r->window, e);
}

/* The source first: nothing may enter a window that is closing. */
static void join_threads(struct run *r)
{
    r->p->source->stop(r->p->source);
    for (unsigned i = 0; i < r->nworkers; i++)
        thread_join(r->workers[i].thread);
    for (unsigned i = 0; i < r->nreaders; i++)
        if (r->readers[i].started)
            thread_join(r->readers[i].thread);
}

/* ------------------------------------------------------------------- run */

static void add_times(struct stage_times *t, const struct timing *timing)
{
    t->threads++;
    t->busy += timing_busy(timing);
    t->waiting += timing->waiting;
}

static void look_at_times(const struct run *r, struct pipeline_times *t)
{
    *t = (struct pipeline_times){
        .wall = clock_monotonic(&clock_system) - r->began,
    };
    for (unsigned i = 0; i < r->nworkers; i++) {
        const struct worker *k = &r->workers[i];

        add_times(&t->workers, &k->timing);
        t->unpack += k->unpack;
        t->zeros += k->zeros;
        t->pack += k->pack;
    }
    add_times(&t->gate, &r->readers[0].timing);
    for (unsigned i = 1; i + 1 < r->nreaders; i++)
        add_times(&t->digests, &r->readers[i].timing);
    add_times(&t->writer, &r->readers[r->nreaders - 1].timing);
}

static void look(struct run *r, struct pipeline_state *st)
{
    look_at_times(r, &st->times);
    st->written = r->readers[r->nreaders - 1].position;
    st->hashed = r->readers[WINDOW_GATE].position;
    for (unsigned i = 1; i + 1 < r->nreaders; i++)
        if (r->readers[i].position < st->hashed)
            st->hashed = r->readers[i].position;
    st->blocks = r->blocks;
    window_counts(r->window, &st->slots);
}

static void watch(struct run *r)
{
    struct err e = ERR_INIT;
    bool over = false;

    while (!over) {
        struct pipeline_state st;

        over = window_wait(r->window, TICK_NS);
        look(r, &st);
        if (r->p->tick && r->p->tick(r->p->ctx, &st, &e) < 0)
            window_fail(r->window, &e);
    }
}

static void take_hashes(struct run *r, struct hashes *out)
{
    memset(out, 0, sizeof(*out));
    for (unsigned i = 0; i + 1 < r->nreaders; i++) {
        struct hashes h;

        digest_end(&r->readers[i].digest, &h);
        out->have |= h.have;
        for (int k = 0; k < HASH_KINDS; k++)
            if (h.have & HASH_BIT(k))
                memcpy(out->value[k], h.value[k], HASH_MAX);
    }
}

static int run_threads(struct run *r, struct err *e)
{
    struct err start = ERR_INIT;

    if (start_threads(r, &start) < 0)
        window_fail(r->window, &start);
    else
        watch(r);
    join_threads(r);
    if (r->p->times)
        look_at_times(r, r->p->times);
    return window_failed(r->window, e) ? -1 : 0;
}

int pipeline_run(const struct pipeline *p, struct hashes *out,
                 struct err *e)
{
    struct run r = { .p = p, .began = clock_monotonic(&clock_system) };
    int result;

    make_readers(&r);
    r.window = make_window(&r, e);
    result = r.window ? run_threads(&r, e) : -1;
    if (result == 0)
        take_hashes(&r, out);
    window_free(r.window);
    free(r.workers);
    return result;
}
