/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg events': the entries of logs, from files and from blocks. */
#include "events/events.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "cmd/commands.h"
#include "events/civil.h"
#include "show/tell.h"

#define AT(field) offsetof(struct events_options, field)

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "What to look at" },
    { OPTION_TEXT, 0, "partition", "N",
      "only the files of this one (0: what lies on the volume itself)",
      AT(partition) },
    { OPTION_FLAG, 0, "no-carving", NULL,
      "only files, and no blocks beside them", AT(no_carving) },
    { OPTION_FLAG, 0, "full", NULL,
      "of two, carve every block that either of them stores, not only those"
      " that EBS lists as changed", AT(full) },
    { OPTION_GROUP, .help = "What to show" },
    { OPTION_TEXT, 0, "from", "TIME",
      "entries of this time and later: 2026-11-30, 2026-11-30T22:03:08+01:00"
      " (without an offset: UTC)", AT(from) },
    { OPTION_TEXT, 0, "to", "TIME", "entries before this time", AT(to) },
    { OPTION_TEXT, 0, "zone", "OFFSET",
      "how far local times are from UTC, where a log does not say it:"
      " +01:00 (default: they are shown as they are)", AT(zone) },
    { OPTION_FLAG, 0, "new", NULL, "of two, what only B has",
      AT(only_new) },
    { OPTION_FLAG, 0, "gone", NULL,
      "what no log file has any more: of two, none of B", AT(only_gone) },
    { OPTION_GROUP, .help = "What to write" },
    { OPTION_FLAG, 0, "json", NULL, "an object a line", AT(json) },
    { OPTION_FLAG, 0, "csv", NULL, "a row a line", AT(csv) },
    { OPTION_FLAG, 0, "bodyfile", NULL,
      "the lines that mactime makes time lines of", AT(bodyfile) },
    { OPTION_TEXT, 0, "access-log", "PREFIX",
      "a log of each block that is fetched of a snapshot: PREFIX-A.jsonl,"
      " PREFIX-B.jsonl", AT(access) },
    SERVICE_ROWS(struct events_options, service),
    { OPTION_NUMBER, 0, "connections", "N",
      "blocks in flight at most, of each snapshot (default 32)",
      AT(service.connections), .min = 1, .max = 256 },
    { OPTION_NUMBER, 0, "rate", "N",
      "block requests a second at most, of each snapshot (default 500: the"
      " account's limit is 1000)", AT(service.rate), .min = 1,
      .max = 100000 },
    { OPTION_GROUP, .help = "What it takes" },
    { OPTION_SIZE, 0, "memory", "SIZE",
      "for entries (default 512MiB)", AT(memory), .min = MIB,
      .max = 1024 * GIB },
    { OPTION_CHOICE, 0, "progress", "STYLE",
      "auto, bar, json or none (default auto: a bar on a terminal)",
      AT(progress), progress_words },
    { OPTION_FLAG, 'q', "quiet", NULL,
      "no progress, and no notes; warnings stay", AT(service.quiet) },
    { OPTION_FLAG, 'v', "verbose", NULL,
      "tell every retry on standard error", AT(service.verbose) },
    OPTIONS_END,
};

static void defaults(void *values)
{
    struct events_options *o = values;

    memset(o, 0, sizeof(*o));
    service_defaults(&o->service);
    o->service.rate = 500;
    o->memory = 512 * MIB;
    o->from_us = INT64_MIN;
    o->to_us = INT64_MAX;
}

static int parse_time(const char *name, const char *text, int64_t *us,
                      struct err *e)
{
    if (!text || civil_parse_iso(text, us))
        return 0;
    return err_set(e, ERR_USAGE, 0, "--%s: %s is no time like 2026-11-30 or "
                   "2026-11-30T22:03:08Z", name, text);
}

static int parse_times(struct events_options *o, struct err *e)
{
    struct cursor c;

    if (parse_time("from", o->from, &o->from_us, e) < 0
        || parse_time("to", o->to, &o->to_us, e) < 0)
        return -1;
    if (o->from_us >= o->to_us)
        return err_set(e, ERR_USAGE, 0, "--from %s is not before --to %s",
                       o->from, o->to);
    if (!o->zone)
        return 0;
    c = (struct cursor){ (const unsigned char *)o->zone, strlen(o->zone) };
    return cursor_zone(&c, &o->zone_minutes) && !c.n ? 0
        : err_set(e, ERR_USAGE, 0, "--zone: %s is no offset like +01:00 or Z",
                  o->zone);
}

static int check(struct events_options *o, int n, struct err *e)
{
    if (o->json + o->csv + o->bodyfile > 1)
        return err_set(e, ERR_USAGE, 0, "only one of --json, --csv and "
                       "--bodyfile can be given");
    if (n == 1 && (o->full || o->only_new))
        return err_set(e, ERR_USAGE, 0, "%s is for two, A and B",
                       o->full ? "--full" : "--new");
    return parse_times(o, e);
}

static int run(void *values, char **operands, int n, struct err *e)
{
    struct events_options *o = values;

    tell_set(o->service.quiet, o->service.verbose);
    return check(o, n, e) < 0 ? -1 : events_run(o, operands, n, e);
}

const struct command command_events = {
    .name = "events",
    .arguments = "A [B]",
    .summary = "Shows the entries of logs, also of those that were wiped",
    .options = options,
    .values_size = sizeof(struct events_options),
    .defaults = defaults,
    .min_operands = 1,
    .max_operands = 2,
    .run = run,
};
