/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of a role: STS gives them out for other keys (AssumeRole), or for a
 * token that an identity provider signed (AssumeRoleWithWebIdentity). */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "aws/ask.h"
#include "aws/keys-json.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/xml.h"

/* AWS: a token of a web identity has 20,000 characters at most. */
#define TOKEN_MAX 20000

#define CODE_ROOM 16

/* --------------------------------------------------------------- answer */

struct granted {
    char *id, *secret, *token, *expires;
};

#define FIELD(action, name, field) \
    { action "Response/" action "Result/Credentials/" name, XML_TEXT, \
      offsetof(struct granted, field), true }
#define FIELDS(action) \
    FIELD(action, "AccessKeyId", id), \
    FIELD(action, "SecretAccessKey", secret), \
    FIELD(action, "SessionToken", token), \
    FIELD(action, "Expiration", expires)

static const struct xml_field of_role[] = { FIELDS("AssumeRole") };
static const struct xml_field of_web[] = {
    FIELDS("AssumeRoleWithWebIdentity")
};

struct parse {
    struct xml_fields fields;
    struct granted granted;
    uint32_t seen;
};

static int end(void *ctx, const char *path, const char *text, struct err *e)
{
    struct parse *p = ctx;

    return xml_store(&p->fields, &p->seen, &p->granted, path, text, e);
}

static int take(const struct granted *g, struct credentials *out,
                struct err *e)
{
    struct raw_keys k = { g->id, g->secret, g->token };

    out->expires = keys_parse_time(g->expires);
    if (!out->expires)
        return err_set(e, ERR_ACCESS, 0, "%s: the answer of STS does not say "
                       "when the keys expire", out->source);
    return credentials_take(&k, out, e);
}

static void forget(struct parse *p)
{
    struct granted *g = &p->granted;

    if (g->secret)
        secret_wipe(g->secret, strlen(g->secret));
    if (g->token)
        secret_wipe(g->token, strlen(g->token));
    xml_free(&p->fields, g);
}

static int read_answer(const struct ask *a, const struct xml_field *rows,
                       size_t n, struct credentials *out, struct err *e)
{
    static const struct xml_handler handler = { NULL, end };
    struct parse p = { .fields = { rows, n } };
    const struct text *body = &a->call->answer->body;
    int r = xml_read(body->s, body->len, &handler, &p, e);

    if (r == 0)
        r = xml_complete(&p.fields, p.seen, e);
    if (r < 0)
        err_in(e, "the answer of STS");
    else
        r = take(&p.granted, out, e);
    if (r == 0)
        out->life = ask_life(a, out->expires);
    forget(&p);
    return r;
}

#define READ(a, rows, out, e) \
    read_answer(a, rows, sizeof(rows) / sizeof((rows)[0]), out, e)

/* -------------------------------------------------------------- question */

static void optional(struct call *c, const char *name, const char *value)
{
    if (value)
        call_form(c, name, value);
}

static void begin(struct ask *a, const char *action,
                  const struct keys_role *r, const struct keys_env *env)
{
    struct call *c = a->call;

    ask_begin(a, "POST");
    text_add(&c->path, "/");
    call_form(c, "Action", action);
    call_form(c, "Version", "2011-06-15");
    call_form(c, "RoleArn", r->arn);
    call_form(c, "RoleSessionName",
              r->session_name ? r->session_name : env->session_name);
    optional(c, "DurationSeconds", r->seconds);
}

/* The code is good for half a minute and for one use. */
static int add_mfa(struct call *c, const struct keys_role *r,
                   const struct keys_env *env, struct err *e)
{
    char code[CODE_ROOM];

    if (!r->mfa_serial)
        return 0;
    if (!env->ask_code)
        return err_set(e, ERR_ACCESS, 0, "the role %s wants the code of an "
                       "MFA device, and cannot be assumed anew without "
                       "asking for it", r->arn);
    if (env->ask_code(r->mfa_serial, code, sizeof(code), e) < 0)
        return -1;
    call_form(c, "SerialNumber", r->mfa_serial);
    call_form(c, "TokenCode", code);
    c->attempts_max = 1;
    return 0;
}

int keys_of_role(const struct keys_role *r, const struct keys_env *env,
                 const struct credentials *whose, struct credentials *out,
                 struct err *e)
{
    struct ask a;
    int done = ask_open(&a, env, AWS_STS, env->url[AWS_STS], env->region,
                        whose, e);

    if (done == 0) {
        begin(&a, "AssumeRole", r, env);
        optional(a.call, "ExternalId", r->external_id);
        done = add_mfa(a.call, r, env, e);
    }
    if (done == 0)
        done = ask_send(&a, e);
    if (done == 0)
        done = READ(&a, of_role, out, e);
    ask_close(&a);
    return done < 0 ? err_in(e, "assuming the role %s", r->arn) : 0;
}

/* ---------------------------------------------------------- web identity */

/* Read anew each time: whoever gives out the token replaces it. */
static int read_token(const char *path, struct text *token, struct err *e)
{
    if (file_slurp(path, TOKEN_MAX, token, e) < 0) {
        e->kind = e->kind == ERR_USAGE ? ERR_ACCESS : e->kind;
        return err_in(e, "the token of the web identity");
    }
    while (token->len && isspace((unsigned char)token->s[token->len - 1]))
        token->s[--token->len] = '\0';
    return token->len ? 0
        : err_set(e, ERR_ACCESS, 0, "the token of the web identity: %s is "
                  "empty", path);
}

static int ask_for_web(const struct keys_base *b, const struct keys_env *env,
                       struct text *token, struct credentials *out,
                       struct err *e)
{
    struct ask a;
    int done = ask_open(&a, env, AWS_STS, env->url[AWS_STS], env->region,
                        NULL, e);

    if (done == 0) {
        begin(&a, "AssumeRoleWithWebIdentity", &b->web, env);
        call_form(a.call, "WebIdentityToken", token->s);
        call_secret(a.call, token->s);
        done = ask_send(&a, e);
    }
    if (done == 0)
        done = READ(&a, of_web, out, e);
    if (a.call && a.call->body.s)
        secret_wipe(a.call->body.s, a.call->body.len);
    ask_close(&a);
    return done < 0 ? err_in(e, "assuming the role %s with a web identity",
                             b->web.arn) : 0;
}

int keys_from_web(const struct keys_base *b, const struct keys_env *env,
                  struct credentials *out, struct err *e)
{
    autotext struct text token = TEXT_INIT;
    int r = read_token(b->token_file, &token, e);

    if (r == 0)
        r = ask_for_web(b, env, &token, out, e);
    if (token.s)
        secret_wipe(token.s, token.len);
    return r;
}
