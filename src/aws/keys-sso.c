/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of IAM Identity Center: for the token that `aws sso login' left.  A
 * token of an sso-session is refreshed as the AWS CLI does it, so that one
 * login lasts as long as the session does. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "aws/ask.h"
#include "aws/expand.h"
#include "aws/keys-json.h"
#include "aws/token-cache.h"
#include "base/scope.h"
#include "base/text.h"

/* The AWS CLI refreshes a token in the last quarter of an hour of its life.
 * An hour that a token has left over is enough for keys: these live longer
 * than it, once they are there. */
#define EARLY_NS (15 * 60 * NS_PER_S)

static int say_login(const struct keys_base *b, struct err *e)
{
    return token_say_login("the login of IAM Identity Center",
                           "aws sso login", b->profile, e);
}

/* ------------------------------------------------------------ the token */

static bool can_refresh(const struct keys_base *b, const cJSON *token)
{
    return b->sso_session && token_text(token, "refreshToken")
        && token_text(token, "clientId") && token_text(token, "clientSecret")
        && token_left(token, "registrationExpiresAt");
}

static int compose(const cJSON *token, struct call *c, struct err *e)
{
    static const char *const keys[] = { "clientId", "clientSecret",
                                        "refreshToken" };
    struct text *body = &c->body;

    text_add(body, "{\"grantType\":\"refresh_token\"");
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        text_addf(body, ",\"%s\":", keys[i]);
        text_add_json(body, token_text(token, keys[i]));
        call_secret(c, token_text(token, keys[i]));
    }
    text_add(body, "}");
    return body->failed ? err_nomem(e) : 0;
}

/* The refresh token may be a new one, or stay. */
static int take_answer(const struct text *body, cJSON *token, struct err *e)
{
    cJSON *o = keys_parse_json(body->s, body->len, e);
    const char *access = token_text(o, "accessToken");
    const char *refresh = token_text(o, "refreshToken");
    const cJSON *life = cJSON_GetObjectItemCaseSensitive(o, "expiresIn");
    int r = -1;

    if (o && (!access || !cJSON_IsNumber(life) || !(life->valuedouble > 0)
              || life->valuedouble > 1e9))
        err_set(e, ERR_ACCESS, 0, "the answer has no new token");
    else if (o)
        r = token_set(token, "accessToken", access, e) < 0
            || token_set_expiry(token, "expiresAt", life->valuedouble, e) < 0
            || (refresh && token_set(token, "refreshToken", refresh, e) < 0)
            ? -1 : 0;
    keys_wipe_json(o);
    return r;
}

/* The token is not taken any more, as OIDC says it; others ask for another
 * try later (429) or are a fault of the service. */
static bool is_refused(int status)
{
    return status == 400 || status == 401;
}

static int ask_refresh(const struct keys_base *b, const struct keys_env *env,
                       cJSON *token, struct err *e)
{
    struct ask a;
    int r = ask_open(&a, env, AWS_OIDC, env->url[AWS_OIDC], b->sso_region,
                     NULL, e);

    if (r == 0) {
        ask_begin(&a, "POST");
        text_add(&a.call->path, "/token");
        a.call->type = "application/json";
        ask_to_the_end(&a, env->first);
        r = compose(token, a.call, e);
    }
    if (r == 0)
        r = ask_send(&a, e);
    if (r == 0)
        r = take_answer(&a.call->answer->body, token, e);
    else if (a.call && is_refused(a.call->answer->status))
        r = say_login(b, e);
    if (a.call && a.call->body.s)
        secret_wipe(a.call->body.s, a.call->body.len);
    ask_close(&a);
    return r;
}

/* Somebody else may have done it meanwhile.  Not to be able to is no failure
 * while the token is good. */
static cJSON *refresh(const struct keys_base *b, struct token_cache *c,
                      cJSON *token, struct err *why)
{
    cJSON *newest;

    token_cache_lock(c);
    newest = token_cache_read(c, why);
    if (newest) {
        keys_wipe_json(token);
        token = newest;
    }
    if (token_left(token, "expiresAt") > EARLY_NS || !can_refresh(b, token)
        || ask_refresh(b, c->env, token, why) < 0)
        return token;
    token_cache_keep(c, token);
    return token;
}

static cJSON *get_token(const struct keys_base *b, struct token_cache *c,
                        struct err *why)
{
    cJSON *token = token_cache_read(c, why);

    if (token && token_left(token, "expiresAt") < EARLY_NS
        && can_refresh(b, token))
        token = refresh(b, c, token, why);
    return token;
}

/* -------------------------------------------------------------- the keys */

static int take_keys(const struct ask *a, struct credentials *out,
                     struct err *e)
{
    static const struct keys_names names = {
        .id = "accessKeyId", .secret = "secretAccessKey",
        .token = "sessionToken", .expires = "expiration",
        .needs_token = true, .in_ms = true,
    };
    const struct text *body = &a->call->answer->body;
    cJSON *o = keys_parse_json(body->s, body->len, e);
    int r = o ? keys_from_json(cJSON_GetObjectItemCaseSensitive(
                                   o, "roleCredentials"), &names, out, e)
              : -1;

    keys_wipe_json(o);
    if (r == 0 && out->expires)
        out->life = ask_life(a, out->expires);
    return r;
}

static int ask_keys(const struct keys_base *b, const struct keys_env *env,
                    const char *token, const char *header,
                    struct credentials *out, struct err *e)
{
    const char *const extra[] = { header, NULL };
    struct ask a;
    int r = ask_open(&a, env, AWS_SSO, env->url[AWS_SSO], b->sso_region, NULL,
                     e);

    if (r == 0) {
        ask_begin(&a, "GET");
        text_add(&a.call->path, "/federation/credentials");
        call_query(a.call, "account_id", b->sso_account);
        call_query(a.call, "role_name", b->sso_role);
        a.call->extra = extra;
        call_secret(a.call, token);
        r = ask_send(&a, e);
    }
    if (r == 0)
        r = take_keys(&a, out, e);
    else if (a.call && a.call->answer->status == 401)
        r = say_login(b, e);
    ask_close(&a);
    return r;
}

static int use_token(const struct keys_base *b, const struct keys_env *env,
                     const cJSON *token, struct credentials *out,
                     struct err *e)
{
    autotext struct text header = TEXT_INIT;
    const char *access = token_text(token, "accessToken");
    int r;

    if (!access || strpbrk(access, " \r\n")
        || !token_left(token, "expiresAt"))
        return say_login(b, e);
    text_addf(&header, "x-amz-sso_bearer_token: %s", access);
    r = header.failed ? err_nomem(e) : ask_keys(b, env, access, header.s,
                                               out, e);
    if (header.s)
        secret_wipe(header.s, header.len);
    return r;
}

int keys_from_sso(const struct keys_base *b, const struct keys_env *env,
                  struct credentials *out, struct err *e)
{
    autofree char *folder = expand_path("~/.aws/sso/cache");
    struct token_cache c = { .lock = -1 };
    struct err why = ERR_INIT;
    cJSON *token = NULL;
    int r = folder ? token_cache_open(&c, env, folder, "SHA1",
                                      b->sso_session ? b->sso_session
                                                     : b->sso_start_url, e)
                   : err_nomem(e);

    if (r == 0) {
        token = get_token(b, &c, &why);
        r = token ? use_token(b, env, token, out, e) : say_login(b, e);
        /* The token is over because nobody could be asked for another. */
        if (r < 0 && (why.kind == ERR_SERVICE || why.kind == ERR_INTERRUPTED)
            && token && !token_left(token, "expiresAt"))
            *e = why;
    }
    keys_wipe_json(token);
    token_cache_close(&c);
    return r < 0 ? err_in(e, "profile %s", b->profile) : 0;
}
