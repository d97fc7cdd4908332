/* SPDX-License-Identifier: Apache-2.0 */
#include "events/carve.h"

#include <stdlib.h>
#include <string.h>

#include "base/block.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "events/event.h"

#define WINDOW_BLOCKS 16u
#define WINDOW_BYTES (WINDOW_BLOCKS * BLOCK_SIZE + 2 * EVENT_MARGIN)

struct carving {
    struct events *s;
    unsigned char *bytes[2];
    uint64_t from, to;         /* of the window, with its margins */
    uint64_t core, core_end;   /* its blocks */
    /* Of a run in which the sides differ: */
    unsigned side;
    uint64_t span;             /* where its bytes begin on the volume */
    uint64_t run, run_end;
};

/* What begins in a window or, of the first of a run of blocks, in the margin
 * before it, is of that window; it must reach into what differs. */
static bool is_ours(const struct carving *c, uint64_t at, uint64_t end)
{
    const struct blockset *core = c->s->core;
    uint64_t first = c->core / BLOCK_SIZE;
    bool begins = !first || !blockset_has(core, first - 1);

    return at >= (begins ? c->from : c->core) && at < c->core_end
        && end > c->run && at < c->run_end;
}

static int on_event(void *ctx, const struct event *v, struct err *e)
{
    const struct carving *c = ctx;
    uint64_t at = c->span + v->at;

    if (!is_ours(c, at, at + (v->size ? v->size : 1)))
        return 0;
    return events_add(c->s, c->side, v, NULL, at, e);
}

/* What may be in blocks, and was not looked into, is told of all of them. */
static void on_note(void *ctx, const char *text)
{
    (void)ctx;
    (void)text;
}

static bool is_zero(const unsigned char *bytes, size_t n)
{
    return n == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, n - 1) == 0);
}

static int carve_as(struct carving *c, size_t decoder,
                    const struct event_span *span,
                    const struct event_out *out, struct err *e)
{
    struct events_side *x = &c->s->sides[c->side];
    int r = decoding_decode(&c->s->decoding, decoder, true, span, out, e);

    if (r <= 0)
        return r;
    x->uncarved++;
    memcpy(x->how, c->s->decoding.why, sizeof(x->how));
    return 0;
}

static int look_side(struct carving *c, unsigned side, struct err *e)
{
    const struct event_out out = { c, on_event, on_note };
    uint64_t end = c->run_end + EVENT_MARGIN < c->to
        ? c->run_end + EVENT_MARGIN : c->to;
    struct event_span span = { 0 };

    c->span = c->run > c->from + EVENT_MARGIN ? c->run - EVENT_MARGIN
        : c->from;
    span.bytes = c->bytes[side] + (c->span - c->from);
    span.size = (size_t)(end - c->span);
    c->side = side;
    if (is_zero(span.bytes, span.size))
        return 0;
    decoding_give(&c->s->decoding, span.bytes, span.size);
    for (size_t i = 0; i < event_decoder_count; i++)
        if (event_decoders[i]->carve && carve_as(c, i, &span, &out, e) < 0)
            return -1;
    return 0;
}

static int look(struct carving *c, uint64_t run, uint64_t run_end,
                struct err *e)
{
    uint64_t end = run_end < c->core_end ? run_end : c->core_end;

    c->run = run;
    c->run_end = run_end;
    c->s->carved += end > run ? end - run : 0; /* a margin is another's */
    for (unsigned i = 0; i < c->s->nsides; i++)
        if (look_side(c, i, e) < 0)
            return -1;
    return 0;
}

static bool differs(const struct carving *c, uint64_t from, uint64_t to)
{
    size_t at = (size_t)(from - c->from);

    return c->s->nsides == 1
        || memcmp(c->bytes[0] + at, c->bytes[1] + at, (size_t)(to - from))
            != 0;
}

/* What begins in these blocks may reach into the margin behind them. */
static int find_runs(struct carving *c, struct err *e)
{
    uint64_t run = UINT64_MAX;
    uint64_t end;

    for (uint64_t at = c->core; at < c->to; at = end) {
        end = at + BLOCK_SIZE < c->to ? at + BLOCK_SIZE : c->to;
        if (differs(c, at, end)) {
            run = run == UINT64_MAX ? at : run;
        } else if (run != UINT64_MAX) {
            if (look(c, run, at, e) < 0)
                return -1;
            run = UINT64_MAX;
        }
    }
    return run == UINT64_MAX ? 0 : look(c, run, c->to, e);
}

/* The end of the window that begins with this block. */
static uint64_t end_of(const struct carving *c, uint64_t first)
{
    uint64_t end = first + 1;

    while (end < first + WINDOW_BLOCKS && blockset_has(c->s->core, end))
        end++;
    return end;
}

/* The blocks of the next window, and no other: what is asked for is paid. */
static void ask_ahead(const struct carving *c)
{
    uint64_t next = blockset_next(c->s->core, c->core_end / BLOCK_SIZE);

    for (unsigned i = 0; i < c->s->nsides && next != BLOCKSET_END; i++) {
        struct volume_reader *r = c->s->sides[i].reader;

        if (volume_reader_ahead(r) >= WINDOW_BLOCKS)
            volume_reader_ask(r, next, end_of(c, next) - 1);
    }
}

static int do_window(struct carving *c, uint64_t first, struct err *e)
{
    uint64_t end = end_of(c, first);

    c->core = first * BLOCK_SIZE;
    c->core_end = end * BLOCK_SIZE;
    c->from = first ? c->core - EVENT_MARGIN : 0;
    c->to = c->core_end + EVENT_MARGIN;
    for (unsigned i = 0; i < c->s->nsides; i++)
        if (events_read(c->s, i, c->from, c->bytes[i],
                        (size_t)(c->to - c->from), e) < 0)
            return -1;
    ask_ahead(c);
    return find_runs(c, e);
}

static int do_all(struct carving *c, struct progress *p, struct err *e)
{
    struct progress_facts f = { 0 };
    uint64_t first = blockset_next(c->s->core, 0);

    while (first != BLOCKSET_END) {
        if (interrupt_check(e) < 0 || do_window(c, first, e) < 0)
            return -1;
        f.blocks += (c->core_end - c->core) / BLOCK_SIZE;
        f.done = f.blocks * BLOCK_SIZE;
        progress_show(p, &f, clock_monotonic(&clock_system));
        first = blockset_next(c->s->core, c->core_end / BLOCK_SIZE);
    }
    return 0;
}

int carve_blocks(struct events *s, struct err *e)
{
    struct carving c = { .s = s };
    struct progress p = { 0 };
    int r = 0;

    for (unsigned i = 0; i < s->nsides && r == 0; i++)
        if (!(c.bytes[i] = malloc(WINDOW_BYTES)))
            r = err_nomem(e);
    if (r == 0) {
        progress_start(&p, progress_wanted(s->opt->progress,
                                           s->opt->service.quiet),
                       "carving", blockset_count(s->core) * BLOCK_SIZE,
                       clock_monotonic(&clock_system));
        r = do_all(&c, &p, e);
        progress_end(&p);
    }
    free(c.bytes[0]);
    free(c.bytes[1]);
    return r;
}
