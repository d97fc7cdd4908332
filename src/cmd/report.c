/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg report': what a run did, on paper. */
#include "report/report.h"

#include <string.h>

#include "audit/log.h"
#include "base/text.h"
#include "cmd/commands.h"

#define AT(field) offsetof(struct report_options, field)

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "What to write" },
    { OPTION_SET, 'f', "format", "FORMAT",
      "html, text, json, dfxml, case, or several of them (default html)",
      AT(formats), report_format_words },
    { OPTION_TEXT, 'o', "output", "FILE",
      "a new file instead of standard output; with several formats the"
      " beginning of their names", AT(output) },
    { OPTION_GROUP, .help = "What the papers are compared with" },
    { OPTION_TEXT, 0, "head", "HEX",
      "the head of the log, as it was kept since the acquisition: 64 hex"
      " digits", AT(head) },
    OPTIONS_END,
};

static void defaults(void *values)
{
    memset(values, 0, sizeof(struct report_options));
}

static int run(void *values, char **operands, int n, struct err *e)
{
    struct report_options *o = values;
    unsigned char head[LOG_HASH];

    (void)n;
    if (o->head && hex_decode(head, sizeof(head), o->head) < 0)
        return err_set(e, ERR_USAGE, 0, "--head takes the head of a log, 64 "
                       "hex digits, not %s", o->head);
    if (!o->formats)
        o->formats = 1u << REPORT_HTML;
    return report_run(o, operands[0], e);
}

const struct command command_report = {
    .name = "report",
    .arguments = "PREFIX|IMAGE|CASE",
    .summary = "Writes down what a run did: for a court, for people, for"
               " programs",
    .options = options,
    .values_size = sizeof(struct report_options),
    .defaults = defaults,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
