/* SPDX-License-Identifier: Apache-2.0 */
/* The files that were sealed, as they are now. */
#include <string.h>

#include "audit/hash-file.h"
#include "audit/line-ends.h"
#include "base/file.h"
#include "base/number.h"
#include "base/scope.h"
#include "seal/read.h"
#include "verify/seal-private.h"

/* Of a paper whose line ends are looked at. */
#define PAPER_MAX (64 * MIB)

static bool has_sha256(const struct hashes *h)
{
    return h->have & HASH_BIT(HASH_SHA256);
}

static bool same(const struct hashes *a, const struct hashes *b)
{
    return memcmp(a->value[HASH_SHA256], b->value[HASH_SHA256],
                  hash_sizes[HASH_SHA256]) == 0;
}

static bool is_image(const struct verification *v, const char *path)
{
    for (size_t i = 0; v->ev.images[i]; i++)
        if (strcmp(path, v->ev.images[i]) == 0)
            return true;
    return false;
}

/* With the carriage returns of a program for texts taken out. */
static bool differs_by_line_ends(const char *path, const struct hashes *then)
{
    autotext struct text t = TEXT_INIT;
    struct hashes now = { 0 };
    struct err ignored = ERR_INIT;
    size_t n;

    if (artefact_is(path, ARTEFACT_IMAGE)
        || artefact_is(path, ARTEFACT_MANIFEST)
        || seal_slurp(path, PAPER_MAX, &t, &ignored) < 0)
        return false;
    n = line_ends_undo((unsigned char *)t.s, t.len, -1);
    hash_sha256(t.s, n, now.value[HASH_SHA256]);
    return same(&now, then);
}

static void tell_other(struct verification *v, const char *name,
                       const char *path, const struct hashes *then)
{
    bool image = artefact_is(name, ARTEFACT_IMAGE);

    if (!image && differs_by_line_ends(path, then))
        findings_add(&v->found, FINDING_RESERVE, file_name(path),
                     "sealed bytes differ, by line ends alone");
    else
        findings_add(&v->found, image ? FINDING_BAD : FINDING_CHANGED,
                     file_name(path),
                     "is not what was sealed: it has another SHA-256");
}

/* `name': as it was recorded. */
static void read_file(struct verification *v, const char *name,
                      const char *path, const struct hashes *then)
{
    struct hashes now = { 0 };
    struct err bad = ERR_INIT;

    if (!file_exists(path))
        findings_add(&v->found, FINDING_MISSING, file_name(path),
                     "is missing; it was sealed");
    else if (v->papers_only && artefact_is(name, ARTEFACT_IMAGE))
        return; /* of all images that is told once: files.c */
    else if (file_check_regular(path, &bad) < 0
             || hash_file(path, HASH_BIT(HASH_SHA256), &now, &bad) < 0)
        findings_blame(&v->found, FINDING_CHANGED, file_name(path), &bad);
    else if (!same(&now, then))
        tell_other(v, name, path, then);
}

/* Its path under the name that it has now: the set may have been renamed before
 * it was sealed, and since.  NULL: no memory. */
static char *path_of(const struct verification *v,
                     const struct seal_document *d, const char *sealed)
{
    const char *tail = seal_document_tail(d, sealed);
    autotext struct text recorded = TEXT_INIT;

    if (!tail)
        return evidence_path(&v->ev, sealed);
    text_add(&recorded, evidence_base(&v->ev));
    text_add(&recorded, tail);
    return recorded.failed ? NULL : evidence_path(&v->ev, recorded.s);
}

/* What the log has of a file is compared with the file itself (files.c,
 * image.c): where it is what was sealed nothing need be read twice. */
static int check_file(struct verification *v, const struct seal_document *d,
                      const struct sums_file *f, struct err *e)
{
    autofree char *path = path_of(v, d, f->name);
    const struct run_file *log;

    if (!path)
        return err_nomem(e);
    log = evidence_file(&v->ev, path);
    if (log && has_sha256(&log->hashes)) {
        if (!same(&log->hashes, &f->hashes))
            findings_add(&v->found, FINDING_CHANGED, f->name, "had another "
                         "SHA-256 when it was sealed than the log has");
    } else if (is_image(v, path)
               && artefact_is_stream(log ? log->name : path)) {
        v->sealed = f->hashes;
    } else {
        read_file(v, log ? log->name : path, path, &f->hashes);
    }
    return findings_broken(&v->found, e);
}

/* By the names that they have now: a set that was renamed as a whole is the
 * set that was sealed. */
static bool has_file(const struct verification *v,
                     const struct seal_document *d, const char *path)
{
    bool has = false;

    for (size_t i = 0; i < d->nfiles && !has; i++) {
        autofree char *now = path_of(v, d, d->files[i].name);

        has = now && strcmp(file_name(now), file_name(path)) == 0;
    }
    return has;
}

static void check_present(struct verification *v,
                          const struct seal_document *d, const char *path,
                          enum finding_kind kind)
{
    if (path && !has_file(v, d, path))
        findings_add(&v->found, kind, file_name(path), "was not sealed");
}

static bool is_told(const struct findings *f, const char *name)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->list[i].kind == FINDING_RESERVE
            && strcmp(f->list[i].about, name) == 0)
            return true;
    return false;
}

void verify_seal_line_ends(struct verification *v)
{
    size_t n = v->found.count;

    for (size_t i = 0; i < n && v->has_seal; i++) {
        const struct finding *f = &v->found.list[i];

        if (f->kind == FINDING_LINE_ENDS && !is_told(&v->found, f->about))
            findings_add(&v->found, FINDING_RESERVE, f->about,
                         "sealed bytes differ, by line ends alone");
    }
}

int verify_seal_files(struct verification *v, const struct seal_document *d,
                      struct err *e)
{
    for (size_t i = 0; i < d->nfiles; i++)
        if (check_file(v, d, &d->files[i], e) < 0)
            return -1;
    for (size_t i = 0; v->ev.images[i]; i++)
        check_present(v, d, v->ev.images[i], FINDING_CHANGED);
    check_present(v, d, v->ev.log_path, FINDING_CHANGED);
    check_present(v, d, v->ev.manifest_path, FINDING_CHANGED);
    for (int k = 0; k < HASH_KINDS; k++)
        check_present(v, d, v->ev.sums_paths[k], FINDING_NOTE);
    return 0;
}
