/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/resume.h"

#include <string.h>

#include "acquire/choice.h"
#include "acquire/journal-start.h"
#include "acquire/readback.h"
#include "audit/artefacts.h"
#include "audit/evidence.h"
#include "base/file.h"
#include "base/json.h"
#include "base/scope.h"

/* ---------------------------------------------------------- checkpoints */

static int on_begin(void *ctx, const cJSON *line, struct record *again,
                    struct err *e)
{
    struct resuming *r = ctx;

    r->kept = recipe_read(line, again, e);
    return r->kept ? 0 : -1;
}

static int read_checkpoints(struct acquisition *a, struct err *e)
{
    autofree char *path = stage_path(a->outputs.stage, STAGE_CHECKPOINT);
    struct resuming *r = &a->resume;

    if (!path)
        return err_nomem(e);
    if (checkpoints_read(path, on_begin, r, &r->all, e) < 0)
        return err_in(e, "%s cannot be gone on with",
                      stage_folder(a->outputs.stage));
    r->left = r->all.n;
    return 0;
}

/* -------------------------------------------------------------- taking back */

static int take_back_file(const struct acquisition *a, const char *name,
                          struct err *e)
{
    const char *own = file_name(a->outputs.prefix);
    size_t n = strlen(own);

    if (strchr(name, '/') || strncmp(name, own, n) != 0)
        return 0;
    return stage_take_back(a->outputs.stage, name + n, e);
}

static int take_back_files(const struct acquisition *a,
                           const struct run_record *l, struct err *e)
{
    const struct artefact *f;

    for (size_t i = 0; (f = artefact_row(i)); i++)
        if (f->made == MADE_OF_LOG
            && stage_take_back(a->outputs.stage, f->suffix, e) < 0)
            return -1;
    for (size_t i = 0; i < l->nfiles; i++)
        if (take_back_file(a, l->files[i].name, e) < 0)
            return -1;
    return 0;
}

/* A run that died while its files got their names.  Nobody could say who gave
 * them: so they go back, and what they are is proved like anything else that
 * an earlier session has left. */
static int take_back(const struct acquisition *a, struct err *e)
{
    struct evidence ev = {
        .log_path = stage_path(a->outputs.stage, LOG_SUFFIX),
    };
    int r = ev.log_path ? stage_take_back(a->outputs.stage, LOG_SUFFIX, e)
                        : err_nomem(e);

    if (r == 0)
        r = evidence_read_log(&ev, e);
    if (r == 0)
        r = take_back_files(a, &ev.log, e);
    evidence_free(&ev);
    return r;
}

/* What the run is, as its first line says. */
static int take_over(struct acquisition *a, struct acquire_options *o,
                     struct err *e)
{
    const struct recipe *p = a->resume.kept;

    a->journal.begun_by = p->version;
    a->journal.started = p->started;
    a->origin.snapshot = p->snapshot;
    a->origin.volume_size = p->volume_size;
    a->outputs.chunk_size = (uint32_t)p->options.chunk_size;
    return recipe_apply(p, o, stage_folder(a->outputs.stage), e);
}

static int check_log(struct acquisition *a, struct err *e)
{
    autofree char *log = stage_path(a->outputs.stage, LOG_SUFFIX);

    return log ? choice_check_log(&a->resume, log,
                                  stage_folder(a->outputs.stage), e)
               : err_nomem(e);
}

static int choose(struct acquisition *a, struct err *e)
{
    autofree char *manifest = stage_path(a->outputs.stage, MANIFEST_SUFFIX);
    autofree char *chunks = stage_path(a->outputs.stage, STAGE_CHUNKS);

    return manifest && chunks ? choice_make(&a->resume, manifest, chunks, e)
                              : err_nomem(e);
}

int resume_open(struct acquisition *a, struct acquire_options *o,
                struct err *e)
{
    struct outputs *out = &a->outputs;

    a->resume.on = true;
    out->stage = stage_reopen(out->prefix, e);
    if (!out->stage || read_checkpoints(a, e) < 0 || take_over(a, o, e) < 0)
        return -1;
    if (a->resume.all.published && take_back(a, e) < 0)
        return -1;
    if (stage_check_free(out->stage, e) < 0 || check_log(a, e) < 0)
        return -1;
    return choose(a, e);
}

int resume_log(struct acquisition *a, struct err *e)
{
    autofree char *path = stage_path(a->outputs.stage, LOG_SUFFIX);

    if (!path)
        return err_nomem(e);
    a->journal.log = log_reopen(path, a->journal.clock, &a->resume.log, e);
    return a->journal.log ? journal_resume(&a->journal, a->origin.snapshot,
                                           &a->resume, e) : -1;
}

/* ----------------------------------------------------------------- outputs */

/* Papers of a run that died after it had made the image; and with
 * everything, all that it had made. */
static int clear(struct acquisition *a, bool everything, struct err *e)
{
    char **names = stage_names(a->outputs.stage, e);
    int r = names ? 0 : -1;

    for (size_t i = 0; r == 0 && names[i]; i++) {
        const char *suffix = names[i] + strlen(file_name(a->outputs.prefix));

        if (strcmp(suffix, LOG_SUFFIX) != 0
            && (everything || artefact_is_remade(suffix)))
            r = stage_remove(a->outputs.stage, suffix, e);
    }
    stage_names_free(names);
    if (r == 0 && everything)
        r = stage_remove(a->outputs.stage, STAGE_CHUNKS, e);
    return r;
}

/* 0: all of it is as it was; 1: an earlier one must be tried; -1. */
static int try_checkpoint(struct acquisition *a, struct err *e)
{
    struct resuming *r = &a->resume;
    uint64_t good = r->at.offset;

    if (outputs_resume(&a->outputs, &r->at, e) == 0
        && readback_run(a, &good, e) == 0) {
        r->carried = a->outputs.ledger.counts.carried;
        return 0;
    }
    if (e->kind != ERR_VERIFY)
        return -1;
    outputs_free(&a->outputs);
    choice_go_back(r, good, e->msg);
    return choose(a, e) < 0 || journal_rewind(&a->journal, r, e) < 0 ? -1 : 1;
}

int resume_outputs(struct acquisition *a, struct err *e)
{
    const struct checkpoint *at = &a->resume.at;
    int r = 1;

    if (clear(a, false, e) < 0)
        return -1;
    while (r > 0 && at->offset)
        r = try_checkpoint(a, e);
    if (r < 0)
        return -1;
    if (at->offset == 0
        && (clear(a, true, e) < 0
            || outputs_open(&a->outputs, a->journal.started, NULL, e) < 0))
        return -1;
    return save_go_on(&a->save, at, &a->resume.all.end, e);
}

void resume_free(struct resuming *r)
{
    checkpoints_free(&r->all);
    recipe_free(r->kept);
}
