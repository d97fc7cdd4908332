/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/expand.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/scope.h"
#include "base/text.h"
#include "base/user.h"

#define NAME "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

const char *expand_home(void)
{
    static _Thread_local struct user me;
    const char *home = getenv("HOME");
    const struct passwd *p = home && *home ? NULL : user_of(getuid(), &me);

    return p ? p->pw_dir : home ? home : "";
}

/* Adds the folder that `path' begins with; what follows is left to do. */
static const char *add_home(struct text *t, const char *path)
{
    size_t n = strcspn(path, "/");
    autofree char *name = strndup(path + 1, n - 1);
    const struct passwd *p;
    struct user u;

    if (!name) {
        t->failed = true;
        return path;
    }
    if (!*name) {
        text_add(t, expand_home());
        return path + n;
    }
    p = user_named(name, &u);
    if (!p)
        return path;
    text_add(t, p->pw_dir);
    return path + n;
}

/* The same for a variable; one that is not set stays as it is written. */
static const char *add_variable(struct text *t, const char *s)
{
    bool braces = s[1] == '{';
    const char *begin = s + 1 + braces;
    size_t n = strspn(begin, NAME);
    autofree char *name = strndup(begin, n);
    const char *value = name && n ? getenv(name) : NULL;

    if (!name)
        t->failed = true;
    if (!value || (braces && begin[n] != '}')) {
        text_addn(t, s, 1);
        return s + 1;
    }
    text_add(t, value);
    return begin + n + braces;
}

char *expand_path(const char *path)
{
    autotext struct text vars = TEXT_INIT;
    struct text t = TEXT_INIT;
    const char *s = path;

    text_add(&vars, "");
    while (*s && !vars.failed) {
        size_t n = strcspn(s, "$");

        text_addn(&vars, s, n);
        s += n;
        if (*s)
            s = add_variable(&vars, s);
    }
    if (vars.failed)
        return NULL;
    s = *vars.s == '~' ? add_home(&t, vars.s) : vars.s;
    text_add(&t, s);
    if (t.failed)
        text_free(&t);
    return t.s;
}
