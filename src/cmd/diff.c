/* `ebsimg diff': what has changed between two snapshots or images. */
#include "cmd/diff.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/outcome.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"
#include "cmd/commands.h"

#define AT(field) offsetof(struct diff_options, field)

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "What to compare" },
    { OPTION_FLAG, 0, "list-only", NULL,
      "only what the lists (or two manifests) say; no block is fetched",
      AT(list_only) },
    { OPTION_FLAG, 0, "full", NULL,
      "every block that either of them stores, not only those that EBS lists"
      " as changed; for snapshots that are unrelated or of different size",
      AT(full) },
    { OPTION_GROUP, .help = "What to write" },
    { OPTION_FLAG, 0, "ranges", NULL,
      "also the ranges of 4 KiB that differ", AT(ranges) },
    { OPTION_FLAG, 0, "json", NULL, "an object a line", AT(json) },
    { OPTION_FLAG, 0, "csv", NULL, "a row a line", AT(csv) },
    { OPTION_TEXT, 0, "svg", "FILE", "a map of the volume", AT(svg) },
    { OPTION_TEXT, 0, "dump", "DIR",
      "a new folder with all that differs, from both sides", AT(dump) },
    SERVICE_ROWS(struct diff_options, service),
    { OPTION_NUMBER, 0, "connections", "N",
      "blocks in flight at most, of each snapshot (default 32)",
      AT(service.connections), .min = 1, .max = 256 },
    { OPTION_NUMBER, 0, "rate", "N",
      "block requests a second at most, of each snapshot (default 500: the"
      " account's limit is 1000)", AT(service.rate), .min = 1,
      .max = 100000 },
    { OPTION_GROUP, .help = "What to show" },
    { OPTION_CHOICE, 0, "progress", "STYLE",
      "auto, bar, json or none (default auto: a bar on a terminal)",
      AT(progress), progress_words },
    { OPTION_FLAG, 'q', "quiet", NULL,
      "no progress, no word about the cost", AT(service.quiet) },
    { OPTION_FLAG, 'v', "verbose", NULL,
      "tell every retry on standard error", AT(service.verbose) },
    OPTIONS_END,
};

static void defaults(void *values)
{
    struct diff_options *o = values;

    memset(o, 0, sizeof(*o));
    service_defaults(&o->service);
    o->service.rate = 500;
}

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

/* It is written at the end, when all has been paid for. */
static int check_map(const struct diff_options *o, struct err *e)
{
    autofree char *folder = file_folder(o->svg);

    if (!folder)
        return err_nomem(e);
    if (!file_is_folder(folder) || access(folder, W_OK) < 0)
        return err_set(e, ERR_DEST, errno, "--svg: cannot write in %s",
                       folder);
    if (o->dump && strcmp(o->dump, o->svg) == 0)
        return err_set(e, ERR_USAGE, 0, "--dump and --svg are both %s",
                       o->svg);
    return 0;
}

static int check(const struct diff_options *o, struct err *e)
{
    if (o->json && o->csv)
        return err_set(e, ERR_USAGE, 0,
                       "--json and --csv cannot be combined");
    if (o->list_only && (o->dump || o->ranges))
        return err_set(e, ERR_USAGE, 0, "--list-only fetches no block, so "
                       "there is nothing for %s",
                       o->dump ? "--dump" : "--ranges");
    if (o->svg && file_exists(o->svg))
        return err_set(e, ERR_DEST, 0, "%s exists, and is not overwritten",
                       o->svg);
    if (o->dump && file_exists(o->dump))
        return err_set(e, ERR_DEST, 0, "%s exists; --dump makes a new folder",
                       o->dump);
    return o->svg ? check_map(o, e) : 0;
}

static void tell_about_dump(const struct diff *d)
{
    if (diff_dump_is_whole(d->dump))
        text_tell("%s is complete, with its index", d->opt->dump);
    else
        text_tell("%s has no index: it is not complete", d->opt->dump);
}

static int run(void *values, char **operands, int n, struct err *e)
{
    struct diff d = { .opt = values };
    int r;

    (void)n;
    if (check(d.opt, e) < 0)
        return -1;
    r = diff_open_sides(&d, operands, e);
    if (r == 0)
        r = work(&d, e);
    if (r < 0 && d.dump)
        tell_about_dump(&d);
    free_outputs(&d);
    diff_close_sides(&d);
    if (r < 0)
        return -1;
    return outcome_status(d.totals.unreadable ? OUTCOME_UNREADABLE
                                              : OUTCOME_COMPLETE, e);
}

const struct command command_diff = {
    .name = "diff",
    .arguments = "A B",
    .summary = "Tells what has changed between two snapshots or images",
    .options = options,
    .values_size = sizeof(struct diff_options),
    .defaults = defaults,
    .min_operands = 2,
    .max_operands = 2,
    .run = run,
};
