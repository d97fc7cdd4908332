/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that a machine in AWS has of itself: an instance from its metadata
 * service (version 2 alone), a container from the endpoint that its
 * environment names. */
#include <string.h>

#include "aws/ask.h"
#include "aws/keys-json.h"
#include "base/file.h"
#include "base/scope.h"

#define INSTANCE_URL "http://169.254.169.254"
#define CONTAINER_URL "http://169.254.170.2"

#define ROLE_PATH "/latest/meta-data/iam/security-credentials/"

/* Longer ones are none. */
#define TOKEN_MAX 16384

static const struct keys_names names = {
    .id = "AccessKeyId", .secret = "SecretAccessKey", .token = "Token",
    .expires = "Expiration", .needs_token = true,
};

static bool is_visible(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s <= ' ' || (unsigned char)*s >= 0x7f)
            return false;
    return true;
}

static int take_keys(const struct ask *a, struct credentials *out,
                     struct err *e)
{
    const struct text *body = &a->call->answer->body;
    cJSON *o = keys_parse_json(body->s, body->len, e);
    int r = o ? keys_from_json(o, &names, out, e) : -1;

    keys_wipe_json(o);
    if (r == 0 && out->expires)
        out->life = ask_life(a, out->expires);
    return r;
}

/* -------------------------------------------------------------- instance */

/* Of these answers the body is a word. */
static int copy_word(const struct ask *a, struct text *to, struct err *e)
{
    const struct text *body = &a->call->answer->body;
    size_t n = body->s ? strcspn(body->s, "\r\n") : 0;

    if (n && n <= TOKEN_MAX)
        text_addn(to, body->s, n);
    if (to->failed)
        return err_nomem(e);
    return to->len && is_visible(to->s)
        ? 0 : err_set(e, ERR_ACCESS, 0, "the answer makes no sense");
}

static int get_token(struct ask *a, struct text *header, struct err *e)
{
    static const char *const ttl[] = {
        "X-aws-ec2-metadata-token-ttl-seconds: 21600", NULL,
    };
    autotext struct text token = TEXT_INIT;

    ask_begin(a, "PUT");
    text_add(&a->call->path, "/latest/api/token");
    a->call->extra = ttl;
    if (ask_send(a, e) < 0 || copy_word(a, &token, e) < 0)
        return -1;
    text_addf(header, "X-aws-ec2-metadata-token: %s", token.s);
    return header->failed ? err_nomem(e) : 0;
}

static int get_path(struct ask *a, const char *header, const char *role,
                    struct err *e)
{
    const char *const extra[] = { header, NULL };
    int r;

    ask_begin(a, "GET");
    text_addf(&a->call->path, ROLE_PATH "%s", role);
    a->call->extra = extra;
    call_secret(a->call, strchr(header, ' ') + 1);
    r = ask_send(a, e);
    a->call->extra = NULL;
    return r;
}

static int ask_instance(struct ask *a, struct credentials *out,
                        struct err *e)
{
    autotext struct text header = TEXT_INIT;
    autotext struct text role = TEXT_INIT;
    int r = get_token(a, &header, e);

    if (r == 0)
        r = get_path(a, header.s, "", e);
    if (r == 0)
        r = copy_word(a, &role, e);
    if (r == 0)
        r = get_path(a, header.s, role.s, e);
    if (header.s)
        secret_wipe(header.s, header.len);
    return r < 0 ? -1 : take_keys(a, out, e);
}

int keys_from_instance(const struct keys_base *b, const struct keys_env *env,
                       struct credentials *out, struct err *e)
{
    const char *url = b->metadata_url ? b->metadata_url : INSTANCE_URL;
    struct ask a;
    int r = ask_open(&a, env, AWS_METADATA, url, NULL, NULL, e);

    if (r == 0)
        r = ask_instance(&a, out, e);
    ask_close(&a);
    if (r == 0)
        return 0;
    if (e->kind == ERR_SOURCE || (env->first && e->kind == ERR_SERVICE))
        e->kind = ERR_ACCESS;
    return err_in(e, env->first
                  ? "no credentials in the environment or a profile (name one "
                    "with --profile), and none of the metadata of an instance"
                  : "the metadata of the instance");
}

/* ------------------------------------------------------------- container */

/* Scheme, host and port of a URL go before, the rest into the call. */
static int part_url(const char *url, struct text *base, const char **rest,
                    struct err *e)
{
    const char *host = strstr(url, "://");
    size_t n;

    if (!host || !is_visible(url))
        return err_set(e, ERR_USAGE, 0, "AWS_CONTAINER_CREDENTIALS_FULL_URI "
                       "is no URL");
    n = (size_t)(host + 3 - url);
    n += strcspn(url + n, "/?");
    text_addn(base, url, n);
    *rest = url + n;
    return base->failed ? err_nomem(e) : 0;
}

static int find_container(struct text *base, const char **rest,
                          struct err *e)
{
    const char *path = shared_env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const char *url = shared_env("AWS_CONTAINER_CREDENTIALS_FULL_URI");

    if (!path && !url)
        return err_set(e, ERR_ACCESS, 0, "neither "
                       "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor "
                       "AWS_CONTAINER_CREDENTIALS_FULL_URI is set");
    if (!path)
        return part_url(url, base, rest, e);
    if (*path != '/' || !is_visible(path))
        return err_set(e, ERR_USAGE, 0,
                       "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is no path");
    text_add(base, CONTAINER_URL);
    *rest = path;
    return base->failed ? err_nomem(e) : 0;
}

/* The file is read anew each time: whoever gives out the token replaces it. */
static int add_authorization(struct text *header, struct err *e)
{
    const char *file = shared_env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    const char *word = shared_env("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    autotext struct text token = TEXT_INIT;
    int r = 0;

    if (file && file_slurp(file, TOKEN_MAX, &token, e) < 0)
        r = err_in(e, "the container's token");
    else if (!file && word)
        text_add(&token, word);
    while (token.len && (token.s[token.len - 1] == '\n'
                         || token.s[token.len - 1] == '\r') && file)
        token.s[--token.len] = '\0';
    if (r == 0 && token.len && strpbrk(token.s, "\r\n"))
        r = err_set(e, ERR_USAGE, 0, "the container's token has a line end "
                    "in it");
    if (r == 0 && token.len)
        text_addf(header, "Authorization: %s", token.s);
    if (token.s)
        secret_wipe(token.s, token.len);
    return r == 0 && header->failed ? err_nomem(e) : r;
}

static int ask_container(struct ask *a, const char *rest, const char *header,
                         struct credentials *out, struct err *e)
{
    const char *const extra[] = { header, NULL };
    size_t n = strcspn(rest, "?");

    ask_begin(a, "GET");
    text_addn(&a->call->path, rest, n);
    if (rest[n])
        text_add(&a->call->query, rest + n + 1);
    a->call->extra = extra;
    call_secret(a->call, header ? strchr(header, ' ') + 1 : NULL);
    if (ask_send(a, e) < 0)
        return -1;
    a->call->extra = NULL;
    return take_keys(a, out, e);
}

int keys_from_container(const struct keys_base *b,
                        const struct keys_env *env, struct credentials *out,
                        struct err *e)
{
    autotext struct text base = TEXT_INIT;
    autotext struct text header = TEXT_INIT;
    const char *rest = NULL;
    struct ask a = { 0 };
    int r = find_container(&base, &rest, e);

    (void)b;
    if (r == 0)
        r = add_authorization(&header, e);
    if (r == 0)
        r = ask_open(&a, env, AWS_METADATA, base.s, NULL, NULL, e);
    if (r == 0)
        r = ask_container(&a, rest, header.s, out, e);
    ask_close(&a);
    if (header.s)
        secret_wipe(header.s, header.len);
    if (r < 0 && (e->kind == ERR_SOURCE || e->kind == ERR_USAGE))
        e->kind = ERR_ACCESS;
    return r < 0 ? err_in(e, "the container's credentials") : 0;
}
