/* SPDX-License-Identifier: Apache-2.0 */
#include "files/changes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "files/persistence.h"
#include "files/words.h"

const char *const change_words[CHANGE_KINDS] = {
    "added", "removed", "changed", "moved", "unclear", "rewritten",
};

const char *const field_words[FIELDS] = {
    "type", "size", "mode", "uid", "gid", "target", "inode", "modified",
    "changed", "born",
};

/* ------------------------------------------------------------------ fields */

static void add_time(const struct fs_entry *f, enum fs_time which,
                     struct text *t)
{
    char when[WHEN_TEXT];

    if (f->times & 1u << which)
        text_add(t, when_text(when, f->time[which]));
}

void change_value(const struct fs_entry *f, enum change_field field,
                  struct text *t)
{
    switch (field) {
    case FIELD_TYPE: text_add(t, type_words[f->type]); break;
    case FIELD_SIZE: text_addf(t, "%" PRIu64, f->size); break;
    case FIELD_MODE:
        if (f->has_mode)
            text_addf(t, "%04o", f->mode & 07777u);
        break;
    case FIELD_UID:
    case FIELD_GID:
        if (f->has_owner)
            text_addf(t, "%" PRIu32, field == FIELD_UID ? f->uid : f->gid);
        break;
    case FIELD_TARGET: text_add(t, f->target ? f->target : ""); break;
    case FIELD_INODE: text_addf(t, "%" PRIu64, f->inode); break;
    case FIELD_MODIFIED: add_time(f, FS_MODIFIED, t); break;
    case FIELD_CHANGED: add_time(f, FS_CHANGED, t); break;
    case FIELD_BORN: add_time(f, FS_BORN, t); break;
    case FIELDS: break;
    }
}

static bool same_time(const struct fs_entry *a, const struct fs_entry *b,
                      enum fs_time which)
{
    bool in_a = a->times & 1u << which, in_b = b->times & 1u << which;

    return in_a == in_b && (!in_a || a->time[which] == b->time[which]);
}

static bool same_target(const struct fs_entry *a, const struct fs_entry *b)
{
    return strcmp(a->target ? a->target : "", b->target ? b->target : "")
        == 0;
}

unsigned change_fields(const struct fs_entry *a, const struct fs_entry *b)
{
    const bool differs[FIELDS] = {
        [FIELD_TYPE] = a->type != b->type,
        [FIELD_SIZE] = a->size != b->size,
        [FIELD_MODE] = a->has_mode != b->has_mode || a->mode != b->mode,
        [FIELD_UID] = a->has_owner != b->has_owner || a->uid != b->uid,
        [FIELD_GID] = a->has_owner != b->has_owner || a->gid != b->gid,
        [FIELD_TARGET] = !same_target(a, b),
        [FIELD_INODE] = a->inode != b->inode,
        [FIELD_MODIFIED] = !same_time(a, b, FS_MODIFIED),
        [FIELD_CHANGED] = !same_time(a, b, FS_CHANGED),
        [FIELD_BORN] = !same_time(a, b, FS_BORN),
    };
    unsigned fields = 0;

    for (int i = 0; i < FIELDS; i++)
        fields |= differs[i] ? 1u << i : 0;
    return fields;
}

bool change_is_none_of_content(const struct fs_entry *a,
                               const struct fs_entry *b)
{
    const unsigned telling = 1u << FIELD_TYPE | 1u << FIELD_SIZE
        | 1u << FIELD_MODIFIED | 1u << FIELD_CHANGED;

    return !(change_fields(a, b) & telling);
}

/* -------------------------------------------------------------------- find */

struct finding {
    struct catalog *a, *b;
    int (*done)(void *ctx, const struct change *c, struct err *e);
    void *ctx;
};

static int tell(const struct finding *f, enum change_kind kind,
                struct catalog_row *a, struct catalog_row *b, struct err *e)
{
    struct change c = {
        .kind = kind,
        .part = b ? &f->b->parts[b->part] : &f->a->parts[a->part],
        .a = a ? &a->f : NULL,
        .b = b ? &b->f : NULL,
        .row = { a, b },
        .fields = a && b ? change_fields(&a->f, &b->f) : 0,
    };

    c.place = b ? persistence_of(b->f.path) : NULL;
    if (!c.place && a)
        c.place = persistence_of(a->f.path);
    return f->done(f->ctx, &c, e);
}

static int compare_rows(const struct catalog *ca, const struct catalog *cb,
                        const struct catalog_row *a,
                        const struct catalog_row *b)
{
    int r = catalog_compare_parts(&ca->parts[a->part], &cb->parts[b->part]);

    return r ? r : strcmp(a->f.path, b->f.path);
}

int changes_pairs(struct catalog *a, struct catalog *b,
                  int (*pair)(void *ctx, struct catalog_row *a,
                              struct catalog_row *b, struct err *e),
                  void *ctx, struct err *e)
{
    size_t i = 0, k = 0;

    while (i < a->count && k < b->count) {
        int r = compare_rows(a, b, &a->rows[i], &b->rows[k]);

        if (r == 0 && pair(ctx, &a->rows[i], &b->rows[k], e) < 0)
            return -1;
        i += r <= 0;
        k += r >= 0;
    }
    return 0;
}

static int on_pair(void *ctx, struct catalog_row *a, struct catalog_row *b,
                   struct err *e)
{
    a->met = b->met = true;
    if (b->silent)
        return tell(ctx, CHANGE_REWRITTEN, a, b, e);
    return change_fields(&a->f, &b->f) ? tell(ctx, CHANGE_CHANGED, a, b, e)
                                       : 0;
}

static void forget(struct catalog *c)
{
    for (size_t i = 0; i < c->count; i++)
        c->rows[i].met = false;
}

/* ------------------------------------------------------------------- moves */

struct lost {
    struct catalog_row **rows; /* of A, without their like, by inode */
    size_t count;
    const struct catalog *a;
};

/* The number that a file keeps when it gets another name.  FAT has none: what
 * stays is where the content lies; 0: that is not known. */
static bool has_inodes(const struct part_info *p)
{
    return strcmp(p->kind, "FAT") != 0 && strcmp(p->kind, "exFAT") != 0;
}

static uint64_t identity(const struct part_info *p,
                         const struct catalog_row *r)
{
    return has_inodes(p) ? r->f.inode : r->map;
}

static int compare_inodes(const struct part_info *pa,
                          const struct catalog_row *a,
                          const struct part_info *pb,
                          const struct catalog_row *b)
{
    int r = catalog_compare_parts(pa, pb);
    uint64_t x = identity(pa, a), y = identity(pb, b);

    if (r)
        return r;
    if (x != y)
        return x < y ? -1 : 1;
    return a->f.stream < b->f.stream ? -1 : a->f.stream > b->f.stream;
}

static int by_inode(const void *x, const void *y, void *ctx)
{
    const struct catalog *c = ctx;
    const struct catalog_row *a = *(struct catalog_row *const *)x;
    const struct catalog_row *b = *(struct catalog_row *const *)y;

    return compare_inodes(&c->parts[a->part], a, &c->parts[b->part], b);
}

static int find_lost(struct catalog *a, struct lost *l, struct err *e)
{
    l->a = a;
    l->rows = calloc(a->count + 1, sizeof(struct catalog_row *));
    if (!l->rows)
        return err_nomem(e);
    for (size_t i = 0; i < a->count; i++)
        if (!a->rows[i].met)
            l->rows[l->count++] = &a->rows[i];
    if (l->count)
        qsort_r(l->rows, l->count, sizeof(struct catalog_row *), by_inode, a);
    return 0;
}

/* An inode is used again for another file: what it was born with tells them
 * apart, or else size and time of the content. */
static bool is_same_file(const struct part_info *p, const struct fs_entry *a,
                         const struct fs_entry *b)
{
    if (a->type != b->type)
        return false;
    if (has_inodes(p) && a->times & b->times & 1u << FS_BORN)
        return a->time[FS_BORN] == b->time[FS_BORN];
    return a->size == b->size && same_time(a, b, FS_MODIFIED);
}

static struct catalog_row *where_from(const struct finding *f,
                                      const struct lost *l,
                                      const struct catalog_row *b)
{
    const struct part_info *part = &f->b->parts[b->part];
    size_t low = 0, high = identity(part, b) ? l->count : 0;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct catalog_row *a = l->rows[mid];

        if (compare_inodes(&l->a->parts[a->part], a, part, b) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < l->count; low++) {
        struct catalog_row *a = l->rows[low];

        if (compare_inodes(&l->a->parts[a->part], a, part, b))
            return NULL;
        if (!a->met && is_same_file(part, &a->f, &b->f))
            return a;
    }
    return NULL;
}

static enum change_kind kind_of_new(const struct finding *f,
                                    const struct catalog_row *b)
{
    return catalog_may_have(f->a, &f->b->parts[b->part], b->f.path)
        ? CHANGE_UNCLEAR : CHANGE_ADDED;
}

static int find_moved(const struct finding *f, const struct lost *l,
                      struct err *e)
{
    for (size_t k = 0; k < f->b->count; k++) {
        struct catalog_row *b = &f->b->rows[k], *a;

        if (b->met)
            continue;
        a = where_from(f, l, b);
        if (a)
            a->met = true;
        if (tell(f, a ? CHANGE_MOVED : kind_of_new(f, b), a, b, e) < 0)
            return -1;
    }
    return 0;
}

static int tell_removed(const struct finding *f, struct err *e)
{
    for (size_t i = 0; i < f->a->count; i++) {
        struct catalog_row *a = &f->a->rows[i];
        bool unclear = catalog_may_have(f->b, &f->a->parts[a->part],
                                        a->f.path);

        if (!a->met && tell(f, unclear ? CHANGE_UNCLEAR : CHANGE_REMOVED, a,
                            NULL, e) < 0)
            return -1;
    }
    return 0;
}

int changes_find(struct catalog *a, struct catalog *b,
                 int (*done)(void *ctx, const struct change *c,
                             struct err *e),
                 void *ctx, struct err *e)
{
    struct finding f = { a, b, done, ctx };
    struct lost l = { 0 };
    int r;

    forget(a);
    forget(b);
    r = changes_pairs(a, b, on_pair, &f, e);
    if (r == 0)
        r = find_lost(a, &l, e);
    if (r == 0)
        r = find_moved(&f, &l, e);
    if (r == 0)
        r = tell_removed(&f, e);
    free(l.rows);
    return r;
}
