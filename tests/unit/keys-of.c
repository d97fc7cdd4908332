/* SPDX-License-Identifier: Apache-2.0 */
/* Whose keys sign, with this environment and these files: loads them as each
 * command does and prints them as JSON, with the region.  For cases with
 * keys that open nothing.
 *
 *   keys-of [PROFILE]
 *
 * Exit status 1: there are none, and standard error says why. */
#include <stdio.h>
#include <stdlib.h>

#include "aws/settings.h"
#include "base/clock.h"
#include "base/scope.h"
#include "base/text.h"
#include "net/http.h"

static void add(struct text *t, const char *key, const char *value)
{
    text_addf(t, "\"%s\":", key);
    if (value)
        text_add_json(t, value);
    else
        text_add(t, "null");
    text_add(t, ",");
}

static int print(const struct settings *s)
{
    const struct credentials *c = &s->credentials;
    autotext struct text t = TEXT_INIT;

    text_add(&t, "{");
    add(&t, "access_key_id", c->access_key_id);
    add(&t, "secret_access_key", c->secret_access_key);
    add(&t, "session_token", c->session_token);
    add(&t, "region", s->region);
    text_addf(&t, "\"expiry\":%llu}",
              (unsigned long long)(c->expires / NS_PER_S));
    return t.failed || puts(t.s) == EOF || fflush(stdout) == EOF;
}

int main(int argc, char **argv)
{
    const struct settings_options o = { .profile = argc > 1 ? argv[1]
                                                            : NULL };
    struct err e = ERR_INIT;
    struct settings s;
    int status = 1;

    if (settings_load(&o, &s, &e) == 0)
        status = print(&s);
    else
        fprintf(stderr, "%s\n", e.msg);
    settings_free(&s);
    return status;
}
