/* SPDX-License-Identifier: Apache-2.0 */
#include "image/raw-share.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/reflink.h"

struct raw_share {
    int fd;
    uint64_t count;
    int refusal;              /* errno; 0: none yet */
    unsigned char *back;      /* what was shared, read back */
};

struct raw_share *raw_share_new(const char *path, struct err *e)
{
    struct raw_share *r = calloc(1, sizeof(*r));

    if (!r || !(r->back = malloc(BLOCK_SIZE))) {
        free(r);
        err_nomem(e);
        return NULL;
    }
    r->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (r->fd >= 0)
        return r;
    err_set(e, ERR_USAGE, errno, "cannot read %s", path);
    raw_share_free(r);
    return NULL;
}

void raw_share_free(struct raw_share *r)
{
    if (!r)
        return;
    if (r->fd >= 0)
        close(r->fd);
    free(r->back);
    free(r);
}

/* The block was proved when it was read; that the file still holds it where
 * the extents come from is looked at once more. */
static bool reads_the_same(struct raw_share *r, int fd, const struct slot *s)
{
    ssize_t n = pread(fd, r->back, s->len, (off_t)s->offset);

    return n == (ssize_t)s->len && memcmp(r->back, s->raw, s->len) == 0;
}

bool raw_share_block(struct raw_share *r, int fd, const struct slot *s)
{
    if (!r->refusal)
        r->refusal = reflink_range(fd, r->fd, s->offset, s->len);
    if (r->refusal || !reads_the_same(r, fd, s))
        return false;
    r->count++;
    return true;
}

uint64_t raw_share_count(const struct raw_share *r)
{
    return r->count;
}

const char *raw_share_refusal(const struct raw_share *r)
{
    return r->refusal ? strerror(r->refusal) : NULL;
}
