/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of an `aws login' session.  They live for a quarter of an hour and
 * come with a refresh token that is good once: what is got anew is written
 * back for the user's own tools before it is used. */
#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>

#include "aws/ask.h"
#include "aws/dpop.h"
#include "aws/expand.h"
#include "aws/keys-json.h"
#include "aws/shared.h"
#include "aws/token-cache.h"
#include "base/scope.h"
#include "base/text.h"

/* AWS's tools renew keys that have five minutes left; a little earlier, so
 * that keys that are due are not taken from the cache once more. */
#define EARLY_NS ((5 * 60 + 5) * NS_PER_S)

#define TOKEN_PATH "/v1/token"

static int say_login(const struct keys_base *b, struct err *e)
{
    return token_say_login("the `aws login' session", "aws login", b->profile,
                           e);
}

/* ------------------------------------------------------------- the cache */

static bool is_whole(const cJSON *session)
{
    return cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(session,
                                                           "accessToken"))
        && token_text(session, "refreshToken")
        && token_text(session, "clientId") && token_text(session, "dpopKey");
}

static cJSON *keys_in(const cJSON *session)
{
    return cJSON_GetObjectItemCaseSensitive(session, "accessToken");
}

static int open_cache(const struct keys_base *b, const struct keys_env *env,
                      struct token_cache *c, struct err *e)
{
    const char *given = shared_env("AWS_LOGIN_CACHE_DIRECTORY");
    autofree char *folder = expand_path(given ? given
                                              : "~/.aws/login/cache");
    const char *s = b->login_session + strspn(b->login_session, " \t");
    size_t n = strlen(s);
    autofree char *name = NULL;

    while (n && strchr(" \t\n", s[n - 1]))
        n--;
    name = strndup(s, n);
    if (!folder || !name)
        return err_nomem(e);
    return token_cache_open(c, env, folder, "SHA256", name, e);
}

/* --------------------------------------------------------------- renewal */

static int make_proof(const cJSON *session, const char *url,
                      struct text *header, struct err *e)
{
    unsigned char random[16];
    char id[2 * sizeof(random) + 1];

    if (RAND_bytes(random, sizeof(random)) != 1)
        return err_set(e, ERR_INTERNAL, 0, "no random bytes");
    hex_encode(id, random, sizeof(random));
    text_add(header, "DPoP: ");
    return dpop_add(header, token_text(session, "dpopKey"), url,
                    clock_wall(&clock_system) / NS_PER_S, id, e);
}

static int compose(const cJSON *session, struct call *c, struct err *e)
{
    struct text *body = &c->body;

    call_secret(c, token_text(session, "refreshToken"));
    text_add(body, "{\"clientId\":");
    text_add_json(body, token_text(session, "clientId"));
    text_add(body, ",\"grantType\":\"refresh_token\",\"refreshToken\":");
    text_add_json(body, token_text(session, "refreshToken"));
    text_add(body, "}");
    return body->failed ? err_nomem(e) : 0;
}

static int take_keys(cJSON *session, const cJSON *answer, struct err *e)
{
    static const char *const parts[] = { "accessKeyId", "secretAccessKey",
                                         "sessionToken" };
    const cJSON *from = keys_in(answer);
    cJSON *to = keys_in(session);
    const cJSON *life = cJSON_GetObjectItemCaseSensitive(answer,
                                                         "expiresIn");

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        const char *s = token_text(from, parts[i]);

        if (!s)
            return err_set(e, ERR_ACCESS, 0, "the answer has no \"%s\"",
                           parts[i]);
        if (token_set(to, parts[i], s, e) < 0)
            return -1;
    }
    if (!cJSON_IsNumber(life) || !(life->valuedouble > 0)
        || life->valuedouble > 1e6)
        return err_set(e, ERR_ACCESS, 0, "the answer does not say when the "
                       "keys expire");
    return token_set_expiry(to, "expiresAt", life->valuedouble, e);
}

static int take_answer(const struct text *body, cJSON *session,
                       struct err *e)
{
    cJSON *o = keys_parse_json(body->s, body->len, e);
    const char *refresh = token_text(o, "refreshToken");
    int r = -1;

    if (o && !refresh)
        err_set(e, ERR_ACCESS, 0, "the answer has no new refresh token");
    else if (o)
        r = take_keys(session, o, e) < 0
            || token_set(session, "refreshToken", refresh, e) < 0 ? -1 : 0;
    keys_wipe_json(o);
    return r;
}

static int send(struct ask *a, const cJSON *session, const char *url,
                struct err *e)
{
    autotext struct text proof = TEXT_INIT;
    const char *extra[] = { NULL, NULL };
    int r = make_proof(session, url, &proof, e);

    if (r == 0) {
        extra[0] = proof.s;
        ask_begin(a, "POST");
        text_add(&a->call->path, TOKEN_PATH);
        a->call->type = "application/json";
        a->call->extra = extra;
        call_secret(a->call, strchr(proof.s, ' ') + 1);
        /* The token is good once: a second try could find it used. */
        ask_to_the_end(a, false);
        r = compose(session, a->call, e);
    }
    if (r == 0)
        r = ask_send(a, e);
    if (a->call)
        a->call->extra = NULL;
    return r;
}

/* Whoever may not do this is told so; a login would not help him. */
static bool is_over(const struct ask *a, const struct err *e)
{
    int status = a->call ? a->call->answer->status : 0;

    return status == 401
        || (status == 403 && strstr(e->code, "USER_CREDENTIALS_CHANGED"));
}

/* Where the login was made, which need not be where the evidence is. */
static int find_url(const struct keys_env *env, const cJSON *session,
                    struct text *url, struct err *e)
{
    const char *region = token_text(session, "signInRegion");
    const struct endpoint_wish none = { 0 };

    if (!region || !endpoint_is_usual(AWS_SIGNIN, env->region,
                                      env->url[AWS_SIGNIN]))
        text_add(url, env->url[AWS_SIGNIN]);
    else if (endpoint_url(AWS_SIGNIN, region, &none, url, e) < 0)
        return -1;
    return url->failed ? err_nomem(e) : 0;
}

static int ask_renewal(const struct keys_base *b, const struct keys_env *env,
                       cJSON *session, struct err *e)
{
    autotext struct text url = TEXT_INIT;
    struct ask a = { 0 };
    int r = find_url(env, session, &url, e);

    if (r == 0)
        r = ask_open(&a, env, AWS_SIGNIN, url.s, env->region, NULL, e);
    text_add(&url, TOKEN_PATH);
    if (r == 0)
        r = url.failed ? err_nomem(e) : send(&a, session, url.s, e);
    if (r == 0)
        r = take_answer(&a.call->answer->body, session, e);
    else if (is_over(&a, e))
        r = say_login(b, e);
    if (a.call && a.call->body.s)
        secret_wipe(a.call->body.s, a.call->body.len);
    ask_close(&a);
    return r;
}

/* ------------------------------------------------------------------- all */

static int take(const cJSON *session, struct credentials *out,
                struct err *e)
{
    static const struct keys_names names = {
        .id = "accessKeyId", .secret = "secretAccessKey",
        .token = "sessionToken", .expires = "expiresAt", .needs_token = true,
    };

    return keys_from_json(keys_in(session), &names, out, e);
}

/* The session as it is now: another program may have renewed it. */
static int use_session(const struct keys_base *b, const struct keys_env *env,
                       struct token_cache *c, cJSON *session,
                       struct credentials *out, struct err *e)
{
    if (!is_whole(session))
        return say_login(b, e);
    if (!env->anew && token_left(keys_in(session), "expiresAt") > EARLY_NS)
        return take(session, out, e);
    if (ask_renewal(b, env, session, e) < 0)
        return -1;
    token_cache_keep(c, session);
    return take(session, out, e);
}

int keys_from_login(const struct keys_base *b, const struct keys_env *env,
                    struct credentials *out, struct err *e)
{
    struct token_cache c = { .lock = -1 };
    struct err why = ERR_INIT;
    cJSON *session = NULL;
    int r = open_cache(b, env, &c, e);

    if (r == 0) {
        token_cache_lock(&c);
        session = token_cache_read(&c, &why);
        r = session ? use_session(b, env, &c, session, out, e)
                    : say_login(b, e);
    }
    keys_wipe_json(session);
    token_cache_close(&c);
    return r < 0 ? err_in(e, "profile %s", b->profile) : 0;
}
