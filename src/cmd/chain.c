/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg chain': where a snapshot comes from, as far as it can be known. */
#include "lineage/chain.h"

#include <string.h>

#include "cmd/commands.h"
#include "show/tell.h"

#define AT(field) offsetof(struct chain_options, field)

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "What to ask" },
    { OPTION_NUMBER, 0, "probes", "N",
      "pairs of snapshots to compare at most, one list call each"
      " (default 100; 0: none)", AT(probes), .min = 0, .max = 100000 },
    { OPTION_LIST, 0, "cloudtrail", "FILE",
      "CloudTrail records, JSON or .json.gz, or a folder with such files;"
      " may be given again", AT(cloudtrail) },
    SERVICE_ROWS(struct chain_options, service),
    { OPTION_GROUP, .help = "What to show" },
    { OPTION_FLAG, 0, "json", NULL, "all of it as JSON", AT(json) },
    { OPTION_FLAG, 0, "dot", NULL, "a graph for Graphviz", AT(dot) },
    { OPTION_FLAG, 'q', "quiet", NULL, "no word about the cost",
      AT(service.quiet) },
    { OPTION_FLAG, 'v', "verbose", NULL, "tell every retry on standard"
      " error", AT(service.verbose) },
    OPTIONS_END,
};

static void defaults(void *values)
{
    struct chain_options *o = values;

    memset(o, 0, sizeof(*o));
    service_defaults(&o->service);
    o->probes = 100;
}

static int check(const struct chain_options *o, const char *target,
                 struct err *e)
{
    enum resource kind = resource_kind(target);

    if (o->json && o->dot)
        return err_set(e, ERR_USAGE, 0,
                       "--json and --dot cannot be combined");
    if (kind == RESOURCE_SNAPSHOT || kind == RESOURCE_INSTANCE
        || (kind == RESOURCE_VOLUME && !ec2_volume_meaningless(target)))
        return 0;
    return err_set(e, ERR_USAGE, 0, "%s is not the id of a snapshot, volume "
                   "or instance, such as snap-0123456789abcdef0", target);
}

static int run(void *values, char **operands, int n, struct err *e)
{
    const struct chain_options *o = values;

    (void)n;
    tell_set(o->service.quiet, o->service.verbose);
    return check(o, operands[0], e) < 0
        ? -1 : chain_run(values, operands[0], e);
}

const struct command command_chain = {
    .name = "chain",
    .arguments = "SNAPSHOT|VOLUME|INSTANCE",
    .summary = "Tells where snapshots come from, and how that is known",
    .options = options,
    .values_size = sizeof(struct chain_options),
    .defaults = defaults,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
