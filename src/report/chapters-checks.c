/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "report/chapters-private.h"

/* So many findings that hold nothing against the papers have a row. */
#define FINDINGS_SHOWN 40

static const char *const words[FINDING_KINDS] = {
    [FINDING_GOOD] = "agrees",
    [FINDING_NOTE] = "note",
    [FINDING_LINE_ENDS] = "note",
    [FINDING_RESERVE] = "RESERVE",
    [FINDING_MISSING] = "MISSING",
    [FINDING_UNTRUSTED] = "NOT TRUSTED",
    [FINDING_CHANGED] = "DOES NOT AGREE",
    [FINDING_BAD] = "BAD",
};

static bool is_bad(const struct finding *f)
{
    return f->kind >= FINDING_RESERVE;
}

static void add_finding(struct scribe *s, const struct finding *f)
{
    scribe_row(s, (const char *[]){ words[f->kind], f->about, f->text }, 3);
}

/* What does not agree comes first; an image may be in thousands of files. */
static void add_findings(struct scribe *s, const struct findings *f)
{
    size_t shown = 0;
    static const char *const heads[] = { "Result", "What", "Found" };

    scribe_section(s, "The papers against each other, when this report was "
                      "made");
    scribe_table(s, heads, COUNT(heads));
    for (size_t i = 0; i < f->count; i++)
        if (is_bad(&f->list[i]))
            add_finding(s, &f->list[i]);
    for (size_t i = 0; i < f->count; i++)
        if (!is_bad(&f->list[i]) && shown++ < FINDINGS_SHOWN)
            add_finding(s, &f->list[i]);
    if (shown > FINDINGS_SHOWN)
        scribe_say(s, "and %zu more that agree, or are notes: ebsimg verify "
                   "has all of them.", shown - FINDINGS_SHOWN);
}

/* A table of what agrees is not to be taken for a signature that was
 * checked. */
static void add_seal(struct scribe *s, const struct verification *v)
{
    if (v->has_seal)
        scribe_say(s, "The run has a seal, which was held against the papers. "
                   "Whether those who signed it are to be trusted was not "
                   "asked: ebsimg verify --trust does that.");
    else
        scribe_say(s, "The run has no seal that can be read.");
}

static const char *result_words(const char *result)
{
    static const struct { const char *word, *shown; } rows[] = {
        { "done", "agrees" },
        { "differs", "DIFFERS" },
        { "not-had", "could not be had" },
        { "switched-off", "switched off by the operator" },
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        if (strcmp(result, rows[i].word) == 0)
            return rows[i].shown;
    return result;
}

static void add_control(struct scribe *s, const struct run_control *c)
{
    autotext struct text why = TEXT_INIT;

    text_add(&why, c->why);
    if (c->stood_in_by[0]) {
        text_add(&why, why.len ? "; as good is " : "As good is ");
        text_add(&why, c->stood_in_by);
    }
    if (c->reserve[0]) {
        text_add(&why, why.len ? "; holds against it: " : "Holds against "
                                                          "it: ");
        text_add(&why, c->reserve);
    }
    s->t->failed |= why.failed;
    scribe_row(s, (const char *[]){ c->name, result_words(c->result),
               why.failed ? "" : why.s }, 3);
}

/* Named all the same: what is not in a table may have been forgotten. */
static void add_other_controls(struct scribe *s, const struct run_record *l)
{
    autotext struct text names = TEXT_INIT;

    for (size_t i = 0; i < l->ncontrols; i++)
        if (strcmp(l->controls[i].result, "does-not-apply") == 0) {
            text_add(&names, names.len ? ", " : "");
            text_add(&names, l->controls[i].name);
        }
    s->t->failed |= names.failed;
    if (names.len)
        scribe_say(s, "This run has nothing that these are about: %s.",
                   names.s);
}

static void add_controls(struct scribe *s, const struct run_record *l)
{
    static const char *const heads[] = { "Control", "Result", "Why" };

    scribe_section(s, "The controls of the run itself, as its log has them");
    if (!l->ncontrols) {
        scribe_say(s, "The log has none.");
        return;
    }
    scribe_table(s, heads, COUNT(heads));
    for (size_t i = 0; i < l->ncontrols; i++)
        if (strcmp(l->controls[i].result, "does-not-apply") != 0)
            add_control(s, &l->controls[i]);
    add_other_controls(s, l);
    scribe_say(s, "What each control compares, and what it does not show, is "
               "described in verdicts.md, which comes with ebsimg.");
}

void chapter_checks(struct scribe *s, const struct report *r)
{
    scribe_chapter(s, "Verification");
    add_findings(s, &r->papers.v.found);
    add_seal(s, &r->papers.v);
    add_controls(s, r->log);
}
