/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/keys.h"

#include <stdio.h>
#include <string.h>

static int from_fixed(const struct keys_base *b, const struct keys_env *env,
                      struct credentials *out, struct err *e)
{
    (void)env;
    return credentials_copy(&b->fixed, out, e);
}

static const struct {
    const char *words; /* %s: the profile */
    int (*get)(const struct keys_base *b, const struct keys_env *env,
               struct credentials *out, struct err *e);
} kinds[] = {
    [KEYS_FIXED] = { NULL, from_fixed },
    [KEYS_WEB] = { "web identity", keys_from_web },
    [KEYS_SSO] = { "IAM Identity Center", keys_from_sso },
    [KEYS_LOGIN] = { "aws login", keys_from_login },
    [KEYS_PROCESS] = { "credential_process", keys_from_process },
    [KEYS_CONTAINER] = { "container", keys_from_container },
    [KEYS_INSTANCE] = { "instance metadata", keys_from_instance },
};

static void name_source(const struct keys_base *b, struct credentials *c)
{
    const char *words = kinds[b->from].words;

    memset(c, 0, sizeof(*c));
    if (!words)
        return;
    if (b->profile)
        snprintf(c->source, sizeof(c->source), "%s of profile %s", words,
                 b->profile);
    else
        snprintf(c->source, sizeof(c->source), "%s", words);
}

/* The keys of a role take the place of those that it was assumed with. */
static int assume(const struct keys_role *r, const struct keys_env *env,
                  struct credentials *c, struct err *e)
{
    struct credentials of_role = { 0 };
    int done;

    snprintf(of_role.source, sizeof(of_role.source), "role %.240s by %.240s",
             r->arn, c->source);
    done = keys_of_role(r, env, c, &of_role, e);
    credentials_free(c);
    if (done == 0)
        *c = of_role;
    else
        credentials_free(&of_role);
    return done;
}

int keys_get(const struct keys_plan *p, const struct keys_env *env,
             struct credentials *out, struct err *e)
{
    name_source(&p->base, out);
    if (kinds[p->base.from].get(&p->base, env, out, e) < 0)
        return -1;
    for (size_t i = 0; i < p->nroles; i++)
        if (assume(&p->roles[i], env, out, e) < 0)
            return -1;
    return 0;
}
