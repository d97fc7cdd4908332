/* SPDX-License-Identifier: Apache-2.0 */
/* Findings as they are shown: what was found comes from anywhere, and is
 * escaped here. */
#include "verify/findings.h"

static const char *const marks[FINDING_KINDS] = {
    [FINDING_GOOD] = "ok",         [FINDING_NOTE] = "note",
    [FINDING_LINE_ENDS] = "note",  [FINDING_RESERVE] = "RES",
    [FINDING_MISSING] = "MISS",    [FINDING_UNTRUSTED] = "BAD",
    [FINDING_CHANGED] = "BAD",     [FINDING_BAD] = "BAD",
};

static size_t bad(const struct findings *f)
{
    size_t n = 0;

    for (int k = FINDING_RESERVE; k < FINDING_KINDS; k++)
        n += f->of[k];
    return n;
}

/* As bad as the worst of them. */
static void add_dropped(const struct findings *f, struct text *t)
{
    size_t n = findings_dropped(f);
    int worst = FINDING_KINDS - 1;

    if (!n)
        return;
    while (!f->dropped[worst])
        worst--;
    text_addf(t, "%-5s ... and %zu more; --verbose names them all\n",
              marks[worst], n);
}

void findings_text(const struct findings *f, struct text *t)
{
    for (size_t i = 0; i < f->count; i++) {
        const struct finding *x = &f->list[i];

        text_addf(t, "%-5s ", marks[x->kind]);
        text_add_shown(t, x->about);
        text_add(t, ": ");
        text_add_shown(t, x->text);
        text_add(t, "\n");
    }
    add_dropped(f, t);
}

static const char *const of[FINDING_KINDS] = {
    [FINDING_UNTRUSTED] = "seal", [FINDING_CHANGED] = "record",
    [FINDING_BAD] = "image",
};

static void add_one(const struct finding *x, struct text *t)
{
    text_addf(t, "{\"result\":\"%s\",\"about\":",
              x->kind == FINDING_MISSING ? "missing"
              : x->kind == FINDING_RESERVE ? "reserve" : marks[x->kind]);
    text_add_json(t, x->about);
    text_add(t, ",\"text\":");
    text_add_json(t, x->text);
    if (of[x->kind])
        text_addf(t, ",\"of\":\"%s\"", of[x->kind]);
    text_add(t, "}");
}

void findings_json(const struct findings *f, struct text *t)
{
    text_addf(t, "\"missing\":%zu,\"record\":%zu,\"image\":%zu,\"bad\":%zu,"
              "\"findings\":[", f->of[FINDING_MISSING],
              f->of[FINDING_CHANGED], f->of[FINDING_BAD], bad(f));
    for (size_t i = 0; i < f->count; i++) {
        text_add(t, i ? "," : "");
        add_one(&f->list[i], t);
    }
    text_add(t, "]");
}
