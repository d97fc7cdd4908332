/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg diff': what has changed between two snapshots or images. */
#include "compare/diff.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scope.h"
#include "cmd/commands.h"
#include "show/tell.h"

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
    { OPTION_FLAG, 0, "exit-code", NULL,
      "exit with 10 when they differ", AT(exit_code) },
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

static int run(void *values, char **operands, int n, struct err *e)
{
    const struct diff_options *o = values;

    (void)n;
    tell_set(o->service.quiet, o->service.verbose);
    return check(values, e) < 0 ? -1 : diff_run(values, operands, e);
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
