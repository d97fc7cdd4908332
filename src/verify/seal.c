/* SPDX-License-Identifier: Apache-2.0 */
/* The seal of a run: the document against the record, and who vouches for
 * it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/line-ends.h"
#include "base/file.h"
#include "base/scope.h"
#include "seal/names.h"
#include "seal/read.h"
#include "verify/seal-private.h"

/* A log that says that a seal was to follow says so for ever; and who names a
 * certificate expects one. */
static void tell_none(struct verification *v, const char *name)
{
    if (v->ev.log.seal[0])
        findings_add(&v->found, FINDING_MISSING, name, "is missing: the log "
                     "says that the run was to be sealed, so it died before "
                     "that, or the seal was taken away");
    else if (v->opt->trust)
        findings_add(&v->found, FINDING_MISSING, name, "is missing: there is "
                     "no seal that a trusted certificate could vouch for");
}

/* -------------------------------------------------------------- document */

/* A copy that went through a program for texts is said to be that. */
static int read_other_ends(struct verification *v, const char *name,
                           struct text *bytes, struct seal_document *d,
                           struct err *e)
{
    size_t before = bytes->len;

    bytes->len = line_ends_undo((unsigned char *)bytes->s, before, -1);
    bytes->s[bytes->len] = '\0';
    if (bytes->len == before)
        return -1;
    seal_document_free(d);
    if (seal_document_read(bytes->s, bytes->len, d, e) < 0)
        return -1;
    findings_add(&v->found, FINDING_RESERVE, name,
                 "sealed bytes differ, by line ends alone");
    return 0;
}

/* False when there is nothing to go on with; that was told. */
static bool read_document(struct verification *v, const char *path,
                          struct text *bytes, struct seal_document *d)
{
    const char *name = file_name(path);
    struct err bad = ERR_INIT;

    if (seal_slurp(path, SEAL_LIMIT, bytes, &bad) == 0
        && (seal_document_read(bytes->s, bytes->len, d, &bad) == 0
            || read_other_ends(v, name, bytes, d, &bad) == 0))
        return true;
    findings_blame(&v->found, FINDING_CHANGED, name, &bad);
    return false;
}

/* ---------------------------------------------------------------- record */

static void tell_other_log(struct verification *v,
                           const struct seal_document *d)
{
    const struct run_record *r = &v->ev.log;
    char head[2 * LOG_HASH + 1];

    hex_encode(head, d->log_head, LOG_HASH);
    v->log_sound = false;
    findings_add(&v->found, FINDING_CHANGED, file_name(v->ev.log_path),
                 "is not the log that was sealed: its head is %s after %"
                 PRIu64 " events, that of the seal %s after %" PRIu64 "%s",
                 v->head, r->check.events, head, d->log_events,
                 r->check.events < d->log_events
                 ? ": it was cut, or is an older one" : "");
}

static void compare_record(struct verification *v, const char *name,
                           const struct seal_document *d)
{
    const struct run_record *r = &v->ev.log;

    if (!r->present)
        return;
    if (memcmp(r->check.head, d->log_head, LOG_HASH) != 0
        || r->check.events != d->log_events)
        tell_other_log(v, d);
    if (strcmp(r->snapshot, d->snapshot) != 0)
        findings_add(&v->found, FINDING_CHANGED, name, "is of %s, the log of "
                     "%s", d->snapshot, r->snapshot);
    if (r->manifest_known
        && memcmp(r->manifest_root, d->root, MANIFEST_HASH) != 0)
        findings_add(&v->found, FINDING_CHANGED, name, "has another root of "
                     "the blocks than the log");
    if (strcmp(r->verdict, outcome_name(d->verdict)) != 0)
        findings_add(&v->found, FINDING_CHANGED, name, "says %s, the log %s",
                     outcome_name(d->verdict), r->verdict);
}

/* ------------------------------------------------------------------- all */

static int check(struct verification *v, const struct trust *trust,
                 const char *path, struct err *e)
{
    autotext struct text bytes = TEXT_INIT;
    struct seal_document d = { .nfiles = 0 };
    autofree char *by = NULL;
    int r = 0;

    if (read_document(v, path, &bytes, &d)) {
        v->has_seal = true;
        compare_record(v, file_name(path), &d);
        r = verify_seal_files(v, &d, e);
        if (r == 0)
            r = verify_seal_signatures(v, trust, &bytes, &d, &by, e);
        if (r == 0 && v->log_sound) {
            v->sealed_by = by;
            by = NULL;
        }
    }
    seal_document_free(&d);
    return r;
}

int verify_read_seal(struct verification *v, struct err *e)
{
    autofree char *path = seal_path(&v->ev.beside);
    struct trust *trust = NULL;
    int r = 0;

    if (!path)
        return err_nomem(e);
    if (v->opt->trust) {
        trust = trust_open(v->opt->trust, e);
        if (!trust)
            return -1;
    }
    if (file_exists(path))
        r = check(v, trust, path, e);
    else
        tell_none(v, file_name(path));
    trust_close(trust);
    return r;
}
