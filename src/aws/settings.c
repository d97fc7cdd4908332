#include "aws/settings.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "aws/expand.h"

/* The options, as settings_load() got them. */
struct options {
    const char *region, *endpoint_url, *ca_bundle;
};

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

static const char *const url_variable[AWS_SERVICES] = {
    [AWS_EBS] = "AWS_ENDPOINT_URL_EBS",
    [AWS_EC2] = "AWS_ENDPOINT_URL_EC2",
    [AWS_STS] = "AWS_ENDPOINT_URL_STS",
};

static const char *custom_url(const struct shared *s, enum aws_service svc,
                              const char *option)
{
    const char *name = endpoint_service_name(svc);
    const char *u = option;

    if (u || is_true(s, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                     "ignore_configured_endpoint_urls"))
        return u;
    u = first_of(u, shared_env(url_variable[svc]));
    u = first_of(u, shared_env("AWS_ENDPOINT_URL"));
    u = first_of(u, shared_service_get(s, name, "endpoint_url"));
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

static int take_usual(const struct settings *s, enum aws_service svc,
                      const struct endpoint_wish *wish, char **to,
                      struct err *e)
{
    struct text t = TEXT_INIT;
    int r = endpoint_url(svc, s->region, wish, &t, e);

    if (r == 0)
        r = copy(t.s, to, e);
    text_free(&t);
    return r;
}

static int load_endpoints(const struct shared *s, const char *option,
                          struct settings *out, struct err *e)
{
    struct endpoint_wish wish = {
        .fips = is_true(s, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
        .dualstack = is_true(s, "AWS_USE_DUALSTACK_ENDPOINT",
                             "use_dualstack_endpoint"),
    };

    for (enum aws_service svc = 0; svc < AWS_SERVICES; svc++) {
        const char *url = custom_url(s, svc, option);
        char **to = &out->endpoint_url[svc];

        if (url && (wish.fips || wish.dualstack))
            return err_set(e, ERR_USAGE, 0, "endpoint %s was given, and a "
                           "FIPS or dual-stack endpoint is asked for too: "
                           "only one of them is possible", url);
        if ((url ? take_custom(url, to, e)
                 : take_usual(out, svc, &wish, to, e)) < 0)
            return -1;
    }
    return 0;
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
                                 const struct options *o)
{
    return !s->asked && credentials_in_environment()
        && region_at_hand(o->region);
}

static int check_files(struct shared *s, const struct options *o,
                       struct settings *out, struct err *e)
{
    int r = can_do_without_files(s, o) ? shared_pass_over(s, e)
                                       : shared_check(s, e);

    memcpy(out->notes, s->notes, sizeof(out->notes));
    out->nnotes = s->nnotes;
    return r;
}

static int load(struct shared *s, const struct options *o,
                struct settings *out, struct err *e)
{
    if (check_files(s, o, out, e) < 0
        || load_region(s, o->region, out, e) < 0
        || load_endpoints(s, o->endpoint_url, out, e) < 0
        || load_ca(s, o->ca_bundle, out, e) < 0)
        return -1;
    return credentials_load(s, &out->credentials, e);
}

int settings_load(const char *profile, const char *region,
                  const char *endpoint_url, const char *ca_bundle,
                  struct settings *out, struct err *e)
{
    struct options o = { region, endpoint_url, ca_bundle };
    struct shared s;
    int r;

    memset(out, 0, sizeof(*out));
    r = shared_load(profile, &s, e);
    if (r == 0)
        r = load(&s, &o, out, e);
    shared_free(&s);
    return r;
}

void settings_free(struct settings *s)
{
    credentials_free(&s->credentials);
    free(s->region);
    for (int i = 0; i < AWS_SERVICES; i++)
        free(s->endpoint_url[i]);
    free(s->ca_bundle);
    memset(s, 0, sizeof(*s));
}
