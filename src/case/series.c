/* SPDX-License-Identifier: Apache-2.0 */
#include "case/series-private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acquire/recipe-options.h"
#include "acquire/run.h"
#include "aws/failure.h"
#include "base/scope.h"
#include "base/snapshot-id.h"
#include "audit/stage.h"
#include "base/text.h"
#include "case/case-log.h"
#include "case/members.h"
#include "case/standing.h"
#include "show/tell.h"
#include "verify/verification.h"

/* ----------------------------------------------------------------- images */

/* Of two exit statuses the one that says more: a failure before a
 * reservation, the first failure before later ones. */
static void note_status(struct series *s, int status)
{
    if (s->status == 0 || (s->status == 1 && status > 1))
        s->status = status;
}

static void note_made(struct series *s, int status, char **prefix)
{
    note_status(s, status);
    s->made++;
    free(s->last);
    s->last = *prefix;
    *prefix = NULL;
}

/* It has its files, and the case log does not know it yet. */
static int take_found(struct series *s, struct case_member *m,
                      char **prefix, struct err *e)
{
    if (case_write_found(&s->log, m, *prefix, e) < 0)
        return -1;
    note_made(s, m->status, prefix);
    return 0;
}

/* The service tells of blocks that it stores, and none of the others. */
static int check_files(const struct series *s, const char *prefix,
                       struct err *e)
{
    const struct verify_options o = {
        .threads = s->opt->threads, .memory = s->opt->memory,
        .progress = s->opt->progress, .quiet = true,
    };
    autotext struct text verdict = TEXT_INIT;
    int status = verify_run(&o, prefix, &verdict, e);

    if (status != 7)
        return status < 0 ? -1 : 0;
    return err_set(e, ERR_VERIFY, 0, "the image %s is not what its own log "
                   "says, and is not taken: ebsimg verify tells what differs",
                   prefix);
}

static int prove_found(const struct series *s, const struct case_member *m,
                       const char *prefix, struct err *e)
{
    return acquire_prove_found(s->opt, m->snapshot, prefix, s->log.log, e) < 0
        || check_files(s, prefix, e) < 0 ? -1 : 0;
}

/* The image of an earlier session, which may have ended before it could say
 * so in the case log; then nothing says who made it, and the service is
 * asked.  One that the case log knows was compared with it already. */
static int take_finished(struct series *s, struct case_member *m,
                         char **prefix, struct err *e)
{
    if (stage_remove_void(*prefix, e) < 0)
        return -1;
    if (!standing_is_made(m))
        return prove_found(s, m, *prefix, e) < 0
            ? -1 : take_found(s, m, prefix, e);
    note_made(s, m->status, prefix);
    return 0;
}

static int log_image(struct series *s, struct case_member *m,
                     char **prefix, const struct result *res,
                     const struct err *why, struct err *e)
{
    if (case_write_image(&s->log, m, *prefix, res, why, e) < 0)
        return -1;
    if (why->kind == ERR_NONE) {
        note_made(s, m->status, prefix);
        return 0;
    }
    note_status(s, m->status);
    *e = *why;
    return -1;
}

int series_settle(struct series *s, struct case_member *m, char **prefix,
                  bool rest, const struct result *res, const struct err *why,
                  struct err *e)
{
    if (!rest || why->kind != ERR_NONE)
        return log_image(s, m, prefix, res, why, e);
    case_count(m, res);
    return take_found(s, m, prefix, e);
}

static int make_new(struct series *s, struct case_member *m,
                    char **prefix, struct err *e)
{
    struct acquire_options o = *s->opt;
    struct result res;
    struct err why = ERR_INIT;

    o.since = s->opt->apart ? NULL : s->last;
    if (acquire_one(&o, m->snapshot, *prefix, &res, &why) == 0)
        why.kind = ERR_NONE;
    return series_settle(s, m, prefix, false, &res, &why, e);
}

/* What a session has left of an image; it builds upon the same one. */
static int make_rest(struct series *s, struct case_member *m,
                     char **prefix, struct err *e)
{
    struct acquire_options o = *s->opt;
    struct result res;
    struct err why = ERR_INIT;

    o.resume = *prefix;
    if (acquire_unfinished(&o, m->snapshot, &res, &why) == 0)
        why.kind = ERR_NONE;
    return series_settle(s, m, prefix, true, &res, &why, e);
}

int series_look(struct series *s, struct case_member *m, char **prefix,
                bool *rest, struct err *e)
{
    enum stage_left left = STAGE_NOTHING;

    if (s->goes_on && stage_look(*prefix, &left, e) < 0)
        return -1;
    if (left == STAGE_FINISHED)
        return take_finished(s, m, prefix, e) < 0 ? -1 : 1;
    *rest = left == STAGE_UNFINISHED;
    return left == STAGE_VOID ? stage_remove_void(*prefix, e) : 0;
}

static int make_image(struct series *s, struct case_member *m,
                      char **prefix, struct err *e)
{
    bool rest = false;
    int r = series_look(s, m, prefix, &rest, e);

    if (r != 0)
        return r < 0 ? -1 : 0;
    tell_note("snapshot %zu of %zu: %s", (size_t)(m - s->log.members) + 1,
              s->log.count, m->snapshot);
    return rest ? make_rest(s, m, prefix, e) : make_new(s, m, prefix, e);
}

static int try_image(struct series *s, struct case_member *m,
                     struct err *e)
{
    autofree char *prefix = standing_prefix(s->prefix, m, e);

    return prefix ? make_image(s, m, &prefix, e) : -1;
}

int series_note_failure(struct series *s, const struct err *why,
                        struct err *e)
{
    s->failed++;
    note_status(s, err_exit_status(why->kind));
    if (failure_ends(ASKED_FOR_ONE_OF_MANY, why)) {
        *e = *why;
        return -1;
    }
    tell_always("%s", why->msg);
    if (s->first.kind == ERR_NONE)
        s->first = *why;
    return 0;
}

static int make_images(struct series *s, struct err *e)
{
    if (s->log.apart && s->log.count > 1 && s->opt->at_once != 1)
        return series_make_at_once(s, e);
    for (size_t i = 0; i < s->log.count; i++) {
        struct err why = ERR_INIT;

        if (try_image(s, &s->log.members[i], &why) < 0
            && series_note_failure(s, &why, e) < 0)
            return -1;
    }
    return 0;
}

/* -------------------------------------------------------------------- run */

static void tell_remedy(const struct series *s)
{
    tell_command("ebsimg acquire --resume", s->prefix, "%zu of %zu images are "
                 "made; to go on with the %s:", s->made, s->log.count,
                 s->log.apart ? "case" : "chain");
}

/* All failed: then their error is that of the command. */
static int conclude(const struct series *s, struct err *e)
{
    if (s->made || s->first.kind == ERR_NONE)
        return s->status;
    *e = s->first;
    return -1;
}

static bool is_shown(const struct series *s)
{
    return !s->opt->quiet && !s->opt->json && s->made;
}

/* Before the case log ends, which has the exit status. */
static int show(struct series *s, struct err *e)
{
    if (!is_shown(s)
        || case_show(&s->log, s->prefix, s->status, e) == 0)
        return 0;
    note_status(s, err_exit_status(e->kind));
    return -1;
}

static int run_case(struct series *s, struct err *e)
{
    struct err ignored = ERR_INIT;
    int r = make_images(s, e);

    if (r < 0)
        note_status(s, err_exit_status(e->kind));
    if (r < 0 || s->failed)
        tell_remedy(s);
    if (show(s, r == 0 ? e : &ignored) < 0)
        r = -1;
    if (case_write_end(&s->log, s->made, s->failed, s->status,
                       r == 0 ? e : &ignored) < 0)
        r = -1;
    if (r == 0)
        r = case_write_sums(&s->log, e);
    if (r == 0 && is_shown(s))
        r = case_show_head(&s->log, e);
    return r < 0 ? r : conclude(s, e);
}

static int finish(struct series *s, int r, struct err *e)
{
    if (s->log.partial)
        note_status(s, 1);
    if (r == 0)
        r = run_case(s, e);
    case_free(&s->log);
    free(s->last);
    return r;
}

/* The first image may be built upon one that is no part of the chain. */
static int begin_upon(struct series *s, const char *since, struct err *e)
{
    s->last = since ? strdup(since) : NULL;
    return since && !s->last ? err_nomem(e) : 0;
}

/* How long the ids of snapshots are, of which only the volume may be known
 * so far. */
#define ID_LENGTH (sizeof("snap-0123456789abcdef0") - 1)

/* Before anything is asked: the longest name that an image will have. */
static int check_length(const struct series *s, char **names, size_t n,
                        struct err *e)
{
    size_t most = ID_LENGTH;

    for (size_t i = 0; i < n; i++)
        if (strlen(names[i]) > most && snapshot_id_ok(names[i]))
            most = strlen(names[i]);
    return stage_check_length(s->prefix, 1 + most, e);
}

static int begin(struct series *s, char **names, size_t n, struct err *e)
{
    const struct acquire_options *o = s->opt;

    if (o->since && standing_check_image(o->since, e) < 0)
        return -1;
    return begin_upon(s, o->since, e) < 0
        || case_begin(&s->log, o, names, n, e) < 0 ? -1 : 0;
}

int series_run(const struct acquire_options *o, char **names, size_t n,
               struct err *e)
{
    struct series s = {
        .opt = o,
        .prefix = o->output ? o->output : names[0],
    };
    int r = case_init(&s.log, s.prefix, e);

    if (r == 0)
        r = check_length(&s, names, n, e);
    if (r == 0)
        r = members_find(&s.log, o, names, n, e);
    if (r == 0)
        r = begin(&s, names, n, e);
    return finish(&s, r, e);
}

int series_run_apart(const struct acquire_options *o, char **names, size_t n,
                     char **ids, size_t count, struct notes *missing,
                     struct err *e)
{
    struct series s = {
        .opt = o,
        .prefix = o->output ? o->output : names[0],
    };
    int r = case_init(&s.log, s.prefix, e);

    s.log.apart = true;
    s.log.notes = *missing;
    s.log.partial = missing->count > 0;
    *missing = (struct notes){ 0 };
    if (r == 0)
        r = check_length(&s, ids, count, e);
    if (r == 0)
        r = members_take(&s.log, ids, count, e);
    if (r == 0)
        r = begin(&s, names, n, e);
    return finish(&s, r, e);
}

/* ----------------------------------------------------------------- resume */

bool series_is_unfinished(const char *prefix)
{
    enum stage_left left;
    struct err ignored = ERR_INIT;

    return case_exists(prefix) && stage_look(prefix, &left, &ignored) == 0
        && left == STAGE_NOTHING;
}

/* What it was begun with; `o' has the options of the command line. */
static int take_over(struct series *s, struct acquire_options *o,
                     char **names, size_t n, struct err *e)
{
    struct case_log *c = &s->log;

    if (case_read(c, e) < 0)
        return -1;
    if (n && !case_is_of(c, names, n))
        return err_set(e, ERR_USAGE, 0, "the chain of %s was begun with other "
                       "names: leave them out", c->path);
    if (standing_check(c, s->prefix, e) < 0
        || recipe_apply_options(o, &c->options, c->path, e) < 0)
        return -1;
    if (!option_given(acquire_rows, &o->given, "audit"))
        o->audit = c->options.audit;
    o->chain = true;
    o->apart = c->apart;
    if (begin_upon(s, o->since ? o->since : case_since(c), e) < 0)
        return -1;
    return case_reopen(c, e);
}

int series_resume(struct acquire_options *o, char **names, size_t n,
                  struct err *e)
{
    struct series s = { .opt = o, .prefix = o->resume, .goes_on = true };
    int r = case_init(&s.log, s.prefix, e);

    if (r == 0)
        r = take_over(&s, o, names, n, e);
    o->resume = NULL;
    return finish(&s, r, e);
}
