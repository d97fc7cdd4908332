/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg info': what an image is, without reading all of it. */
#include <stdio.h>
#include <string.h>

#include "audit/evidence.h"
#include "base/scope.h"
#include "case/case-verify.h"
#include "cmd/commands.h"
#include "verify/describe.h"

struct info_options {
    bool json;
};

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "What to show" },
    { OPTION_FLAG, 0, "json", NULL, "the same as JSON",
      offsetof(struct info_options, json) },
    OPTIONS_END,
};

static void defaults(void *values)
{
    memset(values, 0, sizeof(struct info_options));
}

static int show(struct evidence *ev, bool json, struct err *e)
{
    struct facts f;
    int r = describe(ev, json, &f, e);

    if (r == 0 && fputs(f.t.s, stdout) == EOF)
        r = err_set(e, ERR_DEST, 0, "cannot write to standard output");
    text_free(&f.t);
    return r;
}

static int show_case(const char *name, const char *log_path, bool json,
                     struct err *e)
{
    autotext struct text t = TEXT_INIT;

    if (case_describe(name, log_path, json, &t, e) < 0)
        return -1;
    return fputs(t.s, stdout) == EOF
        ? err_set(e, ERR_DEST, 0, "cannot write to standard output") : 0;
}

static int run(void *values, char **operands, int n, struct err *e)
{
    const struct info_options *opt = values;
    struct err why = ERR_INIT;
    autofree char *log_path = case_log_of(operands[0], &why);
    struct evidence ev;
    int r;

    (void)n;
    if (why.kind != ERR_NONE) {
        *e = why;
        return -1;
    }
    if (log_path)
        return show_case(operands[0], log_path, opt->json, e);
    r = evidence_find(operands[0], &ev, e);
    if (r == 0)
        r = show(&ev, opt->json, e);
    evidence_free(&ev);
    return r;
}

const struct command command_info = {
    .name = "info",
    .arguments = "PREFIX|IMAGE",
    .summary = "Tells what an image is and how it was acquired",
    .options = options,
    .values_size = sizeof(struct info_options),
    .defaults = defaults,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
