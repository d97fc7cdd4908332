/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg readers': who read which snapshots? */
#include "readers/readers.h"

#include <string.h>

#include "base/snapshot-id.h"
#include "cmd/commands.h"

#define AT(field) offsetof(struct readers_options, field)

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "What to read" },
    { OPTION_LIST, 0, "cloudtrail", "FILE",
      "CloudTrail records, JSON or .json.gz, or a folder with such files;"
      " may be given again", AT(cloudtrail) },
    { OPTION_GROUP, .help = "What to show" },
    { OPTION_FLAG, 0, "json", NULL, "all of it as JSON", AT(json) },
    { OPTION_FLAG, 0, "csv", NULL, "a row for each reader", AT(csv) },
    OPTIONS_END,
};

static void defaults(void *values)
{
    memset(values, 0, sizeof(struct readers_options));
}

static int check(const struct readers_options *o, char **snapshots, int n,
                 struct err *e)
{
    if (o->json && o->csv)
        return err_set(e, ERR_USAGE, 0,
                       "--json and --csv cannot be combined");
    if (!o->cloudtrail.count)
        return err_set(e, ERR_USAGE, 0, "--cloudtrail is missing: the file "
                       "or folder with the records");
    for (int i = 0; i < n; i++)
        if (!snapshot_id_ok(snapshots[i]))
            return err_set(e, ERR_USAGE, 0, "%s is not the id of a snapshot, "
                           "such as snap-0123456789abcdef0", snapshots[i]);
    return 0;
}

static int run(void *values, char **operands, int n, struct err *e)
{
    const struct readers_options *o = values;

    return check(o, operands, n, e) < 0 ? -1
                                        : readers_run(o, operands, n, e);
}

const struct command command_readers = {
    .name = "readers",
    .arguments = "[SNAPSHOT]...",
    .summary = "Tells who read snapshots, by records of CloudTrail",
    .options = options,
    .values_size = sizeof(struct readers_options),
    .defaults = defaults,
    .min_operands = 0,
    .max_operands = 1000,
    .run = run,
};
