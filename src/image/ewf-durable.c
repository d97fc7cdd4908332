/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf-durable.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/file.h"
#include "base/number.h"
#include "base/scope.h"
#include "image/ewf-segments.h"

/* The disk is told to begin after so many bytes. */
#define BEGIN_AFTER (8 * MIB)

struct ewf_durable {
    char *base;
    unsigned segment;     /* the first that is not on the disk as a whole */
    bool named;           /* its name is there */
    int fd;               /* of the segment `open' */
    unsigned open;
    uint64_t grown;       /* bytes since the disk was told last */
    struct file_watch watch;
    unsigned untold;      /* the first that the watch does not know of */
};

struct ewf_durable *ewf_durable_new(const char *base, unsigned segment,
                                    const struct file_watch *watch,
                                    struct err *e)
{
    struct ewf_durable *d = calloc(1, sizeof(*d));

    if (!d || !(d->base = strdup(base))) {
        free(d);
        err_nomem(e);
        return NULL;
    }
    d->fd = -1;
    d->segment = segment;
    d->watch = *watch;
    d->untold = 1;
    return d;
}

static void close_fd(struct ewf_durable *d)
{
    if (d->fd >= 0)
        close(d->fd);
    d->fd = -1;
}

void ewf_durable_free(struct ewf_durable *d)
{
    if (!d)
        return;
    close_fd(d);
    free(d->base);
    free(d);
}

/* All before `segment', which has been begun, are whole. */
static void tell(struct ewf_durable *d, unsigned segment)
{
    for (; d->watch.whole && d->untold < segment; d->untold++) {
        autofree char *path = ewf_segment_path(d->base, d->untold);

        if (path)
            d->watch.whole(d->watch.ctx, path);
    }
}

/* 1: there is such a segment, and it is open. */
static int open_segment(struct ewf_durable *d, unsigned n, struct err *e)
{
    autofree char *path = ewf_segment_path(d->base, n);
    struct err why = ERR_INIT;

    if (!path)
        return 0; /* there is no such name */
    if (d->fd >= 0 && d->open == n)
        return 1;
    close_fd(d);
    d->open = n;
    if (file_reopen_to_read(path, &d->fd, &why) == 0) {
        tell(d, n);
        return 1;
    }
    if (why.os_errno == ENOENT)
        return 0;
    *e = why;
    return -1;
}

/* Advice: what goes wrong here shows at the checkpoint. */
void ewf_durable_grow(struct ewf_durable *d, uint32_t bytes)
{
    struct err ignored = ERR_INIT;
    unsigned n = d->open ? d->open : d->segment;

    d->grown += bytes;
    if (d->grown < BEGIN_AFTER)
        return;
    d->grown = 0;
    for (; open_segment(d, n, &ignored) > 0; n++) {
        file_begin_sync(d->fd, 0, 0);
        if (!ewf_segment_exists(d->base, n + 1))
            return;
    }
}

static int sync_open(struct ewf_durable *d, struct err *e)
{
    autofree char *path = ewf_segment_path(d->base, d->open);

    return file_sync(d->fd, path ? path : d->base, e);
}

/* Segments may have been finished and begun since the last time. */
int ewf_durable_sync(struct ewf_durable *d, struct err *e)
{
    unsigned n = d->segment;
    int there;

    for (; (there = open_segment(d, n, e)) > 0; n++) {
        if (n > d->segment)
            d->named = false;
        if (sync_open(d, e) < 0)
            return -1;
        d->segment = n;
        if (!ewf_segment_exists(d->base, n + 1))
            break;
    }
    if (there < 0)
        return -1;
    if (!d->named && file_sync_folder_of(d->base, e) < 0)
        return -1;
    d->named = true;
    return 0;
}
