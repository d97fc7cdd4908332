/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/closing.h"

#include "acquire/journal-end.h"
#include "acquire/report.h"
#include "audit/artefacts.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"
#include "show/tell.h"

/* It is the mark of a run that did not finish, and this one did. */
static void tell_left(const struct outputs *o)
{
    if (file_exists(stage_folder(o->stage)))
        tell_warning("the run is complete, but %s could not be removed: it "
                     "holds files of others, or the file system keeps some "
                     "that are deleted; no file of the run is in it",
                     stage_folder(o->stage));
}

/* The closing record, then the papers that quote it, then the names. */
int closing_good(struct acquisition *a, struct err *e)
{
    struct err none = ERR_INIT;
    struct log *l = a->journal.log;
    struct outputs *o = &a->outputs;

    origin_rest(&a->origin);
    if (journal_end(a, &none, e) < 0)
        return -1;
    a->journal.log = NULL;
    if (log_close(l, e) < 0 || outputs_add_file(o, LOG_SUFFIX, e) < 0
        || report_write(&a->record, o->stage, &a->result.log_end, e) < 0
        || outputs_add_file(o, SUMMARY_SUFFIX, e) < 0
        || outputs_write_sums(o, &a->result.stream, e) < 0
        || save_publish(&a->save, a->result.outcome, e) < 0)
        return -1;
    if (stage_publish(o->stage, LOG_SUFFIX, e) < 0)
        return -1;
    tell_left(o);
    return 0;
}

/* Not a block has come: nothing is worth keeping. */
static void discard(struct acquisition *a)
{
    struct err ignored = ERR_INIT;

    log_close(a->journal.log, &ignored);
    a->journal.log = NULL;
    save_close(&a->save);
    stage_discard(a->outputs.stage);
}

/* The log was closed with a good verdict before what quotes it was written,
 * and that has failed: another closing record takes the verdict back. */
static void reopen_log(struct acquisition *a)
{
    autofree char *path = stage_path(a->outputs.stage, LOG_SUFFIX);
    struct err ignored = ERR_INIT;

    if (path && a->result.log_end.events && !a->save.final)
        a->journal.log = log_reopen(path, a->journal.clock,
                                    &a->result.log_end, &ignored);
}

static void end_log(struct acquisition *a, const struct err *why)
{
    struct err ignored = ERR_INIT;

    a->result.outcome = outcome_of_failure(why);
    if (!a->journal.log)
        reopen_log(a);
    if (!a->journal.log)
        return;
    journal_end(a, why, &ignored);
    log_close(a->journal.log, &ignored);
    a->journal.log = NULL;
}

/* The run failed after it had begun to write: what there is stays in the
 * partial folder, and the log says why it ended. */
static void keep(struct acquisition *a, const struct err *why)
{
    const char *state = a->journal.log ? "unfinished" : "finished";
    const char *folder = stage_folder(a->outputs.stage);

    save_last(&a->save);
    outputs_abandon(&a->outputs);
    end_log(a, why);
    save_close(&a->save);
    if (!file_exists(folder))
        return;
    if (a->opt->streamed)
        tell_always("what has left by standard output is no whole image: throw "
                    "it away and begin anew; the log of the run stays in %s",
                    folder);
    else if (a->opt->chain /* which tells how to go on with all of it */
        || (a->resume.on && why->kind == ERR_VERIFY)) /* there is no way */
        tell_always("the %s image and its log stay in %s", state, folder);
    else
        tell_command("ebsimg acquire --resume", a->outputs.prefix, "the %s "
                     "image and its log stay in %s; to go on with it:", state,
                     folder);
}

void closing_dry(struct acquisition *a)
{
    origin_rest(&a->origin);
    outputs_abandon(&a->outputs);
    discard(a);
    tell_note("no block was fetched, and nothing is left (--dry-run)");
}

void closing_bad(struct acquisition *a, const struct err *why)
{
    const struct ledger_counts *c = &a->outputs.ledger.counts;

    origin_rest(&a->origin);
    if (a->resume.on || c->stored + c->zero + c->unreadable) {
        keep(a, why);
        return;
    }
    if (a->outputs.nsinks)
        tell_note("no block had been written when the run ended: nothing is "
                  "left of it");
    outputs_abandon(&a->outputs);
    discard(a);
}
