/* SPDX-License-Identifier: Apache-2.0 */
/* Which bytes of the volume are whose: what a file system says of its own
 * bytes, put to where these lie in the volume.  A logical volume may lie in
 * pieces. */
#include <inttypes.h>
#include <stdio.h>

#include "files/parser-private.h"
#include "fs/xfs.h"

/* ------------------------------------------------------------------- place */

/* How much of a run of a part lies together, and where in the volume. */
static void place(const struct parser *p, const struct part_info *i,
                  uint64_t offset, uint64_t *n, uint64_t *at)
{
    if (p->in_volume)
        parser_lvm_place(p, offset, n, at);
    else
        *at = i->offset + offset;
}

static bool is_outside(const struct part_info *i, uint64_t offset, uint64_t n)
{
    return offset > i->size || n > i->size - offset;
}

static int put(struct parser *p, enum wire_kind kind, const void *what,
               size_t size, struct err *e)
{
    if (wire_put(&p->wire, kind, what, size, NULL, 0, e) == 0)
        return 0;
    p->lost = true;
    return -1;
}

/* ----------------------------------------------------------------- regions */

struct mapping {
    struct parser *parser;
    const struct part_info *part;
};

static int put_region(const struct mapping *m, uint64_t offset,
                      uint64_t size, unsigned use, struct err *e)
{
    while (size) {
        struct wire_region r = { 0, size, use };

        place(m->parser, m->part, offset, &r.size, &r.offset);
        if (put(m->parser, WIRE_REGION, &r, sizeof(r), e) < 0)
            return -1;
        offset += r.size;
        size -= r.size;
    }
    return 0;
}

/* What the part does not have is cut off: a file system may claim more. */
static int on_region(void *ctx, const struct fs_region *r, struct err *e)
{
    const struct mapping *m = ctx;
    uint64_t size = r->size;

    if (r->offset >= m->part->size)
        return 0;
    if (is_outside(m->part, r->offset, size))
        size = m->part->size - r->offset;
    return put_region(m, r->offset, size, r->use, e);
}

int parser_map_unknown(struct parser *p, const struct part_info *i,
                       struct err *e)
{
    const struct mapping m = { p, i };

    if (!p->job.map)
        return 0;
    if (*i->volume && !p->in_volume)
        return parser_lvm_unknown(p, e);
    return put_region(&m, 0, i->size, WIRE_USE_UNKNOWN, e);
}

int parser_map_part(struct parser *p, const struct fs_driver *d, struct fs *f,
                    const struct part_info *i, struct err *e)
{
    struct mapping m = { p, i };
    struct err why = ERR_INIT;
    char text[500];

    if (!p->job.map)
        return 0;
    if (!d->regions) {
        snprintf(text, sizeof(text), "not attributed: %s: to which file "
                 "changed bytes belong is not told of this kind", i->kind);
        parser_tell(p, WIRE_REMARK, text);
        return parser_map_unknown(p, i, e);
    }
    if (d->regions(f, on_region, &m, &why) == 0)
        return 0;
    snprintf(text, sizeof(text), "not attributed: what of the %s file system "
             "is its own and what is free is not known: %.300s", i->kind,
             why.msg);
    parser_tell(p, WIRE_NOTE, text);
    return parser_map_unknown(p, i, e);
}

/* ----------------------------------------------------------------- extents */

static int on_extent(void *ctx, const struct fs_extent *x, struct err *e)
{
    const struct mapping *m = ctx;
    struct fs_extent left = *x;

    if (is_outside(m->part, x->offset, x->size))
        return err_set(e, ERR_SOURCE, 0, "a part of it lies outside of the "
                       "file system");
    while (left.size) {
        struct fs_extent y = left;

        place(m->parser, m->part, left.offset, &y.size, &y.offset);
        if (put(m->parser, WIRE_EXTENT, &y, sizeof(y), e) < 0)
            return -1;
        left.offset += y.size;
        left.at += y.size;
        left.size -= y.size;
    }
    return 0;
}

/* Of XFS what is deleted and still listed has its blocks. */
static bool has_blocks(const struct fs_driver *d, const struct fs_entry *f)
{
    return d->regions && !f->reused
        && (!f->deleted || d == &xfs_driver);
}

int parser_map_file(struct parser *p, const struct fs_driver *d, struct fs *f,
                    const struct part_info *i, const struct fs_entry *entry,
                    struct err *e)
{
    struct mapping m = { p, i };
    struct err why = ERR_INIT;
    autotext struct text t = TEXT_INIT;

    if (!p->job.map || !has_blocks(d, entry)
        || d->extents(f, entry->inode, entry->stream, on_extent, &m, &why)
            == 0)
        return 0;
    if (p->lost)
        return err_set(e, ERR_INTERNAL, 0, "lost");
    text_addf(&t, "%s: not all of its blocks are known: %s", entry->path,
              why.msg);
    parser_tell(p, WIRE_NOTE, t.failed ? "blocks of a file are not known"
                                       : t.s);
    return 0;
}
