/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg custody': what became of the evidence after it was acquired. */
#include <stdio.h>
#include <string.h>

#include "audit/evidence.h"
#include "base/file.h"
#include "base/json.h"
#include "base/scope.h"
#include "cmd/commands.h"
#include "custody/add.h"
#include "custody/proof.h"
#include "custody/show.h"
#include "show/tell.h"

struct options {
    struct seal_options seal;
    struct custody_wish wish;
    struct options_given given;
    int event;
    bool json, quiet;
};

#define AT(field) offsetof(struct options, field)

static const struct option_row rows[] = {
    { OPTION_GROUP, .help = "What happened (add)" },
    { OPTION_CHOICE, 0, "event", "WHAT",
      "transfer, storage, copy or verification", AT(event), custody_words },
    { OPTION_TEXT, 0, "from", "NAME", "who gave it out of his hands",
      AT(wish.from) },
    { OPTION_TEXT, 0, "to", "NAME", "who took it", AT(wish.to) },
    { OPTION_TEXT, 0, "place", "TEXT", "where it is now, or its copy",
      AT(wish.place) },
    { OPTION_TEXT, 0, "reason", "TEXT", "what for", AT(wish.reason) },
    { OPTION_TEXT, 0, "evidence", "TEXT",
      "the number of the item, bag, medium or physical seal",
      AT(wish.evidence) },
    { OPTION_GROUP, .help = "Its signature (add)" },
    SEAL_ROWS(struct options, seal),
    { OPTION_TEXT, 0, "ca-bundle", "FILE",
      "certificates to trust in https to such a server, PEM (default: the"
      " system's)", AT(seal.stamp.ca_bundle) },
    { OPTION_GROUP, .help = "What to show" },
    { OPTION_FLAG, 0, "json", NULL, "show: as JSON", AT(json) },
    { OPTION_FLAG, 'q', "quiet", NULL, "add: only what went wrong",
      AT(quiet) },
    OPTIONS_END,
};

static void defaults(void *values)
{
    struct options *o = values;

    *o = (struct options){ .json = false };
    seal_defaults(&o->seal);
}

/* --------------------------------------------------------------------- add */

static int add(struct options *o, const char *name, struct text *out,
               struct err *e)
{
    struct signer *s;
    int r;

    if (!option_given(rows, &o->given, "event"))
        return err_set(e, ERR_USAGE, 0, "custody add: --event is missing: "
                       "transfer, storage, copy or verification");
    o->wish.kind = (enum custody_kind)o->event;
    if (o->json)
        return err_set(e, ERR_USAGE, 0, "--json is for custody show");
    if (custody_check_wish(&o->wish, e) < 0
        || custody_signer(&o->seal, &s, e) < 0)
        return -1;
    r = custody_add(&o->seal, s, name, &o->wish, out, e);
    signer_close(s);
    return r;
}

/* -------------------------------------------------------------------- show */

static void put(const struct options *o, const char *path,
                const struct custody *c, struct text *out)
{
    if (!o->json) {
        custody_show_text(c, out);
        return;
    }
    json_open(out, NULL, '{');
    json_put_text(out, "file", file_name(path));
    custody_json(c, out);
    json_close(out, '}');
    text_add(out, "\n");
}

/* What stands before a line that is damaged is shown all the same. */
static int show_log(const struct options *o, const struct evidence *ev,
                    struct text *out, struct err *e)
{
    autofree char *path = custody_path(&ev->beside);
    struct custody c;
    int r;

    if (!path)
        return err_nomem(e);
    if (!file_exists(path))
        return err_set(e, ERR_USAGE, 0, "%s has no custody log: custody add "
                       "begins one", ev->prefix);
    r = custody_read(path, &c, e);
    if (c.nlines)
        put(o, path, &c, out);
    if (r == 0 && custody_check_proofs(&c, e) < 0)
        r = err_in(e, "%s", path);
    custody_free(&c);
    return r;
}

static int show(const struct options *o, const char *name, struct text *out,
                struct err *e)
{
    struct evidence ev = { 0 };
    int r = -1;

    for (const struct option_row *w = rows; !option_is_end(w); w++)
        if (w->name && option_given(rows, &o->given, w->name)
            && strcmp(w->name, "json") != 0 && strcmp(w->name, "quiet") != 0)
            return err_set(e, ERR_USAGE, 0, "--%s is for custody add",
                           w->name);
    if (evidence_find(name, &ev, e) == 0)
        r = show_log(o, &ev, out, e);
    evidence_free(&ev);
    return r;
}

/* ---------------------------------------------------------------- command */

static int run(void *values, char **operands, int n, struct err *e)
{
    struct options *o = values;
    autotext struct text out = TEXT_INIT;
    int r;

    (void)n;
    tell_set(false, false);
    if (strcmp(operands[0], "add") == 0)
        r = add(o, operands[1], &out, e);
    else if (strcmp(operands[0], "show") == 0)
        r = show(o, operands[1], &out, e);
    else
        return err_set(e, ERR_USAGE, 0, "custody takes add or show, not %s",
                       operands[0]);
    if (out.failed)
        return err_nomem(e);
    if (!o->quiet && out.s && fputs(out.s, stdout) == EOF && r >= 0)
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    return r;
}

const struct command command_custody = {
    .name = "custody",
    .arguments = "add|show PREFIX|IMAGE",
    .summary = "Writes down what became of the evidence, in a chained log",
    .options = rows,
    .values_size = sizeof(struct options),
    .given = offsetof(struct options, given),
    .defaults = defaults,
    .min_operands = 2,
    .max_operands = 2,
    .run = run,
};
