/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg plan': what acquisitions will take, before they begin. */
#include "plan/plan.h"

#include <string.h>

#include "base/number.h"
#include "cmd/commands.h"
#include "discover/target.h"
#include "plan/prices.h"
#include "show/tell.h"

#define AT(field) offsetof(struct plan_options, field)

static const struct option_row options[] = {
    TARGET_ROWS(struct plan_options, which),
    { OPTION_GROUP, .help = "What to count with" },
    { OPTION_FLAG, 0, "exact", NULL,
      "list the blocks, which costs requests, instead of taking EC2's count",
      AT(exact) },
    { OPTION_NUMBER, 0, "rate", "N",
      "blocks a second that were measured before, for the time and the order"
      " (the limit of a snapshot is 1000)", AT(rate), .min = 1,
      .max = 100000 },
    { OPTION_SIZE, 0, "digest-rate", "SIZE",
      "bytes a second that all digests take (default: measured on this"
      " machine)", AT(digest_rate), .min = MIB, .max = 1024 * GIB },
    { OPTION_CHOICE, 0, "order", "WORD",
      "given, smallest or largest first (default given)", AT(order),
      plan_order_words },
    { OPTION_TEXT, 0, "price-blocks", "USD",
      "for 1000 GetSnapshotBlock (default 0.003: AWS's guide, us-east-1, 2023"
      " to 2026)", AT(block_price) },
    { OPTION_TEXT, 0, "price-lists", "USD",
      "for 1000 ListSnapshotBlocks (default 0.0006: the same)",
      AT(list_price) },
    { OPTION_TEXT, 0, "price-transfer", "USD",
      "for 10^9 bytes to the outside (default 0.09: usual to the Internet,"
      " 2026, not looked up)", AT(transfer_price) },
    { OPTION_GROUP, .help = "What to show" },
    { OPTION_FLAG, 0, "json", NULL, "an object a line", AT(json) },
    { OPTION_FLAG, 'q', "quiet", NULL, "no warnings about the settings",
      AT(service.quiet) },
    { OPTION_FLAG, 'v', "verbose", NULL, "tell every retry on standard"
      " error", AT(service.verbose) },
    SERVICE_ROWS(struct plan_options, service),
    OPTIONS_END,
};

static void defaults(void *values)
{
    struct plan_options *o = values;

    memset(o, 0, sizeof(*o));
    service_defaults(&o->service);
    o->block_price = PLAN_BLOCK_PRICE;
    o->list_price = PLAN_LIST_PRICE;
    o->transfer_price = PLAN_TRANSFER_PRICE;
}

static int run_for(const struct plan_options *o, const struct targets *t,
                   struct err *e)
{
    int r;

    if (t->count > PLAN_SNAPSHOTS_MAX)
        return err_set(e, ERR_USAGE, 0, "%zu snapshots are more than the %d "
                       "that one plan has room for", t->count,
                       PLAN_SNAPSHOTS_MAX);
    r = plan_run(o, t->ids, (int)t->count, e);
    return r == 0 && t->missing.count ? 1 : r;
}

static int run(void *values, char **operands, int n, struct err *e)
{
    struct plan_options *o = values;
    struct targets t = { 0 };
    int r;

    tell_set(o->service.quiet, o->service.verbose);
    r = plan_check(o, e);
    if (r == 0)
        r = targets_find(&o->service, &o->which, operands, (size_t)n, &t, e);
    if (r == 0)
        r = run_for(o, &t, e);
    targets_free(&t);
    return r;
}

const struct command command_plan = {
    .name = "plan",
    .arguments = "SNAPSHOT|VOLUME|INSTANCE|IMAGE...",
    .summary = "Tells what acquisitions will take: blocks, money, time, disk",
    .options = options,
    .values_size = sizeof(struct plan_options),
    .defaults = defaults,
    .min_operands = 1,
    .max_operands = PLAN_SNAPSHOTS_MAX,
    .run = run,
};
