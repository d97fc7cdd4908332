/* SPDX-License-Identifier: Apache-2.0 */
/* The partition table of a disk: the input is what the disk begins with, all
 * behind it is zeros.  The length of the input says how large the disk is. */
#include <string.h>

#include "fuzz.h"
#include "image/partition-list.h"

struct disk {
    const uint8_t *data;
    size_t known;
    uint64_t size;
    unsigned reads;
};

static int read_bytes(void *ctx, uint64_t offset, void *to, size_t n,
                      struct err *e)
{
    struct disk *d = ctx;

    (void)e;
    MUST(offset <= d->size && n <= d->size - offset);
    MUST(++d->reads < 2048);
    memset(to, 0, n);
    if (offset < d->known)
        memcpy(to, d->data + offset, n < d->known - offset
               ? n : d->known - offset);
    return 0;
}

int fuzz_one(const uint8_t *data, size_t size)
{
    static struct partition_list l;
    struct disk d = { data, size, 1u << 20, 0 };
    struct err e = ERR_INIT;

    if (size % 2)
        d.size = 1ull << 40;
    if (d.known > d.size)
        d.known = (size_t)d.size;
    MUST(partition_list_read(&l, d.size, read_bytes, &d, &e) == 0);
    MUST(l.count <= PARTITIONS_MAX);
    for (size_t i = 0; i < l.count; i++) {
        MUST(l.list[i].offset < d.size && l.list[i].length > 0);
        MUST(l.list[i].length <= d.size - l.list[i].offset);
        MUST(fuzz_is_utf8(l.list[i].name) && l.list[i].type[0]);
    }
    return 0;
}
