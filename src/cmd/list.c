/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg list': which snapshots there are, and what is known of each. */
#include "discover/list.h"

#include <string.h>

#include "cmd/commands.h"
#include "show/tell.h"

#define AT(field) offsetof(struct list_options, field)

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "Which snapshots (what is of one kind adds up, "
                            "different kinds narrow down)" },
    { OPTION_LIST, 0, "volume", "VOLUME", "of this volume; may be given again",
      AT(volumes) },
    { OPTION_LIST, 0, "instance", "INSTANCE",
      "of the volumes that this instance has now; may be given again",
      AT(instances) },
    { OPTION_LIST, 0, "image", "IMAGE",
      "that this machine image (AMI) is made of; may be given again",
      AT(images) },
    { OPTION_LIST, 0, "snapshot", "SNAPSHOT", "this one; may be given again",
      AT(snapshots) },
    { OPTION_LIST, 0, "tag", "KEY=VALUE",
      "with this tag, or KEY alone with any value; * and ? stand for other"
      " letters; may be given again", AT(tags) },
    { OPTION_LIST, 0, "owner", "ACCOUNT",
      "of this account, self, amazon or aws-marketplace; may be given again"
      " (default self; whoever's with --snapshot and --image)", AT(owners) },
    { OPTION_TEXT, 0, "from", "TIME",
      "begun then or later: 2026-08-01 or 2026-08-01T12:00:00Z", AT(from) },
    { OPTION_TEXT, 0, "to", "TIME",
      "begun then or before; a day is meant with all of its hours", AT(to) },
    { OPTION_FLAG, 0, "all-regions", NULL,
      "in each region that the account has switched on", AT(all_regions) },
    { OPTION_GROUP, .help = "What to show" },
    { OPTION_FLAG, 0, "details", NULL,
      "also lock, sharing, moves between tiers and where the volume is"
      " attached: needs more rights, and asks once for each snapshot",
      AT(details) },
    { OPTION_CHOICE, 0, "sort", "ORDER",
      "start, volume, size, or none: as EC2 sends them, in little memory"
      " (default start)", AT(sort), list_sort_words },
    { OPTION_FLAG, 0, "short", NULL,
      "one line for each, with what has room there", AT(short_rows) },
    { OPTION_FLAG, 0, "json", NULL, "an object a line", AT(json) },
    { OPTION_FLAG, 0, "csv", NULL, "a row a line, for spreadsheets",
      AT(csv) },
    { OPTION_FLAG, 'q', "quiet", NULL, "no count at the end",
      AT(service.quiet) },
    { OPTION_FLAG, 'v', "verbose", NULL, "tell every retry on standard"
      " error", AT(service.verbose) },
    SERVICE_ROWS(struct list_options, service),
    OPTIONS_END,
};

static void defaults(void *values)
{
    struct list_options *o = values;

    memset(o, 0, sizeof(*o));
    service_defaults(&o->service);
}

static int run(void *values, char **operands, int n, struct err *e)
{
    const struct list_options *o = values;

    (void)operands;
    (void)n;
    tell_set(o->service.quiet, o->service.verbose);
    return list_check(values, e) < 0 ? -1 : list_run(values, e);
}

const struct command command_list = {
    .name = "list",
    .arguments = "",
    .summary = "Lists snapshots, with what is known of each",
    .options = options,
    .values_size = sizeof(struct list_options),
    .defaults = defaults,
    .min_operands = 0,
    .max_operands = 0,
    .run = run,
};
