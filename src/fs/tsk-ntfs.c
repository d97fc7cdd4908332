/* SPDX-License-Identifier: Apache-2.0 */
/* Whose the clusters of NTFS are. */

#ifdef HAVE_TSK

#include <inttypes.h>

#include "fs/bytes.h"
#include "fs/tsk-private.h"

enum {
    MFT = 0, LOG = 2, VOLUME = 3, ROOT = 5, EXTEND = 11, FIRST_INODE = 16,
    AT_SECTOR = 11, AT_SECTORS = 40, AT_RECORD = 64,
    AT_MAJOR = 8, AT_MINOR = 9, /* of $VOLUME_INFORMATION */
    PIECE = 512,
};

struct telling {
    struct fs *fs;
    uint64_t stream;
    bool is_own;               /* the file system's, not a user's */
    bool is_resident;          /* a content of it is in its record */
    tsk_on_extent *extent;
    void *ctx;
};

/* ------------------------------------------------------------------ extents */

static int lost_map(struct err *e)
{
    return err_set(e, ERR_SOURCE, 0, "a part of its map is lost");
}

static unsigned flags_of(const struct telling *t, const TSK_FS_ATTR *a)
{
    if (t->is_own || a->type != TSK_FS_ATTR_TYPE_NTFS_DATA)
        return FS_EXTENT_META;
    return a->flags & (TSK_FS_ATTR_COMP | TSK_FS_ATTR_ENC) ? FS_EXTENT_PACKED
                                                           : 0;
}

/* What was never written of a file that has its clusters reads as zeros. */
static int tell_run(const struct telling *t, const TSK_FS_ATTR *a,
                    const struct fs_extent *run, struct err *e)
{
    uint64_t written = ((uint64_t)a->nrd.initsize + PIECE - 1) / PIECE * PIECE;
    struct fs_extent x = *run, rest = *run;

    if (x.flags || x.at + x.size <= written)
        return t->extent(t->ctx, &x, e);
    x.size = x.at < written ? written - x.at : 0;
    rest.at += x.size;
    rest.offset += x.size;
    rest.size -= x.size;
    rest.flags = FS_EXTENT_UNWRITTEN;
    if (x.size && t->extent(t->ctx, &x, e) < 0)
        return -1;
    return t->extent(t->ctx, &rest, e);
}

static bool is_inside(const struct fs *f, const TSK_FS_ATTR_RUN *r)
{
    return r->addr < f->info->block_count
        && r->len <= f->info->block_count - r->addr
        && r->offset <= INT64_MAX / f->info->block_size - r->len;
}

static int tell_attribute(const struct telling *t, const TSK_FS_ATTR *a,
                          struct err *e)
{
    uint64_t unit = t->fs->info->block_size, end = 0;
    bool lost = false;

    if (a->nrd.initsize < 0)
        return err_set(e, ERR_SOURCE, 0, "its size makes no sense");
    for (const TSK_FS_ATTR_RUN *r = a->nrd.run; r; r = r->next) {
        struct fs_extent x = { r->offset * unit, r->addr * unit,
                               r->len * unit, flags_of(t, a) };

        lost |= r->flags & TSK_FS_ATTR_RUN_FLAG_FILLER;
        end = r->offset + r->len;
        if (r->flags & (TSK_FS_ATTR_RUN_FLAG_FILLER
                        | TSK_FS_ATTR_RUN_FLAG_SPARSE))
            continue;
        if (!is_inside(t->fs, r))
            return err_set(e, ERR_SOURCE, 0, "its map leads out of the file "
                           "system");
        if (tell_run(t, a, &x, e) < 0)
            return -1;
    }
    if (!(a->flags & TSK_FS_ATTR_COMP)
        && end < ((uint64_t)a->nrd.initsize + unit - 1) / unit)
        lost = true;
    return lost ? lost_map(e) : 0;
}

/* A named content is an entry of its own (fs/tsk-walk.c). */
static bool is_told(const struct telling *t, const TSK_FS_ATTR *a)
{
    bool is_stream = a->type == TSK_FS_ATTR_TYPE_NTFS_DATA && a->name
        && *a->name;

    if (!(a->flags & TSK_FS_ATTR_INUSE))
        return false;
    return t->stream ? is_stream && a->id == t->stream : !is_stream;
}

/* Where bytes of $MFT lie: a record is in one piece unless clusters are
 * smaller than it is. */
static int tell_record(const struct telling *t, uint64_t inode,
                       struct err *e)
{
    const struct fs *f = t->fs;
    uint64_t unit = f->info->block_size, from = inode * f->record;
    uint64_t to = from + f->record;
    const TSK_FS_ATTR *a = tsk_fs_file_attr_get(f->mft);

    for (const TSK_FS_ATTR_RUN *r = a ? a->nrd.run : NULL; r; r = r->next) {
        uint64_t begin = r->offset * unit, end = begin + r->len * unit;
        uint64_t low = from > begin ? from : begin;
        uint64_t high = to < end ? to : end;
        struct fs_extent x = { 0, r->addr * unit + (low - begin), high - low,
                               FS_EXTENT_META
                               | (t->is_resident ? FS_EXTENT_RECORD : 0) };

        if (low < high && is_inside(f, r)
            && !(r->flags & (TSK_FS_ATTR_RUN_FLAG_FILLER
                             | TSK_FS_ATTR_RUN_FLAG_SPARSE))
            && t->extent(t->ctx, &x, e) < 0)
            return -1;
    }
    return 0;
}

static bool is_own(const TSK_FS_META *m)
{
    if (m->addr != ROOT && m->addr < FIRST_INODE)
        return true;
    for (const TSK_FS_META_NAME_LIST *n = m->name2; n; n = n->next)
        if (n->par_inode == EXTEND)
            return true;
    return false;
}

static int tell_attributes(struct telling *t, uint64_t inode, struct err *e)
{
    const TSK_FS_META *m;

    if (tsk_open_file(t->fs, inode, e) < 0)
        return -1;
    m = t->fs->file->meta;
    t->is_own = is_own(m);
    for (const TSK_FS_ATTR *a = m->attr ? m->attr->head : NULL; a;
         a = a->next) {
        if (!is_told(t, a))
            continue;
        if (!(a->flags & TSK_FS_ATTR_NONRES))
            t->is_resident |= a->type == TSK_FS_ATTR_TYPE_NTFS_DATA;
        else if (tell_attribute(t, a, e) < 0)
            return -1;
    }
    return 0;
}

int tsk_ntfs_extents(struct fs *f, uint64_t inode, uint64_t stream,
                     tsk_on_extent *extent, void *ctx, struct err *e)
{
    struct telling t = { .fs = f, .stream = stream, .extent = extent,
                         .ctx = ctx };

    if (inode == LOG)
        return 0;
    if (tell_attributes(&t, inode, e) < 0)
        return -1;
    if (inode < FIRST_INODE || (stream && !t.is_resident))
        return 0;
    return tell_record(&t, inode, e);
}

/* ----------------------------------------------------------------- regions */

struct journal {
    tsk_on_region *region;
    void *ctx;
};

static int on_journal(void *ctx, const struct fs_extent *x, struct err *e)
{
    const struct journal *j = ctx;
    struct fs_region r = { x->offset, x->size, FS_USE_JOURNAL };

    return j->region(j->ctx, &r, e);
}

static int tell_journal(struct fs *f, tsk_on_region *region, void *ctx,
                        struct err *e)
{
    struct journal j = { region, ctx };
    struct telling t = { .fs = f, .extent = on_journal, .ctx = &j };

    return tell_attributes(&t, LOG, e);
}

/* 1.2 of Windows NT, 3.0 of 2000, 3.1 since. */
static int check_version(struct fs *f, struct err *e)
{
    const TSK_FS_ATTR *a;
    char b[12];

    if (tsk_open_file(f, VOLUME, e) < 0)
        return -1;
    a = tsk_fs_file_attr_get_type(f->file, TSK_FS_ATTR_TYPE_NTFS_VINFO, 0, 0);
    if (!a || tsk_fs_attr_read(a, 0, b, sizeof(b), TSK_FS_FILE_READ_FLAG_NONE)
        != (ssize_t)sizeof(b)) {
        tsk_error_reset();
        return err_set(e, ERR_SOURCE, 0, "its version is not known");
    }
    if ((b[AT_MAJOR] == 3 && b[AT_MINOR] >= 0 && b[AT_MINOR] <= 1)
        || (b[AT_MAJOR] == 1 && b[AT_MINOR] == 2))
        return 0;
    return err_set(e, ERR_SOURCE, 0, "not attributed: version %d.%d",
                   b[AT_MAJOR], b[AT_MINOR]);
}

/* A copy of the boot sector is behind the last sector, which no cluster has. */
static int tell_backup(const struct fs *f, tsk_on_region *region, void *ctx,
                       struct err *e)
{
    unsigned char b[512];
    struct fs_region r = { .use = FS_USE_META };
    uint64_t size = f->disk->source->size;

    if (fs_source_read(f->disk->source, 0, b, sizeof(b), e) < 0)
        return -1;
    r.size = le16_at(b + AT_SECTOR);
    if (__builtin_mul_overflow(le64_at(b + AT_SECTORS), r.size, &r.offset)
        || r.offset < f->info->block_count * f->info->block_size
        || r.offset > size || r.size > size - r.offset)
        return 0;
    return region(ctx, &r, e);
}

int tsk_ntfs_regions(struct fs *f, tsk_on_region *region, void *ctx,
                     struct err *e)
{
    struct fs_region all = { 0, f->info->block_count * f->info->block_size,
                             FS_USE_ALL };

    if (check_version(f, e) < 0 || region(ctx, &all, e) < 0
        || tell_backup(f, region, ctx, e) < 0
        || tell_journal(f, region, ctx, e) < 0)
        return -1;
    return tsk_free_regions(f, 0, f->info->block_count, region, ctx, e);
}

#endif
