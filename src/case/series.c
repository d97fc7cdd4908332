#include "case/series.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acquire/acquisition.h"
#include "acquire/recipe.h"
#include "audit/evidence.h"
#include "audit/voucher.h"
#include "aws/failure.h"
#include "base/scope.h"
#include "base/snapshot-id.h"
#include "base/text.h"
#include "case/case-log.h"
#include "lineage/chain.h"
#include "show/tell.h"

struct series {
    const struct acquire_options *opt;
    const char *prefix;
    struct case_log log;
    bool goes_on;             /* with a chain that did not finish */
    char *last;               /* prefix of the newest good image, or NULL */
    size_t made, failed;
    int status;               /* the worst so far */
    struct err first;         /* why the first one failed */
};

/* --------------------------------------------------------------- members */

static int take_names(struct series *s, char **names, size_t n,
                      struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        if (!snapshot_id_ok(names[i]))
            return err_set(e, ERR_USAGE, 0, "%s is not a snapshot id",
                           names[i]);
        for (size_t k = 0; k < i; k++)
            if (strcmp(names[i], names[k]) == 0)
                return err_set(e, ERR_USAGE, 0, "%s is named twice",
                               names[i]);
        if (case_add_member(&s->log, names[i], NULL, true, e) < 0)
            return -1;
    }
    return 0;
}

/* The volume that is meant: itself, or what EC2 records of the snapshot. */
static size_t find_volume(const struct lineage *l)
{
    if (l->nodes[l->target].kind == RESOURCE_VOLUME)
        return l->target;
    for (size_t i = 0; i < l->nlinks; i++)
        if (l->links[i].from == l->target
            && l->links[i].proof == PROOF_VOLUME_ID)
            return l->links[i].to;
    return LINEAGE_NONE;
}

static int take_members(struct series *s, const struct lineage *l,
                        struct err *e)
{
    size_t volume = find_volume(l);
    size_t n = 0;
    autofree size_t *nodes = NULL;

    if (volume == LINEAGE_NONE)
        return err_set(e, ERR_SOURCE, 0, "EC2 records no volume of %s (a "
                       "copy or an upload); name the snapshots, oldest first",
                       l->nodes[l->target].id);
    nodes = lineage_members(l, volume, &n);
    if (!nodes)
        return err_nomem(e);
    for (size_t i = 0; i < n; i++)
        if (case_add_member(&s->log, l->nodes[nodes[i]].id,
                            l->nodes[nodes[i]].time,
                            l->nodes[nodes[i]].usable, e) < 0)
            return -1;
    if (s->log.count == 0)
        return err_set(e, ERR_SOURCE, 0, "EC2 knows no snapshot of %s here",
                       l->nodes[volume].id);
    return 0;
}

/* They go into the case log, which has them from here on. */
static void take_notes(struct series *s, struct chain *c)
{
    s->log.partial = c->unlisted;
    for (size_t i = 0; i < c->notes.count; i++)
        if (c->unlisted)
            tell_always("warning: %s", c->notes.list[i]);
        else
            tell_warning("%s", c->notes.list[i]);
    s->log.notes = c->notes;
    c->notes = (struct notes){ 0 };
}

static int ask_members(struct series *s, const char *name, struct err *e)
{
    const struct acquire_options *o = s->opt;
    struct chain_options co = { .service = o->service };
    struct chain c = { .opt = &co, .target = name };
    int r;

    co.service.verbose = o->verbose;
    r = chain_explore(&c, e);
    if (r == 0)
        r = take_members(s, &c.lineage, e);
    if (r == 0)
        take_notes(s, &c);
    if (r == 0)
        service_add_json(c.service.aws, &c.service.settings,
                         &s->log.service);
    chain_free(&c);
    return r;
}

static int find_members(struct series *s, char **names, size_t n,
                        struct err *e)
{
    enum resource kind = resource_kind(names[0]);

    if (n > 1)
        return take_names(s, names, n, e);
    if (kind != RESOURCE_SNAPSHOT && kind != RESOURCE_VOLUME)
        return err_set(e, ERR_USAGE, 0, "%s is not the id of a snapshot or "
                       "of a volume", names[0]);
    return ask_members(s, names[0], e);
}

/* ----------------------------------------------------------------- images */

static char *prefix_of(const struct series *s, const struct case_member *m,
                       struct err *e)
{
    char *prefix = NULL;

    if (asprintf(&prefix, "%s-%s", s->prefix, m->snapshot) >= 0)
        return prefix;
    err_nomem(e);
    return NULL;
}

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

static bool is_made(const struct case_member *m)
{
    return m->status == 0 || m->status == 1;
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

static int prove_found(const struct series *s, const struct case_member *m,
                       const char *prefix, struct err *e)
{
    return acquire_prove_found(s->opt, m->snapshot, prefix, s->log.log, e);
}

/* The image of an earlier session, which may have ended before it could say
 * so in the case log; then nothing says who made it, and the service is
 * asked.  One that the case log knows was compared with it already. */
static int take_finished(struct series *s, struct case_member *m,
                         char **prefix, struct err *e)
{
    if (stage_remove_void(*prefix, e) < 0)
        return -1;
    if (!is_made(m))
        return prove_found(s, m, *prefix, e) < 0
            ? -1 : take_found(s, m, prefix, e);
    note_made(s, m->status, prefix);
    return 0;
}

static int log_image(struct series *s, struct case_member *m,
                     char **prefix, struct acquisition *a,
                     const struct err *why, struct err *e)
{
    if (why->kind != ERR_NONE)
        a->outcome = outcome_of_failure(why);
    if (case_write_image(&s->log, m, *prefix, a, why, e) < 0)
        return -1;
    if (why->kind == ERR_NONE) {
        note_made(s, m->status, prefix);
        return 0;
    }
    note_status(s, m->status);
    *e = *why;
    return -1;
}

static int make_new(struct series *s, struct case_member *m,
                    char **prefix, struct err *e)
{
    struct acquire_options o = *s->opt;
    struct acquisition a;
    struct err why = ERR_INIT;

    o.since = s->last;
    if (acquire_one(&a, &o, m->snapshot, *prefix, &why) == 0)
        why.kind = ERR_NONE;
    return log_image(s, m, prefix, &a, &why, e);
}

/* What a session has left of an image; it builds upon the same one. */
static int make_rest(struct series *s, struct case_member *m,
                     char **prefix, struct err *e)
{
    struct acquire_options o = *s->opt;
    struct acquisition a;
    struct err why = ERR_INIT;

    o.resume = *prefix;
    if (acquire_unfinished(&a, &o, m->snapshot, &why) < 0)
        return log_image(s, m, prefix, &a, &why, e);
    case_count(m, &a);
    return take_found(s, m, prefix, e);
}

static int make_image(struct series *s, struct case_member *m,
                      char **prefix, struct err *e)
{
    enum stage_left left = STAGE_NOTHING;

    if (s->goes_on && stage_look(*prefix, &left, e) < 0)
        return -1;
    if (left == STAGE_FINISHED)
        return take_finished(s, m, prefix, e);
    tell_note("snapshot %zu of %zu: %s", (size_t)(m - s->log.members) + 1,
              s->log.count, m->snapshot);
    if (left == STAGE_UNFINISHED)
        return make_rest(s, m, prefix, e);
    if (left == STAGE_VOID && stage_remove_void(*prefix, e) < 0)
        return -1;
    return make_new(s, m, prefix, e);
}

static int try_image(struct series *s, struct case_member *m,
                     struct err *e)
{
    autofree char *prefix = prefix_of(s, m, e);

    return prefix ? make_image(s, m, &prefix, e) : -1;
}

static int make_images(struct series *s, struct err *e)
{
    for (size_t i = 0; i < s->log.count; i++) {
        struct err why = ERR_INIT;

        if (try_image(s, &s->log.members[i], &why) == 0)
            continue;
        s->failed++;
        if (failure_ends(ASKED_FOR_ONE_OF_MANY, &why)) {
            *e = why;
            return -1;
        }
        tell_always("%s", why.msg);
        if (s->first.kind == ERR_NONE)
            s->first = why;
    }
    return 0;
}

/* -------------------------------------------------------------------- run */

static void tell_remedy(const struct series *s)
{
    autofree char *word = text_word(s->prefix);

    tell_always("%zu of %zu images are made; to go on with the chain: ebsimg "
                "acquire --resume %s", s->made, s->log.count,
                word ? word : "PREFIX");
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

    if (r < 0 || s->failed)
        tell_remedy(s);
    if (show(s, r == 0 ? e : &ignored) < 0)
        r = -1;
    if (case_write_end(&s->log, s->made, s->failed, s->status,
                       r == 0 ? e : &ignored) < 0)
        r = -1;
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

/* A log whose image is not beside it was moved, or has lost its image. */
static int check_image(const char *prefix, struct err *e)
{
    struct evidence ev;
    int r = evidence_find(prefix, &ev, e);

    if (r == 0 && !evidence_image(&ev, e))
        r = -1;
    evidence_free(&ev);
    return r;
}

/* The first image may be built upon one that is no part of the chain. */
static int begin_upon(struct series *s, const char *since, struct err *e)
{
    s->last = since ? strdup(since) : NULL;
    return since && !s->last ? err_nomem(e) : 0;
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
        r = find_members(&s, names, n, e);
    if (r == 0 && o->since)
        r = check_image(o->since, e);
    if (r == 0)
        r = begin_upon(&s, o->since, e);
    if (r == 0)
        r = case_begin(&s.log, o, names, n, e);
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

/* Its image was made, and its log is where it was. */
static bool is_there(const struct case_member *m, const char *prefix)
{
    enum stage_left left = STAGE_NOTHING;
    struct err ignored = ERR_INIT;

    return is_made(m) && stage_look(prefix, &left, &ignored) == 0
        && left == STAGE_FINISHED;
}

/* 1 when it is made, and there. */
static int check_member(const struct series *s, const struct case_member *m,
                        struct err *e)
{
    autofree char *prefix = prefix_of(s, m, e);

    if (!prefix)
        return -1;
    if (!is_there(m, prefix))
        return 0;
    return check_image(prefix, e) < 0 || voucher_check_image(prefix, e) < 0
        ? err_in(e, "the chain of %s", s->log.path) : 1;
}

static int check_undone(const struct series *s, struct err *e)
{
    size_t there = 0;

    for (size_t i = 0; i < s->log.count; i++) {
        int r = check_member(s, &s->log.members[i], e);

        if (r < 0)
            return -1;
        there += (size_t)r;
    }
    if (there < s->log.count)
        return 0;
    return err_set(e, ERR_USAGE, 0, "the chain of %s is complete: there is "
                   "nothing to go on with", s->log.path);
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
    if (check_undone(s, e) < 0
        || recipe_apply_options(o, &c->options, c->path, e) < 0)
        return -1;
    if (!option_given(acquire_rows, o->given, "audit"))
        o->audit = c->options.audit;
    o->chain = true;
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
