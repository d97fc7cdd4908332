/* SPDX-License-Identifier: Apache-2.0 */
/* Which file a call means: its path, with the folder of a descriptor that it
 * begins at, or that it leads through, in place of that.  To be included by a
 * shim. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WHERE_MAX 4400

/* The path of an open file, or "". */
static inline const char *where_fd(int fd, char out[WHERE_MAX])
{
    int before = errno;
    char link[32];
    ssize_t n;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    n = readlink(link, out, 4096);
    out[n < 0 ? 0 : n] = '\0';
    errno = before;
    return out;
}

static inline const char *where_at(int dir, const char *path,
                                   char out[WHERE_MAX])
{
    static const char through[] = "/proc/self/fd/";
    size_t n = strlen(through);
    int at = 0;

    if (strncmp(path, through, n) == 0
        && sscanf(path + n, "%d/%n", &dir, &at) == 1 && at)
        path += n + (size_t)at;
    else if (path[0] == '/' || dir == AT_FDCWD)
        return path;
    where_fd(dir, out);
    n = strlen(out);
    snprintf(out + n, WHERE_MAX - n, "/%s", path);
    return out;
}
