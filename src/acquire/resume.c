#include "acquire/resume.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "acquire/acquisition.h"
#include "acquire/readback.h"
#include "acquire/recipe.h"
#include "audit/evidence.h"
#include "audit/logcheck.h"
#include "base/file.h"
#include "base/json.h"
#include "base/scope.h"
#include "image/ewf-chunks.h"
#include "image/ewf.h"

/* What quotes the log, and is written when that is closed. */
static const char *const papers[] = { ".txt", ".md5", ".sha1", ".sha256" };

#define PAPERS (sizeof(papers) / sizeof(papers[0]))

/* ---------------------------------------------------------- checkpoints */

static int on_begin(void *ctx, const cJSON *line, struct record *again,
                    struct err *e)
{
    return recipe_read(ctx, line, again, e);
}

static int read_checkpoints(struct acquisition *a, struct err *e)
{
    autofree char *path = stage_path(a->stage, STAGE_CHECKPOINT);

    if (!path)
        return err_nomem(e);
    if (checkpoints_read(path, on_begin, a, &a->resume.all, e) < 0)
        return err_in(e, "%s cannot be gone on with", stage_folder(a->stage));
    a->resume.left = a->resume.all.n;
    return 0;
}

/* -------------------------------------------------------------------- log */

/* Which checkpoints the log agrees with: those whose place in it was met. */
struct meeting {
    struct resuming *r;
    struct logcheck check;
    size_t next;             /* checkpoint whose place comes next */
    size_t met;              /* as many have been */
};

static void meet(struct meeting *m)
{
    const struct checkpoint *c = m->r->all.at;

    for (; m->next < m->r->all.n && c[m->next].log.size <= m->check.size;
         m->next++)
        if (c[m->next].log.size == m->check.size
            && c[m->next].log.events == m->check.events
            && memcmp(c[m->next].log.head, m->check.head, LOG_HASH) == 0)
            m->met = m->next + 1;
}

static int on_event(void *ctx, const cJSON *event, struct err *e)
{
    struct meeting *m = ctx;
    const char *name = json_text(event, "event");

    (void)e;
    meet(m);
    m->r->sessions += strcmp(name, "start") == 0
        || strcmp(name, "resume") == 0;
    spent_event(&m->r->spent, event);
    return 0;
}

static void pass_over(struct resuming *r, size_t left, const char *why)
{
    if (left >= r->left)
        return;
    r->passed_over += r->left - left;
    r->left = left;
    snprintf(r->reason, sizeof(r->reason), "%s", why);
}

/* A log is good up to a line that is not whole, which is the usual end of a
 * run that died; what stands behind such a line is nothing that it wrote. */
static int check_log(struct acquisition *a, struct err *e)
{
    autofree char *path = stage_path(a->stage, ".log.jsonl");
    struct resuming *r = &a->resume;
    struct meeting m = { .r = r };
    struct err why = ERR_INIT;
    uint64_t allocated, size;

    if (!path)
        return err_nomem(e);
    if (file_usage(path, &allocated, &size, e) < 0)
        return -1;
    if (logcheck_run(path, on_event, &m, &m.check, &why) < 0
        && (why.kind != ERR_VERIFY || m.check.events == 0)) {
        *e = why;
        return err_in(e, "the log of the run that is to be gone on with");
    }
    meet(&m);
    spent_next(&r->spent);
    r->log = (struct log_place){ m.check.events, m.check.size, { 0 } };
    memcpy(r->log.head, m.check.head, LOG_HASH);
    r->log_cut = size - m.check.size;
    if (r->all.n && m.met == 0)
        return err_set(e, ERR_VERIFY, 0, "the log of the run in %s is not "
                       "the one that it wrote (%s): it is not gone on with",
                       stage_folder(a->stage),
                       why.kind ? why.msg : "another content");
    pass_over(r, m.met, why.kind ? why.msg : "the log is not the one that "
              "the checkpoint speaks of");
    return 0;
}

/* --------------------------------------------------- choosing a checkpoint */

static bool has_e01(const struct acquisition *a)
{
    return a->opt->formats & (1u << FORMAT_E01);
}

static int check_lists(const struct acquisition *a,
                       const struct checkpoint *c, struct err *e)
{
    autofree char *manifest = stage_path(a->stage, ".blocks");
    autofree char *chunks = stage_path(a->stage, STAGE_CHUNKS);

    if (!manifest || !chunks)
        return err_nomem(e);
    if (manifest_check(manifest, c->rows, c->manifest, e) < 0)
        return -1;
    return has_e01(a) ? ewf_chunks_check(chunks, c->offset / a->chunk_size,
                                         c->chunks, e) : 0;
}

/* What the run itself would never have written. */
static bool is_sound(const struct acquisition *a, const struct checkpoint *c)
{
    return c->offset < a->volume_size
        && c->offset % ewf_checkpoint_unit(has_e01(a) ? a->chunk_size : 0)
            == 0
        && c->digest.kinds == a->opt->hashes
        && c->rows <= c->offset / BLOCK_SIZE;
}

/* The last that is left and does, as far as one can tell without reading the
 * image back; what is no matter of its content ends it. */
static int choose(struct acquisition *a, struct err *e)
{
    struct resuming *r = &a->resume;

    for (; r->left; pass_over(r, r->left - 1, e->msg)) {
        const struct checkpoint *c = &r->all.at[r->left - 1];

        memset(e, 0, sizeof(*e));
        if (c->offset == 0)
            break;
        if (!is_sound(a, c))
            err_set(e, ERR_VERIFY, 0, "the checkpoint makes no sense");
        else if (check_lists(a, c, e) == 0)
            break;
        if (e->kind != ERR_VERIFY && e->kind != ERR_USAGE
            && e->os_errno != ENOENT)
            return -1;
    }
    memset(e, 0, sizeof(*e));
    r->at = r->left ? r->all.at[r->left - 1] : (struct checkpoint){ 0 };
    return 0;
}

/* -------------------------------------------------------------- taking back */

static int take_back_file(const struct acquisition *a, const char *name,
                          struct err *e)
{
    const char *own = file_name(a->prefix);
    size_t n = strlen(own);

    if (strchr(name, '/') || strncmp(name, own, n) != 0)
        return 0;
    return stage_take_back(a->stage, name + n, e);
}

static int take_back_files(const struct acquisition *a,
                           const struct run_record *l, struct err *e)
{
    for (size_t i = 0; i < PAPERS; i++)
        if (stage_take_back(a->stage, papers[i], e) < 0)
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
    struct evidence ev = { .log_path = stage_path(a->stage, ".log.jsonl") };
    int r = ev.log_path ? stage_take_back(a->stage, ".log.jsonl", e)
                        : err_nomem(e);

    if (r == 0)
        r = evidence_read_log(&ev, e);
    if (r == 0)
        r = take_back_files(a, &ev.log, e);
    evidence_free(&ev);
    return r;
}

int resume_open(struct acquisition *a, struct acquire_options *o,
                struct err *e)
{
    a->resume.on = true;
    a->stage = stage_reopen(a->prefix, e);
    if (!a->stage || read_checkpoints(a, e) < 0 || recipe_apply(a, o, e) < 0)
        return -1;
    if (a->resume.all.published && take_back(a, e) < 0)
        return -1;
    if (stage_check_free(a->stage, e) < 0 || check_log(a, e) < 0)
        return -1;
    return choose(a, e);
}

int resume_log(struct acquisition *a, struct err *e)
{
    autofree char *path = stage_path(a->stage, ".log.jsonl");

    if (!path)
        return err_nomem(e);
    a->log = log_reopen(path, a->clock, &a->resume.log, e);
    return a->log ? journal_resume(a, e) : -1;
}

/* ----------------------------------------------------------------- outputs */

/* Papers of a run that died after it had made the image; and with
 * everything, all that it had made. */
static int clear(struct acquisition *a, bool everything, struct err *e)
{
    char **names = stage_names(a->stage, e);
    int r = names ? 0 : -1;

    for (size_t i = 0; r == 0 && names[i]; i++) {
        const char *suffix = names[i] + strlen(file_name(a->prefix));
        bool is_paper = false;

        for (size_t k = 0; k < PAPERS; k++)
            is_paper |= strcmp(suffix, papers[k]) == 0;
        if (strcmp(suffix, ".log.jsonl") != 0 && (everything || is_paper))
            r = stage_remove(a->stage, suffix, e);
    }
    stage_names_free(names);
    if (r == 0 && everything)
        r = stage_remove(a->stage, STAGE_CHUNKS, e);
    return r;
}

/* What is on the disk is good up to `good' at most. */
static void go_back(struct resuming *r, uint64_t good, const char *why)
{
    size_t left = r->left - 1;

    while (left && r->all.at[left - 1].offset > good)
        left--;
    pass_over(r, left, why);
}

/* 0: all of it is as it was; 1: an earlier one must be tried; -1. */
static int try_checkpoint(struct acquisition *a, struct err *e)
{
    struct resuming *r = &a->resume;
    uint64_t good = r->at.offset;

    if (outputs_resume(a, &r->at, e) == 0
        && readback_run(a, &good, e) == 0)
        return 0;
    if (e->kind != ERR_VERIFY)
        return -1;
    outputs_free(a);
    go_back(r, good, e->msg);
    return choose(a, e) < 0 || journal_rewind(a, e) < 0 ? -1 : 1;
}

int resume_outputs(struct acquisition *a, struct err *e)
{
    int r = 1;

    if (clear(a, false, e) < 0)
        return -1;
    while (r > 0 && a->resume.at.offset)
        r = try_checkpoint(a, e);
    if (r < 0)
        return -1;
    if (a->resume.at.offset == 0
        && (clear(a, true, e) < 0 || outputs_open(a, e) < 0))
        return -1;
    return save_go_on(a, &a->resume.at, &a->resume.all.end, e);
}

void resume_free(struct acquisition *a)
{
    checkpoints_free(&a->resume.all);
    recipe_free(a);
}
