/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/run.h"

#include <stdio.h>
#include <string.h>

#include "acquire/acquisition.h"
#include "acquire/cached.h"
#include "acquire/closing.h"
#include "acquire/forecast.h"
#include "acquire/journal-end.h"
#include "acquire/journal-start.h"
#include "acquire/judge.h"
#include "acquire/plan.h"
#include "acquire/preflight.h"
#include "acquire/pull.h"
#include "acquire/recheck.h"
#include "acquire/report.h"
#include "acquire/resume.h"
#include "acquire/sealing.h"
#include "acquire/since.h"
#include "audit/artefacts.h"
#include "base/scope.h"
#include "image/formats.h"

/* From the first block to the last digest. */
static int make_image(struct acquisition *a, struct err *e)
{
    struct journal *j = &a->journal;

    if (journal_folder(j, &a->outputs, e) < 0
        || journal_output(j, &a->outputs, &a->budget, e) < 0
        || pull_run(a, e) < 0
        || outputs_finish(&a->outputs, &a->result.stream, a->budget.threads,
                          e) < 0
        || judge_image(a, e) < 0 || journal_results(a, e) < 0)
        return -1;
    return journal_controls(j, &a->result.controls, e);
}

/* An earlier image that was looked at and not built upon is not tried a
 * second time: the sample that showed its list to be wrong is not taken
 * again. */
static struct recipe recipe_of(const struct acquisition *a)
{
    struct recipe p = {
        .version = a->journal.begun_by,
        .started = a->journal.started,
        .snapshot = a->origin.snapshot,
        .origin = origin_facts(&a->origin),
        .volume_size = a->origin.volume_size,
        .options = *a->opt,
    };

    p.options.chunk_size = a->outputs.chunk_size; /* the default may change
                                                   * one day */
    p.options.since = a->since.used ? a->since.path : NULL;
    return p;
}

static int open_outputs(struct acquisition *a, struct err *e)
{
    struct recipe p;

    if (outputs_open(&a->outputs, a->journal.started, a->since.share, e) < 0)
        return -1;
    p = recipe_of(a);
    return save_begin(&a->save, &p, e);
}

static int start(struct acquisition *a, struct err *e)
{
    autofree char *path = stage_path(a->outputs.stage, LOG_SUFFIX);
    struct journal *j = &a->journal;

    if (!path)
        return err_nomem(e);
    j->log = log_create(path, j->clock, e);
    if (!j->log || journal_start(j, a->origin.snapshot, e) < 0
        || preflight_run(a, e) < 0 || plan_make(a, e) < 0
        || forecast_run(a, e) < 0)
        return -1;
    return open_outputs(a, e);
}

/* First the questions: whether the keys are good is known sooner than
 * whether the image is. */
static int go_on(struct acquisition *a, struct err *e)
{
    if (resume_log(a, e) < 0 || preflight_run(a, e) < 0
        || resume_outputs(a, e) < 0 || plan_make(a, e) < 0)
        return -1;
    return forecast_run(a, e);
}

static int acquire(struct acquisition *a, struct err *e)
{
    int r = a->resume.on ? go_on(a, e) : start(a, e);

    if (r == 0 && a->opt->dry_run) {
        closing_dry(a);
        return 0;
    }
    if (r < 0 || make_image(a, e) < 0 || closing_good(a, e) < 0) {
        closing_bad(a, e);
        return -1;
    }
    save_close(&a->save);
    return 0;
}

/* Of a chain there is one table at its end. */
static bool is_shown(const struct acquire_options *o)
{
    return !o->dry_run && (o->json || (!o->quiet && (!o->chain || o->stats)));
}

static int show(struct acquisition *a, struct err *e)
{
    struct stats *s = &a->result.stats;

    s->after = clock_monotonic(a->journal.clock) - a->journal.pulled;
    return report_show(&a->record, &a->outputs, a->opt->stats ? s : NULL,
                       a->opt->json, e);
}

int result_status(const struct result *r, const struct err *why)
{
    int status = outcome_status(r->outcome, why);

    return status == 0 && r->unstamped ? 1 : status;
}

/* What outlives the run, from the parts that do not. */
static void take_result(struct acquisition *a, struct result *out)
{
    const struct ledger *l = &a->outputs.ledger;
    struct result *r = &a->result;

    r->counts = l->counts;
    memcpy(r->manifest, l->file, sizeof(r->manifest));
    memcpy(r->root, l->root, sizeof(r->root));
    r->built_upon = a->since.used;
    r->audited = a->since.audited;
    if (a->opt->since)
        snprintf(r->since, sizeof(r->since), "%s", a->opt->since);
    *out = *r;
}

static void end(struct acquisition *a, struct result *out)
{
    take_result(a, out);
    outputs_free(&a->outputs);
    run_record_free(&a->record);
    origin_free(&a->origin); /* whose source may read the earlier image */
    since_free(&a->since);
    cached_free(&a->cache);
    resume_free(&a->resume);
    stage_free(a->outputs.stage);
}

static void begin(struct acquisition *a, const struct acquire_options *o,
                  const char *snapshot, const char *prefix)
{
    *a = (struct acquisition){
        .opt = o,
        .origin = { .snapshot = snapshot },
        .outputs = { .opt = o, .from = &a->origin, .prefix = prefix },
        .save = { .outputs = &a->outputs, .journal = &a->journal },
    };
    journal_begin(&a->journal, o, &clock_system);
}

static void make_room(struct acquisition *a)
{
    const struct acquire_options *o = a->opt;

    budget_for_acquire(&a->budget, o->threads, o->memory,
                     formats_any(o->formats, FORMAT_PACKED),
                     fetch_slots((unsigned)o->service.connections));
}

/* With a stage that is open. */
static int run(struct acquisition *a, struct err *e)
{
    int r;

    make_room(a);
    r = acquire(a, e);
    return r == 0 && is_shown(a->opt) ? show(a, e) : r;
}

int acquire_one(const struct acquire_options *o, const char *snapshot,
                const char *prefix, struct result *out, struct err *e)
{
    struct acquisition a;
    int r;

    begin(&a, o, snapshot, prefix);
    a.outputs.stage = stage_open(prefix, e);
    r = a.outputs.stage ? run(&a, e) : -1;
    end(&a, out);
    return r < 0 || o->dry_run ? r : sealing_run(o, prefix, out, e);
}

int acquire_prove_found(const struct acquire_options *o, const char *snapshot,
                        const char *prefix, struct log *log, struct err *e)
{
    struct acquisition a;
    struct result none;
    int r;

    begin(&a, o, snapshot, prefix);
    a.journal.log = log;
    make_room(&a);
    r = preflight_run(&a, e) < 0 || recheck_found(&a, e) < 0
        ? err_in(e, "the image %s", prefix) : 0;
    end(&a, &none);
    return r;
}

/* ---------------------------------------------------------------- resume */

static int open_unfinished(struct acquisition *a, struct acquire_options *o,
                           const char *snapshot, struct err *e)
{
    if (resume_open(a, o, e) < 0)
        return -1;
    if (snapshot && strcmp(snapshot, a->origin.snapshot) != 0)
        return err_set(e, ERR_USAGE, 0, "the run in %s is of %s, not of %s",
                       stage_folder(a->outputs.stage), a->origin.snapshot,
                       snapshot);
    /* Not its endpoint: who can write in the folder would be sent the keys'
     * signatures. */
    if (!o->service.region)
        o->service.region = a->resume.kept->origin.region;
    return 0;
}

int acquire_unfinished(struct acquire_options *o, const char *snapshot,
                       struct result *out, struct err *e)
{
    struct acquisition a;
    int r;

    begin(&a, o, snapshot, o->resume);
    r = open_unfinished(&a, o, snapshot, e);
    if (r == 0)
        r = run(&a, e);
    end(&a, out);
    return r < 0 ? r : sealing_run(o, o->resume, out, e);
}
