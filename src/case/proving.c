/* SPDX-License-Identifier: Apache-2.0 */
#include "case/proving.h"

#include "audit/log.h"
#include "base/scope.h"
#include "base/text.h"
#include "case/case-verify.h"
#include "custody/add.h"
#include "show/tell.h"
#include "verify/verification.h"

static void without_newline(struct text *t)
{
    if (t->s && t->len && t->s[t->len - 1] == '\n')
        t->s[--t->len] = '\0';
}

static void add_facts(int status, const struct text *sentence,
                      struct record *facts)
{
    record_str(facts, "against", "the record of its acquisition");
    record_str(facts, "result", status == 7 ? "failed" : "the same");
    record_str(facts, "detail", sentence->s ? sentence->s : "");
}

/* By whoever sealed the run, when it was sealed.  1: without its time stamp. */
static int enter(const struct acquire_options *o, const char *prefix,
                 int status, const struct text *sentence, struct err *e)
{
    autotext struct text report = TEXT_INIT;
    autorecord struct record facts = RECORD_INIT;
    const struct custody_wish w = { .kind = CUSTODY_VERIFICATION,
                                    .facts = &facts };
    struct seal_options seal = o->seal;
    int r;

    seal.stamp.ca_bundle = o->service.ca_bundle;
    add_facts(status, sentence, &facts);
    r = custody_add(&seal, o->signer, prefix, &w, &report, e);
    tell_notes(report.s);
    return r < 0 ? err_in(e, "the result of --verify is not entered") : r;
}

/* What is found out is shown, too, when it cannot be entered. */
static int prove(const struct acquire_options *o, const char *prefix,
                 struct err *e)
{
    autotext struct text out = TEXT_INIT, sentence = TEXT_INIT;
    const struct verify_options v = {
        .threads = o->threads, .memory = o->memory, .progress = o->progress,
        .json = o->json, .quiet = o->quiet, .verbose = o->verbose,
        .sentence = &sentence,
    };
    int status = verify_run(&v, prefix, &out, e);
    int entered;

    if (status < 0)
        return err_in(e, "the image is complete, but --verify could not read "
                      "it again");
    without_newline(&sentence);
    if (case_print(&out, e) < 0)
        return -1;
    entered = sentence.failed ? err_nomem(e)
                              : enter(o, prefix, status, &sentence, e);
    return entered < 0 ? -1 : case_worse(status, entered);
}

int proving_status(const struct acquire_options *o, const char *prefix,
                   const struct result *r, struct err *e)
{
    int status = result_status(r, e);
    int proved;

    if (!o->verify || o->dry_run)
        return status;
    proved = prove(o, prefix, e);
    return proved < 0 ? -1 : case_worse(status, proved);
}
