/* SPDX-License-Identifier: Apache-2.0 */
#include "show/stats.h"

#include <inttypes.h>
#include <stdio.h>

#include "audit/digest.h"
#include "base/clock.h"
#include "base/json.h"

/* A stage that works so much of its time leaves the others waiting, and one
 * that works so much may, where blocks pile up behind the network. */
#define HOLDS_UP 0.7
#define MAY_HOLD_UP 0.5

/* So many answers, and such a part of all, are no accident. */
#define SEVERAL 3
#define OFTEN 0.1

enum { NETWORK, WORKERS, GATE, DIGESTS, WRITER, STAGES };

static const struct {
    const char *name;     /* for JSON */
    const char *title;
    const char *waits;    /* for this stage */
} stages[STAGES] = {
    [NETWORK] = { "network", "Network thread", "the network thread" },
    [WORKERS] = { "workers", "Workers", "the processor" },
    [GATE] = { "gate", "Digests, in order", "the digests" },
    [DIGESTS] = { "digests", "Digests, threads", "the digests" },
    [WRITER] = { "writer", "Writer", "the disk" },
};

static struct stage_times network_times(const struct stats *s)
{
    uint64_t wall = s->times.wall;
    uint64_t idle = s->service.idle_ns < wall ? s->service.idle_ns : wall;

    return (struct stage_times){
        .threads = s->network,
        .busy = s->network ? wall - idle : 0,
        .waiting = idle,
    };
}

static void gather(const struct stats *s, struct stage_times out[STAGES])
{
    out[NETWORK] = network_times(s);
    out[WORKERS] = s->times.workers;
    out[GATE] = s->times.gate;
    out[DIGESTS] = s->times.digests;
    out[WRITER] = s->times.writer;
}

/* 0 to 1: of the time that its threads had. */
static double share(const struct stage_times *t, uint64_t wall)
{
    if (!t->threads || !wall)
        return 0;
    return (double)t->busy / (double)wall / t->threads;
}

/* The stage, of these from `first' on, that has worked most of the time
 * between the two. */
static int busiest(const struct stats *before, const struct stats *now,
                   int first, double *most)
{
    struct stage_times then[STAGES], at[STAGES];
    uint64_t wall = now->times.wall - before->times.wall;
    int found = WORKERS;

    gather(before, then);
    gather(now, at);
    *most = 0;
    for (int i = first; i < STAGES; i++) {
        double x;

        at[i].busy -= at[i].busy > then[i].busy ? then[i].busy : at[i].busy;
        x = share(&at[i], wall);
        if (x <= *most)
            continue;
        *most = x;
        found = i;
    }
    return found;
}

/* Does the service, or --rate, allow no more?  NULL when they would. */
static const char *limit_of_requests(const struct stats *before,
                                     const struct stats *now)
{
    const struct aws_counts *a = &before->service, *b = &now->service;
    uint64_t wall = now->times.wall - before->times.wall;
    bool paced = 2 * (b->paced_ns - a->paced_ns) >= wall;
    uint64_t throttled = b->throttled - a->throttled;
    bool often = throttled >= SEVERAL && (double)throttled
        > (double)(b->requests - a->requests) * OFTEN;

    if (often || (paced && b->block_rate < (double)now->rate * 0.9))
        return "the service, which throttles";
    return paced ? "the limit of requests (--rate)" : NULL;
}

static bool is_behind_network(const struct stats *s)
{
    const struct window_counts *n = &s->slots;

    return n->fetching < n->arrived + n->working + n->committed + n->proved;
}

const char *stats_waits_for(const struct stats *before,
                            const struct stats *now)
{
    const char *limit = now->network ? limit_of_requests(before, now) : NULL;
    double most;
    int stage = busiest(before, now, NETWORK, &most);

    if (limit)
        return limit;
    if (most >= HOLDS_UP)
        return stages[stage].waits;
    stage = busiest(before, now, WORKERS, &most);
    if (most >= MAY_HOLD_UP && is_behind_network(now))
        return stages[stage].waits;
    return now->network ? "the network" : "the disk";
}

static void add_stage(struct stage_times *sum, const struct stage_times *x)
{
    if (sum->threads < x->threads)
        sum->threads = x->threads;
    sum->busy += x->busy;
    sum->waiting += x->waiting;
}

void stats_add(struct stats *sum, const struct pipeline_times *more)
{
    struct pipeline_times *t = &sum->times;

    t->wall += more->wall;
    t->unpack += more->unpack;
    t->zeros += more->zeros;
    t->pack += more->pack;
    add_stage(&t->workers, &more->workers);
    add_stage(&t->gate, &more->gate);
    add_stage(&t->digests, &more->digests);
    add_stage(&t->writer, &more->writer);
}

/* ------------------------------------------------------------------ text */

static void line(struct text *t, const char *name, const char *value)
{
    text_addf(t, "  %-22s%s\n", name, value);
}

static unsigned percent(uint64_t part, uint64_t whole)
{
    return whole ? (unsigned)((double)part / (double)whole * 100 + 0.5) : 0;
}

static void stage_line(const struct stage_times *x, int stage, uint64_t wall,
                       struct text *t)
{
    char buf[96];

    if (!x->threads)
        return;
    snprintf(buf, sizeof(buf), "%3u %% busy, %.1f s%s",
             percent(x->busy, wall * x->threads), (double)x->busy / 1e9,
             x->threads > 1 ? " in all threads" : "");
    line(t, stages[stage].title, buf);
}

static void part_line(const char *name, uint64_t ns, const struct stats *s,
                      struct text *t)
{
    char buf[96];

    if (ns < NS_PER_S / 100)
        return;
    snprintf(buf, sizeof(buf), "%3u %%, %.1f s",
             percent(ns, s->times.wall * s->times.workers.threads),
             (double)ns / 1e9);
    line(t, name, buf);
}

static void seconds_line(const char *name, uint64_t ns, struct text *t)
{
    char buf[32];

    if (!ns)
        return;
    snprintf(buf, sizeof(buf), "%.1f s", (double)ns / 1e9);
    line(t, name, buf);
}

static void requests_line(const struct stats *s, struct text *t)
{
    char buf[160], size[32];
    const struct aws_counts *c = &s->service;

    snprintf(buf, sizeof(buf), "%" PRIu64 ", %" PRIu64 " of them again, %"
             PRIu64 " throttled; %s", c->requests, c->retries, c->throttled,
             size_text(size, c->bytes));
    line(t, "Requests", buf);
}

static const char *busiest_words(const struct stats *s)
{
    static const struct stats start;
    double most;
    int stage = busiest(&start, s, NETWORK, &most);

    if (most >= MAY_HOLD_UP)
        return stages[stage].title;
    if (!s->network)
        return "none: it waited for the disk";
    return 2 * s->service.paced_ns >= s->times.wall
        ? "none: it was held back by --rate or throttling"
        : "none: it waited for the network or the service";
}

void stats_text(const struct stats *s, struct text *t)
{
    struct stage_times x[STAGES];

    gather(s, x);
    text_add(t, "\nWhere the time went\n");
    seconds_line("Before the blocks", s->before, t);
    seconds_line("Blocks", s->times.wall, t);
    seconds_line("After them", s->after, t);
    if (s->network)
        requests_line(s, t);
    if (s->service.paced_ns > NS_PER_S / 10)
        seconds_line("Requests held back", s->service.paced_ns, t);
    for (int i = 0; i < STAGES; i++) {
        stage_line(&x[i], i, s->times.wall, t);
        if (i != WORKERS)
            continue;
        part_line("  to inflate", s->times.unpack, s, t);
        part_line("  to look for zeros", s->times.zeros, s, t);
        part_line("  to deflate", s->times.pack, s, t);
    }
    line(t, "Digests by", digest_engine_name());
    line(t, "Busiest", busiest_words(s));
}

/* ------------------------------------------------------------------ JSON */

static void json_stage(const struct stage_times *x, int stage,
                       struct text *t)
{
    json_open(t, stages[stage].name, '{');
    json_put_u64(t, "threads", x->threads);
    json_put_seconds(t, "busy_seconds", x->busy);
    json_put_seconds(t, "waiting_seconds", x->waiting);
    json_close(t, '}');
}

static void json_requests(const struct aws_counts *c, struct text *t)
{
    json_put_u64(t, "requests", c->requests);
    json_put_u64(t, "retries", c->retries);
    json_put_u64(t, "throttled", c->throttled);
    json_put_u64(t, "bytes", c->bytes);
    json_put_seconds(t, "paced_seconds", c->paced_ns);
}

void stats_json(const struct stats *s, struct text *t)
{
    static const struct stats start;
    struct stage_times x[STAGES];
    double most;
    int stage = busiest(&start, s, NETWORK, &most);

    gather(s, x);
    json_open(t, NULL, '{');
    json_put_seconds(t, "seconds", s->times.wall);
    if (s->network) {
        json_put_seconds(t, "before_seconds", s->before);
        json_put_seconds(t, "after_seconds", s->after);
    }
    for (int i = 0; i < STAGES; i++)
        if (x[i].threads)
            json_stage(&x[i], i, t);
    json_put_seconds(t, "inflate_seconds", s->times.unpack);
    json_put_seconds(t, "zeros_seconds", s->times.zeros);
    json_put_seconds(t, "deflate_seconds", s->times.pack);
    if (s->network)
        json_requests(&s->service, t);
    json_put_text(t, "digests_by", digest_engine_name());
    json_put_text(t, "busiest",
                  most >= MAY_HOLD_UP ? stages[stage].name : NULL);
    json_close(t, '}');
}
