/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/shared.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/expand.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"

enum { FILE_LIMIT = 1024 * 1024 };

#define CONFIG_VARIABLE "AWS_CONFIG_FILE"
#define CREDENTIALS_VARIABLE "AWS_SHARED_CREDENTIALS_FILE"

const char *shared_env(const char *name)
{
    const char *v = getenv(name);

    return v && *v ? v : NULL;
}

static int find_file(const char *variable, const char *in_home, char **path,
                     struct err *e)
{
    const char *given = shared_env(variable);

    if (given)
        *path = expand_path(given);
    else if (asprintf(path, "%s/.aws/%s", expand_home(), in_home) < 0)
        *path = NULL;
    return *path ? 0 : err_nomem(e);
}

/* A file that does not exist is an empty one. */
static struct profile *load(const char *path, struct err *e)
{
    struct text content = TEXT_INIT;
    struct err why = ERR_INIT;
    struct profile *p = NULL;

    if (!file_exists(path))
        return profile_parse("", 0, path, e);
    if (file_slurp(path, FILE_LIMIT, &content, &why) == 0)
        p = profile_parse(content.s, content.len, path, e);
    else if (why.kind == ERR_USAGE)
        p = profile_unreadable(&why, e);
    else
        *e = why;
    if (content.s)
        secret_wipe(content.s, content.len);
    text_free(&content);
    return p;
}

/* AWS: the CLI takes AWS_DEFAULT_PROFILE first, other tools of theirs
 * AWS_PROFILE.  Whose keys these are must not depend on that. */
static int name_by_environment(const char **name, struct err *e)
{
    const char *a = shared_env("AWS_PROFILE");
    const char *b = shared_env("AWS_DEFAULT_PROFILE");

    *name = a ? a : b;
    if (!a || !b || strcmp(a, b) == 0)
        return 0;
    return err_set(e, ERR_USAGE, 0, "AWS_PROFILE names the profile %s and "
                   "AWS_DEFAULT_PROFILE another one, %s: unset one of them, "
                   "or name the profile with --profile", a, b);
}

char *shared_section(const struct shared *s, const char *profile)
{
    char *section = NULL;

    if (asprintf(&section, "profile %s", profile) < 0)
        return NULL;
    if (strcmp(profile, "default") == 0 && !profile_has(s->config, section))
        strcpy(section, "default");
    return section;
}

/* A file that somebody named is meant to be there. */
static void note_missing(struct shared *s, const char *variable,
                         const char *path)
{
    if (shared_env(variable) && !file_exists(path))
        err_set(&s->notes[s->nnotes++], ERR_USAGE, 0, "%s names %s, which "
                "does not exist", variable, path);
}

static int check_named(const struct shared *s, struct err *e)
{
    if (profile_has(s->config, s->section)
        || profile_has(s->credentials, s->name))
        return 0;
    if (shared_check(s, e) < 0)
        return -1;
    return err_set(e, ERR_USAGE, 0, "there is no profile %s in %s or %s",
                   s->name, s->config_path, s->credentials_path);
}

static int pick(const char *option, struct shared *s, struct err *e)
{
    const char *name = option;

    if (!name && name_by_environment(&name, e) < 0)
        return -1;
    s->asked = option;
    s->name = strdup(name ? name : "default");
    s->section = s->name ? shared_section(s, s->name) : NULL;
    if (!s->section)
        return err_nomem(e);
    return name ? check_named(s, e) : 0;
}

int shared_load(const char *option, struct shared *out, struct err *e)
{
    memset(out, 0, sizeof(*out));
    if (find_file(CONFIG_VARIABLE, "config", &out->config_path, e) < 0
        || find_file(CREDENTIALS_VARIABLE, "credentials",
                     &out->credentials_path, e) < 0)
        return -1;
    out->config = load(out->config_path, e);
    out->credentials = out->config ? load(out->credentials_path, e) : NULL;
    if (!out->credentials)
        return -1;
    note_missing(out, CONFIG_VARIABLE, out->config_path);
    note_missing(out, CREDENTIALS_VARIABLE, out->credentials_path);
    return pick(option, out, e);
}

int shared_check_of(const struct shared *s, const char *profile,
                    struct err *e)
{
    autofree char *section = shared_section(s, profile);

    if (!section)
        return err_nomem(e);
    if (profile_check(s->credentials, profile, e) < 0)
        return -1;
    return profile_check(s->config, section, e);
}

int shared_check(const struct shared *s, struct err *e)
{
    return shared_check_of(s, s->name, e);
}

static int pass_over_file(struct shared *s, struct profile **p,
                          const char *section, struct err *e)
{
    struct err *note = &s->notes[s->nnotes];
    struct profile *empty;

    if (profile_check(*p, section, note) == 0)
        return 0;
    s->nnotes++;
    empty = profile_parse("", 0, "", e);
    if (!empty)
        return -1;
    profile_free(*p);
    *p = empty;
    return 0;
}

int shared_pass_over(struct shared *s, struct err *e)
{
    if (pass_over_file(s, &s->config, s->section, e) < 0)
        return -1;
    return pass_over_file(s, &s->credentials, s->name, e);
}

void shared_free(struct shared *s)
{
    profile_free(s->config);
    profile_free(s->credentials);
    free(s->config_path);
    free(s->credentials_path);
    free(s->name);
    free(s->section);
    memset(s, 0, sizeof(*s));
}

static const char *unless_empty(const char *s)
{
    return s && *s ? s : NULL;
}

bool shared_has(const struct shared *s, const char *profile)
{
    autofree char *section = shared_section(s, profile);

    return profile_has(s->credentials, profile)
        || (section && profile_has(s->config, section));
}

const char *shared_get_of(const struct shared *s, const char *profile,
                          const char *key)
{
    const char *v = profile_get(s->credentials, profile, NULL, key);
    autofree char *section = NULL;

    if (unless_empty(v))
        return v;
    section = shared_section(s, profile);
    return section ? unless_empty(profile_get(s->config, section, NULL, key))
                   : NULL;
}

const char *shared_get(const struct shared *s, const char *key)
{
    return shared_get_of(s, s->name, key);
}

const char *shared_session_get(const struct shared *s, const char *session,
                               const char *key)
{
    autofree char *section = NULL;

    if (asprintf(&section, "sso-session %s", session) < 0) {
        section = NULL;
        return NULL;
    }
    return unless_empty(profile_get(s->config, section, NULL, key));
}

const char *shared_service_get(const struct shared *s, const char *service,
                               const char *key)
{
    const char *name = shared_get(s, "services");
    autofree char *section = NULL;

    if (!name || asprintf(&section, "services %s", name) < 0) {
        section = NULL;
        return NULL;
    }
    return unless_empty(profile_get(s->config, section, service, key));
}
