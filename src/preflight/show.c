/* SPDX-License-Identifier: Apache-2.0 */
/* The table as text, or as JSON, an object a line. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/width.h"
#include "preflight/preflight-private.h"

#define PLACES 80
#define INDENT 9

/* ------------------------------------------------------------------- text */

static const char *const headings[] = {
    [PART_RIGHT] = "Rights, each tried by a call that changes nothing",
    [PART_SNAPSHOT] = NULL,
    [PART_FOLDER] = "Where the output goes",
    [PART_CLOCK] = "The clock",
    [PART_WAY] = "The way to the services",
    [PART_SPARE] = "Rights without a use here (only these were asked)",
};

/* Which heading a part stands under. */
static const char *heading_of(const struct check *k)
{
    return headings[k->part == PART_SNAPSHOT ? PART_RIGHT : k->part];
}

/* Words that are broken where the line is full. */
static void put_wrapped(struct text *t, const char *shown)
{
    size_t at = INDENT;

    text_addf(t, "%*s", INDENT, "");
    while (*shown) {
        size_t word = strcspn(shown, " ");
        char one[128];
        size_t places;

        snprintf(one, sizeof(one), "%.*s",
                 (int)(word < sizeof(one) ? word : sizeof(one) - 1), shown);
        places = width_of(one);
        if (at > INDENT && at + 1 + places > PLACES) {
            text_addf(t, "\n%*s", INDENT, "");
            at = INDENT;
        } else if (at > INDENT) {
            text_add(t, " ");
            at++;
        }
        text_addn(t, shown, word);
        at += places;
        shown += word + (shown[word] == ' ');
    }
    text_add(t, "\n");
}

static void put_sentence(struct text *t, const char *before,
                         const char *between, const char *s)
{
    autotext struct text line = TEXT_INIT;

    text_add(&line, before);
    text_add(&line, between);
    text_add_shown(&line, s);
    if (line.failed)
        t->failed = true;
    else
        put_wrapped(t, line.s);
}

static void put_check(struct text *t, const struct check *k)
{
    const bool lacks = k->answer == CHECK_NO || k->answer == CHECK_UNKNOWN;

    text_addf(t, "%-8s %-32s %s%s\n", check_answer_name(k->answer), k->name,
              lacks && k->need == NEED_USEFUL ? "(optional) " : "",
              k->needed_for);
    put_sentence(t, k->target ? k->target : "", k->target ? ": " : "",
                 k->says);
    if (k->remedy)
        put_sentence(t, "remedy", ": ", k->remedy);
}

static void put_checks(const struct preflight *p, struct text *t)
{
    const char *heading = NULL;

    for (size_t i = 0; i < p->checks.count; i++) {
        const struct check *k = &p->checks.list[i];

        if (heading_of(k) != heading) {
            heading = heading_of(k);
            text_addf(t, "%s%s\n", i ? "\n" : "", heading);
        }
        put_check(t, k);
    }
}

static void put_sum(const struct preflight *p, struct text *t)
{
    const struct checks_sum sum = checks_sum(&p->checks);

    if (sum.prevent)
        text_addf(t, "\n%zu of what `ebsimg %s' needs %s missing.\n",
                  sum.prevent, p->wish->command->name,
                  sum.prevent == 1 ? "is" : "are");
    else if (sum.missing)
        text_addf(t, "\n`ebsimg %s' can run; %zu of what is useful %s "
                  "missing.\n", p->wish->command->name, sum.missing,
                  sum.missing == 1 ? "is" : "are");
    else
        text_addf(t, "\nAll that `ebsimg %s' needs is there.\n",
                  p->wish->command->name);
}

/* ------------------------------------------------------------------- JSON */

static void add_member(struct text *t, const char *name, const char *value)
{
    text_addf(t, ",\"%s\":", name);
    if (value)
        text_add_json(t, value);
    else
        text_add(t, "null");
}

static void put_json(const struct preflight *p, struct text *t)
{
    const struct checks_sum sum = checks_sum(&p->checks);

    for (size_t i = 0; i < p->checks.count; i++) {
        const struct check *k = &p->checks.list[i];

        text_addf(t, "{\"what\":\"%s\"", check_part_name(k->part));
        add_member(t, "name", k->name);
        add_member(t, "target", k->target);
        add_member(t, "need", check_need_name(k->need));
        add_member(t, "needed_for", k->needed_for);
        add_member(t, "answer", k->answer == CHECK_SPARED
                   ? "not_asked" : check_answer_name(k->answer));
        add_member(t, "says", k->says);
        add_member(t, "remedy", k->remedy);
        text_add(t, "}\n");
    }
    text_addf(t, "{\"what\":\"total\",\"command\":\"%s\",\"needed_missing\":"
              "%zu,\"useful_missing\":%zu}\n", p->wish->command->name,
              sum.prevent, sum.missing);
}

int preflight_show(const struct preflight *p, struct err *e)
{
    autotext struct text t = TEXT_INIT;

    if (p->opt->json) {
        put_json(p, &t);
    } else {
        put_checks(p, &t);
        put_sum(p, &t);
    }
    if (t.failed)
        return err_nomem(e);
    if (fwrite(t.s, 1, t.len, stdout) != t.len)
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    return 0;
}
