/* SPDX-License-Identifier: Apache-2.0 */
/* An XFS file system: walked, its files read, their extents told.
 *
 * The input is what is not zero on a disk of 1 TiB: the number of a sector,
 * four bytes, low first, and its 512 bytes, again and again.  Checksums count
 * as right, so that what is behind them is reached. */
#include <stdlib.h>
#include <string.h>

#include "fs/crc32c.h"
#include "fs/xfs.h"
#include "fuzz.h"

#define DISK (UINT64_C(1) << 40)
#define SECTOR 512u
#define RECORD (4 + SECTOR)
#define FILES_MAX 300u         /* are read */

bool __wrap_crc32c_good(const struct crc32c *c, const unsigned char *data,
                        size_t n, size_t at);

bool __wrap_crc32c_good(const struct crc32c *c, const unsigned char *data,
                        size_t n, size_t at)
{
    return crc32c_of(c, data, 4) | 1 || data[n - 1] || at;
}

/* -------------------------------------------------------------------- disk */

struct sector {
    uint32_t number;
    const uint8_t *bytes;
};

static struct sector sectors[4096];
static size_t count;

static int by_number(const void *a, const void *b)
{
    const struct sector *x = a, *y = b;

    return x->number < y->number ? -1 : x->number > y->number;
}

static void set_disk(const uint8_t *data, size_t size)
{
    for (count = 0; size >= RECORD && count < 4096; size -= RECORD) {
        memcpy(&sectors[count].number, data, 4);
        sectors[count++].bytes = data + 4;
        data += RECORD;
    }
    qsort(sectors, count, sizeof(sectors[0]), by_number);
}

static const uint8_t *sector_at(uint64_t number)
{
    struct sector wanted = { (uint32_t)number, NULL };
    const struct sector *s = number > UINT32_MAX
        ? NULL : bsearch(&wanted, sectors, count, sizeof(sectors[0]),
                         by_number);

    return s ? s->bytes : NULL;
}

static int read_disk(void *ctx, uint64_t offset, void *to, size_t n,
                     struct err *e)
{
    unsigned char *out = to;

    (void)ctx;
    (void)e;
    MUST(n > 0 && n <= DISK && offset <= DISK - n);
    while (n) {
        size_t from = offset % SECTOR;
        size_t part = n < SECTOR - from ? n : SECTOR - from;
        const uint8_t *bytes = sector_at(offset / SECTOR);

        if (bytes)
            memcpy(out, bytes + from, part);
        else
            memset(out, 0, part);
        out += part, offset += part, n -= part;
    }
    return 0;
}

/* ------------------------------------------------------------------- files */

struct seen {
    struct fs *fs;
    uint64_t inode[FILES_MAX];
    uint64_t size[FILES_MAX];
    size_t files;
};

static int entry(void *ctx, const struct fs_entry *f, struct err *e)
{
    struct seen *s = ctx;

    (void)e;
    MUST(f->path[0] == '/' && strlen(f->path) <= FS_PATH_MAX);
    MUST(!strstr(f->path, "//") && !strstr(f->path, "/../"));
    MUST(f->type < FS_OTHER && f->size <= INT64_MAX);
    MUST(!f->deleted || strncmp(f->path, "/$unlinked/", 11) == 0);
    MUST(!f->target || (f->type == FS_LINK && strlen(f->target) <= f->size));
    MUST(f->mode <= 07777);
    if (s->files < FILES_MAX) {
        s->inode[s->files] = f->inode;
        s->size[s->files++] = f->size;
    }
    return 0;
}

static void note(void *ctx, const char *text)
{
    (void)ctx;
    MUST(*text);
}

static int extent(void *ctx, const struct fs_extent *x, struct err *e)
{
    uint64_t *end = ctx;

    (void)e;
    MUST(x->size > 0 && x->offset <= INT64_MAX - x->size);
    if (x->flags & FS_EXTENT_META) {
        MUST(x->at == 0);
        return 0;
    }
    MUST(x->at >= *end && x->at <= INT64_MAX - x->size);
    *end = x->at + x->size;
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

/* At the beginning, in the middle, across the end, behind it. */
static void read_file(struct fs *fs, uint64_t inode, uint64_t size)
{
    const uint64_t at[] = { 0, 511, size / 2, size > 5 ? size - 5 : 0, size };
    unsigned char piece[3000];
    size_t got;

    for (unsigned i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
        struct err e = ERR_INIT;
        int r = xfs_driver.read(fs, inode, 0, at[i], piece, sizeof(piece),
                                &got, &e);

        MUST(r == 0 || (e.kind == ERR_SOURCE && got == 0));
        MUST(got <= sizeof(piece) && (got == 0 || at[i] + got <= size));
    }
}

int fuzz_one(const uint8_t *data, size_t size)
{
    struct fs_source s = { read_disk, NULL, DISK };
    static struct seen seen;
    struct fs_visitor v = { &seen, entry, note, note };
    struct err e = ERR_INIT;

    memset(&seen, 0, sizeof(seen));
    set_disk(data, size);
    fuzz_heap();
    seen.fs = xfs_driver.open(&s, &e);
    if (!seen.fs) {
        MUST(e.kind == ERR_SOURCE);
        return 0;
    }
    MUST(xfs_driver.walk(seen.fs, "/", &v, &e) == 0);
    for (size_t i = 0; i < seen.files; i++) {
        uint64_t end = 0;

        read_file(seen.fs, seen.inode[i], seen.size[i]);
        (void)xfs_driver.extents(seen.fs, seen.inode[i], 0, extent, &end, &e);
    }
    (void)xfs_driver.regions(seen.fs, region, NULL, &e);
    fuzz_heap_at_most(64u << 20);
    xfs_driver.close(seen.fs);
    return 0;
}
