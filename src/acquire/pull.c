/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/pull.h"

#include "acquire/clockwatch.h"
#include "acquire/journal-way.h"
#include "audit/hash-ahead.h"
#include "base/interrupt.h"
#include "flow/pipeline.h"
#include "show/progress.h"
#include "show/together.h"

#define LOG_SYNC_NS (5 * NS_PER_S)
#define LOG_PROGRESS_NS (60 * NS_PER_S)

struct ticker {
    struct acquisition *a;
    struct progress progress;
    struct together_part part; /* of a->opt->together */
    struct aws_counts before; /* what aws had counted before the blocks */
    struct stats then;     /* what they were about a second ago */
    uint64_t to_come;      /* blocks, as EC2 counts them; 0: it does not */
    uint64_t synced, noted;
};

/* aws_counts() counts from the first question on; the run began later. */
static void take_stats(const struct ticker *t,
                       const struct pipeline_state *st, struct stats *out)
{
    *out = (struct stats){
        .times = st->times,
        .slots = st->slots,
        .network = true,
        .rate = t->a->opt->service.rate,
    };
    aws_counts(t->a->origin.aws, &out->service);
    out->service.idle_ns -= t->before.idle_ns;
    out->service.paced_ns -= t->before.paced_ns;
}

static uint64_t blocks_to_come(const struct acquisition *a)
{
    const struct ledger_counts *c = &a->outputs.ledger.counts;
    const struct origin *o = &a->origin;
    uint64_t all = o->facts_known ? o->facts.full_size.value / BLOCK_SIZE
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
    struct stats s;
    struct progress_facts f = {
        .done = st->written,
        .blocks = st->blocks,
        .hashed = st->hashed,
        .counted = t->to_come,
        .blocks_left = t->to_come > st->blocks ? t->to_come - st->blocks : 0,
        .digests = t->a->opt->hashes ? digest_ns(&st->times) : 0,
    };

    take_stats(t, st, &s);
    f.retries = s.service.retries;
    f.throttled = s.service.throttled;
    f.waiting = stats_waits_for(&t->then, &s);
    if (t->a->opt->together)
        together_show(t->a->opt->together, &t->part, &f, now);
    if (progress_show(&t->progress, &f, now))
        t->then = s;
}

static int tick(void *ctx, const struct pipeline_state *st, struct err *e)
{
    struct ticker *t = ctx;
    struct acquisition *a = t->a;
    uint64_t now = clock_monotonic(a->journal.clock);

    show_progress(t, st, now);
    if (interrupt_check(e) < 0)
        return -1;
    if (now - t->noted > LOG_PROGRESS_NS) {
        journal_progress(&a->journal, st);
        t->noted = now;
    }
    if (now - t->synced > LOG_SYNC_NS) {
        t->synced = now;
        if (log_sync(a->journal.log, e) < 0)
            return -1;
    }
    if (clockwatch_look(&a->journal, e) < 0)
        return -1;
    return log_failed(a->journal.log, e) ? -1 : 0;
}

static int passed(void *ctx, uint64_t offset, const struct digest_state *d,
                  struct err *e)
{
    struct acquisition *a = ((struct ticker *)ctx)->a;

    hash_ahead_left(a->outputs.ahead, a->origin.volume_size - offset);
    return save_passed(&a->save, offset, d, e);
}

/* Of several at once only the line of all is shown. */
static void begin_progress(struct ticker *t, uint64_t now)
{
    const struct acquisition *a = t->a;

    progress_start(&t->progress,
                   progress_wanted(a->opt->progress, a->opt->quiet),
                   a->origin.snapshot, a->origin.volume_size, now);
    t->progress.from = a->resume.at.offset;
    if (a->opt->together)
        together_join(a->opt->together, &t->part, a->origin.volume_size,
                      a->resume.at.offset);
}

static void end_progress(struct ticker *t)
{
    progress_end(&t->progress);
    if (t->a->opt->together)
        together_leave(t->a->opt->together);
}

int pull_run(struct acquisition *a, struct err *e)
{
    uint64_t now = clock_monotonic(a->journal.clock);
    struct ticker ticker = {
        .a = a,
        .to_come = blocks_to_come(a),
        .synced = now,
        .noted = now,
    };
    struct pipeline_state end = { .written = 0 };
    struct pipeline p = {
        .source = a->origin.source,
        .sinks = a->outputs.sinks,
        .nsinks = a->outputs.nsinks,
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

    begin_progress(&ticker, now);
    aws_counts(a->origin.aws, &ticker.before);
    take_stats(&ticker, &end, &ticker.then);
    r = pipeline_run(&p, &a->result.stream, e);
    end_progress(&ticker);
    take_stats(&ticker, &end, &a->result.stats);
    a->result.stats.before = now - a->journal.woke;
    a->journal.pulled = clock_monotonic(a->journal.clock);
    return r;
}
