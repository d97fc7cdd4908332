/* SPDX-License-Identifier: Apache-2.0 */
/* What every answer of the service rests on: where requests go, through what,
 * who vouches for the servers, and which variables had a say in it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "audit/hash-file.h"
#include "audit/unusual.h"
#include "fetch/service.h"

_Static_assert((int)UNUSUAL_EBS == AWS_EBS && (int)UNUSUAL_EC2 == AWS_EC2
               && (int)UNUSUAL_STS == AWS_STS && (int)UNUSUAL_SSO == AWS_SSO
               && (int)UNUSUAL_OIDC == AWS_OIDC
               && (int)UNUSUAL_SIGNIN == AWS_SIGNIN
               && (int)UNUSUAL_SERVICES == AWS_METADATA, "the same order");

/* Names alone: a value may be a secret, and what it leads to is recorded. */
static const char *const variables[] = {
    "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE", "AWS_REGION", "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_EBS", "AWS_ENDPOINT_URL_EC2",
    "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_SSO",
    "AWS_ENDPOINT_URL_SSO_OIDC", "AWS_ENDPOINT_URL_SIGNIN",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_LOGIN_CACHE_DIRECTORY",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT", "AWS_CA_BUNDLE",
    "SSL_CERT_FILE", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
    "no_proxy", "NO_PROXY", "OPENSSL_CONF", "OPENSSL_MODULES",
    "OPENSSL_ENGINES", "HOSTALIASES", "LOCALDOMAIN", "RES_OPTIONS",
    "LD_PRELOAD", "LD_AUDIT", "LD_LIBRARY_PATH",
};

static void add_name(struct text *list, const char *name)
{
    text_add(list, list->len ? "," : "[");
    text_add_json(list, name);
}

static void record_list(struct record *r, const char *key, struct text *list)
{
    text_add(list, list->len ? "]" : "[]");
    record_json(r, key, list->failed ? "[]" : list->s);
    r->json.failed |= list->failed;
}

static void add_endpoint(struct record *r, const struct settings *set,
                         enum aws_service s, struct text *unusual)
{
    record_str(r, unusual_names[s].endpoint, set->endpoint_url[s]);
    if (!endpoint_is_usual(s, set->endpoint_region[s], set->endpoint_url[s]))
        add_name(unusual, unusual_names[s].endpoint);
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* That of blocks always; the others where they differ: null is none. */
static void add_proxy(struct record *r, const struct aws *a,
                      enum aws_service s, struct text *unusual)
{
    const char *proxy = aws_proxy(a, s);

    if (s == AWS_EBS ? !proxy : same(proxy, aws_proxy(a, AWS_EBS)))
        return;
    record_str(r, unusual_names[s].proxy, proxy);
    if (proxy)
        add_name(unusual, unusual_names[s].proxy);
}

/* A file that has become unreadable has no digest. */
static void add_ca(struct record *r, const struct aws *a,
                   struct text *unusual)
{
    const char *file = aws_ca_file(a);
    const char *folder = aws_ca_folder(a);
    struct hashes h = { 0 };
    struct err none = ERR_INIT;

    if (file) {
        record_str(r, UNUSUAL_CA, file);
        if (hash_file(file, HASH_BIT(HASH_SHA256), &h, &none) == 0)
            record_hex(r, "ca_sha256", h.value[HASH_SHA256], 32);
        else
            record_str(r, "ca_sha256", NULL);
    }
    if (!aws_ca_is_usual(a))
        add_name(unusual, UNUSUAL_CA);
    if (folder)
        record_str(r, "ca_dir", folder);
}

static void add_variables(struct record *r)
{
    autotext struct text set = TEXT_INIT;

    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        const char *value = getenv(variables[i]);

        if (value && *value)
            add_name(&set, variables[i]);
    }
    record_list(r, "environment", &set);
}

void service_record(const struct aws *a, const struct settings *s,
                    struct record *r)
{
    autotext struct text unusual = TEXT_INIT;

    record_str(r, "partition", endpoint_partition(s->region));
    record_str(r, "region", s->region);
    for (enum aws_service i = 0; i < (enum aws_service)UNUSUAL_SERVICES; i++)
        if (s->endpoint_url[i])
            add_endpoint(r, s, i, &unusual);
    for (enum aws_service i = 0; i < (enum aws_service)UNUSUAL_SERVICES; i++)
        if (s->endpoint_url[i])
            add_proxy(r, a, i, &unusual);
    add_ca(r, a, &unusual);
    record_list(r, "unusual", &unusual);
    add_variables(r);
}

void service_add_json(const struct aws *a, const struct settings *s,
                      struct text *t)
{
    autorecord struct record r = RECORD_INIT;

    service_record(a, s, &r);
    t->failed |= r.json.failed;
    if (!r.json.failed)
        text_addf(t, "{%s}", r.json.s + 1);
}

/* ------------------------------------------------------------------ words */

static const char *value_of(const cJSON *facts, const char *member)
{
    const char *s = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(facts, member));

    return s ? s : "not known";
}

static void add_words(const cJSON *facts, struct text *t)
{
    const cJSON *item;
    bool any = false;

    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(facts,
                                                              "unusual")) {
        const char *member = cJSON_GetStringValue(item);
        const char *title = member ? unusual_title(member) : NULL;

        if (!title)
            continue;
        text_addf(t, "%s%s ", any ? "; " : "Not the usual: ", title);
        text_add_shown(t, value_of(facts, member));
        any = true;
    }
    if (any)
        text_add(t, "\n");
}

void service_add_unusual(const struct aws *a, const struct settings *s,
                         struct text *t)
{
    autotext struct text json = TEXT_INIT;
    cJSON *facts;

    service_add_json(a, s, &json);
    facts = json.failed ? NULL : cJSON_Parse(json.s);
    t->failed |= !facts;
    add_words(facts, t);
    cJSON_Delete(facts);
}
