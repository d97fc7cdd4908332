/* SPDX-License-Identifier: Apache-2.0 */
#include "readers/readers.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "readers/crowd.h"
#include "readers/gather.h"
#include "readers/tell-reader.h"
#include "show/tell.h"

struct readers {
    const struct readers_options *opt;
    char **snapshots;
    int n;
    struct gather gather;
    struct crowd crowd;
};

/* Of a call that was refused nobody may know what it was for. */
static bool is_wanted(const struct readers *r, const char *thing)
{
    for (int i = 0; i < r->n; i++)
        if (strcmp(r->snapshots[i], thing) == 0)
            return true;
    return r->n == 0 || !*thing;
}

static int take(void *ctx, const cJSON *record, const struct reading *a,
                struct err *e)
{
    struct readers *r = ctx;
    int again;

    (void)record;
    if (!a || (!is_wanted(r, a->things[0])
               && (!a->things[1][0] || !is_wanted(r, a->things[1]))))
        return 0;
    again = gather_again(&r->gather, a, e);
    if (again < 0)
        return -1;
    for (int i = 0; i < 2; i++)
        if ((i == 0 || a->things[i][0]) && is_wanted(r, a->things[i])
            && crowd_add(&r->crowd, a, i, "", again, e) < 0)
            return -1;
    return 0;
}

/* -------------------------------------------------------------------- show */

static void show_text(const struct readers *r, struct text *out)
{
    const struct crowd *c = &r->crowd;
    const char *thing = NULL;
    struct lines l;
    char line[160];

    lines_begin(&l);
    for (size_t i = 0; i < c->count; i++) {
        const struct reader *x = &c->readers[i];

        if (!thing || strcmp(thing, x->thing) != 0)
            lines_add(&l, 0, "", x->thing[0] ? x->thing
                                             : "a snapshot that is not told");
        thing = x->thing;
        reader_lines(x, &l);
    }
    snprintf(line, sizeof(line), "%zu reader%s in %" PRIu64 " records, %"
             PRIu64 " of them about reading, %" PRIu64 " copies", c->count,
             c->count == 1 ? "" : "s", r->gather.trail.records,
             r->gather.readings, r->gather.copies);
    lines_add(&l, 0, "", line);
    *out = l.t;
}

static void show_csv(const struct readers *r, struct text *out)
{
    reader_csv_names(out);
    for (size_t i = 0; i < r->crowd.count; i++)
        reader_csv(&r->crowd.readers[i], out);
}

static void show_json(const struct readers *r, struct text *out)
{
    json_open(out, NULL, '{');
    json_open(out, "readers", '[');
    for (size_t i = 0; i < r->crowd.count; i++)
        reader_json(&r->crowd.readers[i], out);
    json_close(out, ']');
    gather_json(&r->gather, out);
    json_close(out, '}');
    text_add(out, "\n");
}

static int show(struct readers *r, struct err *e)
{
    autotext struct text out = TEXT_INIT;

    crowd_sort(&r->crowd);
    if (r->opt->json)
        show_json(r, &out);
    else if (r->opt->csv)
        show_csv(r, &out);
    else
        show_text(r, &out);
    if (out.failed)
        return err_nomem(e);
    if (out.s && fputs(out.s, stdout) == EOF)
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    for (size_t i = 0; i < r->gather.notes.count && !r->opt->json; i++)
        tell_always("note: %s", r->gather.notes.list[i]);
    return r->gather.incomplete ? 1 : 0;
}

int readers_run(const struct readers_options *opt, char **snapshots, int n,
                struct err *e)
{
    struct readers r = { .opt = opt, .snapshots = snapshots, .n = n };
    int result;

    r.gather.take = take;
    r.gather.ctx = &r;
    crowd_init(&r.crowd);
    result = gather_read(&r.gather, &opt->cloudtrail, e);
    if (result == 0)
        result = gather_notes(&r.gather, &r.crowd, e);
    if (result == 0)
        result = show(&r, e);
    crowd_free(&r.crowd);
    gather_free(&r.gather);
    return result;
}
