/* SPDX-License-Identifier: Apache-2.0 */
/* Who vouches for a seal, and since when: its signatures, and the time stamps
 * of each. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/scope.h"
#include "seal/certificate.h"
#include "seal/names.h"
#include "seal/read.h"
#include "seal/token.h"
#include "verify/seal-private.h"

struct check {
    struct verification *v;
    const struct trust *trust;
    int64_t now;              /* seconds */
    unsigned trusted;         /* signatures */
    /* Those of whom that depends on the others: */
    struct untrusted {
        char *name, *text;
    } untrusted[SEAL_SIGNATURES_MAX];
    unsigned nuntrusted;
};

/* One signature and what its time stamps say. */
struct signature {
    unsigned i;
    const char *name;         /* of its file */
    struct text der;
    struct cms_read cms;
    struct text who;          /* and the print of his certificate */
    unsigned stamps;          /* that are whole */
    int64_t since;            /* the earliest that is trusted, or 0 */
    bool fresh;               /* the certificate of one of them has not ended */
};

static void add(struct check *c, enum finding_kind kind, const char *name,
                const char *text)
{
    findings_add(&c->v->found, kind, name, "%s", text);
}

static char *time_text(char *buf, int64_t seconds)
{
    return clock_text(buf, (uint64_t)seconds * NS_PER_S);
}

static void add_who(X509 *x, struct text *t)
{
    char print[CERTIFICATE_PRINT];

    certificate_name(x, t);
    text_addf(t, " (certificate %.16s...)", certificate_print(x, print));
}

static void tell_unused(struct check *c, const char *name, unsigned unused)
{
    if (unused)
        findings_add(&c->v->found, FINDING_NOTE, name, "carries %u "
                     "certificate%s that nothing here vouches for, and that "
                     "nothing needs", unused, unused == 1 ? "" : "s");
}

/* ---------------------------------------------------------------- stamps */

static void trust_stamp(struct check *c, struct signature *s,
                        const char *name, const struct token *t,
                        const char *who)
{
    struct err why = ERR_INIT;
    char time[CLOCK_TEXT];
    unsigned unused;

    time_text(time, t->time);
    if (!c->trust) {
        findings_add(&c->v->found, FINDING_NOTE, name, "says %s by %s; nobody "
                     "was named with --trust", time, who);
    } else if (trust_check(c->trust, t->cms.signer, t->cms.certs,
                           TRUST_TO_STAMP, t->time, &unused, &why) < 0) {
        findings_add(&c->v->found, FINDING_RESERVE, name, "says %s by %s, for "
                     "whom nobody in the trust file vouches: %s", time, who,
                     why.msg);
    } else {
        findings_add(&c->v->found, FINDING_GOOD, name, "time-stamped %s by "
                     "%s, policy %s", time, who, t->policy);
        tell_unused(c, name, unused);
        if (!s->since || t->time < s->since)
            s->since = t->time;
        s->fresh |= certificate_when(t->cms.signer, c->now) <= 0;
    }
}

static void read_stamp(struct check *c, struct signature *s,
                       const char *path)
{
    autotext struct text der = TEXT_INIT, who = TEXT_INIT;
    struct err bad = ERR_INIT;
    struct token t = { .time = 0 };

    if (seal_slurp(path, SEAL_DER_LIMIT, &der, &bad) < 0
        || token_read(&der, s->der.s, s->der.len, NULL, &t, &bad) < 0) {
        findings_blame(&c->v->found, FINDING_CHANGED, file_name(path), &bad);
    } else {
        s->stamps++;
        add_who(t.cms.signer, &who);
        trust_stamp(c, s, file_name(path), &t, who.s ? who.s : "");
    }
    token_free(&t);
}

/* Numbers are given without a gap: what was behind it is there still. */
static void tell_gone(struct check *c, const char *path)
{
    add(c, FINDING_MISSING, file_name(path), "is missing: there are later ones "
        "of the seal, so it was taken away");
}

static int read_stamps(struct check *c, struct signature *s, struct err *e)
{
    const struct beside *set = &c->v->ev.beside;
    unsigned n = seal_stamps(set, s->i);

    for (unsigned k = 1; k <= n; k++) {
        autofree char *path = seal_stamp_path(set, s->i, k);

        if (!path)
            return err_nomem(e);
        if (seal_has_stamp(set, s->i, k))
            read_stamp(c, s, path);
        else
            tell_gone(c, path);
    }
    return 0;
}

/* The first signature is that of the run; what was asked for then. */
static void tell_stamps(struct check *c, const struct signature *s,
                        const struct seal_document *d)
{
    if (s->stamps == 0 && s->i == 1 && d->stamps_wanted)
        findings_add(&c->v->found, FINDING_RESERVE, s->name, "not "
                     "time-stamped: %" PRIu64 " time stamp%s asked for, and "
                     "there is none", d->stamps_wanted,
                     d->stamps_wanted == 1 ? " was" : "s were");
    if (s->since && !s->fresh)
        add(c, FINDING_RESERVE, s->name, "the certificates of all its time "
            "stamps have ended: have it time-stamped once more");
}

/* ------------------------------------------------------------ signatures */

/* A certificate that has ended since may have been used at any time. */
int verify_trust_signer(const struct trust *trust,
                        const struct cms_read *cms, int64_t since,
                        int64_t now, unsigned *unused, bool *ended,
                        struct err *why)
{
    struct err ignored = ERR_INIT;

    *ended = false;
    if (trust_check(trust, cms->signer, cms->certs, TRUST_TO_SIGN,
                    since ? since : now, unused, why) == 0)
        return 0;
    if (since || cms->claimed <= 0 || cms->claimed > now
        || trust_check(trust, cms->signer, cms->certs, TRUST_TO_SIGN,
                       cms->claimed, unused, &ignored) < 0)
        return -1;
    *ended = true;
    return 0;
}

static void tell_trusted(struct check *c, const struct signature *s,
                         bool ended, unsigned unused)
{
    c->trusted++;
    findings_add(&c->v->found, FINDING_GOOD, s->name, "signed by %s, for whom "
                 "the trust file vouches", s->who.s ? s->who.s : "");
    if (ended)
        add(c, FINDING_RESERVE, s->name, "its certificate has ended, and no "
            "trusted time stamp shows that it was signed before");
    tell_unused(c, s->name, unused);
}

static int keep_untrusted(struct check *c, const struct signature *s,
                          const struct err *why, struct err *e)
{
    struct untrusted *u = &c->untrusted[c->nuntrusted++];
    struct text t = TEXT_INIT;

    text_addf(&t, "signed by %s, for whom nobody in the trust file vouches: "
              "%s", s->who.s ? s->who.s : "", why->msg);
    u->text = t.s;
    u->name = strdup(s->name);
    return u->name && !t.failed ? 0 : err_nomem(e);
}

/* Beside one that is trusted they take nothing from what that says. */
static void tell_untrusted(struct check *c)
{
    for (unsigned i = 0; i < c->nuntrusted; i++)
        add(c, c->trusted ? FINDING_RESERVE : FINDING_UNTRUSTED,
            c->untrusted[i].name, c->untrusted[i].text);
}

static void free_untrusted(struct check *c)
{
    for (unsigned i = 0; i < c->nuntrusted; i++) {
        free(c->untrusted[i].name);
        free(c->untrusted[i].text);
    }
}

static int judge(struct check *c, const struct signature *s, char **by,
                 struct err *e)
{
    struct err why = ERR_INIT;
    unsigned unused = 0;
    bool ended;

    if (!c->trust) {
        findings_add(&c->v->found, FINDING_NOTE, s->name, "signed by %s; "
                     "nobody was named with --trust who could vouch for that",
                     s->who.s ? s->who.s : "");
        return 0;
    }
    if (verify_trust_signer(c->trust, &s->cms, s->since, c->now, &unused,
                            &ended, &why) < 0)
        return keep_untrusted(c, s, &why, e);
    tell_trusted(c, s, ended, unused);
    if (!*by)
        *by = strdup(s->who.s ? s->who.s : "");
    return *by ? 0 : err_nomem(e);
}

static int read_signature(struct check *c, struct signature *s,
                          const char *path, const struct text *document,
                          const struct seal_document *d, char **by,
                          struct err *e)
{
    struct err bad = ERR_INIT;

    s->name = file_name(path);
    if (seal_slurp(path, SEAL_DER_LIMIT, &s->der, &bad) < 0
        || cms_read(s->der.s, s->der.len, document->s, document->len, &s->cms,
                    &bad) < 0) {
        findings_blame(&c->v->found, FINDING_CHANGED, s->name, &bad);
        return 0;
    }
    add_who(s->cms.signer, &s->who);
    if (read_stamps(c, s, e) < 0 || judge(c, s, by, e) < 0)
        return -1;
    tell_stamps(c, s, d);
    return 0;
}

static int check_one(struct check *c, unsigned i, const struct text *document,
                     const struct seal_document *d, char **by, struct err *e)
{
    struct signature s = { .i = i };
    autofree char *path = seal_signature_path(&c->v->ev.beside, i);
    int r;

    if (path && !seal_has_signature(&c->v->ev.beside, i)) {
        tell_gone(c, path);
        return 0;
    }
    r = path ? read_signature(c, &s, path, document, d, by, e) : err_nomem(e);
    cms_read_free(&s.cms);
    text_free(&s.der);
    text_free(&s.who);
    return r;
}

static int tell_unsigned(struct check *c, struct err *e)
{
    autofree char *path = seal_signature_path(&c->v->ev.beside, 1);

    if (!path)
        return err_nomem(e);
    add(c, FINDING_MISSING, file_name(path), "is missing: the seal has no "
        "signature, so anybody can have made it");
    return 0;
}

int verify_seal_signatures(struct verification *v, const struct trust *trust,
                           const struct text *document,
                           const struct seal_document *d, char **by,
                           struct err *e)
{
    struct check c = {
        .v = v,
        .trust = trust,
        .now = (int64_t)(clock_wall(&clock_system) / NS_PER_S),
    };
    unsigned n = seal_signatures(&v->ev.beside);
    int r = 0;

    *by = NULL;
    for (unsigned i = 1; r == 0 && i <= n; i++)
        r = check_one(&c, i, document, d, by, e);
    tell_untrusted(&c);
    free_untrusted(&c);
    if (r < 0)
        return -1;
    return n ? findings_broken(&v->found, e) : tell_unsigned(&c, e);
}
