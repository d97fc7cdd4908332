/* The blocks of an acquisition on their way: the pipeline, and what is shown
 * and logged once a second while it runs. */
#include "acquire/acquisition.h"
#include "audit/hash-ahead.h"
#include "base/interrupt.h"

#define LOG_SYNC_NS (5 * NS_PER_S)
#define LOG_PROGRESS_NS (60 * NS_PER_S)

struct ticker {
    struct acquisition *a;
    struct stats then;     /* what they were about a second ago */
    uint64_t to_come;      /* blocks, as EC2 counts them; 0: it does not */
    uint64_t synced, noted;
};

/* aws_counts() counts from the first question on; the run began later. */
static void take_stats(struct acquisition *a, const struct pipeline_state *st,
                       struct stats *out)
{
    *out = (struct stats){
        .times = st->times,
        .slots = st->slots,
        .network = true,
        .rate = a->opt->service.rate,
    };
    aws_counts(a->aws, &out->service);
    out->service.idle_ns -= a->before.idle_ns;
    out->service.paced_ns -= a->before.paced_ns;
}

static uint64_t blocks_to_come(const struct acquisition *a)
{
    const struct ledger_counts *c = &a->ledger.counts;
    uint64_t all = a->facts_known ? a->facts.full_size.value / BLOCK_SIZE
                                  : 0;
    uint64_t had = c->stored + c->zero + c->unreadable;

    return all > had ? all - had : 0;
}

/* Where one pass does not do all of it, its threads work side by side. */
static uint64_t digest_ns(const struct pipeline_times *t)
{
    return t->gate.busy + (t->digests.threads
                           ? t->digests.busy / t->digests.threads : 0);
}

static void show_progress(struct ticker *t, const struct pipeline_state *st,
                          uint64_t now)
{
    struct acquisition *a = t->a;
    struct stats s;
    struct progress_facts f = {
        .done = st->written,
        .blocks = st->blocks,
        .hashed = st->hashed,
        .counted = t->to_come,
        .blocks_left = t->to_come > st->blocks ? t->to_come - st->blocks : 0,
        .digests = a->opt->hashes ? digest_ns(&st->times) : 0,
    };

    take_stats(a, st, &s);
    f.retries = s.service.retries;
    f.throttled = s.service.throttled;
    f.waiting = stats_waits_for(&t->then, &s);
    if (progress_show(&a->progress, &f, now))
        t->then = s;
}

static int tick(void *ctx, const struct pipeline_state *st, struct err *e)
{
    struct ticker *t = ctx;
    struct acquisition *a = t->a;
    uint64_t now = clock_monotonic(a->clock);

    show_progress(t, st, now);
    if (interrupt_check(e) < 0)
        return -1;
    if (now - t->noted > LOG_PROGRESS_NS) {
        journal_progress(a, st);
        t->noted = now;
    }
    if (now - t->synced > LOG_SYNC_NS) {
        t->synced = now;
        if (log_sync(a->log, e) < 0)
            return -1;
    }
    if (clockwatch_look(a, e) < 0)
        return -1;
    return log_failed(a->log, e) ? -1 : 0;
}

static int passed(void *ctx, uint64_t offset, const struct digest_state *d,
                  struct err *e)
{
    struct acquisition *a = ((struct ticker *)ctx)->a;

    hash_ahead_left(a->ahead, a->volume_size - offset);
    return save_passed(a, offset, d, e);
}

int pull_run(struct acquisition *a, struct err *e)
{
    uint64_t now = clock_monotonic(a->clock);
    struct ticker ticker = {
        .a = a,
        .to_come = blocks_to_come(a),
        .synced = now,
        .noted = now,
    };
    struct pipeline_state end = { .written = 0 };
    struct pipeline p = {
        .source = a->source,
        .sinks = a->sinks,
        .nsinks = a->nsinks,
        .hashes = a->opt->hashes,
        .from = a->resume.at.offset ? &a->resume.at.digest : NULL,
        .passed = passed,
        .workers = a->budget.threads,
        .slots = a->budget.slots,
        .packed = a->budget.packed,
        .times = &end.times,
        .tick = tick,
        .ctx = &ticker,
    };
    int r;

    progress_start(&a->progress,
                   progress_wanted(a->opt->progress, a->opt->quiet),
                   a->snapshot, a->volume_size, now);
    a->progress.from = a->resume.at.offset;
    aws_counts(a->aws, &a->before);
    take_stats(a, &end, &ticker.then);
    r = pipeline_run(&p, &a->stream, e);
    progress_end(&a->progress);
    take_stats(a, &end, &a->stats);
    a->stats.before = now - a->woke;
    a->pulled = clock_monotonic(a->clock);
    return r;
}
