/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg seal': signs what a finished run has left. */
#include "seal/seal.h"

#include <stdio.h>

#include "cmd/commands.h"
#include "show/progress.h"
#include "show/tell.h"

struct options {
    struct seal_options seal;
    bool timestamp, quiet;
    int progress;
};

#define AT(field) offsetof(struct options, field)

static const struct option_row rows[] = {
    { OPTION_GROUP, .help = "The seal" },
    SEAL_ROWS(struct options, seal),
    { OPTION_FLAG, 0, "timestamp", NULL,
      "sign nothing: have the signatures that are there time-stamped",
      AT(timestamp) },
    { OPTION_TEXT, 0, "ca-bundle", "FILE",
      "certificates to trust in https to such a server, PEM (default: the"
      " system's)", AT(seal.stamp.ca_bundle) },
    { OPTION_GROUP, .help = "What to show" },
    { OPTION_CHOICE, 0, "progress", "STYLE",
      "auto, bar, json or none (default auto: a bar on a terminal)",
      AT(progress), progress_words },
    { OPTION_FLAG, 'q', "quiet", NULL, "only what went wrong", AT(quiet) },
    OPTIONS_END,
};

static void defaults(void *values)
{
    struct options *o = values;

    *o = (struct options){ .timestamp = false };
    seal_defaults(&o->seal);
}

static int seal(const struct options *o, const char *name,
                struct text *report, struct err *e)
{
    const struct seal_gather g = { .progress = o->progress,
                                   .quiet = o->quiet };
    struct signer *s;
    int r;

    if (o->timestamp && o->seal.key)
        return err_set(e, ERR_USAGE, 0, "--timestamp signs nothing: leave "
                       "--key out");
    if (o->timestamp)
        return seal_stamp_later(&o->seal, name, report, e);
    s = seal_signer(&o->seal, e);
    r = s ? seal_make(&o->seal, &g, s, name, report, e) : -1;
    signer_close(s);
    return r;
}

static int run(void *values, char **operands, int n, struct err *e)
{
    const struct options *o = values;
    autotext struct text report = TEXT_INIT;
    int r;

    (void)n;
    tell_set(false, false);
    r = seal(o, operands[0], &report, e);
    if (!o->quiet && report.s && fputs(report.s, stdout) == EOF && r >= 0)
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    return r;
}

const struct command command_seal = {
    .name = "seal",
    .arguments = "PREFIX|IMAGE",
    .summary = "Signs what a finished run has left, and has it time-stamped",
    .options = rows,
    .values_size = sizeof(struct options),
    .defaults = defaults,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
