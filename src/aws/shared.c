#include "aws/shared.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"

enum { FILE_LIMIT = 1024 * 1024 };

const char *shared_env(const char *name)
{
    const char *v = getenv(name);

    return v && *v ? v : NULL;
}

static char *path_of(const char *variable, const char *in_home)
{
    const char *given = shared_env(variable);
    const char *home = shared_env("HOME");
    char *path = NULL;

    if (given)
        return strdup(given);
    if (asprintf(&path, "%s/.aws/%s", home ? home : "", in_home) < 0)
        return NULL;
    return path;
}

/* A file that does not exist is an empty one. */
static struct profile *load(const char *path, struct err *e)
{
    struct text content = TEXT_INIT;
    struct profile *p = NULL;

    if (!file_exists(path))
        return profile_parse("", 0, path, e);
    if (file_slurp(path, FILE_LIMIT, &content, e) == 0)
        p = profile_parse(content.s, content.len, path, e);
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

static int pick(const char *option, struct shared *s, struct err *e)
{
    const char *name = option;

    if (!name && name_by_environment(&name, e) < 0)
        return -1;
    s->asked = option;
    s->name = strdup(name ? name : "default");
    if (!s->name || asprintf(&s->section, "profile %s", s->name) < 0) {
        s->section = NULL;
        return err_nomem(e);
    }
    /* The default profile may be written either way. */
    if (strcmp(s->name, "default") == 0
        && !profile_has(s->config, s->section))
        strcpy(s->section, "default");
    if (!name || profile_has(s->config, s->section)
        || profile_has(s->credentials, s->name))
        return 0;
    return err_set(e, ERR_USAGE, 0, "there is no profile %s in %s or %s",
                   s->name, s->config_path, s->credentials_path);
}

int shared_load(const char *option, struct shared *out, struct err *e)
{
    memset(out, 0, sizeof(*out));
    out->config_path = path_of("AWS_CONFIG_FILE", "config");
    out->credentials_path = path_of("AWS_SHARED_CREDENTIALS_FILE",
                                    "credentials");
    if (!out->config_path || !out->credentials_path)
        return err_nomem(e);
    out->config = load(out->config_path, e);
    if (!out->config)
        return -1;
    out->credentials = load(out->credentials_path, e);
    if (!out->credentials)
        return -1;
    return pick(option, out, e);
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

const char *shared_get(const struct shared *s, const char *key)
{
    const char *v = profile_get(s->credentials, s->name, NULL, key);

    if (!unless_empty(v))
        v = profile_get(s->config, s->section, NULL, key);
    return unless_empty(v);
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
