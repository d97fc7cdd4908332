/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/add.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "audit/evidence.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/user.h"
#include "custody/open.h"
#include "custody/proof.h"
#include "seal/certificate.h"

/* ------------------------------------------------------------- the wishes */

static const struct {
    const char *name;
    size_t at;
} texts[] = {
    { "from", offsetof(struct custody_wish, from) },
    { "to", offsetof(struct custody_wish, to) },
    { "place", offsetof(struct custody_wish, place) },
    { "reason", offsetof(struct custody_wish, reason) },
    { "evidence", offsetof(struct custody_wish, evidence) },
};

#define TEXTS (sizeof(texts) / sizeof(texts[0]))

static const char *text_of(const struct custody_wish *w, size_t i)
{
    const char *value;

    memcpy(&value, (const char *)w + texts[i].at, sizeof(value));
    return value;
}

static int check_texts(const struct custody_wish *w, struct err *e)
{
    for (size_t i = 0; i < TEXTS; i++) {
        const char *value = text_of(w, i);

        if (value && (!*value || strlen(value) > CUSTODY_TEXT_MAX))
            return err_set(e, ERR_USAGE, 0, "--%s takes a text of 1 to %d "
                           "bytes", texts[i].name, CUSTODY_TEXT_MAX);
    }
    return 0;
}

int custody_check_wish(const struct custody_wish *w, struct err *e)
{
    if (check_texts(w, e) < 0)
        return -1;
    if (w->kind == CUSTODY_TRANSFER && (!w->from || !w->to))
        return err_set(e, ERR_USAGE, 0, "a transfer is from somebody to "
                       "somebody: give --from and --to");
    if ((w->kind == CUSTODY_STORAGE || w->kind == CUSTODY_COPY) && !w->place)
        return err_set(e, ERR_USAGE, 0, "a %s is somewhere: give --place",
                       custody_words[w->kind]);
    return 0;
}

int custody_signer(const struct seal_options *o, struct signer **s,
                   struct err *e)
{
    *s = NULL;
    if (!o->key && (o->cert || o->stamp.servers.count))
        return err_set(e, ERR_USAGE, 0, "--cert and --tsa are for a "
                       "signature: --key is missing");
    if (!o->key)
        return 0;
    *s = seal_signer(o, e);
    return *s ? 0 : -1;
}

/* -------------------------------------------------------------- the entry */

static void add_host(struct record *r)
{
    struct user user;
    const struct passwd *pw = user_of(getuid(), &user);
    struct utsname u;

    record_u64(r, "uid", getuid());
    if (pw)
        record_str(r, "user", pw->pw_name);
    if (uname(&u) == 0)
        record_str(r, "host", u.nodename);
    record_str(r, "version", PACKAGE_VERSION);
}

static int write_entry(struct custody_log *l, const struct custody_wish *w,
                       const struct seal_options *o, bool to_sign,
                       struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    for (size_t i = 0; i < TEXTS; i++)
        if (text_of(w, i))
            record_str(&r, texts[i].name, text_of(w, i));
    if (w->facts && w->facts->json.len)
        text_addn(&r.json, w->facts->json.s, w->facts->json.len);
    add_host(&r);
    record_bool(&r, "signed", to_sign);
    record_u64(&r, "stamps", o->stamp.servers.count);
    return custody_log_write(l, custody_words[w->kind], &r, e);
}

static int write_proof(struct custody_log *l, const char *event, uint64_t of,
                       const struct text *der, struct err *e)
{
    autorecord struct record r = RECORD_INIT;
    autotext struct text b64 = TEXT_INIT;

    custody_base64(&b64, der->s, der->len);
    if (b64.failed)
        return err_nomem(e);
    record_u64(&r, "of", of);
    record_str(&r, CUSTODY_DER, b64.s);
    return custody_log_write(l, event, &r, e);
}

/* ------------------------------------------------------------ its proofs */

static int stamp_by(struct custody_log *l, const struct seal_options *o,
                    const char *url, uint64_t of,
                    const struct text *signature, unsigned *failed,
                    struct text *report, struct err *e)
{
    autotext struct text der = TEXT_INIT;

    if (stamp_bytes(&o->stamp, url, signature, &der, failed, e) < 0)
        return -1;
    if (!der.len)
        return 0;
    if (write_proof(l, CUSTODY_STAMP, of, &der, e) < 0)
        return -1;
    text_addf(report, "stamped  line %" PRIu64 ": by ", of);
    text_add_url(report, url);
    text_add(report, "\n");
    return 0;
}

static int prove(struct custody_log *l, const struct seal_options *o,
                 const struct signer *s, unsigned *failed,
                 struct text *report, struct err *e)
{
    autotext struct text line = TEXT_INIT, der = TEXT_INIT;
    uint64_t entry = custody_log_lines(l);
    const struct option_list *servers = &o->stamp.servers;

    if (custody_log_last(l, &line, e) < 0
        || signer_sign(s, line.s, line.len, &der, e) < 0
        || write_proof(l, CUSTODY_SIGNATURE, entry, &der, e) < 0)
        return err_in(e, "line %" PRIu64 " is there, but not signed", entry);
    text_addf(report, "signed   line %" PRIu64 ": by ", entry);
    text_add_shown(report, signer_name(s));
    text_add(report, "\n");
    for (size_t i = 0; i < servers->count; i++)
        if (stamp_by(l, o, servers->items[i], entry + 1, &der, failed, report,
                     e) < 0)
            return -1;
    return 0;
}

/* -------------------------------------------------------------------- all */

static int check_evidence(struct evidence *ev, const char *name,
                          struct err *e)
{
    if (evidence_find(name, ev, e) < 0)
        return -1;
    if (!ev->log_path)
        return err_set(e, ERR_USAGE, 0, "%s has no log: there is nothing that "
                       "says what the evidence is", ev->prefix);
    if (evidence_read_log(ev, e) < 0 || evidence_check_log(ev, e) < 0)
        return -1;
    if (!ev->log.check.closed)
        return err_set(e, ERR_USAGE, 0, "%s: the run did not finish",
                       ev->log_path);
    return 0;
}

static int add(const struct seal_options *o, struct signer *s,
               const struct evidence *ev, const struct custody_wish *w,
               unsigned *failed, struct text *report, struct err *e)
{
    struct custody_log *l = custody_log_open(ev, e);
    struct err ignored = ERR_INIT;
    int r;

    if (!l)
        return -1;
    r = write_entry(l, w, o, s != NULL, e);
    if (r == 0) {
        text_add(report, "entered  ");
        text_add_shown(report, file_name(custody_log_path(l)));
        text_addf(report, ": line %" PRIu64 ", %s\n", custody_log_lines(l),
                  custody_words[w->kind]);
        r = s ? prove(l, o, s, failed, report, e) : 0;
    }
    return custody_log_close(l, r == 0 ? e : &ignored) < 0 ? -1 : r;
}

int custody_add(const struct seal_options *o, struct signer *s,
                const char *name, const struct custody_wish *w,
                struct text *report, struct err *e)
{
    struct evidence ev = { 0 };
    unsigned failed = 0;
    int r = check_evidence(&ev, name, e);

    if (r == 0)
        r = add(o, s, &ev, w, &failed, report, e);
    evidence_free(&ev);
    return r < 0 ? -1 : failed > 0;
}
