/* SPDX-License-Identifier: Apache-2.0 */
/* An ext file system: what is its own and free, and the blocks of its first
 * inodes.  The input is the beginning of a disk of 4 MiB. */
#include <string.h>

#include "fs/ext-blocks.h"
#include "fs/ext-groups.h"
#include "fs/ext.h"
#include "fuzz.h"

#define DISK (UINT64_C(4) << 20)
#define INODES 40u

struct disk {
    const uint8_t *bytes;
    size_t size;
};

static int read_disk(void *ctx, uint64_t offset, void *to, size_t n,
                     struct err *e)
{
    const struct disk *d = ctx;
    size_t has = offset < d->size ? d->size - (size_t)offset : 0;

    (void)e;
    MUST(n > 0 && n <= DISK && offset <= DISK - n);
    memset(to, 0, n);
    if (has)
        memcpy(to, d->bytes + offset, has < n ? has : n);
    return 0;
}

static int region(void *ctx, const struct fs_region *r, struct err *e)
{
    (void)ctx;
    (void)e;
    MUST(r->size > 0 && r->use < FS_USES);
    MUST(r->offset <= DISK && r->size <= DISK - r->offset);
    return 0;
}

static int extent(void *ctx, const struct fs_extent *x, struct err *e)
{
    (void)ctx;
    (void)e;
    MUST(x->size > 0 && x->offset <= DISK && x->size <= DISK - x->offset);
    MUST(x->at <= INT64_MAX - x->size);
    return 0;
}

int fuzz_one(const uint8_t *data, size_t size)
{
    struct disk d = { data, size };
    struct fs_source s = { read_disk, &d, DISK };
    struct ext_facts facts;
    struct ext_layout l;
    struct err e = ERR_INIT;

    fuzz_heap();
    if (ext_check(&s, &facts, &e) < 0 || ext_layout_read(&s, &l, &e) < 0) {
        MUST(e.kind == ERR_SOURCE);
        return 0;
    }
    MUST(ext_groups(&s, &l, region, NULL, &e) == 0
         || e.kind == ERR_SOURCE);
    for (uint32_t i = 1; i <= INODES; i++)
        MUST(ext_blocks(&s, &l, i, extent, NULL, &e) == 0
             || e.kind == ERR_SOURCE);
    fuzz_heap_at_most(16u << 20);
    return 0;
}
