/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verdict.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit/outcome.h"
#include "audit/run-record.h"
#include "base/json.h"
#include "base/text.h"

/* So many missing files are named in the verdict; the findings name all. */
#define NAMED 4

enum conclusion {
    VERIFIED, RESERVED, UNREADABLE, ELSEWHERE, INCOMPLETE, UNTRUSTED,
    CHANGED, DAMAGED
};

static const struct {
    const char *word;   /* for JSON */
    const char *line;   /* what the verdict begins with */
    int status;
} verdicts[] = {
    [VERIFIED] = { "verified", "VERIFIED: ", 0 },
    [RESERVED] = { "verified-with-reserve", "VERIFIED WITH A RESERVE: ", 1 },
    [UNREADABLE] = { "verified-with-unreadable",
                     "VERIFIED WITH UNREADABLE BLOCKS: ", 1 },
    [ELSEWHERE] = { "image-elsewhere", "IMAGE ELSEWHERE: ", 1 },
    [INCOMPLETE] = { "incomplete", "INCOMPLETE: ", 1 },
    [UNTRUSTED] = { "not-trusted", "FAILED: ", 7 },
    [CHANGED] = { "record-changed", "FAILED: ", 7 },
    [DAMAGED] = { "failed", "FAILED: ", 7 },
};

/* The i-th thing that the log holds against the image; unreadable blocks are
 * told with their number. */
static const char *next_reserve(const struct verify_verdict *v, size_t i)
{
    const char *word;

    for (size_t k = 0; (word = run_list_text(v->reserves, k)); k++)
        if (strcmp(word, outcome_name(OUTCOME_UNREADABLE)) != 0 && i-- == 0)
            return word;
    return NULL;
}

/* The worst thing that was found; an image with nothing left to hold it
 * against cannot be called intact. */
static enum conclusion judge(const struct verify_verdict *v,
                          const struct findings *f)
{
    if (f->of[FINDING_BAD])
        return DAMAGED;
    if (f->of[FINDING_CHANGED])
        return CHANGED;
    if (f->of[FINDING_UNTRUSTED])
        return UNTRUSTED;
    if (v->elsewhere)
        return ELSEWHERE;
    if (f->of[FINDING_MISSING])
        return v->compared ? INCOMPLETE : DAMAGED;
    if (v->unreadable)
        return UNREADABLE;
    if (f->of[FINDING_RESERVE])
        return RESERVED;
    return next_reserve(v, 0) ? RESERVED : VERIFIED;
}

int verify_verdict_status(const struct verify_verdict *v,
                          const struct findings *f)
{
    return verdicts[judge(v, f)].status;
}

/* ------------------------------------------------------------------ words */

/* The names of what is missing, each once. */
static void add_missing(const struct findings *f, struct text *t)
{
    const char *before = "";
    size_t n = 0;

    for (size_t i = 0; i < f->count; i++) {
        const struct finding *x = &f->list[i];

        if (x->kind != FINDING_MISSING || strcmp(x->about, before) == 0)
            continue;
        if (n++ < NAMED) {
            text_add(t, n > 1 ? ", " : "");
            text_add_shown(t, x->about);
        }
        before = x->about;
    }
    if (n > NAMED)
        text_addf(t, " and %zu more", n - NAMED);
}

static void add_unreadable(const struct verify_verdict *v, struct text *t)
{
    if (v->unreadable)
        text_addf(t, ", but for %" PRIu64 " block%s that %s unreadable then "
                  "and %s zeros", v->unreadable,
                  v->unreadable == 1 ? "" : "s",
                  v->unreadable == 1 ? "was" : "were",
                  v->unreadable == 1 ? "is" : "are");
}

static void add_reserves(const struct verify_verdict *v, struct text *t)
{
    const char *word;
    enum outcome o;

    for (size_t i = 0; (word = next_reserve(v, i)); i++) {
        text_add(t, i ? " and " : ", and its acquisition ended as ");
        text_add_shown(t, outcome_parse(word, &o) == 0 ? outcome_headline(o)
                                                       : word);
    }
}

/* The name of the i-th file whose line ends were changed on the way, or NULL:
 * each once. */
static const char *line_ends_of(const struct findings *f, size_t i)
{
    for (size_t k = 0; k < f->count; k++)
        if (f->list[k].kind == FINDING_LINE_ENDS && i-- == 0)
            return f->list[k].about;
    return NULL;
}

static void add_line_ends(const struct verify_verdict *v,
                          const struct findings *f, struct text *t)
{
    const char *name;

    for (size_t i = 0; (name = line_ends_of(f, i)); i++) {
        text_add(t, i ? ", " : "; line ends of ");
        text_add_shown(t, name);
    }
    if (f->of[FINDING_LINE_ENDS])
        text_add(t, v->log_sound ? " were changed on the way; the lines are "
                                   "those of the chain"
                                 : " were changed on the way");
}

/* What happened to the set, and is nothing against it. */
static void add_on_the_way(const struct verify_verdict *v,
                           const struct findings *f, struct text *t)
{
    bool bytes = v->compared && !f->of[FINDING_BAD] && v->log_sound;

    if (v->renamed_from) {
        text_add(t, "; renamed from ");
        text_add_shown(t, v->renamed_from);
    } else if (v->recased) {
        text_add(t, "; names are in another case than they were");
    }
    if (v->apart)
        text_add(t, "; some of its files have another name than the rest");
    if ((v->renamed_from || v->recased || v->apart) && bytes)
        text_add(t, "; every byte of the image is what was acquired");
    add_line_ends(v, f, t);
}

/* What a good word about it rests on. */
static void add_foundation(const struct verify_verdict *v, struct text *t)
{
    if (v->head_compared)
        text_addf(t, "; its log has the head that was given, %s", v->head);
    else if (v->sealed_by) {
        text_addf(t, "; its log has the head, %s, that is in the seal of ",
                  v->head);
        text_add_shown(t, v->sealed_by);
    } else if (v->vouched)
        text_addf(t, "; the case log beside it has the head of its log, %s",
                  v->head);
    else if (v->head[0])
        text_addf(t, "; the head of its log is %s: compare it with the one "
                  "that was kept, nothing else shows a log that was made "
                  "anew", v->head);
}

static void add_first(const struct findings *f, enum finding_kind kind,
                      struct text *t);

static void add_good(const struct verify_verdict *v,
                     const struct findings *f, struct text *t)
{
    if (!v->log)
        text_add(t, " is whole; without a log nothing says that it is what "
                    "was acquired");
    else if (v->head_compared)
        text_add(t, " is what was acquired");
    else
        text_add(t, " is what its log says was acquired");
    add_unreadable(v, t);
    add_reserves(v, t);
    add_first(f, FINDING_RESERVE, t);
}

/* What may be said of an image whose record was changed: where that is not
 * the log, the log stands. */
static const char *image_words(const struct verify_verdict *v)
{
    if (v->no_image)
        return ": there is no image";
    if (!v->compared)
        return ": nothing is left to compare the image with";
    if (v->beside_alone && v->sealed_by)
        return ": the image is what was sealed";
    if (!v->log_sound || v->beside_alone)
        return ": the image fits the digests beside it";
    return v->head_compared ? ": the image is what was acquired"
                            : ": the image is what its log says was acquired";
}

/* Where it is: the first of these findings. */
static void add_first(const struct findings *f, enum finding_kind kind,
                      struct text *t)
{
    size_t i = 0;

    while (i < f->count && f->list[i].kind != kind)
        i++;
    if (i == f->count)
        return;
    text_add(t, "; ");
    text_add_shown(t, f->list[i].about);
    text_add(t, ": ");
    text_add_shown(t, f->list[i].text);
}

static void add_changed(const struct verify_verdict *v,
                        const struct findings *f, struct text *t)
{
    text_add(t, image_words(v));
    text_add(t, v->compared ? ", but its record was changed or contradicts "
                              "itself"
             : ", and its record was changed or contradicts itself");
    add_first(f, FINDING_CHANGED, t);
}

/* What can be said without it, and how a copy of it is looked at. */
static void add_elsewhere(const struct verify_verdict *v,
                          const struct findings *f, struct text *t)
{
    text_add(t, ": the image went to standard output when it was acquired, "
                "and is not beside its papers");
    add_unreadable(v, t);
    add_reserves(v, t);
    if (f->of[FINDING_MISSING]) {
        text_add(t, "; missing of the papers: ");
        add_missing(f, t);
    } else {
        text_add(t, "; they agree");
    }
    text_add(t, "; to hold a copy of it against them:  ebsimg verify ");
    text_add_word(t, v->name);
    text_add(t, " --against FILE");
}

static void add_damaged(const struct verify_verdict *v,
                        const struct findings *f, struct text *t)
{
    if (v->unfinished) {
        text_add(t, ": the run that made it did not come to its end, as its "
                    "log says");
    } else if (f->of[FINDING_BAD]) {
        text_add(t, ": the image is damaged or was changed");
        add_first(f, FINDING_BAD, t);
    } else {
        text_add(t, image_words(v));
        text_add(t, "; missing: ");
        add_missing(f, t);
    }
}

void verify_verdict_line(const struct verify_verdict *v,
                         const struct findings *f, struct text *t)
{
    enum conclusion is = judge(v, f);

    text_add(t, verdicts[is].line);
    text_add_shown(t, v->name);
    switch (is) {
    case VERIFIED:
    case RESERVED:
    case UNREADABLE:
        add_good(v, f, t);
        break;
    case ELSEWHERE:
        add_elsewhere(v, f, t);
        break;
    case INCOMPLETE:
        text_add(t, v->log ? image_words(v) : ": the image is whole");
        add_unreadable(v, t);
        add_reserves(v, t);
        text_add(t, ", but something is missing beside it: ");
        add_missing(f, t);
        break;
    case CHANGED:
        add_changed(v, f, t);
        break;
    case UNTRUSTED:
        text_add(t, image_words(v));
        text_add(t, v->sealed_by ? ", but nobody who is trusted signed its "
                                   "custody log"
                                 : ", but nobody who is trusted sealed it");
        add_first(f, FINDING_UNTRUSTED, t);
        break;
    case DAMAGED:
        add_damaged(v, f, t);
    }
    add_on_the_way(v, f, t);
    if (is != DAMAGED && (is != CHANGED || v->log_sound))
        add_foundation(v, t);
    text_add(t, "\n");
}

/* ------------------------------------------------------------------- show */

static void compose_text(const struct verify_verdict *v,
                         const struct findings *f, bool quiet,
                         struct text *t)
{
    if (!quiet)
        findings_text(f, t);
    verify_verdict_line(v, f, t);
}

static void compose_json(const struct verify_verdict *v,
                         const struct findings *f, const struct stats *stats,
                         struct text *t)
{
    text_addf(t, "{\"verdict\":\"%s\",\"name\":",
              verdicts[judge(v, f)].word);
    text_add_json(t, v->name);
    text_addf(t, ",\"log\":%s,\"head\":", v->log ? "true" : "false");
    if (v->head[0])
        text_add_json(t, v->head);
    else
        text_add(t, "null");
    text_addf(t, ",\"head_compared\":%s,\"unreadable\":%" PRIu64,
              v->head_compared ? "true" : "false", v->unreadable);
    json_put_text(t, "sealed_by", v->sealed_by);
    json_put_text(t, "renamed_from", v->renamed_from);
    text_addf(t, ",\"renamed_in_part\":%s", v->apart ? "true" : "false");
    text_addf(t, ",\"names_in_another_case\":%s,\"line_ends\":[",
              v->recased ? "true" : "false");
    for (size_t i = 0; line_ends_of(f, i); i++) {
        text_add(t, i ? "," : "");
        text_add_json(t, line_ends_of(f, i));
    }
    text_add(t, "],\"reserves\":");
    run_list_json(v->reserves, t);
    text_add(t, ",");
    findings_json(f, t);
    if (stats) {
        text_add(t, ",\"stats\":");
        stats_json(stats, t);
    }
    text_add(t, "}\n");
}

int verify_verdict_add(const struct verify_verdict *v,
                       const struct findings *f, const struct stats *stats,
                       bool json, bool quiet, struct text *out,
                       struct err *e)
{
    if (json)
        compose_json(v, f, stats, out);
    else
        compose_text(v, f, quiet, out);
    if (stats && !json)
        stats_text(stats, out);
    return out->failed || f->no_memory ? err_nomem(e) : 0;
}
