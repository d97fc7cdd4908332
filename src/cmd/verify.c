/* `ebsimg verify': is the image what was acquired? */
#include <limits.h>
#include <string.h>

#include "base/text.h"
#include "case/case-verify.h"
#include "cmd/commands.h"
#include "flow/budget.h"
#include "verify/verification.h"

#define AT(field) offsetof(struct verify_options, field)

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "What it is compared with" },
    { OPTION_TEXT, 0, "head", "HEX",
      "the head of the log, as it was kept since the acquisition: 64 hex"
      " digits", AT(head) },
    { OPTION_TEXT, 0, "trust", "FILE",
      "certificates, PEM, of those whose seal is to be believed: signers and"
      " time stamp servers, or who issued theirs", AT(trust) },
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
    memset(values, 0, sizeof(struct verify_options));
}

static int check_head(const char *head, struct err *e)
{
    unsigned char bytes[LOG_HASH];

    if (!head || hex_decode(bytes, sizeof(bytes), head) == 0)
        return 0;
    return err_set(e, ERR_USAGE, 0, "--head takes the head of a log, 64 hex "
                   "digits, not %s", head);
}

static int run(void *values, char **operands, int n, struct err *e)
{
    const struct verify_options *opt = values;

    return check_head(opt->head, e) < 0
        ? -1 : case_verify_all(opt, operands, (size_t)n, e);
}

const struct command command_verify = {
    .name = "verify",
    .arguments = "PREFIX|IMAGE...",
    .summary = "Reads an image again and compares it with everything that"
               " was recorded",
    .options = options,
    .values_size = sizeof(struct verify_options),
    .defaults = defaults,
    .min_operands = 1,
    .max_operands = INT_MAX,
    .run = run,
};
