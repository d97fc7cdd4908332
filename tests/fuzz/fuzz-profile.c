/* SPDX-License-Identifier: Apache-2.0 */
/* The two files that AWS's tools share, the first part of the input and the
 * rest, all the way to the plan of whose keys sign.  Nothing of it is carried
 * out: a plan may be to run a program. */
#include <stdlib.h>
#include <string.h>

#include "aws/keys-plan.h"
#include "base/scope.h"
#include "fuzz.h"

/* Header lines are made of these. */
static void check_visible(const char *s)
{
    for (; s && *s; s++)
        MUST((unsigned char)*s > ' ' && (unsigned char)*s < 0x7f);
}

static void check_plan(const struct keys_plan *p)
{
    const struct credentials *c = &p->base.fixed;

    MUST(p->nroles <= KEYS_ROLES_MAX);
    MUST(strnlen(c->source, sizeof(c->source)) < sizeof(c->source));
    if (p->base.from != KEYS_FIXED)
        return;
    MUST(c->access_key_id[0] && c->secret_access_key[0]);
    check_visible(c->access_key_id);
    check_visible(c->secret_access_key);
    check_visible(c->session_token);
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

    if (p)
        profile_check(p, "default", &ignored);
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
    const struct keys_wish none = { 0 };
    struct keys_plan plan = { 0 };
    struct shared s;
    struct err e = ERR_INIT;

    setenv("AWS_CONFIG_FILE", fuzz_file(0, config, strlen(config)), 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE",
           fuzz_file(1, credentials, size), 1);
    unsetenv("AWS_ACCESS_KEY_ID");
    unsetenv("AWS_SECRET_ACCESS_KEY");
    unsetenv("AWS_PROFILE");
    fuzz_count();
    if (shared_load(NULL, &s, &e) == 0 && shared_check(&s, &e) == 0
        && keys_plan_make(&s, &none, &plan, &e) == 0)
        check_plan(&plan);
    else
        MUST((e.kind == ERR_USAGE || e.kind == ERR_ACCESS)
             && fuzz_is_shown(e.msg));
    fuzz_spent_at_most(64 * 1024 + 256 * (strlen(config) + size));
    check_silence(config, credentials, &e);
    check_silence(credentials, config, &e);
    keys_plan_free(&plan);
    shared_free(&s);
    return 0;
}
