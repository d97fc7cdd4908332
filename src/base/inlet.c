/* SPDX-License-Identifier: Apache-2.0 */
#include "base/inlet.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interrupt.h"

enum {
    STEP_MS = 100,         /* the wait looks for a signal so often */
    NOBODY_SECONDS = 5,
    SILENT_SECONDS = 60,
};

int inlet_open(struct inlet *in, const char *path, struct err *e)
{
    struct stat st;

    memset(in, 0, sizeof(*in));
    in->path = path;
    /* Opening a pipe would wait for a writer. */
    in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (in->fd < 0 || fstat(in->fd, &st) < 0)
        return err_set(e, ERR_USAGE, errno, "cannot read %s", path);
    if (S_ISDIR(st.st_mode))
        return err_set(e, ERR_USAGE, EISDIR, "cannot read %s", path);
    if (S_ISBLK(st.st_mode))
        return err_set(e, ERR_USAGE, 0, "%s is a disk, not a file", path);
    in->waits = !S_ISREG(st.st_mode);
    in->since = clock_monotonic(&clock_system);
    return 0;
}

void inlet_close(struct inlet *in)
{
    if (in->fd >= 0)
        close(in->fd);
    in->fd = -1;
}

static int check_patience(const struct inlet *in, bool writer, struct err *e)
{
    uint64_t ns = clock_monotonic(&clock_system) - in->since;

    if (!writer && ns > NOBODY_SECONDS * NS_PER_S)
        return err_set(e, ERR_USAGE, 0, "%s is a pipe into which nobody "
                       "writes", in->path);
    if (ns > SILENT_SECONDS * NS_PER_S)
        return err_set(e, ERR_USAGE, 0, "%s is a pipe, and did not come to "
                       "its end in %d s", in->path, SILENT_SECONDS);
    return 0;
}

/* A pipe without a writer reads as if it were at its end: it is, when
 * something has come, or when poll() says that a writer was there (or that
 * this is a device, which is always ready). */
static bool is_end(const struct inlet *in, const struct pollfd *p)
{
    return !in->waits || in->bytes || (p->revents & (POLLHUP | POLLIN));
}

long inlet_read(struct inlet *in, void *buf, size_t n, struct err *e)
{
    struct pollfd p = { .fd = in->fd, .events = POLLIN };

    for (;;) {
        ssize_t r;

        if (interrupt_check(e) < 0)
            return -1;
        r = read(in->fd, buf, n);
        if (r > 0 && !in->whole)
            in->since = clock_monotonic(&clock_system);
        if (r > 0)
            in->bytes += (uint64_t)r;
        if (r > 0 || (r == 0 && is_end(in, &p)))
            return r;
        if (r < 0 && errno != EAGAIN && errno != EINTR)
            return err_set(e, ERR_USAGE, errno, "cannot read %s", in->path);
        if (check_patience(in, r < 0, e) < 0)
            return -1;
        poll(&p, 1, STEP_MS);
    }
}
