/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/seal.h"

#include <stdio.h>
#include <string.h>

#include "audit/evidence.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/scope.h"
#include "seal/certificate.h"
#include "seal/cms-read.h"
#include "seal/names.h"
#include "seal/read.h"

void seal_defaults(struct seal_options *o)
{
    *o = (struct seal_options){ .passphrase_fd = SEAL_TERMINAL };
}

struct signer *seal_signer(const struct seal_options *o, struct err *e)
{
    const struct signer_options s = {
        .key = o->key,
        .cert = o->cert,
        .passphrase_fd = o->passphrase_fd == SEAL_TERMINAL
            ? -1 : (int)o->passphrase_fd,
    };

    if (!o->key) {
        err_set(e, ERR_USAGE, 0, "a seal is signed: --key is missing");
        return NULL;
    }
    return stamp_check(&o->stamp, e) < 0 ? NULL : signer_open(&s, e);
}

/* ---------------------------------------------------------- the document */

static int write_document(const char *path, struct seal_document *d,
                          size_t stamps, struct text *bytes,
                          struct text *report, struct err *e)
{
    d->sealed = clock_wall(&clock_system) / NS_PER_S * NS_PER_S;
    snprintf(d->version, sizeof(d->version), "%s", PACKAGE_VERSION);
    d->stamps_wanted = stamps;
    seal_document_write(d, bytes);
    if (bytes->failed)
        return err_nomem(e);
    if (seal_put(path, bytes->s, bytes->len, e) < 0)
        return -1;
    text_add(report, "sealed   ");
    text_add_shown(report, file_name(path));
    text_addf(report, ": %zu files\n", d->nfiles);
    return 0;
}

static int read_document(const char *path, const struct seal_document *now,
                         struct text *bytes, struct err *e)
{
    struct seal_document d = { .nfiles = 0 };
    int r = seal_slurp(path, SEAL_LIMIT, bytes, e);

    if (r == 0 && (seal_document_read(bytes->s, bytes->len, &d, e) < 0
                   || (now && seal_document_compare(&d, now, e) < 0)))
        r = err_in(e, "%s", path);
    seal_document_free(&d);
    return r;
}

/* The one that is there, when it says what the files are now; else a new
 * one. */
static int have_document(const struct seal_options *o,
                         const struct beside *set,
                         struct seal_document *now, struct text *bytes,
                         struct text *report, struct err *e)
{
    autofree char *path = seal_path(set);

    if (!path)
        return err_nomem(e);
    if (file_exists(path))
        return read_document(path, now, bytes, e);
    return write_document(path, now, o->stamp.servers.count, bytes, report,
                          e);
}

/* -------------------------------------------------------- the signature */

/* A signature that is no good is nothing to add another one to. */
static int check_signature(const struct beside *set, unsigned i,
                           const struct text *document,
                           const struct text *mine, struct err *e)
{
    autofree char *path = seal_signature_path(set, i);
    autotext struct text der = TEXT_INIT;
    struct cms_read theirs, ours;
    int r;

    if (!path)
        return err_nomem(e);
    if (seal_slurp(path, SEAL_DER_LIMIT, &der, e) < 0)
        return -1;
    r = cms_read(der.s, der.len, document->s, document->len, &theirs, e);
    if (r == 0 && mine) {
        r = cms_read(mine->s, mine->len, document->s, document->len, &ours,
                     e);
        if (r == 0 && X509_cmp(theirs.signer, ours.signer) == 0)
            r = err_set(e, ERR_USAGE, 0, "has been signed with this "
                        "certificate");
        cms_read_free(&ours);
    }
    cms_read_free(&theirs);
    return r < 0 ? err_in(e, "%s", path) : 0;
}

static int check_signatures(const struct beside *set,
                            const struct text *document,
                            const struct text *mine, struct err *e)
{
    unsigned n = seal_signatures(set);

    if (mine && n == SEAL_SIGNATURES_MAX)
        return err_set(e, ERR_USAGE, 0, "%s has %u signatures, which is the "
                       "most", set->prefix, n);
    for (unsigned i = 1; i <= n; i++)
        if (seal_has_signature(set, i)
            && check_signature(set, i, document, mine, e) < 0)
            return -1;
    return 0;
}

/* Behind the last: a number that somebody had stays his. */
static int sign(const struct signer *s, const struct beside *set,
                const struct text *document, unsigned *i,
                struct text *report, struct err *e)
{
    autotext struct text der = TEXT_INIT;
    autofree char *path = NULL;

    if (signer_sign(s, document->s, document->len, &der, e) < 0
        || check_signatures(set, document, &der, e) < 0)
        return -1;
    *i = seal_signatures(set) + 1;
    path = seal_signature_path(set, *i);
    if (!path)
        return err_nomem(e);
    if (seal_put(path, der.s, der.len, e) < 0)
        return -1;
    text_add(report, "signed   ");
    text_add_shown(report, file_name(path));
    text_add(report, ": by ");
    text_add_shown(report, signer_name(s));
    text_add(report, "\n");
    return 0;
}

/* The document, a signature of it, and its time stamps. */
static int make_all(const struct seal_options *o, const struct signer *s,
                    const struct beside *set, struct seal_document *now,
                    struct text *report, struct err *e)
{
    autotext struct text bytes = TEXT_INIT;
    unsigned failed = 0, i = 0;

    if (have_document(o, set, now, &bytes, report, e) < 0
        || sign(s, set, &bytes, &i, report, e) < 0
        || stamp_signature(&o->stamp, set, i, &failed, report, e) < 0)
        return -1;
    return failed > 0;
}

int seal_make(const struct seal_options *o, const struct seal_gather *g,
              const struct signer *s, const char *name, struct text *report,
              struct err *e)
{
    autofree char *prefix = NULL;
    struct beside set = { .count = 0 };
    struct seal_document now = { .nfiles = 0 };
    int r = seal_gather(g, name, &now, &prefix, e);

    if (r == 0)
        r = beside_read(&set, prefix, e);
    if (r == 0)
        r = make_all(o, s, &set, &now, report, e);
    beside_free(&set);
    seal_document_free(&now);
    return r;
}

/* ----------------------------------------------------------- stamps later */

/* What is no seal is not worth a stamp. */
static int check_seal(const struct beside *set, struct err *e)
{
    autofree char *path = seal_path(set);
    autotext struct text bytes = TEXT_INIT;

    if (!path)
        return err_nomem(e);
    if (!file_exists(path) || seal_signatures(set) == 0)
        return err_set(e, ERR_USAGE, 0, "%s has no seal with a signature that "
                       "could be time-stamped", set->prefix);
    if (read_document(path, NULL, &bytes, e) < 0)
        return -1;
    return check_signatures(set, &bytes, NULL, e);
}

static int stamp_all(const struct seal_options *o, const struct beside *set,
                     struct text *report, struct err *e)
{
    unsigned failed = 0;

    if (check_seal(set, e) < 0)
        return -1;
    for (unsigned i = 1; i <= seal_signatures(set); i++)
        if (seal_has_signature(set, i)
            && stamp_signature(&o->stamp, set, i, &failed, report, e) < 0)
            return -1;
    return failed > 0;
}

int seal_stamp_later(const struct seal_options *o, const char *name,
                     struct text *report, struct err *e)
{
    struct evidence ev;
    int r;

    if (o->stamp.servers.count == 0)
        return err_set(e, ERR_USAGE, 0, "--timestamp asks a server: --tsa is "
                       "missing");
    if (stamp_check(&o->stamp, e) < 0)
        return -1;
    r = evidence_find(name, &ev, e);
    if (r == 0)
        r = stamp_all(o, &ev.beside, report, e);
    evidence_free(&ev);
    return r;
}
