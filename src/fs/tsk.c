/* SPDX-License-Identifier: Apache-2.0 */
#ifdef HAVE_TSK

#include "fs/tsk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fs/ext-blocks.h"
#include "fs/ext-groups.h"
#include "fs/tsk-private.h"

/* ------------------------------------------------------------------- disk */

/* Nobody but this process may read them all, and that in pieces. */
static ssize_t disk_read(TSK_IMG_INFO *info, TSK_OFF_T offset, char *to,
                         size_t n)
{
    struct tsk_disk *d = (struct tsk_disk *)info;
    uint64_t size = d->source->size;

    if (offset < 0 || (uint64_t)offset >= size)
        return 0;
    if (n > size - (uint64_t)offset)
        n = (size_t)(size - (uint64_t)offset);
    if (fs_source_read(d->source, (uint64_t)offset, to, n, &d->failed) < 0)
        return -1;
    return (ssize_t)n;
}

static void disk_close(TSK_IMG_INFO *info)
{
    free(info);
}

static void disk_stat(TSK_IMG_INFO *info, FILE *f)
{
    (void)info;
    (void)f;
}

int tsk_fail(struct fs *f, struct err *e)
{
    const char *text = tsk_error_get_errstr();

    if (f->disk->failed.kind) {
        *e = f->disk->failed;
        f->disk->failed = (struct err)ERR_INIT;
    } else {
        err_set(e, ERR_SOURCE, 0, "%s", text && *text ? text
                                                     : "libtsk: no reason");
    }
    tsk_error_reset();
    return -1;
}

/* Inodes are small and lie side by side. */
static int read_cached(void *ctx, uint64_t offset, void *to, size_t n,
                       struct err *e)
{
    struct fs *f = ctx;

    return tsk_img_read(&f->disk->info, (TSK_OFF_T)offset, to, n)
        == (ssize_t)n ? 0 : tsk_fail(f, e);
}

/* ------------------------------------------------------------- open, close */

static void tsk_close(struct fs *f)
{
    if (!f)
        return;
    ext_map_free(&f->map);
    if (f->file)
        tsk_fs_file_close(f->file);
    if (f->mft)
        tsk_fs_file_close(f->mft);
    if (f->info)
        tsk_fs_close(f->info);
    if (f->disk)
        tsk_img_close(&f->disk->info);
    free(f);
}

static int open_disk(struct fs *f, const struct fs_source *s, struct err *e)
{
    struct tsk_disk *d = calloc(1, sizeof(*d));

    if (!d)
        return err_nomem(e);
    d->source = s;
    if (!tsk_img_open_external(d, (TSK_OFF_T)s->size, 512, disk_read,
                               disk_close, disk_stat)) {
        free(d);
        return err_set(e, ERR_INTERNAL, 0, "libtsk: no image");
    }
    f->disk = d;
    return 0;
}

static struct fs *open_as(const struct fs_source *s, TSK_FS_TYPE_ENUM type,
                          struct err *e)
{
    struct fs *f = calloc(1, sizeof(*f));

    if (!f) {
        err_nomem(e);
        return NULL;
    }
    if (s->size > INT64_MAX) {
        err_set(e, ERR_SOURCE, 0, "too large");
    } else if (open_disk(f, s, e) == 0) {
        f->info = tsk_fs_open_img(&f->disk->info, 0, type);
        if (f->info) {
            f->is_ext = TSK_FS_TYPE_ISEXT(type);
            f->is_fat = TSK_FS_TYPE_ISFAT(type);
            f->is_exfat = type == TSK_FS_TYPE_EXFAT;
            f->is_ntfs = TSK_FS_TYPE_ISNTFS(type);
            return f;
        }
        tsk_fail(f, e);
    }
    tsk_close(f);
    return NULL;
}

static struct fs *open_ext(const struct fs_source *s, struct err *e)
{
    struct ext_facts facts;
    struct ext_layout layout;
    struct fs *f;

    if (ext_check(s, &facts, e) < 0 || ext_layout_read(s, &layout, e) < 0)
        return NULL;
    f = open_as(s, TSK_FS_TYPE_EXT_DETECT, e);
    if (!f)
        return NULL;
    f->facts = facts;
    f->layout = layout;
    f->cached = (struct fs_source){ read_cached, f, s->size };
    return f;
}

/* The size of a record is in clusters, or else the negative of a power. */
static uint64_t record_size(const struct fs *f, int n)
{
    return n > 0 ? (uint64_t)n * f->info->block_size
        : n >= -16 ? (uint64_t)1 << -n : 0;
}

static int open_mft(struct fs *f, struct err *e)
{
    unsigned char b[512];

    if (fs_source_read(f->disk->source, 0, b, sizeof(b), e) < 0)
        return -1;
    f->record = record_size(f, (signed char)b[64]);
    f->mft = tsk_fs_file_open_meta(f->info, NULL, 0);
    if (!f->mft)
        return tsk_fail(f, e);
    return f->record >= 256 && f->record <= 65536 ? 0
        : err_set(e, ERR_SOURCE, 0, "the size of its records makes no sense");
}

static struct fs *open_ntfs(const struct fs_source *s, struct err *e)
{
    struct fs *f = open_as(s, TSK_FS_TYPE_NTFS, e);

    if (f && open_mft(f, e) < 0) {
        tsk_close(f);
        return NULL;
    }
    return f;
}

static struct fs *open_fat(const struct fs_source *s, struct err *e)
{
    return open_as(s, TSK_FS_TYPE_FAT_DETECT, e);
}

static struct fs *open_exfat(const struct fs_source *s, struct err *e)
{
    return open_as(s, TSK_FS_TYPE_EXFAT, e);
}

static struct fs *open_hfs(const struct fs_source *s, struct err *e)
{
    return open_as(s, TSK_FS_TYPE_HFS, e);
}

/* ---------------------------------------------------------------- content */

const TSK_FS_ATTR *tsk_content(TSK_FS_FILE *file, uint64_t stream)
{
    return stream ? tsk_fs_file_attr_get_type(file, TSK_FS_ATTR_TYPE_NTFS_DATA,
                                              (uint16_t)stream, 1)
                  : tsk_fs_file_attr_get(file);
}

int tsk_open_file(struct fs *f, uint64_t inode, struct err *e)
{
    if (f->file && f->inode == inode)
        return 0;
    if (f->file)
        tsk_fs_file_close(f->file);
    f->inode = inode;
    f->file = tsk_fs_file_open_meta(f->info, NULL, inode);
    return f->file && f->file->meta ? 0 : tsk_fail(f, e);
}

/* The library fills with zeros what it has lost of a file's map. */
static int check_map(struct fs *f, const TSK_FS_ATTR *a, struct err *e)
{
    uint64_t end = 0, wanted = (uint64_t)a->nrd.initsize;

    if (!(a->flags & TSK_FS_ATTR_NONRES) || (a->flags & TSK_FS_ATTR_COMP))
        return 0;
    for (const TSK_FS_ATTR_RUN *r = a->nrd.run; r; r = r->next) {
        if ((r->flags & TSK_FS_ATTR_RUN_FLAG_FILLER)
            || __builtin_add_overflow(r->offset, r->len, &end))
            return err_set(e, ERR_SOURCE, 0, "a part of its map is lost");
    }
    if (__builtin_mul_overflow(end, f->info->block_size, &end)
        || end < wanted)
        return err_set(e, ERR_SOURCE, 0, "its map ends before it does");
    return 0;
}

/* The content that is asked for; *out is NULL when there is none. */
static int find_content(struct fs *f, uint64_t inode, uint64_t stream,
                        const TSK_FS_ATTR **out, struct err *e)
{
    *out = NULL;
    if (tsk_open_file(f, inode, e) < 0)
        return -1;
    if (!stream && f->file->meta->size == 0)
        return 0;
    *out = tsk_content(f->file, stream);
    if (!*out)
        return tsk_fail(f, e);
    if ((*out)->flags & TSK_FS_ATTR_ENC)
        return err_set(e, ERR_SOURCE, 0, "it is encrypted");
    return check_map(f, *out, e);
}

/* The map of a file of ext4, kept for the next piece.  *out is NULL when it
 * has the old kind of map, which the library reads. */
static int find_map(struct fs *f, uint64_t inode, const struct ext_map **out,
                    struct err *e)
{
    *out = NULL;
    if (!f->is_ext)
        return 0;
    if (f->mapped != inode) {
        ext_map_free(&f->map);
        f->mapped = 0;
        if (ext_map_read(&f->cached, &f->layout, inode, &f->map, e) < 0)
            return -1;
        f->mapped = inode;
    }
    *out = f->map.has_extents ? &f->map : NULL;
    return 0;
}

static int tsk_read(struct fs *f, uint64_t inode, uint64_t stream,
                    uint64_t offset, void *to, size_t n, size_t *got,
                    struct err *e)
{
    const struct ext_map *map;
    const TSK_FS_ATTR *a;
    ssize_t r;

    *got = 0;
    if (find_map(f, inode, &map, e) < 0)
        return -1;
    if (map)
        return ext_map_bytes(f->disk->source, &f->layout, map, offset, to, n,
                             got, e);
    if (find_content(f, inode, stream, &a, e) < 0)
        return -1;
    if (!a || offset >= (uint64_t)a->size)
        return 0;
    if (n > (uint64_t)a->size - offset)
        n = (size_t)((uint64_t)a->size - offset);
    r = tsk_fs_attr_read(a, (TSK_OFF_T)offset, to, n,
                         TSK_FS_FILE_READ_FLAG_NONE);
    if (r < 0)
        return tsk_fail(f, e);
    if ((size_t)r != n)
        return err_set(e, ERR_SOURCE, 0, "its content ends too early");
    *got = n;
    return 0;
}

static int tsk_extents(struct fs *f, uint64_t inode, uint64_t stream,
                       int (*extent)(void *ctx, const struct fs_extent *x,
                                     struct err *e),
                       void *ctx, struct err *e)
{
    const TSK_FS_ATTR *a;
    uint64_t unit = f->info->block_size;

    if (f->is_ext)
        return ext_blocks(&f->cached, &f->layout, inode, extent, ctx, e);
    if (f->is_ntfs)
        return tsk_ntfs_extents(f, inode, stream, extent, ctx, e);
    if (find_content(f, inode, stream, &a, e) < 0)
        return -1;
    if (!a || !(a->flags & TSK_FS_ATTR_NONRES))
        return 0;
    for (const TSK_FS_ATTR_RUN *r = a->nrd.run; r; r = r->next) {
        struct fs_extent x = {
            .at = r->offset * unit,
            .offset = r->addr * unit,
            .size = r->len * unit,
            .flags = f->is_exfat && tsk_exfat_is_own(f->file->meta)
                ? FS_EXTENT_META : 0,
        };

        if (!(r->flags & TSK_FS_ATTR_RUN_FLAG_SPARSE)
            && extent(ctx, &x, e) < 0)
            return -1;
    }
    return 0;
}

static int ext_regions(struct fs *f,
                       int (*region)(void *ctx, const struct fs_region *r,
                                     struct err *e),
                       void *ctx, struct err *e)
{
    return ext_groups(&f->cached, &f->layout, region, ctx, e);
}

#define DRIVER(words, opens, free_and_own) { \
    .name = words, .open = opens, .walk = tsk_walk, .read = tsk_read, \
    .extents = tsk_extents, .close = tsk_close, .regions = free_and_own }

const struct fs_driver tsk_ext = DRIVER("ext", open_ext, ext_regions);
const struct fs_driver tsk_ntfs = DRIVER("NTFS", open_ntfs, tsk_ntfs_regions);
const struct fs_driver tsk_fat = DRIVER("FAT", open_fat, tsk_fat_regions);
const struct fs_driver tsk_exfat = DRIVER("exFAT", open_exfat,
                                          tsk_exfat_regions);
const struct fs_driver tsk_hfs = DRIVER("HFS+", open_hfs, NULL);

#endif
