/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/settings.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "aws/expand.h"

static const char *first_of(const char *a, const char *b)
{
    return a ? a : b;
}

static int copy(const char *from, char **to, struct err *e)
{
    *to = strdup(from);
    return *to ? 0 : err_nomem(e);
}

/* An environment variable, or else a key of the profile, that is "true". */
static bool is_true(const struct shared *s, const char *variable,
                    const char *key)
{
    const char *v = first_of(shared_env(variable), shared_get(s, key));

    return v && strcasecmp(v, "true") == 0;
}

/* ---------------------------------------------------------------- region */

/* The region without a look at the shared files. */
static const char *region_at_hand(const char *option)
{
    return first_of(option, first_of(shared_env("AWS_REGION"),
                                     shared_env("AWS_DEFAULT_REGION")));
}

static int load_region(const struct shared *s, const char *option,
                       struct settings *out, struct err *e)
{
    const char *r = first_of(region_at_hand(option),
                             shared_get(s, "region"));

    if (!r)
        return err_set(e, ERR_ACCESS, 0, "no region: name the one that the "
                       "snapshot is in with --region, AWS_REGION, or region "
                       "in profile %s of %s", s->name, s->config_path);
    if (!endpoint_region_valid(r))
        return err_set(e, ERR_USAGE, 0, "\"%s\" is not the name of a region, "
                       "such as eu-central-1", r);
    return copy(r, &out->region, e);
}

/* ------------------------------------------------------------- endpoints */

/* "AWS_ENDPOINT_URL_SSO_OIDC", and "sso_oidc" in a file. */
static const struct {
    const char *variable, *key;
} url_names[AWS_SERVICES] = {
    [AWS_EBS] = { "AWS_ENDPOINT_URL_EBS", "ebs" },
    [AWS_EC2] = { "AWS_ENDPOINT_URL_EC2", "ec2" },
    [AWS_STS] = { "AWS_ENDPOINT_URL_STS", "sts" },
    [AWS_SSO] = { "AWS_ENDPOINT_URL_SSO", "sso" },
    [AWS_OIDC] = { "AWS_ENDPOINT_URL_SSO_OIDC", "sso_oidc" },
    [AWS_SIGNIN] = { "AWS_ENDPOINT_URL_SIGNIN", "signin" },
};

static const char *custom_url(const struct shared *s, enum aws_service svc,
                              const char *option)
{
    const char *u = option;

    if (u || is_true(s, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                     "ignore_configured_endpoint_urls"))
        return u;
    u = first_of(u, shared_env(url_names[svc].variable));
    u = first_of(u, shared_env("AWS_ENDPOINT_URL"));
    u = first_of(u, shared_service_get(s, url_names[svc].key,
                                       "endpoint_url"));
    return first_of(u, shared_get(s, "endpoint_url"));
}

/* Scheme, host and path as endpoint_parse() has understood them, so that
 * what is checked is what is used. */
static int take_custom(const char *url, char **to, struct err *e)
{
    const char *scheme = strncmp(url, "https:", 6) == 0 ? "https" : "http";
    struct text t = TEXT_INIT;
    struct endpoint p;
    int r = endpoint_parse(url, &p, e);

    if (r == 0) {
        text_addf(&t, "%s://%s%s", scheme, p.host.s, p.path.s);
        r = t.failed ? err_nomem(e) : copy(t.s, to, e);
    }
    text_free(&t);
    endpoint_free(&p);
    return r;
}

static int take_usual(enum aws_service svc, const char *region,
                      const struct endpoint_wish *wish, char **to,
                      struct err *e)
{
    struct text t = TEXT_INIT;
    int r = endpoint_url(svc, region, wish, &t, e);

    if (r == 0)
        r = copy(t.s, to, e);
    text_free(&t);
    return r;
}

static int find_endpoint(const struct shared *s, const char *option,
                         enum aws_service svc, const char *region, char **to,
                         struct err *e)
{
    const struct endpoint_wish wish = {
        .fips = is_true(s, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
        .dualstack = is_true(s, "AWS_USE_DUALSTACK_ENDPOINT",
                             "use_dualstack_endpoint"),
    };
    const char *url = custom_url(s, svc, option);

    if (url && (wish.fips || wish.dualstack))
        return err_set(e, ERR_USAGE, 0, "an endpoint of %s was given, and a "
                       "FIPS or dual-stack endpoint is asked for too: only "
                       "one of them is possible",
                       endpoint_service_name(svc));
    return url ? take_custom(url, to, e)
               : take_usual(svc, region, &wish, to, e);
}

static int load_endpoint(const struct shared *s, const char *option,
                         enum aws_service svc, const char *region,
                         struct settings *out, struct err *e)
{
    if (copy(region, &out->endpoint_region[svc], e) < 0)
        return -1;
    return find_endpoint(s, option, svc, region, &out->endpoint_url[svc], e);
}

static int load_endpoints(const struct shared *s, const char *option,
                          struct settings *out, struct err *e)
{
    static const enum aws_service always[] = { AWS_EBS, AWS_EC2, AWS_STS };

    for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
        if (load_endpoint(s, option, always[i], out->region, out, e) < 0)
            return -1;
    return 0;
}

/* Where those are asked who give out the keys: in their own region, and never
 * where --endpoint-url sends evidence from. */
static int load_givers(const struct shared *s, const struct keys_base *b,
                       struct settings *out, struct err *e)
{
    if (find_endpoint(s, NULL, AWS_STS, out->region, &out->sts_url, e) < 0)
        return -1;
    if (b->from == KEYS_LOGIN)
        return load_endpoint(s, NULL, AWS_SIGNIN, out->region, out, e);
    if (b->from != KEYS_SSO)
        return 0;
    return load_endpoint(s, NULL, AWS_SSO, b->sso_region, out, e) < 0
        || load_endpoint(s, NULL, AWS_OIDC, b->sso_region, out, e) < 0
        ? -1 : 0;
}

/* ------------------------------------------------------------------- all */

static int load_ca(const struct shared *s, const char *option,
                   struct settings *out, struct err *e)
{
    const char *ca = option;

    ca = first_of(ca, shared_env("AWS_CA_BUNDLE"));
    ca = first_of(ca, shared_get(s, "ca_bundle"));
    if (!ca)
        return 0;
    out->ca_bundle = expand_path(ca);
    return out->ca_bundle ? 0 : err_nomem(e);
}

/* Keys and region are at hand, and nobody asked for a profile: then a file
 * that cannot be read or understood decides nothing. */
static bool can_do_without_files(const struct shared *s,
                                 const struct settings_options *o)
{
    return keys_in_environment(s) && region_at_hand(o->region);
}

static int check_files(struct shared *s, const struct settings_options *o,
                       struct settings *out, struct err *e)
{
    int r = can_do_without_files(s, o) ? shared_pass_over(s, e)
                                       : shared_check(s, e);

    memcpy(out->notes, s->notes, sizeof(out->notes));
    out->nnotes = s->nnotes;
    return r;
}

static int get_keys(const struct settings_options *o, struct keys_plan *plan,
                    struct settings *out, struct err *e)
{
    struct keys_env env = {
        .region = out->region,
        .ca_bundle = out->ca_bundle,
        .session_name = out->session_name,
        .read_only = o->read_only,
        .stop = o->stop,
        .ask_code = o->ask_code,
        .note = o->note,
        .ctx = o->ctx,
    };
    uint64_t generation;

    for (int i = 0; i < AWS_SERVICES; i++)
        env.url[i] = out->endpoint_url[i];
    env.url[AWS_STS] = out->sts_url;
    out->identity = identity_new(plan, &env, e);
    if (!out->identity)
        return -1;
    return identity_current(out->identity, &out->credentials, &generation, e);
}

static int load_keys(const struct shared *s, const struct settings_options *o,
                     struct settings *out, struct err *e)
{
    struct keys_plan plan;

    if (copy(o->session_name ? o->session_name : "ebsimg",
             &out->session_name, e) < 0)
        return -1;
    if (keys_plan_make(s, &o->wish, &plan, e) == 0
        && load_givers(s, &plan.base, out, e) == 0)
        return get_keys(o, &plan, out, e);
    keys_plan_free(&plan);
    return -1;
}

static int load(struct shared *s, const struct settings_options *o,
                struct settings *out, struct err *e)
{
    if (check_files(s, o, out, e) < 0
        || load_region(s, o->region, out, e) < 0
        || load_endpoints(s, o->endpoint_url, out, e) < 0
        || load_ca(s, o->ca_bundle, out, e) < 0)
        return -1;
    return load_keys(s, o, out, e);
}

int settings_load(const struct settings_options *o, struct settings *out,
                  struct err *e)
{
    struct shared s;
    int r;

    memset(out, 0, sizeof(*out));
    r = shared_load(o->profile, &s, e);
    if (r == 0)
        r = load(&s, o, out, e);
    shared_free(&s);
    return r;
}

void settings_free(struct settings *s)
{
    identity_free(s->identity_lent ? NULL : s->identity);
    credentials_free(&s->credentials);
    free(s->region);
    for (int i = 0; i < AWS_SERVICES; i++) {
        free(s->endpoint_url[i]);
        free(s->endpoint_region[i]);
    }
    free(s->sts_url);
    free(s->ca_bundle);
    free(s->session_name);
    memset(s, 0, sizeof(*s));
}
