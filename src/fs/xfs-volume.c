/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/xfs-volume.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fs/big.h"

int xfs_volume_open(struct xfs_volume *v, const struct fs_source *s,
                    struct err *e)
{
    memset(v, 0, sizeof(*v));
    v->source = s;
    crc32c_init(&v->crc);
    if (xfs_super_read(s, &v->crc, &v->super, e) < 0)
        return -1;
    v->pages = calloc(XFS_PAGES, sizeof(*v->pages));
    return v->pages ? 0 : err_nomem(e);
}

void xfs_volume_close(struct xfs_volume *v)
{
    free(v->pages);
    v->pages = NULL;
}

int xfs_volume_place(const struct xfs_volume *v, uint64_t block,
                     uint64_t count, uint64_t *offset, struct err *e)
{
    const struct xfs_super *x = &v->super;
    uint64_t group = block >> x->group_log;
    uint64_t in = block & ((UINT64_C(1) << x->group_log) - 1);
    uint64_t first;

    if (group >= x->groups || count == 0 || count > x->group_blocks
        || in > x->group_blocks - count)
        return err_set(e, ERR_SOURCE, 0, "%" PRIu64 " blocks from 0x%" PRIx64
                       " on are in no allocation group", count, block);
    first = group * x->group_blocks + in;
    if (first + count > x->blocks)
        return err_set(e, ERR_SOURCE, 0, "%" PRIu64 " blocks from 0x%" PRIx64
                       " on are past the end", count, block);
    *offset = first << x->block_log;
    return 0;
}

/* NULL: it cannot be read as a whole, or is the last and not whole. */
static const struct xfs_page *page_at(struct xfs_volume *v, uint64_t number)
{
    struct xfs_page *p = &v->pages[number % XFS_PAGES];
    struct err unused = ERR_INIT;

    if (p->number == number + 1)
        return p;
    p->number = 0;
    if (number * XFS_PAGE > v->source->size
        || v->source->size - number * XFS_PAGE < XFS_PAGE
        || fs_source_read(v->source, number * XFS_PAGE, p->bytes, XFS_PAGE,
                          &unused) < 0)
        return NULL;
    p->number = number + 1;
    return p;
}

int xfs_volume_read(struct xfs_volume *v, uint64_t offset, void *to, size_t n,
                    struct err *e)
{
    unsigned char *out = to;

    while (n) {
        size_t from = offset % XFS_PAGE;
        size_t part = n < XFS_PAGE - from ? n : XFS_PAGE - from;
        const struct xfs_page *p = page_at(v, offset / XFS_PAGE);

        if (p)
            memcpy(out, p->bytes + from, part);
        else if (fs_source_read(v->source, offset, out, part, e) < 0)
            return -1;
        out += part;
        offset += part;
        n -= part;
    }
    return 0;
}

int xfs_volume_check(const struct xfs_volume *v, const struct xfs_header *h,
                     const unsigned char *bytes, size_t n, uint64_t offset,
                     uint64_t owner, struct err *e)
{
    const char *wrong = NULL;

    if (!v->super.v5)
        return 0;
    if (!crc32c_good(&v->crc, bytes, n, h->crc))
        wrong = "its checksum is wrong";
    else if (memcmp(bytes + h->uuid, v->super.uuid, XFS_UUID) != 0)
        wrong = "it is of another file system";
    else if (be64_at(bytes + h->place) != offset / 512)
        wrong = "it says that it lies elsewhere";
    else if (be64_at(bytes + h->owner) != owner)
        wrong = "it is another inode's";
    return wrong ? err_set(e, ERR_SOURCE, 0, "the block at %" PRIu64
                           " is damaged: %s", offset, wrong) : 0;
}
