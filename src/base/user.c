/* SPDX-License-Identifier: Apache-2.0 */
#include "base/user.h"

#include <stddef.h>

const struct passwd *user_of(uid_t uid, struct user *u)
{
    struct passwd *found = NULL;

    return getpwuid_r(uid, &u->entry, u->texts, sizeof(u->texts), &found) == 0
        ? found : NULL;
}

const struct passwd *user_named(const char *name, struct user *u)
{
    struct passwd *found = NULL;

    return getpwnam_r(name, &u->entry, u->texts, sizeof(u->texts), &found)
            == 0 ? found : NULL;
}
