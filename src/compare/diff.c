/* SPDX-License-Identifier: Apache-2.0 */
#include "compare/diff.h"

#include "audit/outcome.h"
#include "base/text.h"
#include "show/tell.h"

/* ---------------------------------------------------------------- result */

static void count(struct diff_totals *t, const struct diff_block *b)
{
    t->blocks++;
    t->different += b->state == DIFF_DIFFERENT;
    t->equal += b->state == DIFF_EQUAL;
    t->unreadable += b->state == DIFF_UNREADABLE;
    t->bytes += b->different;
}

int diff_report(struct diff *d, const struct diff_block *b, struct err *e)
{
    count(&d->totals, b);
    if (d->map)
        diff_map_block(d->map, b);
    if (d->dump && diff_dump_block(d->dump, b, e) < 0)
        return -1;
    return diff_show_block(d->show, b, e);
}

static bool same_size(const struct diff *d)
{
    return d->sides[0].volume.size == d->sides[1].volume.size;
}

bool diff_is_identical(const struct diff *d)
{
    return !d->opt->list_only && same_size(d) && !d->totals.different
        && !d->totals.unreadable;
}

bool diff_differs(const struct diff *d)
{
    return d->totals.different || !same_size(d)
        || (d->opt->list_only && d->totals.blocks);
}

static int open_outputs(struct diff *d, struct err *e)
{
    const struct diff_options *o = d->opt;

    if (o->svg && !(d->map = diff_map_new(d, e)))
        return -1;
    if (o->dump && !(d->dump = diff_dump_new(d, o->dump, e)))
        return -1;
    d->show = diff_show_new(d, e);
    return d->show ? 0 : -1;
}

static int close_outputs(struct diff *d, struct err *e)
{
    if (d->dump && diff_dump_end(d->dump, e) < 0)
        return -1;
    if (d->map && diff_map_write(d->map, d, d->opt->svg, e) < 0)
        return -1;
    return diff_show_end(d->show, e);
}

static void free_outputs(struct diff *d)
{
    diff_show_free(d->show);
    diff_map_free(d->map);
    diff_dump_free(d->dump);
}

/* ------------------------------------------------------------------- run */

static int report_list(struct diff *d, struct err *e)
{
    const struct blockset *s = d->delta.listed;

    for (uint64_t i = blockset_next(s, 0); i != BLOCKSET_END;
         i = blockset_next(s, i + 1)) {
        struct diff_block b = {
            .index = i,
            .kind = diff_kind_of(d, i),
            .state = DIFF_LISTED,
            .size = BLOCK_SIZE,
        };

        if (diff_report(d, &b, e) < 0)
            return -1;
    }
    return 0;
}

static int work(struct diff *d, struct err *e)
{
    if (diff_plan(d, e) < 0 || open_outputs(d, e) < 0)
        return -1;
    if (d->opt->list_only ? report_list(d, e) < 0 : diff_compare(d, e) < 0)
        return -1;
    return close_outputs(d, e);
}

static void tell_about_dump(const struct diff *d)
{
    if (diff_dump_is_whole(d->dump))
        tell_always("%s is complete, with its index", d->opt->dump);
    else
        tell_always("%s has no index: it is not complete", d->opt->dump);
}

/* With --exit-code. */
#define DIFF_DIFFERS 10

int diff_run(const struct diff_options *opt, char **names, struct err *e)
{
    struct diff d = { .opt = opt };
    int r = diff_open_sides(&d, names, e);

    if (r == 0)
        r = work(&d, e);
    if (r < 0 && d.dump)
        tell_about_dump(&d);
    free_outputs(&d);
    diff_close_sides(&d);
    if (r < 0)
        return -1;
    if (opt->exit_code && diff_differs(&d))
        return DIFF_DIFFERS;
    return outcome_status(d.totals.unreadable ? OUTCOME_UNREADABLE
                                              : OUTCOME_COMPLETE, e);
}
