/* The whole way of one snapshot, from its name to its image. */
#include <string.h>

#include "acquire/acquisition.h"
#include "acquire/recheck.h"
#include "audit/artefacts.h"
#include "base/scope.h"

/* From the first block to the last digest. */
static int make_image(struct acquisition *a, struct err *e)
{
    if (journal_folder(a, e) < 0 || journal_output(a, e) < 0
        || pull_run(a, e) < 0 || outputs_finish(a, e) < 0
        || judge_image(a, e) < 0 || journal_results(a, e) < 0)
        return -1;
    return journal_controls(a, e);
}

static int start(struct acquisition *a, struct err *e)
{
    autofree char *log_path = stage_path(a->stage, LOG_SUFFIX);

    if (!log_path)
        return err_nomem(e);
    a->log = log_create(log_path, a->clock, e);
    if (!a->log || journal_start(a, e) < 0 || preflight_run(a, e) < 0
        || preflight_plan(a, e) < 0)
        return -1;
    return outputs_open(a, e) < 0 || save_begin(a, e) < 0 ? -1 : 0;
}

/* First the questions: whether the keys are good is known sooner than
 * whether the image is. */
static int go_on(struct acquisition *a, struct err *e)
{
    if (resume_log(a, e) < 0 || preflight_run(a, e) < 0
        || resume_outputs(a, e) < 0)
        return -1;
    return preflight_plan(a, e);
}

static int acquire(struct acquisition *a, struct err *e)
{
    if ((a->resume.on ? go_on(a, e) : start(a, e)) < 0
        || make_image(a, e) < 0 || closing_good(a, e) < 0) {
        closing_bad(a, e);
        return -1;
    }
    save_close(a);
    return 0;
}

/* Of a chain there is one table at its end. */
static bool is_shown(const struct acquire_options *o)
{
    return o->json || (!o->quiet && (!o->chain || o->stats));
}

static int acquire_and_show(struct acquisition *a, struct err *e)
{
    int r = acquire(a, e);

    if (r == 0 && is_shown(a->opt))
        r = report_show(a, e);
    outputs_free(a);
    preflight_free(a);
    return r;
}

static void begin(struct acquisition *a, const struct acquire_options *o,
                  const char *snapshot)
{
    *a = (struct acquisition){
        .opt = o,
        .snapshot = snapshot,
        .clock = &clock_system,
        .begun_by = PACKAGE_VERSION,
    };
    a->started = a->session = clock_wall(a->clock);
    a->woke = clock_monotonic(a->clock);
    span_begin(&a->span, a->clock);
}

static void make_room(struct acquisition *a)
{
    const struct acquire_options *o = a->opt;

    budget_for_acquire(&a->budget, o->threads, o->memory,
                     formats_any(o->formats, FORMAT_PACKED),
                     fetch_slots((unsigned)o->service.connections));
}

static int run_opened(struct acquisition *a, struct err *e)
{
    int r;

    make_room(a);
    r = acquire_and_show(a, e);
    stage_free(a->stage);
    a->stage = NULL;
    return r;
}

int acquire_one(struct acquisition *a, const struct acquire_options *o,
                const char *snapshot, const char *prefix, struct err *e)
{
    begin(a, o, snapshot);
    a->prefix = prefix;
    a->stage = stage_open(prefix, e);
    return a->stage ? run_opened(a, e) : -1;
}

int acquire_prove_found(const struct acquire_options *o, const char *snapshot,
                        const char *prefix, struct log *log, struct err *e)
{
    struct acquisition a;
    int r;

    begin(&a, o, snapshot);
    a.prefix = prefix;
    a.log = log;
    make_room(&a);
    r = preflight_run(&a, e) < 0 || recheck_found(&a, e) < 0
        ? err_in(e, "the image %s", prefix) : 0;
    preflight_free(&a);
    return r;
}

/* ---------------------------------------------------------------- resume */

static int open_unfinished(struct acquisition *a, struct acquire_options *o,
                           struct err *e)
{
    const char *snapshot = a->snapshot;

    a->prefix = o->resume;
    if (resume_open(a, o, e) < 0)
        return -1;
    if (snapshot && strcmp(snapshot, a->snapshot) != 0)
        return err_set(e, ERR_USAGE, 0, "the run in %s is of %s, not of %s",
                       stage_folder(a->stage), a->snapshot, snapshot);
    /* Not its endpoint: who can write in the folder would be sent the keys'
     * signatures. */
    if (!o->service.region)
        o->service.region = a->kept->origin.region;
    return 0;
}

int acquire_unfinished(struct acquisition *a, struct acquire_options *o,
                       const char *snapshot, struct err *e)
{
    int r;

    begin(a, o, snapshot);
    r = open_unfinished(a, o, e);
    if (r == 0)
        r = run_opened(a, e);
    resume_free(a);
    stage_free(a->stage);
    return r;
}
