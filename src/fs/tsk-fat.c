/* SPDX-License-Identifier: Apache-2.0 */
/* What of FAT and exFAT is no file's.  Sources: Microsoft's "FAT: General
 * Overview of On-Disk Format" and "exFAT file system specification". */

#ifdef HAVE_TSK

#include <inttypes.h>
#include <string.h>

#include "fs/bytes.h"
#include "fs/tsk-private.h"

enum {
    /* FAT */
    AT_SECTOR = 11, AT_CLUSTER = 13, AT_RESERVED = 14, AT_TABLES = 16,
    AT_ROOT = 17, AT_SECTORS_16 = 19, AT_TABLE_16 = 22, AT_SECTORS_32 = 32,
    AT_TABLE_32 = 36, AT_FLAGS = 40, AT_VERSION = 42,
    ONE_TABLE = 0x80, ACTIVE = 0x0f, ENTRY = 32,
    /* exFAT */
    X_TABLE = 80, X_TABLE_SIZE = 84, X_HEAP = 88, X_CLUSTERS = 92,
    X_REVISION = 104, X_SECTOR = 108, X_CLUSTER = 109, X_TABLES = 110,
    X_BOOT = 24,               /* sectors: of the boot region and its copy */
};

struct layout {
    uint64_t sector;           /* bytes; the rest in sectors: */
    uint64_t table, tables;    /* begin and size */
    uint64_t boot;             /* that come first */
    uint64_t heap, end;        /* of the clusters */
};

static int tell(const struct layout *l, uint64_t from, uint64_t n,
                enum fs_use use, tsk_on_region *region, void *ctx,
                struct err *e)
{
    struct fs_region r = { from * l->sector, n * l->sector, use };

    return n ? region(ctx, &r, e) : 0;
}

/* The library believes a copy of the boot sector when the first is damaged. */
static int check(const struct fs *f, const struct layout *l, struct err *e)
{
    if (l->sector != f->info->block_size || l->heap >= l->end
        || l->boot > l->heap || l->table > l->heap
        || l->tables > l->heap - l->table
        || l->end > f->info->block_count)
        return err_set(e, ERR_SOURCE, 0, "not attributed: its boot sector "
                       "makes no sense");
    return 0;
}

static int tell_all(struct fs *f, const struct layout *l,
                    tsk_on_region *region, void *ctx, struct err *e)
{
    if (check(f, l, e) < 0 || tell(l, 0, l->end, FS_USE_ALL, region, ctx, e)
        < 0
        || tell(l, 0, l->boot, FS_USE_META, region, ctx, e) < 0
        || tell(l, l->table, l->tables, FS_USE_META, region, ctx, e) < 0)
        return -1;
    return tsk_free_regions(f, l->heap, l->end, region, ctx, e);
}

/* --------------------------------------------------------------------- FAT */

/* FAT32 may have one table in use and leave the others as they were. */
static int check_32(const unsigned char *b, struct err *e)
{
    unsigned flags = le16_at(b + AT_FLAGS), version = le16_at(b + AT_VERSION);

    if (version)
        return err_set(e, ERR_SOURCE, 0, "not attributed: version 0x%x",
                       version);
    if ((flags & ONE_TABLE) && (flags & ACTIVE))
        return err_set(e, ERR_SOURCE, 0, "not attributed: table %u is the one "
                       "in use", flags & ACTIVE);
    return 0;
}

int tsk_fat_regions(struct fs *f, tsk_on_region *region, void *ctx,
                    struct err *e)
{
    unsigned char b[512];
    struct layout l = { 0 };
    uint64_t table, sectors, root, unit;

    if (fs_source_read(f->disk->source, 0, b, sizeof(b), e) < 0)
        return -1;
    l.sector = le16_at(b + AT_SECTOR);
    unit = b[AT_CLUSTER];
    table = le16_at(b + AT_TABLE_16);
    sectors = le16_at(b + AT_SECTORS_16);
    if (!l.sector || !unit)
        return check(f, &l, e);
    if (!table && check_32(b, e) < 0)
        return -1;
    table = table ? table : le32_at(b + AT_TABLE_32);
    sectors = sectors ? sectors : le32_at(b + AT_SECTORS_32);
    root = ((uint64_t)le16_at(b + AT_ROOT) * ENTRY + l.sector - 1) / l.sector;
    l.boot = l.table = le16_at(b + AT_RESERVED);
    l.tables = table * b[AT_TABLES];
    l.heap = l.table + l.tables + root;
    if (sectors > l.heap)
        l.end = l.heap + (sectors - l.heap) / unit * unit;
    return tell_all(f, &l, region, ctx, e);
}

/* ------------------------------------------------------------------- exFAT */

/* What the library calls them, and times, which they do not have. */
bool tsk_exfat_is_own(const TSK_FS_META *m)
{
    return m->name2 && !m->mtime && !m->crtime
        && (strcmp(m->name2->name, "$ALLOC_BITMAP") == 0
            || strcmp(m->name2->name, "$UPCASE_TABLE") == 0);
}

int tsk_exfat_regions(struct fs *f, tsk_on_region *region, void *ctx,
                      struct err *e)
{
    unsigned char b[512];
    struct layout l = { .boot = X_BOOT };

    if (fs_source_read(f->disk->source, 0, b, sizeof(b), e) < 0)
        return -1;
    if (le16_at(b + X_REVISION) >> 8 != 1 || b[X_TABLES] != 1)
        return err_set(e, ERR_SOURCE, 0, "not attributed: revision 0x%x with "
                       "%u tables", le16_at(b + X_REVISION), b[X_TABLES]);
    if (b[X_SECTOR] < 9 || b[X_SECTOR] > 12 || b[X_CLUSTER] > 25)
        return check(f, &l, e);
    l.sector = 1u << b[X_SECTOR];
    l.table = le32_at(b + X_TABLE);
    l.tables = le32_at(b + X_TABLE_SIZE);
    l.heap = le32_at(b + X_HEAP);
    l.end = l.heap + ((uint64_t)le32_at(b + X_CLUSTERS) << b[X_CLUSTER]);
    return tell_all(f, &l, region, ctx, e);
}

#endif
