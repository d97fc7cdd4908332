#include "aws/credentials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/scope.h"
#include "base/text.h"

/* Keys as a source has them; the strings belong to the source. */
struct keys {
    const char *id, *secret, *token;
};

/* ------------------------------------------------------------ good sense */

static bool all_visible(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s <= 0x20 || (unsigned char)*s >= 0x7f)
            return false;
    return true;
}

/* The id is a part of the Authorization header, between = and /. */
static bool is_id(const char *s)
{
    return strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                     "0123456789_-") == strlen(s);
}

/* Says which part is wrong without showing it. */
static int check(const struct keys *k, const char *source, struct err *e)
{
    const char *wrong = NULL;

    if (!k->id)
        return err_set(e, ERR_ACCESS, 0, "%s has a secret access key, but no "
                       "access key id", source);
    if (!k->secret)
        return err_set(e, ERR_ACCESS, 0, "%s has an access key id, but no "
                       "secret access key", source);
    if (!is_id(k->id))
        wrong = "access key id";
    else if (!all_visible(k->secret))
        wrong = "secret access key";
    else if (k->token && !all_visible(k->token))
        wrong = "session token";
    if (wrong)
        return err_set(e, ERR_ACCESS, 0, "%s: the %s has characters that "
                       "cannot be part of one (a blank, a line end, a "
                       "quote?)", source, wrong);
    return 0;
}

static int take(const struct keys *k, struct credentials *out, struct err *e)
{
    if (check(k, out->source, e) < 0)
        return -1;
    out->access_key_id = strdup(k->id);
    out->secret_access_key = strdup(k->secret);
    if (k->token)
        out->session_token = strdup(k->token);
    if (!out->access_key_id || !out->secret_access_key
        || (k->token && !out->session_token))
        return err_nomem(e);
    return 0;
}

/* ----------------------------------------------------------- environment */

bool credentials_in_environment(void)
{
    return shared_env("AWS_ACCESS_KEY_ID")
        || shared_env("AWS_SECRET_ACCESS_KEY");
}

static int from_environment(struct credentials *out, struct err *e)
{
    const char *expires = shared_env("AWS_CREDENTIAL_EXPIRATION");
    struct keys k = {
        .id = shared_env("AWS_ACCESS_KEY_ID"),
        .secret = shared_env("AWS_SECRET_ACCESS_KEY"),
        .token = shared_env("AWS_SESSION_TOKEN"),
    };

    if (!k.token)
        k.token = shared_env("AWS_SECURITY_TOKEN"); /* its old name */
    snprintf(out->source, sizeof(out->source), "environment");
    if (expires)
        out->expires = clock_parse_iso(expires);
    return take(&k, out, e);
}

/* --------------------------------------------------------------- profile */

/* What a profile may have instead of keys, in the order in which AWS's tools
 * look: what comes first decides who the caller is, and plain keys further
 * down would be somebody else's. */
static const struct {
    const char *key;
    const char *what;
    bool in_both; /* else it counts only when the credentials file has none */
} foreign[] = {
    { "role_arn", "assumes a role (role_arn)", true },
    { "web_identity_token_file", "uses a web identity", true },
    { "sso_session", "uses IAM Identity Center (sso_session)", true },
    { "sso_start_url", "uses IAM Identity Center (sso_start_url)", true },
    { "sso_account_id", "uses IAM Identity Center (sso_account_id)", true },
    { "login_session", "uses a login session", false },
    { "credential_process", "runs a credential_process", false },
};

/* AWS's tools exchange this token for keys before they look at those of a
 * profile that nobody named on the command line. */
static int check_web_identity(const struct shared *s, struct err *e)
{
    if (s->asked || !shared_env("AWS_WEB_IDENTITY_TOKEN_FILE"))
        return 0;
    return err_set(e, ERR_ACCESS, 0,
                   "AWS_WEB_IDENTITY_TOKEN_FILE asks for keys of a web "
                   "identity, which ebsimg cannot get itself: run  "
                   "eval \"$(aws configure export-credentials --format "
                   "env)\"  and then ebsimg again");
}

/* A name as a shell takes it for one word. */
static void quote(char *out, size_t room, const char *name)
{
    bool plain = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "abcdefghijklmnopqrstuvwxyz"
                              "0123456789-_.@+") == strlen(name);

    snprintf(out, room, plain ? "%s" : "'%s'", name);
}

static int refuse_foreign(const struct shared *s, const char *what,
                          struct err *e)
{
    char name[256];

    quote(name, sizeof(name), s->name);
    return err_set(e, ERR_ACCESS, 0,
                   "profile %s %s, which ebsimg cannot do itself: run  "
                   "eval \"$(aws configure export-credentials --profile %s "
                   "--format env)\"  and then ebsimg %s", s->name, what, name,
                   s->asked ? "without --profile" : "again");
}

static int check_foreign(const struct shared *s, bool has_keys, struct err *e)
{
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
        if (shared_get(s, foreign[i].key)
            && (foreign[i].in_both || !has_keys))
            return refuse_foreign(s, foreign[i].what, e);
    return 0;
}

/* All three from one section: keys of two files must not be mixed. */
static bool read_keys(const struct profile *p, const char *section,
                      struct keys *k)
{
    k->id = profile_get(p, section, NULL, "aws_access_key_id");
    k->secret = profile_get(p, section, NULL, "aws_secret_access_key");
    k->token = profile_get(p, section, NULL, "aws_session_token");
    if (!k->token || !*k->token) /* its old name */
        k->token = profile_get(p, section, NULL, "aws_security_token");
    if (k->id && !*k->id)
        k->id = NULL;
    if (k->secret && !*k->secret)
        k->secret = NULL;
    if (k->token && !*k->token)
        k->token = NULL;
    return k->id || k->secret;
}

static int refuse_none(const struct shared *s, struct err *e)
{
    if (s->asked)
        return err_set(e, ERR_ACCESS, 0, "profile %s has no credentials in "
                       "%s or %s", s->name, s->credentials_path,
                       s->config_path);
    return err_set(e, ERR_ACCESS, 0, "no credentials: set AWS_ACCESS_KEY_ID "
                   "and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), or "
                   "put keys for profile %s into %s, or name a profile with "
                   "--profile", s->name, s->credentials_path);
}

static int from_profile(const struct shared *s, struct credentials *out,
                        struct err *e)
{
    const char *file = s->credentials_path;
    struct keys k;
    bool found = read_keys(s->credentials, s->name, &k);

    if (check_foreign(s, found, e) < 0)
        return -1;
    if (!found) {
        found = read_keys(s->config, s->section, &k);
        file = s->config_path;
    }
    if (!found)
        return refuse_none(s, e);
    snprintf(out->source, sizeof(out->source), "profile %s in %s", s->name,
             file);
    return take(&k, out, e);
}

int credentials_load(const struct shared *s, struct credentials *out,
                     struct err *e)
{
    memset(out, 0, sizeof(*out));
    if (!s->asked && credentials_in_environment())
        return from_environment(out, e);
    if (check_web_identity(s, e) < 0)
        return -1;
    return from_profile(s, out, e);
}

static void free_secret(char *s)
{
    if (s)
        secret_wipe(s, strlen(s));
    free(s);
}

void credentials_free(struct credentials *c)
{
    free(c->access_key_id);
    free_secret(c->secret_access_key);
    free_secret(c->session_token);
    memset(c, 0, sizeof(*c));
}
