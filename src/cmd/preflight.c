/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg preflight': is all there that another command needs? */
#include "preflight/preflight.h"

#include <string.h>

#include "cmd/commands.h"
#include "discover/target.h"
#include "show/tell.h"

#define AT(field) offsetof(struct preflight_options, field)

static const struct option_row options[] = {
    TARGET_ROWS(struct preflight_options, which),
    { OPTION_GROUP, .help = "As the command is going to be run" },
    { OPTION_TEXT, 'o', "output", "PREFIX",
      "look at this folder, too: file system, room, speed", AT(output) },
    { OPTION_FLAG, 0, "chain", NULL, "for acquire --chain", AT(chain) },
    { OPTION_TEXT, 0, "since", "SNAPSHOT",
      "for acquire --since an image of this snapshot", AT(since) },
    { OPTION_GROUP, .help = "What to show" },
    { OPTION_FLAG, 0, "json", NULL, "an object a line", AT(json) },
    { OPTION_FLAG, 'q', "quiet", NULL, "no notes on standard error",
      AT(service.quiet) },
    { OPTION_FLAG, 'v', "verbose", NULL, "tell every retry on standard"
      " error", AT(service.verbose) },
    SERVICE_ROWS(struct preflight_options, service),
    OPTIONS_END,
};

static void defaults(void *values)
{
    struct preflight_options *o = values;

    memset(o, 0, sizeof(*o));
    service_defaults(&o->service);
}

static int check_command(const struct preflight_options *o,
                         const char *name, const struct rights_command *c,
                         size_t targets, struct err *e)
{
    if (!c)
        return err_set(e, ERR_USAGE, 0, "preflight: there is no command %s; "
                       "see ebsimg --help", name);
    if (!c->targets)
        return err_set(e, ERR_USAGE, 0, "`ebsimg %s' needs no rights of its "
                       "own: there is nothing to look at before it", name);
    if (!c->line && (o->chain || o->since))
        return err_set(e, ERR_USAGE, 0, "--%s is for acquire, not for %s",
                       o->chain ? "chain" : "since", name);
    if (!targets)
        return err_set(e, ERR_USAGE, 0, "preflight %s: SNAPSHOT is missing, "
                       "such as snap-0123456789abcdef0", name);
    return 0;
}

/* What the command itself would look for stays as it was named; for others
 * it becomes snapshots first. */
static int find(struct preflight_options *o, const struct rights_command *c,
                char **names, size_t n, struct targets *t,
                struct policy_wish *w, struct err *e)
{
    bool itself = c->targets != RIGHTS_SNAPSHOT;

    if (itself ? targets_plain(&o->service, names, n, t, e)
               : targets_find(&o->service, &o->which, names, n, t, e))
        return -1;
    w->targets.at = itself ? (const char *const *)names
                           : (const char *const *)t->ids;
    w->targets.count = itself ? n : t->count;
    if (w->targets.count <= PREFLIGHT_TARGETS_MAX)
        return policy_check(w, e);
    return err_set(e, ERR_USAGE, 0, "%zu snapshots are more than the %d that "
                   "are looked at in one go", w->targets.count,
                   PREFLIGHT_TARGETS_MAX);
}

static int run(void *values, char **operands, int n, struct err *e)
{
    struct preflight_options *o = values;
    const struct rights_command *c = rights_find(operands[0]);
    struct policy_wish w = { .command = c, .since = o->since,
                             .chain = o->chain, .partition = "aws",
                             .trail = "none" };
    struct targets t = { 0 };
    int r;

    tell_set(o->service.quiet, o->service.verbose);
    if (check_command(o, operands[0], c, (size_t)n - 1, e) < 0)
        return -1;
    r = find(o, c, operands + 1, (size_t)n - 1, &t, &w, e);
    if (r == 0)
        r = preflight_try(o, &w, e);
    if (r == 0 && t.missing.count)
        r = 1;
    targets_free(&t);
    return r;
}

const struct command command_preflight = {
    .name = "preflight",
    .arguments = "COMMAND SNAPSHOT|VOLUME|INSTANCE|IMAGE...",
    .summary = "Tells whether all is there that a command needs",
    .options = options,
    .values_size = sizeof(struct preflight_options),
    .defaults = defaults,
    .min_operands = 1,
    .max_operands = 1 + PREFLIGHT_TARGETS_MAX,
    .run = run,
};
