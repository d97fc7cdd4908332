/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg scan': secrets and back doors in a snapshot or an image, or in what
 * has changed between two. */
#include "scan/scan.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scope.h"
#include "cmd/commands.h"
#include "show/tell.h"

#define AT(field) offsetof(struct scan_options, field)

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "What to look at" },
    { OPTION_FLAG, 0, "full", NULL,
      "of two, every block that either of them stores, not only those that"
      " EBS lists as changed", AT(full) },
    { OPTION_FLAG, 0, "allocated", NULL,
      "of one, only what the file systems do not say is free",
      AT(allocated) },
    { OPTION_FLAG, 0, "unallocated", NULL,
      "of one, only what they say is free, and what nobody can tell of",
      AT(unallocated) },
    { OPTION_GROUP, .help = "What to look for" },
    { OPTION_LIST, 0, "rules", "FILE",
      "rules of your own, which come before those that are built in; may be"
      " given again", AT(rules) },
    { OPTION_LIST, 0, "yara", "FILE",
      "rules of YARA of your own; may be given again", AT(yara) },
    { OPTION_FLAG, 0, "only-rules", NULL,
      "no others than those of --rules and --yara", AT(only) },
    { OPTION_FLAG, 0, "list-rules", NULL,
      "show which rules there are, and scan nothing", AT(list_rules) },
    { OPTION_GROUP, .help = "What to write" },
    { OPTION_FLAG, 0, "all", NULL,
      "of two, also what stands in both at the same place", AT(all) },
    { OPTION_FLAG, 0, "json", NULL, "an object a line", AT(json) },
    { OPTION_FLAG, 0, "csv", NULL, "a row a line", AT(csv) },
    { OPTION_TEXT, 0, "secrets", "FILE",
      "whole secrets, into a new file that only you can read; nothing else"
      " ever shows them", AT(secrets) },
    { OPTION_TEXT, 0, "access-log", "PREFIX",
      "a log of each block that is fetched of a snapshot: PREFIX-A.jsonl,"
      " PREFIX-B.jsonl", AT(access) },
    { OPTION_FLAG, 0, "exit-code", NULL,
      "exit with 10 when there are hits", AT(exit_code) },
    SERVICE_ROWS(struct scan_options, service),
    { OPTION_NUMBER, 0, "connections", "N",
      "blocks in flight at most, of each snapshot (default 32)",
      AT(service.connections), .min = 1, .max = 256 },
    { OPTION_NUMBER, 0, "rate", "N",
      "block requests a second at most, of each snapshot (default 500: the"
      " account's limit is 1000)", AT(service.rate), .min = 1,
      .max = 100000 },
    { OPTION_GROUP, .help = "What to show" },
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
    struct scan_options *o = values;

    memset(o, 0, sizeof(*o));
    service_defaults(&o->service);
    o->service.rate = 500;
}

/* It is written at the end, when all has been paid for. */
static int check_secrets(const char *path, struct err *e)
{
    autofree char *folder = file_folder(path);

    if (!folder)
        return err_nomem(e);
    if (file_exists(path))
        return err_set(e, ERR_DEST, 0, "%s exists, and is not overwritten",
                       path);
    if (!file_is_folder(folder) || access(folder, W_OK) < 0)
        return err_set(e, ERR_DEST, errno, "--secrets: cannot write in %s",
                       folder);
    return 0;
}

static int check(const struct scan_options *o, int n, struct err *e)
{
    if (o->json && o->csv)
        return err_set(e, ERR_USAGE, 0,
                       "--json and --csv cannot be combined");
    if (o->only && !o->rules.count && !o->yara.count)
        return err_set(e, ERR_USAGE, 0, "--only-rules needs --rules or "
                       "--yara");
    if (n == 0 && !o->list_rules)
        return err_set(e, ERR_USAGE, 0, "scan: A [B] is missing; see ebsimg "
                       "scan --help");
    if (o->allocated && o->unallocated)
        return err_set(e, ERR_USAGE, 0, "--allocated and --unallocated cannot "
                       "be combined");
    if (n == 2 && (o->allocated || o->unallocated))
        return err_set(e, ERR_USAGE, 0, "%s is for one, not for two",
                       o->allocated ? "--allocated" : "--unallocated");
    if (n == 1 && (o->full || o->all))
        return err_set(e, ERR_USAGE, 0, "%s is for two, A and B",
                       o->full ? "--full" : "--all");
    return o->secrets ? check_secrets(o->secrets, e) : 0;
}

static int run(void *values, char **operands, int n, struct err *e)
{
    const struct scan_options *o = values;

    tell_set(o->service.quiet, o->service.verbose);
    if (check(values, n, e) < 0)
        return -1;
    return o->list_rules ? scan_list_rules(o, e)
                         : scan_run(o, operands, n, e);
}

const struct command command_scan = {
    .name = "scan",
    .arguments = "A [B]",
    .summary = "Looks for secrets and back doors in what is stored or changed",
    .options = options,
    .values_size = sizeof(struct scan_options),
    .defaults = defaults,
    .min_operands = 0,
    .max_operands = 2,
    .run = run,
};
