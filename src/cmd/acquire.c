/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg acquire': a snapshot becomes an image with its log. */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "acquire/forecast.h"
#include "acquire/prefix.h"
#include "acquire/run.h"
#include "acquire/sealing.h"
#include "acquire/streaming.h"
#include "audit/typed.h"
#include "base/scope.h"
#include "case/proving.h"
#include "case/series.h"
#include "cmd/commands.h"
#include "discover/target.h"
#include "show/progress.h"
#include "show/tell.h"

static void defaults(void *values)
{
    acquire_defaults(values);
}

static int run_new(struct acquire_options *o, const struct target *t,
                   struct err *e)
{
    autofree char *prefix = prefix_of(o, t->snapshot, e);
    struct result res;

    o->chosen = t->how;
    if (!prefix || acquire_one(o, t->snapshot, prefix, &res, e) < 0)
        return -1;
    return proving_status(o, prefix, &res, e);
}

static int refuse_for_several(const char *option, const char *instead,
                              struct err *e)
{
    return err_set(e, ERR_USAGE, 0, "%s is about one image, not about a case "
                   "of several: %s", option, instead);
}

/* What is about one image, and would be another thing for each of many. */
static int check_several(const struct acquire_options *o, struct err *e)
{
    if (o->streamed)
        return refuse_for_several("--output -", "standard output takes one",
                                  e);
    if (o->dry_run)
        return refuse_for_several("--dry-run", "`ebsimg plan' tells what they "
                                  "take", e);
    if (o->max_cost)
        return refuse_for_several("--max-cost", "`ebsimg plan' tells what "
                                  "they cost together", e);
    if (o->verify)
        return refuse_for_several("--verify", "`ebsimg verify' reads all of "
                                  "them when the case is whole", e);
    if (o->seal_wanted)
        return refuse_for_several("--seal", "seal each with `ebsimg seal' "
                                  "when it is whole", e);
    return 0;
}

/* An image of each, of different volumes or of one. */
static int run_apart(struct acquire_options *o, struct targets *t,
                     char **names, size_t n, struct err *e)
{
    autofree char *prefix = NULL;

    if (check_several(o, e) < 0)
        return -1;
    if (o->since)
        return refuse_for_several("--since", "it builds one image upon "
                                  "another", e);
    prefix = prefix_of(o, names[0], e);
    if (!prefix)
        return -1;
    o->output = prefix;
    o->apart = o->chain = true;
    return series_run_apart(o, names, n, t->ids, t->count, &t->missing, e);
}

/* What is left out must stand somewhere: a case log has room for that. */
static int run_found(struct acquire_options *o, struct targets *t,
                     char **names, size_t n, struct err *e)
{
    if (t->count > SERIES_MAX)
        return err_set(e, ERR_USAGE, 0, "%zu snapshots are more than the %d "
                       "that one case has room for", t->count, SERIES_MAX);
    return t->count > 1 || t->missing.count ? run_apart(o, t, names, n, e)
        : run_new(o, &t->list[0], e);
}

static bool is_chosen(const struct target_choice *c)
{
    return c->latest || c->all || c->at;
}

/* A chain finds its snapshots itself, in the order of its proofs. */
static int run_chain(struct acquire_options *o, char **names, size_t n,
                     struct err *e)
{
    autofree char *prefix = NULL;

    if (check_several(o, e) < 0)
        return -1;
    if (o->which.latest || o->which.at)
        return err_set(e, ERR_USAGE, 0, "--chain makes images of several "
                       "snapshots, and %s names one: leave one of them out",
                       o->which.latest ? "--latest" : "--at");
    prefix = prefix_of(o, names[0], e);
    if (!prefix)
        return -1;
    o->output = prefix;
    return series_run(o, names, n, e);
}

static int run_targets(struct acquire_options *o, char **names, size_t n,
                       struct err *e)
{
    struct targets arns = { 0 }, t = { 0 };
    int r = targets_plain(&o->service, names, n, &arns, e);

    if (r == 0 && o->chain) {
        r = run_chain(o, names, n, e);
    } else if (r == 0) {
        r = targets_find(&o->service, &o->which, names, n, &t, e);
        if (r == 0)
            r = run_found(o, &t, names, n, e);
    }
    targets_free(&t);
    targets_free(&arns);
    return r;
}

static int resume_chain(struct acquire_options *o, char **operands, int n,
                        struct err *e)
{
    if (check_several(o, e) < 0)
        return -1;
    if (o->since)
        return err_set(e, ERR_USAGE, 0, "each image of a chain builds upon "
                       "the one before: leave --since out");
    return series_resume(o, operands, (size_t)n, e);
}

static int run_unfinished(struct acquire_options *o, const char *snapshot,
                          struct err *e)
{
    struct result res;

    if (acquire_unfinished(o, snapshot, &res, e) < 0)
        return -1;
    return proving_status(o, o->resume, &res, e);
}

static int resume_prefix(struct acquire_options *o, char **operands, int n,
                         struct err *e)
{
    if (is_chosen(&o->which))
        return err_set(e, ERR_USAGE, 0, "--resume goes on with the snapshots "
                       "of its run: leave --latest, --at and --all out");
    if (o->chain || series_is_unfinished(o->resume))
        return resume_chain(o, operands, n, e);
    if (n > 1)
        return err_set(e, ERR_USAGE, 0, "too many snapshots: --resume goes on "
                       "with one image");
    return run_unfinished(o, n ? operands[0] : NULL, e);
}

static int resume(struct acquire_options *o, char **operands, int n,
                  struct err *e)
{
    autofree char *prefix = NULL;

    if (acquire_check_resume(o, e) < 0 || forecast_check(o, e) < 0)
        return -1;
    prefix = typed_unfinished(o->resume);
    if (!prefix)
        return err_nomem(e);
    if (strcmp(prefix, o->resume) != 0 && o->progress != PROGRESS_JSON)
        tell_note("--resume %s: the run is %s", o->resume, prefix);
    o->resume = prefix;
    return resume_prefix(o, operands, n, e);
}

/* A unit may mean another number to who typed it. */
static void tell_sizes(const struct acquire_options *o)
{
    const struct { const char *option; uint64_t bytes; } sizes[] = {
        { "segment-size", o->segment_size }, { "chunk-size", o->chunk_size },
        { "memory", o->memory },
    };

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        if (o->progress != PROGRESS_JSON
            && option_given(acquire_rows, &o->given, sizes[i].option))
            tell_note("--%s is %" PRIu64 " bytes", sizes[i].option,
                      sizes[i].bytes);
}

static int acquire(struct acquire_options *o, char **operands, int n,
                   struct err *e)
{
    if (o->resume)
        return resume(o, operands, n, e);
    if (n == 0)
        return err_set(e, ERR_USAGE, 0, "acquire: SNAPSHOT is missing; see "
                       "ebsimg acquire --help");
    if (acquire_check(o, e) < 0 || forecast_check(o, e) < 0
        || streaming_open(o, e) < 0)
        return -1;
    acquire_warn_long_fields(o);
    tell_sizes(o);
    if (n > 1 && !o->chain && !o->which.all)
        return err_set(e, ERR_USAGE, 0, "too many snapshots for one image; "
                       "--all makes an image of each, and --chain builds each "
                       "upon the one before");
    return run_targets(o, operands, (size_t)n, e);
}

static int run(void *values, char **operands, int n, struct err *e)
{
    struct acquire_options *o = values;
    int r;

    tell_set(o->quiet, o->verbose);
    o->service.case_number = o->case_number;
    r = streaming_check(o, e) < 0 || sealing_open(o, e) < 0
        ? -1 : acquire(o, operands, n, e);
    sealing_close(o);
    streaming_close(o);
    return r;
}

const struct command command_acquire = {
    .name = "acquire",
    .arguments = "SNAPSHOT|VOLUME|INSTANCE|IMAGE...",
    .summary = "Pulls every block of a snapshot into an E01 or raw image"
               " with its log",
    .options = acquire_rows,
    .values_size = sizeof(struct acquire_options),
    .given = offsetof(struct acquire_options, given),
    .defaults = defaults,
    .min_operands = 0,
    .max_operands = SERIES_MAX,
    .run = run,
};
