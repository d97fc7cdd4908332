/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/papers.h"

#include <string.h>

#include "audit/stage.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"
#include "verify/seal-private.h"
#include "verify/verdict.h"

/* PREFIX.partial/NAME, where a run that did not finish has left its log; NULL
 * when there is none. */
static char *unfinished(const char *prefix)
{
    struct text t = TEXT_INIT;
    autotext struct text log = TEXT_INIT;

    text_add(&t, prefix);
    text_add(&t, STAGE_FOLDER "/");
    text_add(&t, file_name(prefix));
    text_add(&log, t.s ? t.s : "");
    text_add(&log, LOG_SUFFIX);
    if (t.failed || log.failed || !file_exists(log.s))
        text_free(&t);
    return t.s;
}

static int find(struct papers *p, const char *name, struct err *e)
{
    struct evidence *ev = &p->v.ev;
    autofree char *partial = NULL;
    int r = evidence_find(name, ev, e);

    if (r < 0 && e->kind == ERR_USAGE && !ev->images[0] && !ev->log_path
        && (partial = unfinished(name))) {
        p->partial = true;
        evidence_free(ev);
        r = evidence_find(partial, ev, e);
    }
    if (r == 0 && !p->partial)
        verify_find_log(&p->v);
    if (r == 0 && !ev->log_path)
        r = err_set(e, ERR_USAGE, 0, "%s has no log: nothing tells how it was "
                    "acquired", name);
    return r;
}

static void check_set(struct papers *p)
{
    struct verification *v = &p->v;
    const char *name = file_name(v->ev.prefix);
    bool elsewhere;

    p->no_image = !v->ev.images[0];
    elsewhere = p->no_image && !p->partial
        && run_record_is_streamed(&v->ev.log);
    if (elsewhere)
        findings_add(&v->found, FINDING_NOTE, name, VERIFY_ELSEWHERE);
    else if (p->no_image && !p->partial)
        findings_add(&v->found, FINDING_MISSING, name,
                     "there is no image beside its papers");
    if (p->partial)
        findings_add(&v->found, FINDING_BAD, name, "has no image under its "
                     "final name: these are the papers of a run that did not "
                     "finish");
    if (v->ev.surplus)
        findings_add(&v->found, FINDING_CHANGED, name,
                     "has raw images of two kinds, .dd and .001: one is not "
                     "of this acquisition");
}

/* The manifest of a run that did not come to its end: no log names it, and
 * nothing is wrong with that. */
static bool is_unnamed(const struct papers *p)
{
    return p->partial && !p->v.ev.log.manifest_known;
}

int papers_read(struct papers *p, const char *name, const char *head,
                struct err *e)
{
    struct verification *v = &p->v;
    struct verify_verdict verdict = { .compared = true };

    memset(p, 0, sizeof(*p));
    findings_init(&v->found, 20);
    findings_init(&v->files, 20);
    findings_init(&v->images, 0);
    run_record_init(&v->ev.log);
    p->options.head = head;
    v->opt = &p->options;
    v->papers_only = true;
    if (find(p, name, e) < 0)
        return -1;
    verify_read_log(v);
    if (!p->partial)
        verify_find_others(v);
    if (verify_read_summary(v, e) < 0
        || (!is_unnamed(p) && verify_read_manifest(v, e) < 0)
        || verify_read_sums(v, e) < 0
        || (!p->partial && (verify_read_seal(v, e) < 0
                            || verify_read_custody(v, e) < 0)))
        return -1;
    check_set(p);
    verify_read_files(v);
    findings_append(&v->found, &v->files);
    verify_seal_line_ends(v);
    if (findings_broken(&v->found, e) < 0)
        return -1;
    verdict.unreadable = v->unreadable;
    verdict.reserves = v->ev.log.reserves;
    verdict.elsewhere = p->no_image && run_record_is_streamed(&v->ev.log);
    p->status = verify_verdict_status(&verdict, &v->found);
    return v->found.no_memory ? err_nomem(e) : 0;
}

void papers_free(struct papers *p)
{
    findings_free(&p->v.found);
    findings_free(&p->v.files);
    findings_free(&p->v.images);
    verify_free_files(&p->v);
    custody_free(&p->v.custody);
    evidence_free(&p->v.ev);
}
