/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg reconcile': does the provider's record have what the run says? */
#include "reconcile/reconcile.h"

#include <string.h>

#include "cmd/commands.h"

#define AT(field) offsetof(struct reconcile_options, field)

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "What to read" },
    { OPTION_LIST, 0, "cloudtrail", "FILE",
      "CloudTrail records, JSON or .json.gz, or a folder with such files;"
      " may be given again", AT(cloudtrail) },
    { OPTION_GROUP, .help = "What to show" },
    { OPTION_FLAG, 0, "json", NULL, "all of it as JSON", AT(json) },
    OPTIONS_END,
};

static void defaults(void *values)
{
    memset(values, 0, sizeof(struct reconcile_options));
}

static int run(void *values, char **operands, int n, struct err *e)
{
    const struct reconcile_options *o = values;

    (void)n;
    if (!o->cloudtrail.count)
        return err_set(e, ERR_USAGE, 0, "--cloudtrail is missing: the file "
                       "or folder with the records");
    return reconcile_run(o, operands[0], e);
}

const struct command command_reconcile = {
    .name = "reconcile",
    .arguments = "PREFIX",
    .summary = "Compares the requests of a run with records of CloudTrail",
    .options = options,
    .values_size = sizeof(struct reconcile_options),
    .defaults = defaults,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
