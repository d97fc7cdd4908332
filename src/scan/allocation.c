/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/allocation.h"

#include "base/block.h"
#include "files/files.h"

struct walk {
    struct allocation *a;
    struct files_totals sum;
};

int allocation_start(struct allocation *a, enum allocation_choice c,
                     struct err *e)
{
    session_init(&a->session);
    a->choice = c;
    return c == ALLOCATION_ANY ? 0 : session_start(&a->session, e);
}

/* -------------------------------------------------------------------- walk */

static int on_part(void *ctx, const struct part_info *i, struct err *e)
{
    struct walk *w = ctx;

    (void)e;
    files_tell_part(i, &w->sum);
    return 0;
}

static int on_entry(void *ctx, const struct fs_entry *f, struct err *e)
{
    (void)ctx;
    (void)f;
    (void)e;
    return 0;
}

static void on_note(void *ctx, const char *text)
{
    struct walk *w = ctx;

    w->a->notes++;
    files_tell_note(&w->sum, text);
}

static void on_remark(void *ctx, const char *text)
{
    files_tell_remark(&((struct walk *)ctx)->sum, text);
}

static int on_extent(void *ctx, const struct fs_extent *x, struct err *e)
{
    struct walk *w = ctx;

    return ranges_add(&w->a->used, x->offset, x->offset + x->size, e);
}

/* A file system tells of all of itself at once, and then what is what. */
static struct ranges *set_of(struct allocation *a, uint32_t use)
{
    switch (use) {
    case FS_USE_ALL: return &a->all;
    case FS_USE_FREE: return &a->told_free;
    case WIRE_USE_UNKNOWN: return &a->unknown;
    default: return &a->used;
    }
}

/* What one file system calls free another one may have, such as one that was
 * made over an old one: there nothing is known. */
static int add_twice(struct allocation *a, const struct wire_region *r,
                     struct err *e)
{
    uint64_t end = r->offset + r->size;

    for (size_t i = 0; i < a->all.count; i++) {
        const struct range *x = &a->all.list[i];

        if (ranges_add(&a->unknown, x->from > r->offset ? x->from : r->offset,
                       x->to < end ? x->to : end, e) < 0)
            return -1;
    }
    return 0;
}

static int on_region(void *ctx, const struct wire_region *r, struct err *e)
{
    struct walk *w = ctx;

    if (r->use == FS_USE_ALL && add_twice(w->a, r, e) < 0)
        return -1;
    return ranges_add(set_of(w->a, r->use), r->offset, r->offset + r->size,
                      e);
}

/* ------------------------------------------------------------------- result */

static int add_all(struct ranges *to, const struct ranges *from,
                   struct err *e)
{
    for (size_t i = 0; i < from->count; i++)
        if (ranges_add(to, from->list[i].from, from->list[i].to, e) < 0)
            return -1;
    return 0;
}

/* What is outside of all file systems nobody tells of. */
static int add_outside(struct allocation *a, struct err *e)
{
    struct ranges volume = { 0 }, outside = { 0 };
    int r = ranges_add(&volume, 0, a->size, e);

    if (r == 0)
        r = ranges_subtract(&volume, &a->all, &outside, e);
    if (r == 0)
        r = add_all(&a->unknown, &outside, e);
    a->unknown.cut |= outside.cut;
    ranges_free(&volume);
    ranges_free(&outside);
    ranges_sort(&a->unknown);
    return r;
}

/* Where nobody can keep all of it in memory, nothing is known. */
static int forget(struct allocation *a, struct err *e)
{
    ranges_free(&a->told_free);
    ranges_free(&a->free);
    ranges_free(&a->unknown);
    a->too_many = true;
    return ranges_add(&a->unknown, 0, a->size, e);
}

/* Free is what is told as that, and neither somebody's nor unknown. */
static int conclude(struct allocation *a, struct err *e)
{
    struct ranges *const sets[] = { &a->told_free, &a->used, &a->all,
                                    &a->unknown };
    struct ranges without = { 0 };
    bool cut = false;
    int r;

    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
        ranges_sort(sets[i]);
        cut |= sets[i]->cut;
    }
    r = cut ? forget(a, e) : add_outside(a, e);
    if (r == 0)
        r = ranges_subtract(&a->told_free, &a->used, &without, e);
    if (r == 0)
        r = ranges_subtract(&without, &a->unknown, &a->free, e);
    if (r == 0 && (without.cut || a->free.cut || a->unknown.cut))
        r = forget(a, e);
    ranges_free(&without);
    ranges_free(&a->told_free);
    ranges_free(&a->used);
    ranges_free(&a->all);
    return r;
}

int allocation_read(struct allocation *a, const struct volume *v,
                    struct volume_reader *reader, struct err *e)
{
    struct walk w = { .a = a };
    const struct session_visitor visitor = { .ctx = &w, .part = on_part,
        .entry = on_entry, .note = on_note, .remark = on_remark,
        .extent = on_extent, .region = on_region };
    const struct wire_job job = { .map = true };

    if (a->choice == ALLOCATION_ANY)
        return 0;
    a->size = v->size;
    if (session_lend(&a->session, v, reader, e) < 0
        || session_walk(&a->session, job, "/", &visitor, e) < 0)
        return -1;
    return conclude(a, e);
}

int allocation_close(struct allocation *a, struct err *e)
{
    ranges_free(&a->free);
    ranges_free(&a->unknown);
    ranges_free(&a->told_free);
    ranges_free(&a->used);
    ranges_free(&a->all);
    return a->choice == ALLOCATION_ANY ? 0 : session_close(&a->session, e);
}

/* ------------------------------------------------------------------- asked */

bool allocation_wants(const struct allocation *a, uint64_t from, uint64_t to)
{
    switch (a->choice) {
    case ALLOCATION_USED:
        return ranges_within(&a->free, from, to) < to - from;
    case ALLOCATION_FREE:
        return ranges_within(&a->free, from, to)
            || ranges_within(&a->unknown, from, to);
    case ALLOCATION_ANY:
        break;
    }
    return true;
}

int allocation_narrow(const struct allocation *a, struct blockset **core,
                      struct err *e)
{
    struct blockset *left;

    if (a->choice == ALLOCATION_ANY)
        return 0;
    left = blockset_new(blockset_room(*core), e);
    if (!left)
        return -1;
    for (uint64_t i = blockset_next(*core, 0); i != BLOCKSET_END;
         i = blockset_next(*core, i + 1)) {
        uint64_t from = i * BLOCK_SIZE;
        uint64_t to = from + BLOCK_SIZE < a->size ? from + BLOCK_SIZE
                                                  : a->size;

        if (allocation_wants(a, from, to))
            blockset_add(left, i);
    }
    blockset_free(*core);
    *core = left;
    return 0;
}

uint64_t allocation_free_bytes(const struct allocation *a)
{
    return ranges_within(&a->free, 0, a->size);
}

uint64_t allocation_unknown_bytes(const struct allocation *a)
{
    return ranges_within(&a->unknown, 0, a->size);
}
