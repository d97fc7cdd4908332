/* SPDX-License-Identifier: Apache-2.0 */
/* What the system knows of its users.  Any thread: getpwuid(3) gives all of
 * them the same memory, in which one may read the entry of another user that
 * somebody else is looking for. */
#ifndef EBSIMG_BASE_USER_H
#define EBSIMG_BASE_USER_H

#include <pwd.h>
#include <sys/types.h>

/* An entry, and the room that its texts lie in. */
struct user {
    struct passwd entry;
    char texts[8192];
};

/* NULL: there is none.  It lives as long as `u'. */
const struct passwd *user_of(uid_t uid, struct user *u);
const struct passwd *user_named(const char *name, struct user *u);

#endif
