/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/stamp.h"

#include "aws/post.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/scope.h"
#include "seal/certificate.h"
#include "seal/document.h"
#include "seal/names.h"
#include "seal/read.h"
#include "seal/token.h"
#include "show/tell.h"

enum { ATTEMPTS = 4 };

int stamp_check(const struct stamp_options *o, struct err *e)
{
    if (o->servers.count > SEAL_STAMPS_MAX)
        return err_set(e, ERR_USAGE, 0, "--tsa can be given %d times",
                       SEAL_STAMPS_MAX);
    for (size_t i = 0; i < o->servers.count; i++)
        if (post_check_url(o->servers.items[i], e) < 0)
            return err_in(e, "--tsa, URL %zu", i + 1);
    return 0;
}

static int ask(const struct stamp_options *o, const char *url,
               const struct text *signature, struct text *token,
               struct err *e)
{
    autotext struct text question = TEXT_INIT, answer = TEXT_INIT;
    const struct post p = {
        .url = url,
        .type = "application/timestamp-query",
        .accept = "application/timestamp-reply",
        .ca_bundle = o->ca_bundle,
        .body = &question,
        .limit = SEAL_DER_LIMIT,
        .attempts = ATTEMPTS,
    };
    uint64_t nonce;

    if (token_question(signature->s, signature->len, &nonce, &question, e) < 0
        || post_send(&p, &answer, e) < 0)
        return -1;
    return token_answer(&answer, signature->s, signature->len, nonce, token,
                        e);
}

static int add_report(const char *path, const char *url,
                      const struct text *token, const struct text *signature,
                      struct text *report, struct err *e)
{
    autotext struct text who = TEXT_INIT;
    struct token t;
    char when[CLOCK_TEXT];
    int r = token_read(token, signature->s, signature->len, NULL, &t, e);

    if (r == 0) {
        certificate_name(t.cms.signer, &who);
        text_add(report, "stamped  ");
        text_add_shown(report, file_name(path));
        text_addf(report, ": %s by ",
                  clock_text(when, (uint64_t)t.time * NS_PER_S));
        text_add_shown(report, who.s ? who.s : "");
        text_add(report, ", policy ");
        text_add_shown(report, t.policy);
        text_add(report, ", from ");
        text_add_url(report, url);
        text_add(report, "\n");
    }
    token_free(&t);
    return r;
}

static int put(const struct beside *set, unsigned i, const struct text *token,
               const char *url, const struct text *signature,
               struct text *report, struct err *e)
{
    unsigned k = seal_stamps(set, i) + 1;
    autofree char *path = seal_stamp_path(set, i, k);

    if (!path)
        return err_nomem(e);
    if (k > SEAL_STAMPS_MAX)
        return err_set(e, ERR_USAGE, 0, "signature %u has %d time stamps, "
                       "which is the most", i, SEAL_STAMPS_MAX);
    if (seal_put(path, token->s, token->len, e) < 0)
        return -1;
    return add_report(path, url, token, signature, report, e);
}

/* No stamp is no fault of the seal; what ends the program is. */
static int tell_failure(const char *url, const struct err *why,
                        unsigned *failed, struct err *e)
{
    autotext struct text shown = TEXT_INIT;

    if (why->kind == ERR_INTERRUPTED || why->kind == ERR_INTERNAL) {
        *e = *why;
        return -1;
    }
    text_add_url(&shown, url);
    tell_warning("not time-stamped: %s: %s", shown.s ? shown.s : "",
                 why->msg);
    ++*failed;
    return 0;
}

int stamp_bytes(const struct stamp_options *o, const char *url,
                const struct text *bytes, struct text *token,
                unsigned *failed, struct err *e)
{
    struct err why = ERR_INIT;

    if (ask(o, url, bytes, token, &why) == 0)
        return 0;
    text_clear(token);
    return tell_failure(url, &why, failed, e);
}

static int stamp_by(const struct stamp_options *o, const char *url,
                    const struct beside *set, unsigned i,
                    const struct text *signature, unsigned *failed,
                    struct text *report, struct err *e)
{
    autotext struct text token = TEXT_INIT;

    if (stamp_bytes(o, url, signature, &token, failed, e) < 0)
        return -1;
    return token.len ? put(set, i, &token, url, signature, report, e) : 0;
}

int stamp_signature(const struct stamp_options *o, const struct beside *set,
                    unsigned i, unsigned *failed, struct text *report,
                    struct err *e)
{
    autofree char *path = seal_signature_path(set, i);
    autotext struct text signature = TEXT_INIT;

    if (!path)
        return err_nomem(e);
    if (seal_slurp(path, SEAL_DER_LIMIT, &signature, e) < 0)
        return -1;
    for (size_t k = 0; k < o->servers.count; k++)
        if (stamp_by(o, o->servers.items[k], set, i, &signature, failed,
                     report, e) < 0)
            return -1;
    return 0;
}
