/* The two files that AWS's tools share, the first part of the input and the
 * rest, all the way to the settings of a run. */
#include <stdlib.h>
#include <string.h>

#include "aws/settings.h"
#include "base/scope.h"
#include "fuzz.h"

/* Header lines are made of these. */
static void check_visible(const char *s)
{
    for (; s && *s; s++)
        MUST((unsigned char)*s > ' ' && (unsigned char)*s < 0x7f);
}

static void check_settings(const struct settings *s)
{
    const struct credentials *c = &s->credentials;
    struct endpoint p;
    struct err e = ERR_INIT;

    MUST(c->access_key_id[0] && c->secret_access_key[0]);
    check_visible(c->access_key_id);
    check_visible(c->secret_access_key);
    check_visible(c->session_token);
    MUST(strnlen(c->source, sizeof(c->source)) < sizeof(c->source));
    MUST(endpoint_region_valid(s->region));
    for (int i = 0; i < AWS_SERVICES; i++) {
        MUST(endpoint_parse(s->endpoint_url[i], &p, &e) == 0);
        check_visible(p.host.s);
        endpoint_free(&p);
    }
}

static bool is_once(const char *word, const char *text)
{
    const char *at = strstr(text, word);

    return at && !strstr(at + 1, word);
}

/* A message never shows the secret of the profile; one that is elsewhere in
 * the files too, as somebody's region, is none. */
static void check_silence(const char *text, const char *other,
                          const struct err *e)
{
    struct err ignored = ERR_INIT;
    struct profile *p = profile_parse(text, strlen(text), "it", &ignored);
    const char *secret = p ? profile_get(p, "default", NULL,
                                         "aws_secret_access_key") : NULL;

    MUST(fuzz_is_shown(ignored.msg));
    if (secret && strlen(secret) >= 20 && is_once(secret, text)
        && !strstr(other, secret))
        MUST(!strstr(e->msg, secret));
    profile_free(p);
}

int fuzz_one(const uint8_t *data, size_t size)
{
    autofree char *config = fuzz_part(&data, &size);
    autofree char *credentials = fuzz_text(data, size);
    struct settings s;
    struct err e = ERR_INIT;

    setenv("AWS_CONFIG_FILE", fuzz_file(0, config, strlen(config)), 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE",
           fuzz_file(1, credentials, size), 1);
    unsetenv("AWS_ACCESS_KEY_ID");
    unsetenv("AWS_SECRET_ACCESS_KEY");
    unsetenv("AWS_PROFILE");
    fuzz_count();
    if (settings_load(NULL, NULL, NULL, NULL, &s, &e) == 0)
        check_settings(&s);
    else
        MUST((e.kind == ERR_USAGE || e.kind == ERR_ACCESS)
             && fuzz_is_shown(e.msg));
    fuzz_spent_at_most(64 * 1024 + 256 * (strlen(config) + size));
    check_silence(config, credentials, &e);
    check_silence(credentials, config, &e);
    settings_free(&s);
    return 0;
}
