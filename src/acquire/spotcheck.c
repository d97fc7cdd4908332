/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/spotcheck.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "acquire/forecast.h"
#include "base/interrupt.h"
#include "fetch/fetch.h"
#include "flow/pipeline.h"
#include "show/progress.h"

/* ------------------------------------------------------------ the choice */

/* The service cannot know beforehand which blocks will be looked at. */
static uint64_t random_below(uint64_t n)
{
    uint64_t x;

    do {
        if (getrandom(&x, sizeof(x), 0) != (ssize_t)sizeof(x))
            abort();
    } while (x >= UINT64_MAX - UINT64_MAX % n);
    return x % n;
}

/* One pass: each block is taken with the chance that is still needed. */
struct blockset *spotcheck_choose(const struct blockset *from, uint64_t n,
                                  struct err *e)
{
    struct blockset *s = blockset_new(blockset_room(from), e);
    uint64_t left = blockset_count(from);
    uint64_t i = blockset_next(from, 0);

    for (; s && i != BLOCKSET_END && n; i = blockset_next(from, i + 1)) {
        if (random_below(left--) >= n)
            continue;
        blockset_add(s, i);
        n--;
    }
    return s;
}

/* -------------------------------------------------------------- the check */

/* A sink that knows what the blocks should be. */
struct check {
    struct sink sink;
    struct spotcheck *c;
    struct progress progress;
};

static int find_row(struct check *k, uint32_t index,
                    struct manifest_row *row, struct err *e)
{
    int r;

    if (k->c->expected)
        return k->c->expected(k->c->ctx, index, row, e);
    do
        r = manifest_next(k->c->rows, row, e);
    while (r > 0 && row->index < index);
    if (r > 0 && row->index == index)
        return 0;
    return r < 0 ? -1 : err_set(e, ERR_VERIFY, 0, "the manifest has lost "
                                "block %" PRIu32, index);
}

static int check_append(struct sink *sink, const struct slot *s,
                        const void *packed, struct err *e)
{
    struct check *k = (struct check *)sink;
    struct manifest_row row = { 0 };

    (void)packed;
    if (s->unreadable) {
        k->c->unreadable++;
        return 0;
    }
    if (find_row(k, slot_index(s), &row, e) < 0)
        return -1;
    if (memcmp(row.sha256, s->sha256, sizeof(row.sha256)) != 0)
        return k->c->differs(k->c->from->snapshot, &row, e);
    k->c->compared++;
    return 0;
}

static int check_hole(struct sink *k, uint64_t offset, uint64_t len,
                      struct err *e)
{
    (void)k;
    (void)offset;
    (void)len;
    (void)e;
    return 0;
}

static int tick(void *ctx, const struct pipeline_state *st, struct err *e)
{
    struct check *k = ctx;
    struct progress_facts f = { .done = st->written, .blocks = st->blocks };

    progress_show(&k->progress, &f, clock_monotonic(k->c->clock));
    if (interrupted)
        return err_set(e, ERR_INTERRUPTED, 0, "interrupted by signal %d",
                       (int)interrupted);
    return 0;
}

static int run(struct check *k, struct source *source, struct err *e)
{
    const struct spotcheck *c = k->c;
    struct sink *sink = &k->sink;
    struct hashes none;
    struct pipeline p = {
        .source = source,
        .sinks = &sink,
        .nsinks = 1,
        .workers = c->budget->threads,
        .slots = c->budget->slots,
        .tick = tick,
        .ctx = k,
    };
    int r;

    progress_start(&k->progress,
                   progress_wanted(c->opt->progress, c->opt->quiet),
                   c->what, c->gib * GIB, clock_monotonic(c->clock));
    r = pipeline_run(&p, &none, e);
    progress_end(&k->progress);
    return r;
}

static void on_unreadable(void *ctx, const struct slot *s,
                          const struct err *why)
{
    (void)ctx;
    (void)s;
    (void)why;
}

static struct source *open_fetch(const struct spotcheck *s,
                                 struct blockmap *map, struct err *e)
{
    struct fetch_config c = {
        .aws = s->from->aws,
        .snapshot = s->from->snapshot,
        .map = map,
        .only = s->sample,
        .slots = s->budget->slots,
        .connections = (unsigned)s->opt->service.connections,
        .zero_unreadable = s->zero_unreadable,
        .unreadable = on_unreadable,
        .clock = s->clock,
    };

    return map ? fetch_new(&c, e) : NULL;
}

static int fetch_sample(struct spotcheck *c, struct err *e)
{
    struct check k = {
        .sink = { .name = "sample", .append = check_append,
                  .hole = check_hole },
        .c = c,
    };
    struct blockmap *map = blockmap_new(c->gib, e);
    struct source *source = open_fetch(c, map, e);
    int r = source ? run(&k, source, e) : -1;

    fetch_free(source);
    blockmap_free(map);
    return r;
}

int spotcheck_run(struct spotcheck *c, struct err *e)
{
    if (c->opt->dry_run)
        return 0;
    return forecast_afford(c->from, c->opt, c->gib * GIB, e) < 0
        ? -1 : fetch_sample(c, e);
}
