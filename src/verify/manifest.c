/* SPDX-License-Identifier: Apache-2.0 */
/* The block manifest as a paper: whether it is sound, and the one that the
 * log names.  Only then is an image held against it: a manifest that somebody
 * has changed must not accuse an image that is whole. */
#include <string.h>

#include "audit/artefacts.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "verify/verification.h"

#define CLASSES 4

struct walk {
    struct manifest_header header;
    uint64_t rows, of[CLASSES]; /* by enum block_class */
    bool line_ends;
    unsigned char file[MANIFEST_HASH], root[MANIFEST_HASH];
};

static int read_rows(const struct verification *v, struct walk *w,
                     struct err *e)
{
    struct manifest_reader *rows = evidence_rows(&v->ev, &w->header, e);
    struct manifest_row row;
    int r = rows ? 1 : -1;

    while (r > 0 && (r = manifest_next(rows, &row, e)) > 0) {
        w->rows++;
        w->of[row.class]++;
        if (w->rows % 4096 == 0 && interrupt_check(e) < 0)
            r = -1;
    }
    if (r == 0) {
        manifest_hashes(rows, w->file, w->root);
        w->line_ends = manifest_line_ends(rows);
    }
    manifest_close(rows);
    return r;
}

static bool counted(uint64_t told, uint64_t found)
{
    return told == RUN_UNTOLD || told == found;
}

/* The log counts what the manifest lists; both cannot be right when they
 * differ. */
static bool fits_log(const struct run_record *r, const struct walk *w)
{
    return r->manifest_known
        && memcmp(w->file, r->manifest_sha256, MANIFEST_HASH) == 0
        && memcmp(w->root, r->manifest_root, MANIFEST_HASH) == 0
        && counted(r->rows, w->rows)
        && counted(r->stored, w->of[BLOCK_STORED])
        && counted(r->zero, w->of[BLOCK_ZERO])
        && counted(r->unreadable, w->of[BLOCK_UNREADABLE]);
}

static void compare_with_log(struct verification *v, const struct walk *w)
{
    const struct run_record *r = &v->ev.log;

    v->rows = true;
    if (r->snapshot[0] && strcmp(w->header.snapshot, r->snapshot) != 0) {
        findings_add(&v->found, FINDING_CHANGED, "manifest",
                     "belongs to %s, the log to %s", w->header.snapshot,
                     r->snapshot);
        v->rows = false;
    }
    if (!r->present)
        return;
    if (!fits_log(r, w)) {
        findings_add(&v->found, FINDING_CHANGED, "manifest",
                     "is not the one that the log names");
        v->rows = false;
    }
    v->rows_proved = v->rows;
}

/* Its event `file' is told with those of all files. */
static int tell_missing(struct verification *v, struct err *e)
{
    autotext struct text name = TEXT_INIT;

    text_add(&name, file_name(v->ev.prefix));
    text_add(&name, MANIFEST_SUFFIX);
    if (name.failed)
        return err_nomem(e);
    if (v->ev.log.manifest_known && !evidence_file(&v->ev, name.s))
        findings_add(&v->found, FINDING_MISSING, name.s,
                     "is missing; the log names a manifest");
    return 0;
}

int verify_read_manifest(struct verification *v, struct err *e)
{
    struct walk w = { .line_ends = false };
    struct err bad = ERR_INIT;

    if (!v->ev.manifest_path)
        return tell_missing(v, e);
    if (file_check_regular(v->ev.manifest_path, &bad) == 0
        && read_rows(v, &w, &bad) == 0) {
        if (w.line_ends)
            verify_tell_line_ends(&v->found,
                                  file_name(v->ev.manifest_path));
        compare_with_log(v, &w);
        return 0;
    }
    findings_blame(&v->found, FINDING_CHANGED, "manifest", &bad);
    return findings_broken(&v->found, e);
}

struct manifest_reader *verify_open_rows(const struct verification *v,
                                         struct manifest_header *h,
                                         struct err *e)
{
    return v->rows ? evidence_rows(&v->ev, h, e) : NULL;
}
