/* SPDX-License-Identifier: Apache-2.0 */
/* What the names of log files say. */
#include <fnmatch.h>
#include <string.h>

#include "events/logfiles.h"

/* Everything in a folder that is called so. */
static const char *const folders[] = {
    "/log/", "/logs/", "/winevt/Logs/",
};

static const char *const names[] = {
    "*.log", "*.log[.-]*", "*.evtx", "*.journal", "*.journal~", "wtmp*",
    "btmp*", "utmp*", "*_history", "*history.zsh", ".histfile", "syslog*",
    "messages*", "secure*", "auth.log*", "access_log*", "fish_history",
};

/* Made from a log, and not one: indexes of packages and the like. */
static const char *const others[] = {
    "lastlog*", "faillog*", "*.sqlite", "*.db",
};

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static bool is_one_of(const char *base, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fnmatch(list[i], base, 0) == 0)
            return true;
    return false;
}

bool logfiles_is_place(const char *path)
{
    const char *base = base_of(path);

    if (is_one_of(base, others, sizeof(others) / sizeof(*others)))
        return false;
    for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
        if (strcasestr(path, folders[i]))
            return true;
    return is_one_of(base, names, sizeof(names) / sizeof(*names));
}

static const char *const packed[] = { ".gz", ".xz", ".bz2", ".zst", ".lz4" };

/* Without what packed it. */
static size_t unpacked(const char *path, size_t n)
{
    for (size_t i = 0; i < sizeof(packed) / sizeof(*packed); i++) {
        size_t k = strlen(packed[i]);

        if (n > k && memcmp(path + n - k, packed[i], k) == 0)
            return n - k;
    }
    return n;
}

size_t logfiles_stem(const char *path)
{
    size_t n = unpacked(path, strlen(path));
    size_t k = n;

    while (k > 0 && path[k - 1] >= '0' && path[k - 1] <= '9')
        k--;
    if (k < n && k > 1 && (path[k - 1] == '.' || path[k - 1] == '-')
        && path[k - 2] != '/')
        n = k - 1;
    return n;
}
