/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg files': the files in a snapshot or an image. */
#include "files/files.h"

#include <string.h>

#include "base/file.h"
#include "base/number.h"
#include "cmd/commands.h"
#include "files/pattern.h"
#include "show/tell.h"

#define AT(field) offsetof(struct files_options, field)

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "What to look at" },
    { OPTION_TEXT, 0, "partition", "N",
      "only this one (0: what lies on the volume itself)", AT(partition) },
    { OPTION_FLAG, 0, "blocks", NULL,
      "of A and B: whose each changed byte is", AT(blocks) },
    { OPTION_FLAG, 0, "hash", NULL,
      "of A and B: the SHA-256 of both sides of each change", AT(hash) },
    { OPTION_GROUP, .help = "What to write" },
    { OPTION_FLAG, 0, "json", NULL, "an object a line", AT(json) },
    { OPTION_FLAG, 0, "csv", NULL, "a row a line", AT(csv) },
    { OPTION_FLAG, 0, "bodyfile", NULL,
      "the lines that mactime makes time lines of", AT(bodyfile) },
    { OPTION_LIST, 0, "get", "PATH|PATTERN",
      "copy this file, or all below this directory; may be given again",
      AT(get) },
    { OPTION_TEXT, 0, "output", "DIR",
      "the new folder for what --get copies, with an index", AT(output) },
    { OPTION_SIZE, 0, "max-size", "SIZE",
      "leave out what is larger (default 16GiB)", AT(max_size), .min = 1,
      .max = 16 * TIB },
    { OPTION_TEXT, 0, "access-log", "FILE",
      "a new log of each block that is fetched, with its digest",
      AT(access_log) },
    SERVICE_ROWS(struct files_options, service),
    { OPTION_NUMBER, 0, "connections", "N",
      "blocks in flight at most (default 32)", AT(service.connections),
      .min = 1, .max = 256 },
    { OPTION_NUMBER, 0, "rate", "N",
      "block requests a second at most (default 500: the account's limit is"
      " 1000)", AT(service.rate), .min = 1, .max = 100000 },
    { OPTION_GROUP, .help = "What it takes" },
    { OPTION_SIZE, 0, "cache", "SIZE",
      "memory for blocks (default 256MiB)", AT(cache), .min = MIB,
      .max = 1024 * GIB },
    { OPTION_FLAG, 'q', "quiet", NULL,
      "no word about the cost, and no notes; warnings stay",
      AT(service.quiet) },
    { OPTION_FLAG, 'v', "verbose", NULL,
      "tell every retry on standard error", AT(service.verbose) },
    OPTIONS_END,
};

static void defaults(void *values)
{
    struct files_options *o = values;

    memset(o, 0, sizeof(*o));
    service_defaults(&o->service);
    o->service.rate = 500;
    o->cache = 256 * MIB;
    o->max_size = 16 * GIB;
}

/* What is wrong is known before anything has been paid for. */
static int check_get(const struct files_options *o, struct err *e)
{
    for (size_t i = 0; i < o->get.count; i++)
        if (pattern_check(o->get.items[i], e) < 0)
            return -1;
    if (o->get.count && !o->output)
        return err_set(e, ERR_USAGE, 0, "--get needs --output DIR");
    if (o->output && !o->get.count)
        return err_set(e, ERR_USAGE, 0, "--output needs --get PATH");
    if (o->output && file_exists(o->output))
        return err_set(e, ERR_DEST, 0, "%s exists; --output makes a new "
                       "folder", o->output);
    return 0;
}

static int check(const struct files_options *o, struct err *e)
{
    if (o->json + o->csv + o->bodyfile > 1)
        return err_set(e, ERR_USAGE, 0, "only one of --json, --csv and "
                       "--bodyfile can be given");
    return check_get(o, e);
}

static int run(void *values, char **operands, int n, struct err *e)
{
    const struct files_options *o = values;

    tell_set(o->service.quiet, o->service.verbose);
    return check(o, e) < 0 ? -1 : files_run(o, operands, n, e);
}

const struct command command_files = {
    .name = "files",
    .arguments = "A [B] [PATH]",
    .summary = "Lists the files in a snapshot or image, or what changed",
    .options = options,
    .values_size = sizeof(struct files_options),
    .defaults = defaults,
    .min_operands = 1,
    .max_operands = 3,
    .run = run,
};
