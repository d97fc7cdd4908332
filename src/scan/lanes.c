/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/lanes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/machine.h"
#include "base/thread.h"
#include "scan/span.h"

#define WAIT_NS (200 * NS_PER_MS)
#define LANES_SERVICE 12u
#define LANES_MAX 32u

struct lanes;

struct lane {
    struct lanes *all;
    struct engine_lane *engine; /* each may be NULL */
    struct yara_lane *yara;
    unsigned char *bytes[2];   /* a window of each side */
    unsigned char *text, *narrow; /* for span_scan() */
    pthread_t thread;
    bool started;
};

struct lanes {
    struct scan *scan;
    struct lane lane[LANES_MAX];
    unsigned count;
    pthread_mutex_t lock;      /* guards: */
    pthread_cond_t ended;
    unsigned running;
    bool stop;
    struct err err;            /* the first one */
    uint64_t cpu_ns;
};

unsigned lanes_count(const struct scan *s)
{
    unsigned n = machine_processors();

    for (unsigned i = 0; i < s->nsides; i++)
        if (s->sides[i].volume->is_snapshot && n < LANES_SERVICE)
            n = LANES_SERVICE;
    return n < LANES_MAX ? n : LANES_MAX;
}

/* ------------------------------------------------------------- differences */

static bool is_listed(const struct scan *s, uint64_t offset)
{
    return blockset_has(s->core, offset / BLOCK_SIZE);
}

/* Do the sides differ in this piece of a block? */
static bool differs(struct lane *l, const struct window_part *p,
                    uint64_t from, uint64_t to)
{
    struct scan *s = l->all->scan;
    size_t at = (size_t)(from - p->from);
    bool other;

    if (s->nsides == 1)
        return is_listed(s, from);
    other = memcmp(l->bytes[0] + at, l->bytes[1] + at, (size_t)(to - from))
        != 0;
    if (other && s->diff.listed && !is_listed(s, from)
        && !scan_lost(s, 0, from, to) && !scan_lost(s, 1, from, to))
        s->unlisted++;
    if (!other && from >= p->core && to <= p->core_end)
        s->equal++;
    return other;
}

/* The end of the piece that begins at `from': of its block, or of the
 * window. */
static uint64_t piece_end(const struct window_part *p, uint64_t from)
{
    uint64_t end = (from / BLOCK_SIZE + 1) * BLOCK_SIZE;

    return end < p->to ? end : p->to;
}

/* Every run of pieces that differ, with a margin, on both sides. */
static int look_into(struct lane *l, const struct window_part *p,
                     uint64_t from, uint64_t to, struct err *e)
{
    struct scan *s = l->all->scan;

    for (unsigned i = 0; i < s->nsides; i++) {
        struct span_work w = {
            .scan = s, .engine = l->engine, .yara = l->yara, .part = p,
            .side = i,
            .bytes = l->bytes[i], .text = l->text, .narrow = l->narrow,
            .changed = from, .changed_end = to,
        };

        if (span_scan(&w, e) < 0)
            return -1;
    }
    return 0;
}

static int find_runs(struct lane *l, const struct window_part *p,
                     struct err *e)
{
    uint64_t run = UINT64_MAX;
    uint64_t end;

    for (uint64_t at = p->from; at < p->to; at = end) {
        end = piece_end(p, at);
        if (differs(l, p, at, end)) {
            run = run == UINT64_MAX ? at : run;
        } else if (run != UINT64_MAX) {
            if (look_into(l, p, run, at, e) < 0)
                return -1;
            run = UINT64_MAX;
        }
    }
    return run == UINT64_MAX ? 0 : look_into(l, p, run, p->to, e);
}

/* ------------------------------------------------------------------ a lane */

static uint64_t cpu_now(void)
{
    struct timespec t;

    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) < 0)
        return 0;
    return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static bool should_stop(struct lanes *all)
{
    AUTOLOCK(&all->lock);

    return all->stop;
}

static int do_window(struct lane *l, const struct window_part *p,
                     struct err *e)
{
    struct scan *s = l->all->scan;
    size_t n = (size_t)(p->to - p->from);

    for (unsigned i = 0; i < s->nsides; i++)
        if (scan_read(s, i, p->from, l->bytes[i], n, e) < 0)
            return -1;
    return find_runs(l, p, e);
}

static void lane_ends(struct lane *l, const struct err *why)
{
    struct lanes *all = l->all;
    AUTOLOCK(&all->lock);

    if (why->kind && !all->stop) {
        all->stop = true;
        all->err = *why;
    }
    all->cpu_ns += cpu_now();
    all->running--;
    thread_wake_all(&all->ended);
}

static void *lane_main(void *arg)
{
    struct lane *l = arg;
    struct err e = ERR_INIT;
    struct window_part p;

    while (!should_stop(l->all) && windows_next(&l->all->scan->windows, &p))
        if (do_window(l, &p, &e) < 0)
            break;
    lane_ends(l, &e);
    return NULL;
}

static int lane_init(struct lane *l, struct lanes *all, struct err *e)
{
    l->all = all;
    if (all->scan->engine
        && !(l->engine = engine_lane_new(all->scan->engine, e)))
        return -1;
    if (all->scan->yara && !(l->yara = yara_lane_new(all->scan->yara, e)))
        return -1;
    for (unsigned i = 0; i < all->scan->nsides; i++)
        if (!(l->bytes[i] = malloc(WINDOW_BYTES)))
            return err_nomem(e);
    l->text = malloc(WINDOW_BYTES);
    l->narrow = malloc(WINDOW_BYTES / 2);
    return l->text && l->narrow ? 0 : err_nomem(e);
}

static void lane_free(struct lane *l, struct scan *s)
{
    if (l->engine)
        s->gave_up += engine_lane_gave_up(l->engine);
    if (l->yara)
        s->yara_gave_up += yara_lane_gave_up(l->yara);
    engine_lane_free(l->engine);
    yara_lane_free(l->yara);
    free(l->bytes[0]);
    free(l->bytes[1]);
    free(l->text);
    free(l->narrow);
}

/* --------------------------------------------------------------------- all */

static void show(struct scan *s)
{
    struct progress_facts f = { .blocks = windows_done(&s->windows) };

    f.done = f.blocks * BLOCK_SIZE;
    for (unsigned i = 0; i < s->nsides; i++) {
        struct aws_counts c;

        if (!s->sides[i].volume->is_snapshot)
            continue;
        aws_counts(s->sides[i].volume->service.aws, &c);
        f.retries += c.retries;
        f.throttled += c.throttled;
    }
    progress_show(&s->progress, &f, clock_monotonic(&clock_system));
}

static int start(struct lanes *all, struct err *e)
{
    for (unsigned i = 0; i < all->count; i++) {
        struct lane *l = &all->lane[i];

        if (lane_init(l, all, e) < 0
            || thread_start(&l->thread, lane_main, l, "scan", e) < 0)
            return -1;
        l->started = true;
        thread_lock(&all->lock);
        all->running++;
        thread_unlock(&all->lock);
    }
    return 0;
}

/* Until all have ended; a signal stops them. */
static int wait_for(struct lanes *all, struct err *e)
{
    int r = 0;

    thread_lock(&all->lock);
    while (all->running) {
        thread_wait_ns(&all->ended, &all->lock, WAIT_NS);
        thread_unlock(&all->lock);
        show(all->scan);
        r = r == 0 ? interrupt_check(e) : r;
        thread_lock(&all->lock);
        all->stop |= r < 0;
    }
    thread_unlock(&all->lock);
    return r;
}

/* The threads count down what start() counts up, which may come later. */
static int run(struct lanes *all, struct err *e)
{
    int r = start(all, e);

    if (r < 0) {
        thread_lock(&all->lock);
        all->stop = true;
        thread_unlock(&all->lock);
    } else {
        r = wait_for(all, e);
    }
    for (unsigned i = 0; i < all->count; i++)
        if (all->lane[i].started)
            thread_join(all->lane[i].thread);
    if (r == 0 && all->err.kind) {
        *e = all->err;
        r = -1;
    }
    return r;
}

int scan_windows(struct scan *s, struct err *e)
{
    struct lanes *all = calloc(1, sizeof(*all));
    int r;

    if (!all)
        return err_nomem(e);
    all->scan = s;
    all->count = lanes_count(s);
    pthread_mutex_init(&all->lock, NULL);
    thread_cond_init(&all->ended);
    progress_start(&s->progress,
                   progress_wanted(s->opt->progress, s->opt->service.quiet),
                   "scanning", blockset_count(s->core) * BLOCK_SIZE,
                   clock_monotonic(&clock_system));
    r = run(all, e);
    progress_end(&s->progress);
    for (unsigned i = 0; i < all->count; i++)
        lane_free(&all->lane[i], s);
    s->cpu_ns = all->cpu_ns;
    pthread_cond_destroy(&all->ended);
    pthread_mutex_destroy(&all->lock);
    free(all);
    return r;
}
