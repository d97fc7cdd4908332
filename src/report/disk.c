/* SPDX-License-Identifier: Apache-2.0 */
#include "report/disk.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "volume/read.h"

#define MEMORY (4 * MIB)

static int read_bytes(void *ctx, uint64_t offset, void *to, size_t n,
                      struct err *e)
{
    size_t got;

    if (volume_read(ctx, offset, to, n, &got, e) < 0)
        return -1;
    return got == n ? 0 : err_set(e, ERR_VERIFY, 0, "the image ends early");
}

static int look(struct disk *d, struct volume *v, struct err *e)
{
    struct volume_reader *r = volume_reader_new(v, MEMORY, e);
    struct err later = ERR_INIT;
    int status;

    if (!r)
        return -1;
    status = partition_list_read(&d->partitions, v->size, read_bytes, r, e);
    if (volume_reader_free(r, &later) < 0 && status == 0) {
        *e = later;
        status = -1;
    }
    return status;
}

/* An image's name may look like a snapshot's id: evidence is never that. */
static int open_and_look(struct disk *d, const char *name, struct err *e)
{
    struct text path = TEXT_INIT;
    struct err later = ERR_INIT;
    struct volume v = { 0 };
    int r;

    text_add(&path, strchr(name, '/') ? "" : "./");
    text_add(&path, name);
    if (path.failed)
        return err_nomem(e);
    r = volume_open(&v, path.s, NULL, NULL, NULL, e);
    if (r == 0)
        r = volume_learn(&v, false, e);
    if (r == 0)
        r = look(d, &v, e);
    volume_close(&v, &later);
    text_free(&path);
    return r;
}

int disk_read(struct disk *d, const char *name, struct err *e)
{
    struct err why = ERR_INIT;

    memset(d, 0, sizeof(*d));
    d->partitions.table = "";
    d->known = open_and_look(d, name, &why) == 0;
    if (d->known)
        return 0;
    if (why.kind == ERR_INTERRUPTED || why.kind == ERR_INTERNAL) {
        *e = why;
        return -1;
    }
    memset(&d->partitions, 0, sizeof(d->partitions));
    d->partitions.table = "";
    snprintf(d->why_not, sizeof(d->why_not), "%.250s", why.msg);
    return 0;
}
