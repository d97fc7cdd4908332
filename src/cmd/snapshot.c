/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg snapshot': snapshots for who has none yet. */
#include "preserve/preserve.h"

#include <string.h>

#include "base/resource.h"
#include "cmd/commands.h"
#include "discover/target.h"
#include "ebs/ec2.h"
#include "plan/prices.h"
#include "show/tell.h"

#define AT(field) offsetof(struct preserve_options, field)

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "What is made" },
    { OPTION_FLAG, 0, "yes", NULL,
      "make them without a question (else it is asked at the terminal)",
      AT(yes) },
    { OPTION_LIST, 0, "tag", "KEY=VALUE",
      "a tag of each snapshot; may be given again", AT(tags) },
    { OPTION_NUMBER, 0, "wait", "SECONDS",
      "until they are completed, so long at most; 0: not at all (default"
      " 7200)", AT(wait), .min = 0, .max = 604800 },
    { OPTION_TEXT, 0, "price-storage", "USD",
      "of a GiB and month (default " PLAN_STORAGE_PRICE ": usual in"
      " us-east-1, 2026, not looked up)", AT(price) },
    { OPTION_GROUP, .help = "The case" },
    { OPTION_TEXT, 0, "case-number", "TEXT", "for tags and log",
      AT(case_number) },
    { OPTION_TEXT, 0, "evidence-number", "TEXT", "for tags and log",
      AT(evidence_number) },
    { OPTION_TEXT, 0, "examiner", "TEXT", "for tags and log", AT(examiner) },
    { OPTION_TEXT, 0, "description", "TEXT",
      "for the snapshots and the log", AT(description) },
    { OPTION_GROUP, .help = "What is left and shown" },
    { OPTION_TEXT, 'o', "log", "FILE",
      "the log of what was done, a new file (default TARGET-TIME"
      ".snapshot.jsonl, here)", AT(log) },
    { OPTION_FLAG, 0, "json", NULL, "an object a line", AT(json) },
    { OPTION_FLAG, 'q', "quiet", NULL, "no notes on standard error",
      AT(service.quiet) },
    { OPTION_FLAG, 'v', "verbose", NULL, "tell every retry on standard"
      " error", AT(service.verbose) },
    SERVICE_ROWS(struct preserve_options, service),
    OPTIONS_END,
};

static void defaults(void *values)
{
    struct preserve_options *o = values;

    memset(o, 0, sizeof(*o));
    service_defaults(&o->service);
    o->price = PLAN_STORAGE_PRICE;
    o->wait = 7200;
}

static int check_target(const char *id, struct err *e)
{
    enum resource kind = resource_kind(id);

    if (kind == RESOURCE_INSTANCE
        || (kind == RESOURCE_VOLUME && !ec2_volume_meaningless(id)))
        return 0;
    return err_set(e, ERR_USAGE, 0, "%s is neither the id of an instance, "
                   "such as i-0123456789abcdef0, nor that of a volume, nor an "
                   "ARN of one", id);
}

static int run(void *values, char **operands, int n, struct err *e)
{
    struct preserve_options *o = values;
    struct targets t = { 0 };
    int r;

    tell_set(o->service.quiet, o->service.verbose);
    o->service.case_number = o->case_number;
    r = preserve_check(o, e) < 0
        || targets_plain(&o->service, operands, (size_t)n, &t, e) < 0
        || check_target(operands[0], e) < 0 ? -1
        : preserve_run(o, operands[0], e);
    targets_free(&t);
    return r;
}

const struct command command_snapshot = {
    .name = "snapshot",
    .arguments = "INSTANCE|VOLUME",
    .summary = "Makes snapshots of a volume or an instance, if you say yes",
    .options = options,
    .values_size = sizeof(struct preserve_options),
    .defaults = defaults,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
