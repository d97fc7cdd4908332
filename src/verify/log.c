/* SPDX-License-Identifier: Apache-2.0 */
/* The log of an acquisition: whether it is sound, whether it holds what an
 * honest one holds, whether it is the one whose head was kept, and how the run
 * ended as it says. */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "audit/outcome.h"
#include "audit/run-rules.h"
#include "audit/voucher.h"
#include "base/file.h"
#include "base/text.h"
#include "verify/verification.h"

static void judge_verdict(struct verification *v, const char *verdict)
{
    enum outcome o;

    if (outcome_parse(verdict, &o) < 0)
        return; /* a rule has told */
    v->unfinished = !outcome_is_good(o);
    if (o != OUTCOME_COMPLETE)
        findings_add(&v->found, outcome_is_good(o) ? FINDING_NOTE
                     : FINDING_BAD, "log",
                     "says that the acquisition ended as %s", verdict);
}

static void on_rule(void *ctx, const struct run_finding *f)
{
    struct verification *v = ctx;
    const char *name = file_name(v->ev.log_path);
    enum finding_kind kind = f->note ? FINDING_NOTE : FINDING_CHANGED;

    if (f->line)
        findings_add(&v->found, kind, name, "line %" PRIu64 ": %s", f->line,
                     f->text);
    else
        findings_add(&v->found, kind, name, "%s", f->text);
}

static void compare_head(struct verification *v)
{
    if (!v->opt->head)
        return;
    v->head_compared = strcasecmp(v->opt->head, v->head) == 0;
    if (v->head_compared)
        findings_add(&v->found, FINDING_GOOD, "log",
                     "its head is the one that was given");
    else
        findings_add(&v->found, FINDING_CHANGED, "log",
                     "its head is %s, but %s was given: it is another log, or "
                     "it was made anew", v->head, v->opt->head);
}

/* Of a chain: its case log has what each image had when it was made. */
static void ask_case_log(struct verification *v)
{
    const struct run_record *r = &v->ev.log;
    struct voucher x;
    struct err e = ERR_INIT;
    int found = voucher_find(v->ev.prefix, &x, &e);

    if (found == 0)
        found = voucher_check(&x, r->check.head, r->manifest_known
                              ? r->manifest_sha256 : NULL,
                              r->manifest_known ? r->manifest_root : NULL,
                              &e);
    v->in_case_log = found == 0 && x.known;
    if (v->in_case_log)
        findings_add(&v->found, FINDING_GOOD, file_name(x.path),
                     "has this head for the image");
    else if (found < 0 && e.kind != ERR_USAGE)
        findings_blame(&v->found, FINDING_CHANGED, "case log", &e);
    else if (found < 0)
        findings_add(&v->found, FINDING_NOTE, "case log", "%s", e.msg);
    else if (x.path)
        findings_add(&v->found, FINDING_NOTE, file_name(x.path),
                     "does not have this image");
    voucher_free(&x);
}

/* Without a log nothing but the image itself says what it is. */
static void tell_none(struct verification *v)
{
    if (v->opt->head)
        findings_add(&v->found, FINDING_MISSING, "the log",
                     "there is none that could have the head that was given");
    else
        findings_add(&v->found, FINDING_NOTE, "log", "there is none");
}

void verify_read_log(struct verification *v)
{
    struct run_record *r = &v->ev.log;
    const struct run_judge judge = { on_rule, v };
    struct err e = ERR_INIT;
    size_t before = findings_bad(&v->found);

    if (!v->ev.log_path) {
        tell_none(v);
        return;
    }
    if (evidence_read_log(&v->ev, &e) < 0) {
        findings_blame(&v->found, FINDING_CHANGED, "log", &e);
        return;
    }
    hex_encode(v->head, r->check.head, LOG_HASH);
    findings_add(&v->found, FINDING_GOOD, "log",
                 "%" PRIu64 " events, chain unbroken, head %s",
                 r->check.events, v->head);
    if (r->check.line_ends)
        verify_tell_line_ends(&v->found, file_name(v->ev.log_path));
    if (r->unreadable != RUN_UNTOLD)
        v->unreadable = r->unreadable;
    compare_head(v);
    ask_case_log(v);
    run_rules_check(r, &judge);
    if (!r->check.closed)
        findings_add(&v->found, FINDING_CHANGED, "log",
                     "has no closing record: the run died");
    else
        judge_verdict(v, r->verdict);
    v->log_sound = findings_bad(&v->found) == before;
}
