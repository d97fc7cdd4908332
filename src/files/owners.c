/* SPDX-License-Identifier: Apache-2.0 */
#include "files/owners.h"

#include <stdlib.h>

const char *const owner_words[OWNER_CLASSES] = {
    [OWNER_OUTSIDE] = "outside any file system",
    [OWNER_UNKNOWN] = "not attributed",
    [OWNER_NOBODY] = "in use, no owner found",
    [OWNER_FREE] = "unallocated",
    [OWNER_JOURNAL] = "journal",
    [OWNER_META] = "metadata",
    [OWNER_SLACK] = "file slack",
    [OWNER_CONTENT] = "content",
    [OWNER_SILENT] = "content, no metadata says so",
};

/* ------------------------------------------------------------------ claims */

static bool continues(const struct claim *a, const struct claim *b)
{
    return a->class == b->class && a->file == b->file
        && a->offset + a->size == b->offset
        && (b->file == OWNER_NO_FILE || a->at + a->size == b->at);
}

static int keep(struct owners *o, const struct claim *c, struct err *e)
{
    if (o->count && continues(&o->claims[o->count - 1], c)) {
        o->claims[o->count - 1].size += c->size;
        return 0;
    }
    if (o->count == OWNERS_MAX) {
        o->cut = true;
        return 0;
    }
    if (o->count == o->room) {
        size_t room = o->room ? o->room * 2 : 1024;
        struct claim *more = realloc(o->claims, room * sizeof(*more));

        if (!more)
            return err_nomem(e);
        o->claims = more;
        o->room = room;
    }
    o->claims[o->count++] = *c;
    return 0;
}

int owners_add(struct owners *o, const struct claim *c, struct err *e)
{
    const struct differences *x = o->changed;
    uint64_t end = c->offset + c->size;

    for (size_t i = differences_at(x, c->offset);
         i < x->count && x->runs[i].offset < end; i++) {
        const struct difference *r = &x->runs[i];
        struct claim part = *c;
        uint64_t to = r->offset + r->size;

        part.offset = r->offset > c->offset ? r->offset : c->offset;
        part.size = (to < end ? to : end) - part.offset;
        part.at += part.offset - c->offset;
        if (keep(o, &part, e) < 0)
            return -1;
    }
    return 0;
}

static uint64_t round_up(uint64_t n)
{
    return n > UINT64_MAX - DIFFERENCE_PIECE ? n
        : (n + DIFFERENCE_PIECE - 1) / DIFFERENCE_PIECE * DIFFERENCE_PIECE;
}

int owners_add_extent(struct owners *o, const struct fs_extent *x,
                      uint32_t file, uint64_t size, bool is_dir,
                      struct err *e)
{
    struct claim c = { x->offset, x->size, x->at, file, OWNER_CONTENT };
    uint64_t end = round_up(size);

    if (is_dir || (x->flags & FS_EXTENT_META))
        c.class = OWNER_META;
    else if ((x->flags & FS_EXTENT_UNWRITTEN) || x->at >= end)
        c.class = OWNER_SLACK;
    else if (x->size > end - x->at)
        c.size = end - x->at;
    if (owners_add(o, &c, e) < 0)
        return -1;
    if (c.size == x->size)
        return 0;
    c.offset += c.size;
    c.at += c.size;
    c.size = x->size - c.size;
    c.class = OWNER_SLACK;
    return owners_add(o, &c, e);
}

int owners_add_region(struct owners *o, const struct wire_region *r,
                      struct err *e)
{
    static const enum owner_class classes[] = {
        [FS_USE_ALL] = OWNER_NOBODY, [FS_USE_FREE] = OWNER_FREE,
        [FS_USE_META] = OWNER_META, [FS_USE_JOURNAL] = OWNER_JOURNAL,
        [WIRE_USE_UNKNOWN] = OWNER_UNKNOWN,
    };
    struct claim c = { r->offset, r->size, 0, OWNER_NO_FILE,
                       classes[r->use] };

    return owners_add(o, &c, e);
}

void owners_free(struct owners *o)
{
    free(o->claims);
    o->claims = NULL;
    o->count = o->room = 0;
}

/* -------------------------------------------------------------------- walk */

/* The claims on the bytes where the walk is. */
struct sweep {
    const struct owners *owners;
    size_t next;               /* the first that was not met */
    const struct claim *on[OWNERS_AT_ONCE];
    size_t count;
    const struct claim *files[OWNERS_AT_ONCE];
    bool cut;
};

static int by_offset(const void *x, const void *y)
{
    const struct claim *a = x, *b = y;

    if (a->offset != b->offset)
        return a->offset < b->offset ? -1 : 1;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

static void drop_ended(struct sweep *s, uint64_t at)
{
    size_t kept = 0;

    for (size_t i = 0; i < s->count; i++)
        if (s->on[i]->offset + s->on[i]->size > at)
            s->on[kept++] = s->on[i];
    s->count = kept;
    if (!kept)
        s->cut = false;
}

static void take_begun(struct sweep *s, uint64_t at)
{
    const struct owners *o = s->owners;

    for (; s->next < o->count && o->claims[s->next].offset <= at; s->next++) {
        if (s->count < OWNERS_AT_ONCE)
            s->on[s->count++] = &o->claims[s->next];
        else
            s->cut = true;
    }
}

static uint64_t next_border(const struct sweep *s, uint64_t end)
{
    const struct owners *o = s->owners;

    for (size_t i = 0; i < s->count; i++)
        if (s->on[i]->offset + s->on[i]->size < end)
            end = s->on[i]->offset + s->on[i]->size;
    if (s->next < o->count && o->claims[s->next].offset < end)
        end = o->claims[s->next].offset;
    return end;
}

/* What is a file's and the file system's as well is damaged: nobody knows
 * whose it is.  Nor whether it is free when two file systems claim it, one of
 * which may be an old one that was written over. */
static enum owner_class judge(struct sweep *s, size_t *files)
{
    enum owner_class best = OWNER_OUTSIDE;
    bool is_own = false, is_file = false;
    unsigned systems = 0;

    *files = 0;
    for (size_t i = 0; i < s->count; i++) {
        const struct claim *c = s->on[i];

        if (c->class > best)
            best = c->class;
        systems += c->class == OWNER_NOBODY;
        is_own |= c->file == OWNER_NO_FILE
            && (c->class == OWNER_META || c->class == OWNER_JOURNAL);
        is_file |= c->file != OWNER_NO_FILE || c->class >= OWNER_SLACK;
        if (c->file != OWNER_NO_FILE)
            s->files[(*files)++] = c;
    }
    if (is_own && is_file)
        *files = 0;
    if (best == OWNER_FREE && systems > 1)
        return OWNER_UNKNOWN;
    return is_own && is_file ? OWNER_UNKNOWN : best;
}

struct walk {
    struct sweep side[2];
    int (*done)(void *ctx, const struct owned *o, struct err *e);
    void *ctx;
};

static int walk_run(struct walk *w, const struct difference *r,
                    struct err *e)
{
    uint64_t end = r->offset + r->size;
    struct owned o = { .offset = r->offset, .is_unread = r->is_unread };

    for (; o.offset < end; o.offset += o.size) {
        uint64_t to = end;

        for (int i = 0; i < 2; i++) {
            drop_ended(&w->side[i], o.offset);
            take_begun(&w->side[i], o.offset);
            o.class[i] = judge(&w->side[i], &o.count[i]);
            o.files[i] = w->side[i].files;
            to = next_border(&w->side[i], to);
        }
        o.size = to - o.offset;
        o.cut = w->side[0].cut || w->side[1].cut;
        if (w->done(w->ctx, &o, e) < 0)
            return -1;
    }
    return 0;
}

int owners_walk(struct owners side[2],
                int (*done)(void *ctx, const struct owned *o, struct err *e),
                void *ctx, struct err *e)
{
    const struct differences *c = side[0].changed;
    struct walk *w = calloc(1, sizeof(*w));
    int r = w ? 0 : err_nomem(e);

    for (int i = 0; w && i < 2; i++) {
        if (side[i].count)
            qsort(side[i].claims, side[i].count, sizeof(struct claim),
                  by_offset);
        w->side[i].owners = &side[i];
    }
    if (w) {
        w->done = done;
        w->ctx = ctx;
    }
    for (size_t i = 0; r == 0 && i < c->count; i++)
        r = walk_run(w, &c->runs[i], e);
    free(w);
    return r;
}
