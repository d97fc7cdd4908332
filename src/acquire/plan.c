/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/plan.h"

#include "acquire/cached.h"
#include "acquire/clockwatch.h"
#include "acquire/journal-origin.h"
#include "acquire/journal-way.h"
#include "acquire/recheck.h"
#include "acquire/since.h"
#include "base/interrupt.h"
#include "fetch/fetch.h"

/* EBS may not know a snapshot for a minute after EC2 calls it completed; one
 * that was completed long ago and is unknown is not there. */
#define NOT_READY_SECONDS 240
#define RECENT_NS (15 * 60 * NS_PER_S)

/* How long to wait for a snapshot that EBS does not know. */
static unsigned patience(const struct acquisition *a)
{
    uint64_t most = a->opt->service.give_up * 4 / 5;
    const char *when = a->origin.facts.completion_time;
    uint64_t completed = when ? clock_parse_iso(when) : 0;

    if (!a->origin.facts_known
        || (completed && a->journal.session > completed + RECENT_NS))
        return 0;
    /* Shorter than --give-up, so that the end names the snapshot. */
    return (unsigned)(most < NOT_READY_SECONDS ? most : NOT_READY_SECONDS);
}

/* The list begins where the run goes on. */
static struct blockmap *make_map(const struct acquisition *a, struct err *e)
{
    const struct checkpoint *at = &a->resume.at;
    const struct origin *o = &a->origin;
    struct blockmap *m;

    if (a->resume.on)
        m = blockmap_new(o->volume_size / GIB, e);
    else
        m = blockmap_new(o->facts_known ? o->facts.volume_gib : 0, e);
    if (m)
        blockmap_begin_at(m, (uint32_t)(at->offset / BLOCK_SIZE), at->rows);
    return m;
}

/* Before the blocks are asked for: what is already here, and may not be of
 * this snapshot. */
static int compare_kept(struct acquisition *a, unsigned not_ready_seconds,
                        struct err *e)
{
    if (a->opt->since && since_prepare(a, not_ready_seconds, e) < 0)
        return -1;
    if (a->resume.on && recheck_run(a, e) < 0)
        return -1;
    return a->opt->cache ? cached_prepare(a, not_ready_seconds, e) : 0;
}

int plan_make(struct acquisition *a, struct err *e)
{
    struct origin *o = &a->origin;
    struct fetch_config c = {
        .aws = o->aws,
        .snapshot = o->snapshot,
        .start = a->resume.at.offset,
        .slots = a->budget.slots,
        .connections = (unsigned)a->opt->service.connections,
        .zero_unreadable = a->opt->on_unreadable == 1,
        .not_ready_seconds = patience(a),
        .clock = a->journal.clock,
        .unreadable = journal_unreadable,
        .late = journal_late,
        .ctx = &a->journal,
    };

    if (compare_kept(a, c.not_ready_seconds, e) < 0)
        return -1;
    since_configure(&a->since, &c);
    cached_configure(&a->cache, &c);
    o->map = make_map(a, e);
    if (!o->map)
        return -1;
    c.map = o->map;
    o->source = fetch_new(&c, e);
    if (!o->source || fetch_plan(o->source, &interrupted, e) < 0)
        return -1;
    o->volume_size = blockmap_volume_size(o->map);
    return journal_source(&a->journal, o, e) < 0 ? -1
        : clockwatch_offset(&a->journal, o->aws, e);
}
