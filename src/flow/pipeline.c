#include "flow/pipeline.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/thread.h"

/* Progress is shown, and a signal obeyed, within this time. */
#define TICK_NS (200 * 1000 * 1000ull)

/* Gaps are worked off in pieces, so that a stop is obeyed inside them. */
#define HOLE_PIECE GIB

struct run;

struct reader {
    struct run *run;
    unsigned number;            /* of the window's readers */
    const char *name;
    void *(*main)(void *reader);
    struct digest digest;       /* gate and digest readers */
    _Atomic uint64_t position;  /* bytes of the volume passed */
    pthread_t thread;
    bool started;
};

struct run {
    const struct pipeline *p;
    struct window *window;
    struct reader readers[HASH_KINDS + 2]; /* gate, digests, writer */
    unsigned nreaders;
    pthread_t *workers;
    unsigned nworkers;
    _Atomic uint64_t blocks;
};

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
static int work(struct run *r, struct slot *s, struct err *e)
{
    struct source *src = r->p->source;

    if (src->unpack && src->unpack(src, s, e) < 0)
        return -1;
    s->zero = all_zero(s->raw, s->len);
    if (s->zero || s->unreadable)
        return 0;
    return pack(r, s, e);
}

static void *worker_main(void *arg)
{
    struct run *r = arg;
    struct slot *s;
    struct err e = ERR_INIT;

    while ((s = window_take(r->window))) {
        if (work(r, s, &e) < 0)
            window_fail(r->window, &e);
        else
            window_commit(r->window, s);
    }
    return NULL;
}

/* --------------------------------------------------------------- digests */

/* Up to `end'.  In pieces, so that a stop is obeyed inside a long gap. */
static void hash_gap(struct reader *d, uint64_t end)
{
    while (d->position < end && !window_failed(d->run->window, NULL)) {
        uint64_t left = end - d->position;
        uint64_t n = left < BLOCK_SIZE ? left : BLOCK_SIZE;

        digest_add_zeros(&d->digest, n);
        d->position += n;
    }
}

/* This reader's share of the state after the slot. */
static void note_state(const struct reader *d, struct slot *s)
{
    const struct digest_state *now = &d->digest.state;

    if (now->kinds & HASH_BIT(HASH_MD5))
        memcpy(s->digest.md5, now->md5, sizeof(now->md5));
    if (now->kinds & HASH_BIT(HASH_SHA1))
        memcpy(s->digest.sha1, now->sha1, sizeof(now->sha1));
    if (now->kinds & HASH_BIT(HASH_SHA256))
        memcpy(s->digest.sha256, now->sha256, sizeof(now->sha256));
}

static void *digest_main(void *arg)
{
    struct reader *d = arg;
    struct slot *s;

    while ((s = window_next(d->run->window, d->number))) {
        hash_gap(d, s->offset);
        if (s->len)
            digest_add(&d->digest, s->raw, s->len);
        d->position += s->len;
        note_state(d, s);
        window_done(d->run->window, d->number);
    }
    return NULL;
}

/* ------------------------------------------------------------------ gate */

/* Into the digests of the stream, unless the block is not what it should
 * be. */
static bool prove(struct reader *g, struct slot *s)
{
    struct source *src = g->run->p->source;
    const struct digest before = g->digest;

    digest_add_block(&g->digest, s->raw, s->len, s->sha256);
    if (!src->accept || src->accept(src, s))
        return true;
    g->digest = before;
    return false;
}

/* A slot that was refused comes again: the gap before it is hashed then. */
static void *gate_main(void *arg)
{
    struct reader *g = arg;
    struct window *w = g->run->window;
    struct slot *s;

    while ((s = window_next(w, g->number))) {
        hash_gap(g, s->offset);
        if (s->len && !prove(g, s)) {
            window_refused(w, s);
            continue;
        }
        g->position += s->len;
        s->digest.kinds = g->run->p->hashes;
        s->digest.bytes = g->digest.state.bytes;
        note_state(g, s);
        window_done(w, g->number);
    }
    return NULL;
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

    while (at < s->offset) {
        uint64_t n = s->offset - at;

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

static void *writer_main(void *arg)
{
    struct reader *wr = arg;
    struct window *w = wr->run->window;
    struct slot *s;
    struct err e = ERR_INIT;

    while ((s = window_next(w, wr->number))) {
        if (write_gap(wr, s, &e) < 0
            || (s->len && write_block(wr, s, &e) < 0)) {
            window_fail(w, &e);
            return NULL;
        }
        window_done(w, wr->number);
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
    for (; r->nworkers < r->p->workers; r->nworkers++)
        if (thread_start(&r->workers[r->nworkers], worker_main, r, "worker",
                         e) < 0)
            return -1;
    return r->p->source->start(r->p->source, r->window, e);
}

/* The source first: nothing may enter a window that is closing. */
static void join_threads(struct run *r)
{
    r->p->source->stop(r->p->source);
    for (unsigned i = 0; i < r->nworkers; i++)
        thread_join(r->workers[i]);
    for (unsigned i = 0; i < r->nreaders; i++)
        if (r->readers[i].started)
            thread_join(r->readers[i].thread);
}

/* ------------------------------------------------------------------- run */

static void look(struct run *r, struct pipeline_state *st)
{
    st->written = r->readers[r->nreaders - 1].position;
    st->hashed = st->written;
    for (unsigned i = 0; i + 1 < r->nreaders; i++)
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
    return window_failed(r->window, e) ? -1 : 0;
}

int pipeline_run(const struct pipeline *p, struct hashes *out,
                 struct err *e)
{
    struct run r = { .p = p };
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
