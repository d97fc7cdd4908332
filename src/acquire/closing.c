/* The end of an acquisition: the papers and the names, or what stays of one
 * that failed. */

#include "acquire/acquisition.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"
#include "show/tell.h"

/* The closing record, then the papers that quote it, then the names. */
int closing_good(struct acquisition *a, struct err *e)
{
    struct err none = ERR_INIT;
    struct log *l = a->log;

    preflight_rest(a);
    if (journal_end(a, &none, e) < 0)
        return -1;
    a->log = NULL;
    if (log_close(l, e) < 0 || outputs_add_file(a, ".log.jsonl", e) < 0
        || report_write(a, e) < 0 || outputs_add_file(a, ".txt", e) < 0
        || outputs_write_sums(a, e) < 0 || save_publish(a, e) < 0)
        return -1;
    return stage_publish(a->stage, ".log.jsonl", e);
}

/* Not a block has come: nothing is worth keeping. */
static void discard(struct acquisition *a)
{
    struct err ignored = ERR_INIT;

    log_close(a->log, &ignored);
    a->log = NULL;
    save_close(a);
    stage_discard(a->stage);
}

/* The log was closed with a good verdict before what quotes it was written,
 * and that has failed: another closing record takes the verdict back. */
static void reopen_log(struct acquisition *a)
{
    autofree char *path = stage_path(a->stage, ".log.jsonl");
    struct err ignored = ERR_INIT;

    if (path && a->log_end.events && !a->save.final)
        a->log = log_reopen(path, a->clock, &a->log_end, &ignored);
}

static void end_log(struct acquisition *a, const struct err *why)
{
    struct err ignored = ERR_INIT;

    a->outcome = outcome_of_failure(why);
    if (!a->log)
        reopen_log(a);
    if (!a->log)
        return;
    journal_end(a, why, &ignored);
    log_close(a->log, &ignored);
    a->log = NULL;
}

/* The run failed after it had begun to write: what there is stays in the
 * partial folder, and the log says why it ended. */
static void keep(struct acquisition *a, const struct err *why)
{
    const char *state = a->log ? "unfinished" : "finished";
    autofree char *word = text_word(a->prefix);

    save_last(a);
    outputs_abandon(a);
    end_log(a, why);
    save_close(a);
    if (!file_exists(stage_folder(a->stage)))
        return;
    if (a->opt->chain /* which tells how to go on with all of it */
        || (a->resume.on && why->kind == ERR_VERIFY)) /* there is no way */
        tell_always("the %s image and its log stay in %s", state,
                    stage_folder(a->stage));
    else
        tell_always("the %s image and its log stay in %s; to go on with it: "
                    "ebsimg acquire --resume %s", state,
                    stage_folder(a->stage), word ? word : "PREFIX");
}

void closing_bad(struct acquisition *a, const struct err *why)
{
    const struct ledger_counts *c = &a->ledger.counts;

    preflight_rest(a);
    if (a->resume.on || c->stored + c->zero + c->unreadable) {
        keep(a, why);
        return;
    }
    outputs_abandon(a);
    discard(a);
}
