/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg verify': is the image what was acquired, and would somebody else have
 * got the same? */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "case/case-verify.h"
#include "cmd/commands.h"
#include "flow/budget.h"
#include "repeat/repeat.h"
#include "show/tell.h"
#include "verify/verification.h"

struct options {
    struct verify_options verify;
    struct repeat_options repeat;
    struct options_given given;
};

#define AT(field) offsetof(struct options, verify.field)
#define REPEAT(field) offsetof(struct options, repeat.field)

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "What it is compared with" },
    { OPTION_TEXT, 0, "head", "HEX",
      "the head of the log, as it was kept since the acquisition: 64 hex"
      " digits", AT(head) },
    { OPTION_TEXT, 0, "trust", "FILE",
      "certificates, PEM, of those whose seal is to be believed: signers and"
      " time stamp servers, or who issued theirs", AT(trust) },
    { OPTION_GROUP, .help = "Instead of that" },
    { OPTION_TEXT, 0, "against", "FILE",
      "compare the image, byte for byte, with the raw or E01 image that"
      " another program made", REPEAT(against) },
    { OPTION_FLAG, 0, "remote", NULL,
      "read the snapshot once more, and compare it with image and manifest",
      REPEAT(remote) },
    { OPTION_COUNT, 0, "sample", "N",
      "of its stored blocks so many, by chance, or all (default all)",
      REPEAT(sample), .min = 1, .max = UINT32_MAX },
    { OPTION_TEXT, 0, "seed", "HEX",
      "choose them by this seed, as another run did", REPEAT(seed) },
    { OPTION_TEXT, 0, "log", "DIR",
      "the folder of the access log (default: the current one)",
      REPEAT(log) },
    { OPTION_FLAG, 0, "custody", NULL,
      "enter the result into the custody log", REPEAT(custody) },
    SEAL_ROWS(struct options, repeat.seal),
    SERVICE_ROWS(struct options, repeat.service),
    { OPTION_NUMBER, 0, "connections", "N",
      "blocks in flight at most (default 32)",
      REPEAT(service.connections), .min = 1, .max = 256 },
    { OPTION_NUMBER, 0, "rate", "N",
      "block requests a second at most (default 500: the account's limit is"
      " 1000)", REPEAT(service.rate), .min = 1, .max = 100000 },
    { OPTION_GROUP, .help = "The machine" },
    { OPTION_NUMBER, 0, "threads", "N",
      "threads that inflate (default: one for each processor)", AT(threads),
      .min = 1, .max = BUDGET_THREADS_MAX },
    { OPTION_SIZE, 0, "memory", "SIZE",
      "for blocks under way, 8M or more (default 24M and 4M for each"
      " thread, at most a quarter of what there is)", AT(memory),
      .min = BUDGET_MEMORY_MIN, .max = BUDGET_MEMORY_MAX },
    { OPTION_GROUP, .help = "What to show" },
    { OPTION_CHOICE, 0, "progress", "STYLE",
      "auto, bar, json or none (default auto: a bar on a terminal)",
      AT(progress), progress_words },
    { OPTION_FLAG, 0, "json", NULL, "the result as JSON", AT(json) },
    { OPTION_FLAG, 0, "stats", NULL, "and where the time went", AT(stats) },
    { OPTION_FLAG, 'q', "quiet", NULL, "only the verdict", AT(quiet) },
    { OPTION_FLAG, 'v', "verbose", NULL,
      "name every block and range that differs, not only the first ones",
      AT(verbose) },
    OPTIONS_END,
};

static void defaults(void *values)
{
    struct options *o = values;

    memset(o, 0, sizeof(*o));
    repeat_defaults(&o->repeat);
}

static int check_head(const char *head, struct err *e)
{
    unsigned char bytes[LOG_HASH];

    if (!head || hex_decode(bytes, sizeof(bytes), head) == 0)
        return 0;
    return err_set(e, ERR_USAGE, 0, "--head takes the head of a log, 64 hex "
                   "digits, not %s", head);
}

/* Which options mean something for which of the three. */
enum { PLAIN = 1, AGAINST = 2, REMOTE = 4 };

static const struct {
    const char *option;
    unsigned kinds;
} uses[] = {
    { "head", PLAIN },             { "trust", PLAIN },
    { "threads", PLAIN },          { "memory", PLAIN },
    { "stats", PLAIN },            { "sample", REMOTE },
    { "seed", REMOTE },            { "log", REMOTE },
    { "custody", AGAINST | REMOTE }, { "key", AGAINST | REMOTE },
    { "cert", AGAINST | REMOTE },  { "passphrase-fd", AGAINST | REMOTE },
    { "tsa", AGAINST | REMOTE },   { "ca-bundle", AGAINST | REMOTE },
    { "region", REMOTE },          { "profile", REMOTE },
    { "assume-role", REMOTE },     { "external-id", REMOTE },
    { "mfa-serial", REMOTE },      { "role-duration", REMOTE },
    { "no-cache-write", REMOTE },  { "endpoint-url", REMOTE },
    { "attempts", REMOTE },        { "timeout", REMOTE },
    { "give-up", REMOTE },         { "connections", REMOTE },
    { "rate", REMOTE },
};

static const char *const kind_names[] = {
    [PLAIN] = "verify alone", [AGAINST] = "--against",
    [REMOTE] = "--remote",
};

static int check_options(const struct options *o, unsigned kind,
                         struct err *e)
{
    for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
        if (option_given(options, &o->given, uses[i].option)
            && !(uses[i].kinds & kind))
            return err_set(e, ERR_USAGE, 0, "--%s means nothing for %s: leave "
                           "it out", uses[i].option, kind_names[kind]);
    return check_head(o->verify.head, e);
}

static int repeat(struct options *o, char **operands, int n, struct err *e)
{
    autotext struct text out = TEXT_INIT;
    int r;

    if (n > 1)
        return err_set(e, ERR_USAGE, 0, "--against and --remote take one image "
                       "at a time");
    tell_set(o->verify.quiet, o->verify.verbose);
    o->repeat.progress = o->verify.progress;
    o->repeat.json = o->verify.json;
    o->repeat.quiet = o->verify.quiet;
    o->repeat.seal.stamp.ca_bundle = o->repeat.service.ca_bundle;
    r = repeat_run(&o->repeat, operands[0], &out, e);
    if (out.s && fputs(out.s, stdout) == EOF && r >= 0)
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    return r;
}

/* Papers without their image: the file is held against these. */
static bool is_of_papers(const struct options *o, char **operands, int n)
{
    return o->repeat.against && n == 1 && verify_is_elsewhere(operands[0]);
}

static int of_papers(struct options *o, char **operands, struct err *e)
{
    if (o->repeat.custody)
        return err_set(e, ERR_USAGE, 0, "--custody enters a comparison with "
                       "an image that is beside its papers: leave it out");
    o->verify.image = o->repeat.against;
    return case_verify_all(&o->verify, operands, 1, e);
}

static int run(void *values, char **operands, int n, struct err *e)
{
    struct options *o = values;
    const struct repeat_options *r = &o->repeat;

    if (r->against && r->remote)
        return err_set(e, ERR_USAGE, 0, "--against and --remote are two "
                       "comparisons: make one after the other");
    if (check_options(o, r->remote ? REMOTE : r->against ? AGAINST : PLAIN,
                      e) < 0)
        return -1;
    if (is_of_papers(o, operands, n))
        return of_papers(o, operands, e);
    return r->remote || r->against ? repeat(o, operands, n, e)
        : case_verify_all(&o->verify, operands, (size_t)n, e);
}

const struct command command_verify = {
    .name = "verify",
    .arguments = "PREFIX|IMAGE...",
    .summary = "Reads an image again and compares it with everything that"
               " was recorded",
    .options = options,
    .values_size = sizeof(struct options),
    .given = offsetof(struct options, given),
    .defaults = defaults,
    .min_operands = 1,
    .max_operands = INT_MAX,
    .run = run,
};
