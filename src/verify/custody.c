/* SPDX-License-Identifier: Apache-2.0 */
/* The custody log of a set: its chain, whose acquisition it is of, and which
 * of its entries somebody vouches for.  The chain of an entry that is signed
 * goes for all lines before it; what stands behind the last one nobody
 * vouches for. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/scope.h"
#include "custody/proof.h"
#include "seal/certificate.h"
#include "verify/seal-private.h"

enum faith {
    UNSIGNED,  /* or with a signature that is none, which was told */
    UNNAMED,   /* signed, and nobody was named whom to trust */
    UNTRUSTED, /* signed by somebody whom nobody here vouches for */
    TRUSTED,
};

struct check {
    struct verification *v;
    const struct trust *trust;
    const char *name;         /* of the file */
    int64_t now;              /* seconds */
    enum faith *faith;        /* of each entry */
    char **why;               /* of each that is UNTRUSTED */
};

#define TELL(c, kind, line, fmt, ...) \
    findings_add(&(c)->v->found, kind, (c)->name, "line %zu: " fmt, line, \
                 __VA_ARGS__)

/* ---------------------------------------------------------------- stamps */

static void trust_stamp(struct check *c, size_t line, const struct token *t,
                        int64_t *since)
{
    autotext struct text who = TEXT_INIT;
    struct err why = ERR_INIT;
    char when[CLOCK_TEXT];
    unsigned unused;

    clock_text(when, (uint64_t)t->time * NS_PER_S);
    certificate_name(t->cms.signer, &who);
    if (!c->trust) {
        TELL(c, FINDING_NOTE, line, "says %s by %s; nobody was named with "
             "--trust", when, who.s ? who.s : "");
    } else if (trust_check(c->trust, t->cms.signer, t->cms.certs,
                           TRUST_TO_STAMP, t->time, &unused, &why) < 0) {
        TELL(c, FINDING_RESERVE, line, "says %s by %s, for whom nobody in the "
             "trust file vouches: %s", when, who.s ? who.s : "", why.msg);
    } else {
        TELL(c, FINDING_GOOD, line, "time-stamped %s by %s", when,
             who.s ? who.s : "");
        if (!*since || t->time < *since)
            *since = t->time;
    }
}

static void read_stamps(struct check *c, const struct custody_entry *x,
                        const struct custody_signature *s, int64_t *since)
{
    for (size_t k = 0; k < x->nstamps; k++) {
        struct err bad = ERR_INIT;
        struct token t;

        if (custody_stamp(&c->v->custody, x, s, k, &t, &bad) < 0) {
            err_in(&bad, "line %zu", x->stamp + k);
            findings_blame(&c->v->found, FINDING_CHANGED, c->name, &bad);
        } else {
            trust_stamp(c, x->stamp + k, &t, since);
        }
        token_free(&t);
    }
}

/* ------------------------------------------------------------ signatures */

static enum faith ask_trust(struct check *c, const struct custody_entry *x,
                            const struct custody_signature *s, int64_t since,
                            struct err *why)
{
    const char *who = s->who.s ? s->who.s : "";
    unsigned unused;
    bool ended;

    if (!c->trust) {
        TELL(c, FINDING_NOTE, x->signature, "signed by %s; nobody was named "
             "with --trust who could vouch for that", who);
        return UNNAMED;
    }
    if (verify_trust_signer(c->trust, &s->cms, since, c->now, &unused, &ended,
                            why) < 0)
        return UNTRUSTED;
    TELL(c, FINDING_GOOD, x->signature, "%s of line %zu signed by %s, for "
         "whom the trust file vouches", custody_words[x->kind], x->line, who);
    if (ended)
        TELL(c, FINDING_RESERVE, x->signature, "%s", "its certificate has "
             "ended, and no trusted time stamp shows that it was signed "
             "before");
    return TRUSTED;
}

static int keep_why(struct check *c, size_t i,
                    const struct custody_signature *s, const struct err *why,
                    struct err *e)
{
    struct text t = TEXT_INIT;

    text_addf(&t, "signed by %s, for whom nobody in the trust file vouches: "
              "%s", s->who.s ? s->who.s : "", why->msg);
    c->why[i] = t.s;
    return t.failed ? err_nomem(e) : 0;
}

static int judge(struct check *c, size_t i, struct err *e)
{
    const struct custody_entry *x = &c->v->custody.entries[i];
    struct custody_signature s;
    struct err bad = ERR_INIT;
    int64_t since = 0;
    int r = 0;

    if (!x->signature)
        return 0;
    if (custody_signature(&c->v->custody, x, &s, &bad) < 0) {
        err_in(&bad, "line %zu, the signature of line %zu", x->signature,
               x->line);
        findings_blame(&c->v->found, FINDING_CHANGED, c->name, &bad);
    } else {
        read_stamps(c, x, &s, &since);
        c->faith[i] = ask_trust(c, x, &s, since, &bad);
        if (c->faith[i] == UNTRUSTED)
            r = keep_why(c, i, &s, &bad, e);
    }
    custody_signature_free(&s);
    return r;
}

/* -------------------------------------------------------- what that leaves */

/* Behind the last entry that is vouched for; without anybody to trust that is
 * the last one with a signature. */
static size_t horizon(const struct check *c)
{
    size_t n = c->v->custody.nentries;

    while (n > 0 && c->faith[n - 1] != TRUSTED && c->faith[n - 1] != UNNAMED)
        n--;
    return n;
}

/* One that is trusted and later takes nothing from what others have signed,
 * and goes for it, too. */
static void tell_untrusted(struct check *c, size_t vouched)
{
    const struct custody *k = &c->v->custody;

    for (size_t i = 0; i < k->nentries; i++)
        if (c->why[i])
            TELL(c, i < vouched ? FINDING_NOTE : vouched ? FINDING_RESERVE
                 : FINDING_UNTRUSTED, k->entries[i].signature, "%s",
                 c->why[i]);
}

static void tell_missing(struct check *c, size_t vouched)
{
    const struct custody *k = &c->v->custody;

    for (size_t i = 0; i < k->nentries; i++) {
        const struct custody_entry *x = &k->entries[i];

        if (x->to_sign && !x->signature)
            TELL(c, i < vouched ? FINDING_NOTE : FINDING_MISSING, x->line,
                 "%s", "the signature that was to follow is missing: whoever "
                 "wrote it died before that, or it was taken away");
        else if (x->nstamps < x->stamps_wanted)
            TELL(c, FINDING_RESERVE, x->line, "not time-stamped: %zu of %"
                 PRIu64 " time stamps that were asked for", x->nstamps,
                 x->stamps_wanted);
    }
}

/* The lines of the entries that nobody vouches for. */
static void tell_rest(struct check *c, size_t vouched)
{
    const struct custody *k = &c->v->custody;
    autotext struct text lines = TEXT_INIT;

    if (vouched == k->nentries)
        return;
    for (size_t i = vouched; i < k->nentries; i++)
        text_addf(&lines, "%s%zu", i > vouched ? ", " : "",
                  k->entries[i].line);
    findings_add(&c->v->found, c->trust ? FINDING_RESERVE : FINDING_NOTE,
                 c->name, "nobody vouches for the entr%s of line%s %.300s: %s",
                 k->nentries - vouched == 1 ? "y" : "ies",
                 k->nentries - vouched == 1 ? "" : "s",
                 lines.s ? lines.s : "", vouched
                 ? "behind the last one that is signed anybody can have "
                   "changed, added or cut off entries"
                 : "without a signature anybody can have made all of it");
}

static void tell_clock(struct check *c)
{
    const struct custody *k = &c->v->custody;

    for (size_t i = 1; i < k->nentries; i++)
        if (strcmp(custody_text(k, k->entries[i].line, "time"),
                   custody_text(k, k->entries[i - 1].line, "time")) < 0)
            TELL(c, FINDING_NOTE, k->entries[i].line, "%s", "its time is "
                 "before that of the entry before: one of the clocks is "
                 "wrong");
}

static int judge_all(struct check *c, struct err *e)
{
    const struct custody *k = &c->v->custody;
    size_t vouched;

    for (size_t i = 0; i < k->nentries; i++)
        if (judge(c, i, e) < 0)
            return -1;
    vouched = horizon(c);
    tell_untrusted(c, vouched);
    tell_missing(c, vouched);
    tell_rest(c, vouched);
    tell_clock(c);
    return findings_broken(&c->v->found, e);
}

static int check_entries(struct verification *v, const struct trust *trust,
                         const char *name, struct err *e)
{
    size_t n = v->custody.nentries;
    struct check c = {
        .v = v,
        .trust = trust,
        .name = name,
        .now = (int64_t)(clock_wall(&clock_system) / NS_PER_S),
        .faith = calloc(n + 1, sizeof(*c.faith)),
        .why = calloc(n + 1, sizeof(*c.why)),
    };
    int r = c.faith && c.why ? judge_all(&c, e) : err_nomem(e);

    for (size_t i = 0; c.why && i < n; i++)
        free(c.why[i]);
    free(c.why);
    free(c.faith);
    return r;
}

/* -------------------------------------------------------------------- all */

static void tell_whole(struct verification *v, const char *name)
{
    const struct custody *k = &v->custody;
    char head[2 * LOG_HASH + 1];

    hex_encode(head, k->check.head, LOG_HASH);
    findings_add(&v->found, FINDING_GOOD, name, "%zu entr%s of custody, chain "
                 "unbroken, head %s", k->nentries,
                 k->nentries == 1 ? "y" : "ies", head);
    if (k->check.line_ends)
        verify_tell_line_ends(&v->found, name);
}

static int check(struct verification *v, const struct trust *trust,
                 const char *path, struct err *e)
{
    const char *name = file_name(path);
    struct err bad = ERR_INIT;

    if (custody_read(path, &v->custody, &bad) < 0) {
        findings_blame(&v->found, FINDING_CHANGED, name, &bad);
        return findings_broken(&v->found, e);
    }
    tell_whole(v, name);
    if (v->ev.log.present
        && custody_check_origin(&v->custody, &v->ev.log, &bad) < 0)
        findings_blame(&v->found, FINDING_CHANGED, name, &bad);
    return check_entries(v, trust, name, e);
}

int verify_read_custody(struct verification *v, struct err *e)
{
    autofree char *path = custody_path(&v->ev.beside);
    struct trust *trust = NULL;
    int r = 0;

    if (!path)
        return err_nomem(e);
    if (!file_exists(path))
        return 0;
    if (v->opt->trust) {
        trust = trust_open(v->opt->trust, e);
        if (!trust)
            return -1;
    }
    r = check(v, trust, path, e);
    trust_close(trust);
    return r;
}
