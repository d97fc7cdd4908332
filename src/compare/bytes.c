/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of both sides, block by block. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/machine.h"
#include "base/thread.h"
#include "compare/diff.h"
#include "flow/zip.h"

#define WAIT_NS (200 * NS_PER_MS)

const char *const diff_kind_names[] = {
    [DIFF_CHANGED] = "changed", [DIFF_ADDED] = "added",
    [DIFF_REMOVED] = "removed",
};

const char *const diff_state_names[] = {
    [DIFF_LISTED] = "listed", [DIFF_DIFFERENT] = "different",
    [DIFF_EQUAL] = "equal",   [DIFF_UNREADABLE] = "unreadable",
};

/* ----------------------------------------------------------------- lanes */

/* A pipeline of one side, on a thread of its own. */
struct lane {
    struct diff *d;
    struct diff_side *side;
    unsigned number;
    unsigned slots;
    struct zip *zip;
    pthread_t thread;
    bool started;
};

static int tick(void *ctx, const struct pipeline_state *st, struct err *e)
{
    const struct lane *l = ctx;

    (void)st;
    return zip_check(l->zip, e);
}

/* An image with a manifest is proved by it while it is read. */
static void on_different(void *ctx, uint32_t index, const char *why)
{
    const struct lane *l = ctx;
    struct err e = ERR_INIT;

    err_set(&e, ERR_VERIFY, 0, "%s is not what was acquired: block %" PRIu32
            " %s", l->side->volume.name, index, why);
    zip_stop(l->zip, &e);
}

static int run_lane(struct lane *l, struct err *e)
{
    const struct pass_run how = {
        .sink = zip_sink(l->zip, l->number),
        .workers = machine_processors(),
        .slots = l->slots,
        .different = on_different,
        .tick = tick,
        .ctx = l,
    };

    return pass_run(&l->side->pass, &how, e);
}

static void *lane_main(void *arg)
{
    struct lane *l = arg;
    struct err e = ERR_INIT;

    if (run_lane(l, &e) == 0)
        zip_end(l->zip, l->number);
    else
        zip_stop(l->zip, &e);
    return NULL;
}

/* ------------------------------------------------------------- one block */

static bool same_page(const struct zip_pair *p, uint32_t at, uint32_t n)
{
    static const unsigned char zeros[DIFF_PAGE];
    const unsigned char *bytes[2];

    for (int i = 0; i < 2; i++)
        bytes[i] = p->slot[i] && at < p->slot[i]->len
            ? p->slot[i]->raw + at : zeros;
    return memcmp(bytes[0], bytes[1], n) == 0;
}

/* An image's last block may be short, and end inside a page: what lies past
 * the end of one side counts as zeros. */
static void zero_tail(const struct slot *s, uint32_t size)
{
    if (s && s->len < size)
        memset(s->raw + s->len, 0, size - s->len);
}

static uint32_t size_of(const struct zip_pair *p)
{
    uint32_t size = 0;

    for (int i = 0; i < 2; i++)
        if (p->slot[i] && p->slot[i]->len > size)
            size = p->slot[i]->len;
    return size;
}

static void compare_block(const struct zip_pair *p, struct diff_block *b)
{
    zero_tail(p->slot[0], b->size);
    zero_tail(p->slot[1], b->size);
    for (uint32_t at = 0; at < b->size; at += DIFF_PAGE) {
        uint32_t n = b->size - at < DIFF_PAGE ? b->size - at : DIFF_PAGE;

        if (same_page(p, at, n))
            continue;
        b->page[at / DIFF_PAGE] = true;
        b->different += n;
    }
    b->state = b->different ? DIFF_DIFFERENT : DIFF_EQUAL;
}

/* What is not known of one side is nothing but a change. */
enum diff_kind diff_kind_of(const struct diff *d, uint64_t index)
{
    const struct volume *a = &d->sides[0].volume;
    const struct volume *b = &d->sides[1].volume;

    if (!a->stored || !b->stored)
        return DIFF_CHANGED;
    if (!blockset_has(a->stored, index))
        return DIFF_ADDED;
    return blockset_has(b->stored, index) ? DIFF_CHANGED : DIFF_REMOVED;
}

static bool is_unread(const struct diff *d, uint64_t index)
{
    return blockset_has(d->sides[0].volume.rows.unread, index)
        || blockset_has(d->sides[1].volume.rows.unread, index);
}

static int take_pair(struct diff *d, const struct zip_pair *p, struct err *e)
{
    struct diff_block b = {
        .index = p->offset / BLOCK_SIZE,
        .slot = { p->slot[0], p->slot[1] },
        .size = size_of(p),
    };

    b.kind = diff_kind_of(d, b.index);
    if (is_unread(d, b.index))
        b.state = DIFF_UNREADABLE;
    else
        compare_block(p, &b);
    return b.state == DIFF_EQUAL && !d->listed ? 0 : diff_report(d, &b, e);
}

/* Blocks that were unreadable in an image and are told even where neither
 * side has anything but zeros.  Those below `end'. */
static int report_unread(struct diff *d, uint64_t *from, uint64_t end,
                         struct err *e)
{
    for (; *from < end; (*from)++) {
        struct diff_block b = {
            .index = *from, .size = BLOCK_SIZE, .state = DIFF_UNREADABLE,
        };

        for (int i = 0; i < 2; i++) {
            const struct blockset *s = d->sides[i].volume.rows.unread;
            uint64_t next = s ? blockset_next(s, *from) : BLOCKSET_END;

            b.index = i == 0 || next < b.index ? next : b.index;
        }
        if (b.index >= end)
            break;
        b.kind = diff_kind_of(d, b.index);
        *from = b.index;
        if (diff_report(d, &b, e) < 0)
            return -1;
    }
    *from = end;
    return 0;
}

/* ------------------------------------------------------------------- run */

static void show_progress(struct diff *d, uint64_t done)
{
    struct progress_facts f = { .done = done, .blocks = done / BLOCK_SIZE };

    for (int i = 0; i < 2; i++) {
        struct aws_counts c;

        if (!d->sides[i].volume.is_snapshot)
            continue;
        aws_counts(d->sides[i].volume.service.aws, &c);
        f.retries += c.retries;
        f.throttled += c.throttled;
    }
    progress_show(&d->progress, &f, clock_monotonic(&clock_system));
}

static int take_pairs(struct diff *d, struct zip *z, struct err *e)
{
    uint64_t done = 0;
    uint64_t unread = 0;

    for (;;) {
        struct zip_pair p;
        int r = zip_next(z, &p, WAIT_NS, e);

        if (r == 1) {
            r = report_unread(d, &unread, p.offset / BLOCK_SIZE, e);
            if (r == 0)
                r = take_pair(d, &p, e);
            unread = p.offset / BLOCK_SIZE + 1;
            done = p.offset;
            zip_done(z);
        } else if (r == 0) {
            return report_unread(d, &unread, d->blocks, e);
        }
        show_progress(d, done);
        if (interrupt_check(e) < 0)
            return -1;
        if (r < 0)
            return -1;
    }
}

static int start_lanes(struct diff *d, struct lane *lanes, struct zip *z,
                       struct err *e)
{
    unsigned slots = (unsigned)d->opt->service.connections
        + machine_processors() * 2 + 4;

    for (unsigned i = 0; i < 2; i++) {
        struct diff_side *side = &d->sides[i];

        if (pass_open(&side->pass, &side->volume, side->wanted, slots, e) < 0)
            return -1;
    }
    for (unsigned i = 0; i < 2; i++) {
        lanes[i] = (struct lane){ d, &d->sides[i], i, slots, z };
        if (thread_start(&lanes[i].thread, lane_main, &lanes[i], "lane", e)
            < 0)
            return -1;
        lanes[i].started = true;
    }
    return 0;
}

static int run_lanes(struct diff *d, struct zip *z, struct err *e)
{
    struct lane lanes[2] = { 0 };
    int r = start_lanes(d, lanes, z, e);

    if (r == 0)
        r = take_pairs(d, z, e);
    if (r < 0)
        zip_stop(z, e);
    for (int i = 0; i < 2; i++)
        if (lanes[i].started)
            thread_join(lanes[i].thread);
    return r;
}

int diff_compare(struct diff *d, struct err *e)
{
    struct zip *z = zip_new(e);
    int r;

    if (!z)
        return -1;
    progress_start(&d->progress,
                   progress_wanted(d->opt->progress, d->opt->service.quiet),
                   "comparing", d->blocks * BLOCK_SIZE,
                   clock_monotonic(&clock_system));
    r = run_lanes(d, z, e);
    progress_end(&d->progress);
    zip_free(z);
    return r;
}
