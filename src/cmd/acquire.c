/* `ebsimg acquire': a snapshot becomes an image with its log. */
#include <stddef.h>

#include "acquire/run.h"
#include "acquire/sealing.h"
#include "base/snapshot-id.h"
#include "case/series.h"
#include "cmd/commands.h"
#include "show/tell.h"

static void defaults(void *values)
{
    acquire_defaults(values);
}

static int run_new(const struct acquire_options *o, const char *snapshot,
                   struct err *e)
{
    struct result res;

    if (!snapshot_id_ok(snapshot))
        return err_set(e, ERR_USAGE, 0,
                       "%s is not a snapshot id; one looks like "
                       "snap-0123456789abcdef0", snapshot);
    if (acquire_one(o, snapshot, o->output ? o->output : snapshot, &res, e)
        < 0)
        return -1;
    return result_status(&res, e);
}

static int resume_chain(struct acquire_options *o, char **operands, int n,
                        struct err *e)
{
    if (o->seal_wanted)
        return err_set(e, ERR_USAGE, 0, "--seal is for one image, and this is "
                       "a chain: leave --seal out");
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
    return result_status(&res, e);
}

static int resume(struct acquire_options *o, char **operands, int n,
                  struct err *e)
{
    if (acquire_check_resume(o, e) < 0)
        return -1;
    if (o->chain || series_is_unfinished(o->resume))
        return resume_chain(o, operands, n, e);
    if (n > 1)
        return err_set(e, ERR_USAGE, 0, "too many snapshots: --resume goes on "
                       "with one image");
    return run_unfinished(o, n ? operands[0] : NULL, e);
}

static int acquire(struct acquire_options *o, char **operands, int n,
                   struct err *e)
{
    if (o->resume)
        return resume(o, operands, n, e);
    if (n == 0)
        return err_set(e, ERR_USAGE, 0, "acquire: SNAPSHOT is missing; see "
                       "ebsimg acquire --help");
    if (acquire_check(o, e) < 0)
        return -1;
    acquire_warn_long_fields(o);
    if (o->chain)
        return series_run(o, operands, (size_t)n, e);
    if (n > 1)
        return err_set(e, ERR_USAGE, 0, "too many snapshots for one image; "
                       "--chain makes an image of each");
    return run_new(o, operands[0], e);
}

static int run(void *values, char **operands, int n, struct err *e)
{
    struct acquire_options *o = values;
    int r;

    tell_set(o->quiet, o->verbose);
    r = sealing_open(o, e) < 0 ? -1 : acquire(o, operands, n, e);
    sealing_close(o);
    return r;
}

const struct command command_acquire = {
    .name = "acquire",
    .arguments = "SNAPSHOT...",
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
