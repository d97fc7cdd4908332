/* SPDX-License-Identifier: Apache-2.0 */
/* Is the image what was acquired?  Reads it once more and compares it with
 * everything that was recorded: the digests in the E01, the log with its chain
 * and its rules, the summary that the log makes, the files as they were
 * written, the block manifest. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/thread.h"
#include "show/file-progress.h"
#include "verify/seal-private.h"
#include "verify/verdict.h"
#include "verify/verification.h"

static void *files_main(void *v)
{
    thread_stand_back(RANK_AT_LEISURE);
    verify_read_files(v);
    return NULL;
}

static void await_files(struct verification *v, pthread_t files)
{
    struct file_progress progress;

    file_progress_start(&progress,
                        progress_wanted(v->opt->progress, v->opt->quiet),
                        &v->reading, verify_files_bytes(v));
    thread_join(files);
    file_progress_end(&progress);
}

/* The files as such and what is in them, at the same time: each digest of a
 * stream takes one processor. */
static int read_all(struct verification *v, struct err *e)
{
    pthread_t files;
    int r;

    if (thread_start(&files, files_main, v, "files", e) < 0)
        return -1;
    r = verify_read_images(v, e);
    await_files(v, files);
    findings_append(&v->found, &v->files);
    findings_append(&v->found, &v->images);
    return r;
}

static bool is_elsewhere(const struct evidence *ev)
{
    return !ev->images[0] && run_record_is_streamed(&ev->log);
}

bool verify_is_elsewhere(const char *name)
{
    struct err ignored = ERR_INIT;
    struct evidence ev;
    bool is = evidence_find(name, &ev, &ignored) == 0
        && evidence_read_log(&ev, &ignored) == 0 && is_elsewhere(&ev);

    evidence_free(&ev);
    return is;
}

/* A file of any name, which nobody has to find. */
static int take_image(struct verification *v, struct err *e)
{
    if (!v->opt->image)
        return 0;
    v->ev.images[0] = strdup(v->opt->image);
    return v->ev.images[0] ? 0 : err_nomem(e);
}

static void check_set(struct verification *v)
{
    const char *name = file_name(v->ev.prefix);

    if (is_elsewhere(&v->ev))
        findings_add(&v->found, FINDING_NOTE, name, VERIFY_ELSEWHERE);
    else if (!v->ev.images[0])
        findings_add(&v->found, FINDING_MISSING, name,
                     "there is no image beside its papers");
    if (v->ev.surplus)
        findings_add(&v->found, FINDING_CHANGED, name,
                     "has raw images of two kinds, .dd and .001: one is not "
                     "of this acquisition");
}

static int verify(struct verification *v, const char *name, struct err *e)
{
    if (evidence_find(name, &v->ev, e) < 0)
        return -1;
    verify_find_log(v);
    verify_read_log(v);
    verify_find_others(v);
    if (take_image(v, e) < 0)
        return -1;
    if (verify_read_summary(v, e) < 0 || verify_read_manifest(v, e) < 0
        || verify_read_sums(v, e) < 0 || verify_read_seal(v, e) < 0
        || verify_read_custody(v, e) < 0)
        return -1;
    check_set(v);
    verify_tell_names(v);
    if (read_all(v, e) < 0)
        return -1;
    verify_seal_line_ends(v);
    if (findings_broken(&v->found, e) < 0)
        return -1;
    if (v->alone && findings_bad(&v->found) == 0)
        return err_set(e, ERR_USAGE, 0,
                       "%s: there is nothing to compare it with: no digest "
                       "in the image, no log, no manifest beside it", name);
    return 0;
}

/* Where no image was read that shows it. */
static uint64_t told_unreadable(const struct run_record *r)
{
    return r->unreadable == RUN_UNTOLD ? 0 : r->unreadable;
}

/* The exit status, or -1. */
static int conclude(struct verification *v, const char *name,
                    struct text *out, struct err *e)
{
    const struct verify_options *opt = v->opt;
    const struct verify_verdict verdict = {
        .name = name,
        .log = v->ev.log_path != NULL,
        .log_sound = v->log_sound,
        .unfinished = v->unfinished,
        .head = v->head,
        .vouched = v->in_case_log,
        .sealed_by = v->sealed_by,
        .head_compared = v->head_compared,
        .no_image = !v->ev.images[0],
        .elsewhere = is_elsewhere(&v->ev),
        .beside_alone = v->beside_alone,
        .compared = v->ev.images[0] && v->alone == 0,
        .unreadable = is_elsewhere(&v->ev) ? told_unreadable(&v->ev.log)
                                           : v->unreadable,
        .reserves = v->ev.log.reserves,
        .renamed_from = v->renamed ? evidence_base(&v->ev) : NULL,
        .recased = v->recased,
        .apart = v->apart,
    };

    if (verify_verdict_add(&verdict, &v->found,
                           opt->stats ? &v->stats : NULL, opt->json,
                           opt->quiet, out, e) < 0)
        return -1;
    if (opt->sentence)
        verify_verdict_line(&verdict, &v->found, opt->sentence);
    return verify_verdict_status(&verdict, &v->found);
}

int verify_run(const struct verify_options *opt, const char *name,
               struct text *out, struct err *e)
{
    struct verification v = { .opt = opt };
    int r;

    findings_init(&v.found, opt->verbose ? SIZE_MAX : 20);
    findings_init(&v.files, opt->verbose ? SIZE_MAX : 20);
    findings_init(&v.images, opt->verbose ? SIZE_MAX : 20);
    r = verify(&v, name, e);
    if (r == 0)
        r = conclude(&v, name, out, e);
    findings_free(&v.found);
    findings_free(&v.files);
    findings_free(&v.images);
    verify_free_files(&v);
    free(v.sealed_by);
    custody_free(&v.custody);
    evidence_free(&v.ev);
    return r;
}
