/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case-verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "audit/artefacts.h"
#include "audit/belonging.h"
#include "audit/evidence.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "case/case-log.h"
#include "case/standing.h"
#include "case/strays.h"

struct checking {
    const struct verify_options *opt;
    const char *name;          /* of the chain, as it was typed */
    struct case_log log;
    struct logcheck check;
    char *sums;                /* path of its checksum file, or NULL */
    struct notes strays;       /* images beside it that it does not have */
    struct findings found;
    bool log_changed;          /* the case log, as against its images */
    char head[2 * LOG_HASH + 1]; /* "" when the case log is not sound */
    bool head_compared;
    size_t of[3];              /* images that are verified, that have a
                                * reserve or lack something, that failed */
    char *worst;               /* the first that failed */
    struct text *out;
};

enum { WHOLE, RESERVED, FAILED, INCOMPLETE };

/* ----------------------------------------------------------- the case log */

static void compare_head(struct checking *x, const char *about)
{
    if (!x->opt->head)
        return;
    x->head_compared = strcasecmp(x->opt->head, x->head) == 0;
    if (x->head_compared)
        findings_add(&x->found, FINDING_GOOD, about,
                     "its head is the one that was given");
    else
        findings_add(&x->found, FINDING_CHANGED, about,
                     "its head is %s, but %s was given: it is another case "
                     "log, or it was made anew", x->head, x->opt->head);
}

static void check_sums(struct checking *x, const char *about)
{
    struct err why = ERR_INIT;
    bool line_ends = false;
    int r = case_check_sums(x->log.path, x->sums, &line_ends, &why);

    if (r < 0)
        findings_blame(&x->found, FINDING_CHANGED, about, &why);
    else if (r == 0)
        findings_add(&x->found, FINDING_NOTE, about,
                     "no checksum file has its digest");
    else
        findings_add(&x->found, FINDING_GOOD, about, "has the digest in its "
                     "checksum file, which anybody could have rewritten");
    if (line_ends)
        verify_tell_line_ends(&x->found, x->check.line_ends
                              ? about : file_name(x->sums));
}

/* What stands behind the last whole line begins as the next one would: a
 * session that goes on with a finished chain writes it, or died over it. */
static bool is_begun(const struct checking *x)
{
    char begin[64], rest[sizeof(begin)];
    autoclose int fd = -1;
    struct err ignored = ERR_INIT;
    size_t got = 0, n;

    n = (size_t)snprintf(begin, sizeof(begin), "{\"seq\":%" PRIu64
                         ",\"time\":\"", x->check.events + 1);
    return file_open(x->log.path, &fd, &ignored) == 0
        && file_read_at(fd, rest, n, x->check.taken, &got, x->log.path,
                        &ignored) == 0
        && got && memcmp(rest, begin, got) == 0;
}

static void tell_rest(struct checking *x, const char *about)
{
    if (is_begun(x))
        findings_add(&x->found, FINDING_MISSING, about, "the chain had ended, "
                     "and a session went on with it: part of a line stands "
                     "at the end");
    else
        findings_add(&x->found, FINDING_CHANGED, about, "%" PRIu64 " bytes "
                     "stand behind its closing record", x->log.cut);
}

static void tell_end(struct checking *x, const char *about)
{
    size_t made = 0;

    if (x->check.closed && x->log.cut)
        tell_rest(x, about);

    for (size_t i = 0; i < x->log.count; i++)
        made += standing_is_made(&x->log.members[i]);
    if (!x->check.closed)
        findings_add(&x->found, FINDING_MISSING, about, "the chain did not "
                     "come to its end: it has no closing record, and %zu of "
                     "%zu images are made", made, x->log.count);
    if (x->log.partial)
        findings_add(&x->found, FINDING_MISSING, about, "%s",
                     case_partial_text(&x->log));
    for (size_t i = 0; i < x->log.notes.count; i++)
        findings_add(&x->found, x->log.partial ? FINDING_MISSING
                     : FINDING_NOTE, about, "warns: %s",
                     x->log.notes.list[i]);
}

static void check_log(struct checking *x)
{
    const char *about = file_name(x->log.path);
    struct err why = ERR_INIT;

    if (file_check_regular(x->log.path, &why) < 0
        || case_look(&x->log, &x->check, &why) < 0) {
        findings_blame(&x->found, FINDING_CHANGED, about, &why);
        return;
    }
    hex_encode(x->head, x->check.head, LOG_HASH);
    findings_add(&x->found, FINDING_GOOD, about,
                 "%" PRIu64 " events, chain unbroken, head %s",
                 x->check.events, x->head);
    if (x->log.rules.wrong[0])
        findings_add(&x->found, FINDING_CHANGED, about, "%s",
                     x->log.rules.wrong);
    compare_head(x, about);
    check_sums(x, about);
    tell_end(x, about);
}

/* ------------------------------------------------------------- its images */

static int note_failed(struct checking *x, const char *prefix, struct err *e)
{
    x->of[FAILED]++;
    if (!x->worst)
        x->worst = strdup(file_name(prefix));
    return x->worst ? 0 : err_nomem(e);
}

static bool is_there(const char *prefix)
{
    struct evidence ev;
    struct err ignored = ERR_INIT;
    bool there = evidence_find(prefix, &ev, &ignored) == 0;

    evidence_free(&ev);
    return there;
}

/* That case logs are broken is told where they are read. */
static int ask_belonging(const struct checking *x,
                         const struct case_member *m, struct evidence *ev,
                         enum belonging *is, char why[256], struct err *e)
{
    if (evidence_read_log(ev, e) == 0
        && belonging_find(x->log.path, m->snapshot, standing_is_made(m),
                          &ev->log, is, why, e) == 0)
        return 0;
    snprintf(why, 256, "%.255s", e->msg);
    *is = BELONGING_ANOTHER;
    return e->kind == ERR_VERIFY || e->kind == ERR_USAGE ? 0 : -1;
}

/* A set that agrees with itself, in the place of this member: the exit status
 * that the chain has for it, or -1. */
static int judge_place(struct checking *x, const struct case_member *m,
                       const char *prefix, struct err *e)
{
    const char *about = file_name(prefix);
    struct evidence ev;
    enum belonging is = BELONGING_ANOTHER;
    char why[256];
    int r = evidence_find(prefix, &ev, e);

    if (r == 0 && !ev.log_path) {
        is = BELONGING_UNTOLD;
        snprintf(why, sizeof(why), "its log is missing%s", standing_is_made(m)
                 ? ", whose head the case log has" : "");
    } else if (r == 0) {
        r = ask_belonging(x, m, &ev, &is, why, e);
    }
    evidence_free(&ev);
    if (r < 0)
        return -1;
    if (is != BELONGING_PROVED)
        findings_add(&x->found, is == BELONGING_ANOTHER ? FINDING_CHANGED
                     : FINDING_MISSING, about, "%s", why);
    return is == BELONGING_PROVED ? 0 : is == BELONGING_ANOTHER ? 7 : 1;
}

/* An error of one image says nothing of the others; an interrupt does. */
static int take_status(struct checking *x, const struct case_member *m,
                       const char *prefix, int status, const struct err *why,
                       struct err *e)
{
    int place = 0;

    if (status < 0 && why->kind != ERR_USAGE && why->kind != ERR_VERIFY) {
        *e = *why;
        return -1;
    }
    if (status < 0)
        findings_add(&x->found, FINDING_MISSING, file_name(prefix), "%s",
                     why->msg);
    if (status >= 0 && status != 7
        && (place = judge_place(x, m, prefix, e)) < 0)
        return -1;
    if (status == 7 || place == 7)
        return note_failed(x, prefix, e);
    x->of[status == 0 && place == 0 ? WHOLE : RESERVED]++;
    return 0;
}

static int check_image(struct checking *x, const struct case_member *m,
                       const char *prefix, struct err *e)
{
    struct verify_options opt = *x->opt;
    struct err why = ERR_INIT;
    size_t before = x->out->len;
    int status;

    if (!standing_is_made(m) && !is_there(prefix)) {
        findings_add(&x->found, FINDING_MISSING, m->snapshot,
                     m->status == CASE_NOT_ENDED
                     ? "no image of it was made"
                     : "its image could not be made, says the case log");
        return 0;
    }
    if (!is_there(prefix)) {
        findings_add(&x->found, FINDING_MISSING, file_name(prefix),
                     "its files are not here; the case log has the image");
        x->of[RESERVED]++;
        return 0;
    }
    opt.head = NULL;
    if (x->opt->json)
        text_add(x->out, x->out->s[x->out->len - 1] == '[' ? "" : ",");
    status = verify_run(&opt, prefix, x->out, &why);
    if (status < 0)
        x->out->len = before;
    else if (!x->opt->json && !x->opt->quiet)
        text_add(x->out, "\n");
    return take_status(x, m, prefix, status, &why, e);
}

static int check_images(struct checking *x, struct err *e)
{
    for (size_t i = 0; i < x->log.count; i++) {
        const struct case_member *m = &x->log.members[i];
        autofree char *prefix = standing_spelled(x->name, m, e);

        if (!prefix || interrupt_check(e) < 0
            || check_image(x, m, prefix, e) < 0)
            return -1;
    }
    return 0;
}

static int tell_strays(struct checking *x, struct err *e)
{
    if (strays_find(&x->log, x->name, &x->strays, e) < 0)
        return -1;
    for (size_t i = 0; i < x->strays.count; i++)
        findings_add(&x->found, FINDING_NOTE, x->strays.list[i], "lies beside "
                     "the chain%s: it was not verified", x->log_changed
                     ? "" : ", and its case log does not have it");
    return 0;
}

/* ---------------------------------------------------------------- verdict */

static const struct {
    const char *word, *line;
    int status;
} verdicts[] = {
    [WHOLE] = { "verified", "VERIFIED: the chain ", 0 },
    [RESERVED] = { "verified-with-reserve",
                   "VERIFIED WITH A RESERVE: the chain ", 1 },
    [INCOMPLETE] = { "incomplete", "INCOMPLETE: the chain ", 1 },
    [FAILED] = { "failed", "FAILED: the chain ", 7 },
};

static int judge(const struct checking *x)
{
    if (x->of[FAILED] || x->found.of[FINDING_CHANGED])
        return FAILED;
    if (x->found.of[FINDING_MISSING])
        return INCOMPLETE;
    return x->of[RESERVED] ? RESERVED : WHOLE;
}

/* What is left out of it is told, however short the rest is. */
static void add_partial(const struct checking *x, struct text *t)
{
    const struct notes *n = &x->log.notes;

    if (!x->log.partial)
        return;
    text_addf(t, "; %s", case_partial_text(&x->log));
    if (n->count) {
        text_add(t, ": ");
        text_add_shown(t, n->list[0]);
    }
    if (n->count > 1)
        text_addf(t, " (and %zu more)", n->count - 1);
}

/* What a case log had that was changed, nobody knows. */
static void add_strays(const struct checking *x, struct text *t)
{
    const struct notes *n = &x->strays;

    if (!n->count)
        return;
    text_addf(t, "; beside it %s that %s%s not verified: ", n->count == 1
              ? "is an image" : "are images", x->log_changed ? ""
              : "its case log does not have, and that ", n->count == 1
              ? "was" : "were");
    text_add_shown(t, n->list[0]);
    if (n->count > 1)
        text_addf(t, " (and %zu more)", n->count - 1);
}

static void add_foundation(const struct checking *x, struct text *t)
{
    if (x->head_compared)
        text_addf(t, "; its case log has the head that was given, %s",
                  x->head);
    else if (x->head[0])
        text_addf(t, "; the head of its case log is %s: compare it with the "
                  "one that was kept, nothing else shows a case log that was "
                  "made anew", x->head);
}

static void add_verdict(const struct checking *x, struct text *t)
{
    int is = judge(x);

    text_add(t, verdicts[is].line);
    text_add_shown(t, x->name);
    if (is == WHOLE)
        text_addf(t, " is what %s acquired: %zu image%s",
                  x->head_compared ? "was" : "its case log says was",
                  x->of[WHOLE], x->of[WHOLE] == 1 ? "" : "s");
    else
        text_addf(t, ": %zu of %zu images verified, %zu with a reserve or "
                  "something missing, %zu failed", x->of[WHOLE],
                  x->log.count, x->of[RESERVED], x->of[FAILED]);
    if (x->worst) {
        text_add(t, "; the first of those: ");
        text_add_shown(t, x->worst);
    }
    if (x->log_changed)
        text_add(t, "; its case log was changed or contradicts itself");
    if (x->found.of[FINDING_LINE_ENDS])
        text_add(t, "; line ends of the case log's files were changed on the "
                 "way; the lines are those of the chain");
    add_partial(x, t);
    add_strays(x, t);
    add_foundation(x, t);
    text_add(t, "\n");
}

static void add_json(const struct checking *x, struct text *t)
{
    text_addf(t, "],\"verdict\":\"%s\",\"chain\":true,\"name\":",
              verdicts[judge(x)].word);
    text_add_json(t, x->name);
    text_add(t, ",\"head\":");
    if (x->head[0])
        text_add_json(t, x->head);
    else
        text_add(t, "null");
    text_addf(t, ",\"head_compared\":%s,\"snapshots\":%zu,\"verified\":%zu,"
              "\"reserved\":%zu,\"failed\":%zu,",
              x->head_compared ? "true" : "false", x->log.count,
              x->of[WHOLE], x->of[RESERVED], x->of[FAILED]);
    findings_json(&x->found, t);
    text_add(t, "}\n");
}

static int conclude(struct checking *x, struct err *e)
{
    if (findings_broken(&x->found, e) < 0)
        return -1;
    if (x->opt->json) {
        add_json(x, x->out);
    } else {
        if (!x->opt->quiet)
            findings_text(&x->found, x->out);
        add_verdict(x, x->out);
    }
    return x->out->failed || x->found.no_memory ? err_nomem(e)
                                                : verdicts[judge(x)].status;
}

static int find_sums(struct checking *x, struct err *e)
{
    struct beside b;
    int r = beside_read(&b, x->name, e);

    if (r == 0)
        x->sums = beside_path(&b, CASE_SUMS_SUFFIX);
    beside_free(&b);
    return r;
}

int case_verify(const struct verify_options *opt, const char *name,
                const char *log_path, struct text *out, struct err *e)
{
    struct checking x = { .opt = opt, .name = name, .out = out };
    int r;

    findings_init(&x.found, opt->verbose ? SIZE_MAX : 20);
    r = case_look_init(&x.log, log_path, e);
    if (r == 0)
        r = find_sums(&x, e);
    if (r == 0) {
        check_log(&x);
        x.log_changed = x.found.of[FINDING_CHANGED] > 0;
        if (opt->json)
            text_add(out, "{\"images\":[");
        r = check_images(&x, e);
        if (r == 0)
            r = tell_strays(&x, e);
    }
    if (r == 0)
        r = conclude(&x, e);
    findings_free(&x.found);
    notes_free(&x.strays);
    case_free(&x.log);
    free(x.sums);
    free(x.worst);
    return r;
}
