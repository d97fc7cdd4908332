/* Findings as they are shown: what was found comes from anywhere, and is
 * escaped here. */
#include "verify/findings.h"

static const char *const marks[FINDING_KINDS] = {
    [FINDING_GOOD] = "ok",         [FINDING_NOTE] = "note",
    [FINDING_LINE_ENDS] = "note",  [FINDING_RESERVE] = "RES",
    [FINDING_MISSING] = "MISS",
    [FINDING_CHANGED] = "BAD",     [FINDING_BAD] = "BAD",
};

static size_t bad(const struct findings *f)
{
    return f->of[FINDING_RESERVE] + f->of[FINDING_MISSING]
        + f->of[FINDING_CHANGED] + f->of[FINDING_BAD];
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
    if (bad(f) > f->kept)
        text_addf(t, "BAD   ... and %zu more; --verbose names them all\n",
                  bad(f) - f->kept);
}

static void add_one(const struct finding *x, struct text *t)
{
    text_addf(t, "{\"result\":\"%s\",\"about\":",
              x->kind == FINDING_MISSING ? "missing"
              : x->kind == FINDING_RESERVE ? "reserve" : marks[x->kind]);
    text_add_json(t, x->about);
    text_add(t, ",\"text\":");
    text_add_json(t, x->text);
    if (x->kind == FINDING_BAD || x->kind == FINDING_CHANGED)
        text_addf(t, ",\"of\":\"%s\"",
                  x->kind == FINDING_BAD ? "image" : "record");
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
