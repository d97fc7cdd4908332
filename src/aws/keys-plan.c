/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/keys-plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "aws/expand.h"
#include "aws/keys-json.h"
#include "base/text.h"

/* A plan that is being made. */
struct making {
    const struct shared *s;
    struct keys_plan *plan;
    const char *visited[KEYS_ROLES_MAX]; /* profiles with roles */
};

static int copy(const char *from, char **to, struct err *e)
{
    *to = from ? strdup(from) : NULL;
    return from && !*to ? err_nomem(e) : 0;
}

/* Keys of a profile into fields of the plan. */
struct wanted {
    const char *key;
    char **to;
};

static int take(const struct shared *s, const char *profile,
                const struct wanted *rows, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++)
        if (copy(shared_get_of(s, profile, rows[i].key), rows[i].to, e) < 0)
            return -1;
    return 0;
}

#define TAKE(s, profile, rows, e) \
    take(s, profile, rows, sizeof(rows) / sizeof((rows)[0]), e)

/* ----------------------------------------------------------- environment */

/* A variable of nothing but blanks is one that is not set: what a script makes
 * of an empty answer. */
static const char *key_env(const char *name)
{
    const char *v = shared_env(name);

    return v && v[strspn(v, " \t\r\n")] ? v : NULL;
}

bool keys_in_environment(const struct shared *s)
{
    return !s->asked && (key_env("AWS_ACCESS_KEY_ID")
                         || key_env("AWS_SECRET_ACCESS_KEY"));
}

static int from_environment(struct keys_base *b, struct err *e)
{
    const char *expires = shared_env("AWS_CREDENTIAL_EXPIRATION");
    struct raw_keys k = {
        .id = key_env("AWS_ACCESS_KEY_ID"),
        .secret = key_env("AWS_SECRET_ACCESS_KEY"),
        .token = key_env("AWS_SESSION_TOKEN"),
    };

    if (!k.token)
        k.token = key_env("AWS_SECURITY_TOKEN"); /* its old name */
    b->from = KEYS_FIXED;
    snprintf(b->fixed.source, sizeof(b->fixed.source), "environment");
    if (expires)
        b->fixed.expires = keys_parse_time(expires);
    return credentials_take(&k, &b->fixed, e);
}

/* --------------------------------------------------------- keys in files */

static const char *unless_empty(const char *s)
{
    return s && *s ? s : NULL;
}

/* All three from one section: keys of two files must not be mixed. */
static bool read_keys(const struct profile *p, const char *section,
                      struct raw_keys *k)
{
    static const char *const tokens[] = { "aws_session_token",
                                          "aws_security_token" };

    *k = (struct raw_keys){
        .id = profile_get(p, section, NULL, "aws_access_key_id"),
        .secret = profile_get(p, section, NULL, "aws_secret_access_key"),
    };
    k->id = unless_empty(k->id);
    k->secret = unless_empty(k->secret);
    for (size_t i = 0; i < 2 && !k->token; i++)
        k->token = unless_empty(profile_get(p, section, NULL, tokens[i]));
    return k->id || k->secret;
}

static bool in_credentials(const struct shared *s, const char *profile,
                           struct raw_keys *k)
{
    return read_keys(s->credentials, profile, k);
}

static bool in_config(const struct shared *s, const char *profile,
                      struct raw_keys *k)
{
    bool found = false;
    char *section = shared_section(s, profile);

    if (section)
        found = read_keys(s->config, section, k);
    free(section);
    return found;
}

static bool has_keys(const struct shared *s, const char *profile)
{
    struct raw_keys ignored;

    return in_credentials(s, profile, &ignored)
        || in_config(s, profile, &ignored);
}

static int take_fixed(const struct raw_keys *k, const char *profile,
                      const char *file, struct keys_base *b, struct err *e)
{
    b->from = KEYS_FIXED;
    snprintf(b->fixed.source, sizeof(b->fixed.source), "profile %s in %s",
             profile, file);
    return credentials_take(k, &b->fixed, e);
}

/* ----------------------------------------------- what a profile may have */

/* Each of these: 1, the profile has it; 0, it has not; -1. */

static int of_web(const struct shared *s, const char *profile, bool env,
                  struct keys_base *b, struct err *e)
{
    const char *arn = env ? shared_env("AWS_ROLE_ARN") : NULL;
    const char *file = env ? shared_env("AWS_WEB_IDENTITY_TOKEN_FILE") : NULL;
    const char *name = env ? shared_env("AWS_ROLE_SESSION_NAME") : NULL;

    if (!file)
        file = shared_get_of(s, profile, "web_identity_token_file");
    if (!file)
        return 0;
    if (!arn)
        arn = shared_get_of(s, profile, "role_arn");
    if (!name)
        name = shared_get_of(s, profile, "role_session_name");
    if (!arn)
        return err_set(e, ERR_ACCESS, 0, "there is a file with a token of a "
                       "web identity, %s, and no role for it: set "
                       "AWS_ROLE_ARN, or role_arn in profile %s", file,
                       profile);
    b->from = KEYS_WEB;
    b->token_file = expand_path(file);
    if (!b->token_file)
        return err_nomem(e);
    return copy(arn, &b->web.arn, e) < 0
        || copy(name, &b->web.session_name, e) < 0 ? -1 : 1;
}

static int of_credentials_file(const struct shared *s, const char *profile,
                               bool env, struct keys_base *b, struct err *e)
{
    struct raw_keys k;

    (void)env;
    if (!in_credentials(s, profile, &k))
        return 0;
    return take_fixed(&k, profile, s->credentials_path, b, e) < 0 ? -1 : 1;
}

static int of_config_file(const struct shared *s, const char *profile,
                          bool env, struct keys_base *b, struct err *e)
{
    struct raw_keys k;

    (void)env;
    if (!in_config(s, profile, &k))
        return 0;
    return take_fixed(&k, profile, s->config_path, b, e) < 0 ? -1 : 1;
}

static int of_login(const struct shared *s, const char *profile, bool env,
                    struct keys_base *b, struct err *e)
{
    const char *session = shared_get_of(s, profile, "login_session");

    (void)env;
    b->from = KEYS_LOGIN;
    return copy(session, &b->login_session, e) < 0 ? -1 : session != NULL;
}

static int of_process(const struct shared *s, const char *profile, bool env,
                      struct keys_base *b, struct err *e)
{
    const char *command = shared_get_of(s, profile, "credential_process");

    (void)env;
    b->from = KEYS_PROCESS;
    return copy(command, &b->command, e) < 0 ? -1 : command != NULL;
}

/* ------------------------------------------------- IAM Identity Center */

/* Where session and profile both say something, they must agree: AWS's tools
 * refuse it otherwise. */
static int take_session(const struct shared *s, const char *profile,
                        struct keys_base *b, struct err *e)
{
    const struct wanted keys[] = { { "sso_start_url", &b->sso_start_url },
                                   { "sso_region", &b->sso_region } };

    for (size_t i = 0; i < 2; i++) {
        const char *here = shared_session_get(s, b->sso_session, keys[i].key);
        const char *there = shared_get_of(s, profile, keys[i].key);

        if (!here)
            return err_set(e, ERR_ACCESS, 0, "profile %s names the "
                           "sso-session %s, which has no %s in %s", profile,
                           b->sso_session, keys[i].key, s->config_path);
        if (there && strcmp(here, there) != 0)
            return err_set(e, ERR_ACCESS, 0, "profile %s and its sso-session "
                           "%s do not agree on %s", profile, b->sso_session,
                           keys[i].key);
        if (copy(here, keys[i].to, e) < 0)
            return -1;
    }
    return 0;
}

static int check_sso(const struct keys_base *b, const char *profile,
                     struct err *e)
{
    const struct { const char *key, *value; } needed[] = {
        { "sso_start_url", b->sso_start_url },
        { "sso_region", b->sso_region },
        { "sso_account_id", b->sso_account },
        { "sso_role_name", b->sso_role },
    };

    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
        if (!needed[i].value)
            return err_set(e, ERR_ACCESS, 0, "profile %s uses IAM Identity "
                           "Center, and %s is missing", profile,
                           needed[i].key);
    return 1;
}

static int of_sso(const struct shared *s, const char *profile, bool env,
                  struct keys_base *b, struct err *e)
{
    const struct wanted rows[] = {
        { "sso_session", &b->sso_session },
        { "sso_account_id", &b->sso_account },
        { "sso_role_name", &b->sso_role },
    };
    const struct wanted older[] = { { "sso_start_url", &b->sso_start_url },
                                    { "sso_region", &b->sso_region } };

    (void)env;
    if (TAKE(s, profile, rows, e) < 0)
        return -1;
    b->from = KEYS_SSO;
    if (b->sso_session)
        return take_session(s, profile, b, e) < 0
            ? -1 : check_sso(b, profile, e);
    if (TAKE(s, profile, older, e) < 0)
        return -1;
    if (!b->sso_start_url && !b->sso_account && !b->sso_role)
        return 0;
    return check_sso(b, profile, e);
}

/* --------------------------------------------------------------- sources */

/* In this order, and `env': what the environment says of it counts. */
static int of_profile(const struct shared *s, const char *profile, bool env,
                      struct keys_base *b, struct err *e)
{
    static int (*const kinds[])(const struct shared *s, const char *profile,
                                bool env, struct keys_base *b,
                                struct err *e) = {
        of_web, of_sso, of_credentials_file, of_login, of_process,
        of_config_file,
    };
    int r = 0;

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && r == 0; i++)
        r = kinds[i](s, profile, env, b, e);
    /* What the environment says is of no profile. */
    if (r > 0 && !(env && b->from == KEYS_WEB
                   && shared_env("AWS_WEB_IDENTITY_TOKEN_FILE"))
        && copy(profile, &b->profile, e) < 0)
        return -1;
    return r;
}

static bool in_container(void)
{
    return shared_env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
        || shared_env("AWS_CONTAINER_CREDENTIALS_FULL_URI");
}

/* An address wins over the choice between two usual ones. */
static int of_instance(const struct shared *s, struct keys_base *b,
                       struct err *e)
{
    const char *url = shared_env("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    const char *mode = shared_env("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE");

    b->from = KEYS_INSTANCE;
    if (!url)
        url = shared_get(s, "ec2_metadata_service_endpoint");
    if (!mode)
        mode = shared_get(s, "ec2_metadata_service_endpoint_mode");
    if (!url && mode && strcasecmp(mode, "IPv6") == 0)
        url = "http://[fd00:ec2::254]";
    else if (!url && mode && strcasecmp(mode, "IPv4") != 0)
        return err_set(e, ERR_USAGE, 0, "the mode of the instance's metadata "
                       "is IPv4 or IPv6, not %s", mode);
    return copy(url, &b->metadata_url, e);
}

static bool has_instance(void)
{
    const char *off = shared_env("AWS_EC2_METADATA_DISABLED");

    return !off || strcasecmp(off, "true") != 0;
}

/* ----------------------------------------------------------------- roles */

static bool has_role(const struct shared *s, const char *profile)
{
    return shared_get_of(s, profile, "role_arn")
        && !shared_get_of(s, profile, "web_identity_token_file");
}

static int take_role(const struct shared *s, const char *profile,
                     struct keys_role *r, struct err *e)
{
    const struct wanted rows[] = {
        { "role_arn", &r->arn },
        { "role_session_name", &r->session_name },
        { "external_id", &r->external_id },
        { "mfa_serial", &r->mfa_serial },
        { "duration_seconds", &r->seconds },
    };

    return TAKE(s, profile, rows, e);
}

/* What stands for itself in credential_source. */
static int named_source(struct making *m, const char *profile,
                        const char *source, struct err *e)
{
    struct keys_base *b = &m->plan->base;

    if (strcmp(source, "Environment") == 0)
        return from_environment(b, e);
    if (strcmp(source, "Ec2InstanceMetadata") == 0)
        return of_instance(m->s, b, e);
    if (strcmp(source, "EcsContainer") == 0)
        b->from = KEYS_CONTAINER;
    else
        return err_set(e, ERR_ACCESS, 0, "profile %s: the credential_source "
                       "%s is none of Environment, Ec2InstanceMetadata and "
                       "EcsContainer", profile, source);
    return 0;
}

/* A profile may name itself when it has keys: they assume its own role. */
static int check_source(struct making *m, const char *profile,
                        const char *source, size_t depth, struct err *e)
{
    if (!shared_has(m->s, source))
        return err_set(e, ERR_ACCESS, 0, "the source_profile %s of profile "
                       "%s is in neither %s nor %s", source, profile,
                       m->s->config_path, m->s->credentials_path);
    if (shared_check_of(m->s, source, e) < 0)
        return -1;
    for (size_t i = 0; i < depth; i++)
        if (strcmp(m->visited[i], source) == 0
            && (strcmp(source, profile) != 0 || !has_keys(m->s, source)))
            return err_set(e, ERR_ACCESS, 0, "the source_profile %s of "
                           "profile %s leads back to itself", source,
                           profile);
    return 0;
}

static int base_of(struct making *m, const char *profile, size_t *depth,
                   struct err *e);

static int assume_for(struct making *m, const char *profile, size_t *depth,
                      struct err *e)
{
    const char *from = shared_get_of(m->s, profile, "source_profile");
    const char *named = shared_get_of(m->s, profile, "credential_source");

    if (*depth == KEYS_ROLES_MAX)
        return err_set(e, ERR_ACCESS, 0, "profile %s: more than %d roles one "
                       "behind the other", profile, KEYS_ROLES_MAX);
    m->visited[(*depth)++] = profile;
    if (!from == !named)
        return err_set(e, ERR_ACCESS, 0, "profile %s has a role_arn and %s: "
                       "one of source_profile and credential_source must say "
                       "whose keys assume the role", profile, from
                       ? "both source_profile and credential_source"
                       : "neither source_profile nor credential_source");
    if (named ? named_source(m, profile, named, e) < 0
              : check_source(m, profile, from, *depth, e) < 0
                || base_of(m, from, depth, e) < 0)
        return -1;
    return take_role(m->s, profile, &m->plan->roles[m->plan->nroles++], e);
}

/* The keys of a profile that another one's role is assumed with. */
static int base_of(struct making *m, const char *profile, size_t *depth,
                   struct err *e)
{
    int r;

    if (has_role(m->s, profile) && !has_keys(m->s, profile))
        return assume_for(m, profile, depth, e);
    r = of_profile(m->s, profile, false, &m->plan->base, e);
    return r ? (r < 0 ? -1 : 0)
             : err_set(e, ERR_ACCESS, 0, "profile %s is a source_profile and "
                       "has no credentials", profile);
}

/* ------------------------------------------------------------------- all */

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

static int find_base(struct making *m, struct err *e)
{
    const struct shared *s = m->s;
    struct keys_base *b = &m->plan->base;
    size_t depth = 0;
    int r;

    if (keys_in_environment(s))
        return from_environment(b, e);
    if (has_role(s, s->name))
        return assume_for(m, s->name, &depth, e);
    r = of_profile(s, s->name, !s->asked, b, e);
    if (r)
        return r < 0 ? -1 : 0;
    if (in_container())
        b->from = KEYS_CONTAINER;
    else if (has_instance() && !s->asked)
        return of_instance(s, b, e);
    else
        return refuse_none(s, e);
    return 0;
}

static int add_wish(struct keys_plan *p, const struct keys_wish *w,
                    struct err *e)
{
    struct keys_role *r = &p->roles[p->nroles];

    if (!w->arn)
        return 0;
    if (p->nroles == KEYS_ROLES_MAX)
        return err_set(e, ERR_ACCESS, 0, "too many roles one behind the "
                       "other");
    p->nroles++;
    if (w->seconds && asprintf(&r->seconds, "%" PRIu64, w->seconds) < 0) {
        r->seconds = NULL;
        return err_nomem(e);
    }
    return copy(w->arn, &r->arn, e) < 0
        || copy(w->external_id, &r->external_id, e) < 0
        || copy(w->mfa_serial, &r->mfa_serial, e) < 0 ? -1 : 0;
}

int keys_plan_make(const struct shared *s, const struct keys_wish *wish,
                   struct keys_plan *out, struct err *e)
{
    struct making m = { .s = s, .plan = out };

    memset(out, 0, sizeof(*out));
    if (find_base(&m, e) < 0)
        return -1;
    return add_wish(out, wish, e);
}

bool keys_plan_renews(const struct keys_plan *p)
{
    for (size_t i = 0; i < p->nroles; i++)
        if (p->roles[i].mfa_serial)
            return false;
    return p->nroles || p->base.from != KEYS_FIXED;
}

static void free_role(struct keys_role *r)
{
    free(r->arn);
    free(r->session_name);
    free(r->external_id);
    free(r->mfa_serial);
    free(r->seconds);
}

void keys_plan_free(struct keys_plan *p)
{
    struct keys_base *b = &p->base;
    char *texts[] = { b->profile, b->token_file, b->sso_session,
                      b->sso_start_url, b->sso_region, b->sso_account,
                      b->sso_role, b->login_session, b->command,
                      b->metadata_url };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        free(texts[i]);
    credentials_free(&b->fixed);
    free_role(&b->web);
    for (size_t i = 0; i < p->nroles; i++)
        free_role(&p->roles[i]);
    memset(p, 0, sizeof(*p));
}
