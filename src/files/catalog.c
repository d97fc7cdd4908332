/* SPDX-License-Identifier: Apache-2.0 */
#include "files/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "audit/hash.h"
#include "base/number.h"

/* ------------------------------------------------------------------ memory */

struct text_chunk {
    struct text_chunk *next;
    size_t used, size;
    char bytes[];
};

#define CHUNK MIB

/* A file of the other side is held against all of them. */
#define GAPS_MAX 256u

char *catalog_keep(struct catalog *c, const void *s, size_t n,
                   struct err *e)
{
    struct text_chunk *k = c->chunks;

    if (!k || k->size - k->used < n) {
        size_t size = n > CHUNK ? n : CHUNK;

        k = malloc(sizeof(*k) + size);
        if (!k) {
            err_nomem(e);
            return NULL;
        }
        *k = (struct text_chunk){ c->chunks, 0, size };
        c->chunks = k;
    }
    memcpy(k->bytes + k->used, s, n);
    k->used += n;
    return k->bytes + k->used - n;
}

static char *keep(struct catalog *c, const char *s, struct err *e)
{
    return catalog_keep(c, s, strlen(s) + 1, e);
}

/* With room for one more; NULL leaves it as it was. */
static void *grow(void *p, size_t count, size_t *room, size_t each,
                  struct err *e)
{
    size_t more = *room ? *room * 2 : 64, bytes;
    void *q;

    if (count < *room)
        return p;
    q = __builtin_mul_overflow(more, each, &bytes) ? NULL : realloc(p, bytes);
    if (q)
        *room = more;
    else
        err_nomem(e);
    return q;
}

/* ------------------------------------------------------------------- visit */

static int on_part(void *ctx, const struct part_info *i, struct err *e)
{
    struct catalog *c = ctx;
    struct part_info *more;

    files_tell_part(i, &c->sum);
    more = grow(c->parts, c->part_count, &c->part_room, sizeof(*more), e);
    if (!more)
        return -1;
    c->parts = more;
    c->parts[c->part_count++] = *i;
    return 0;
}

/* -------------------------------------------------------------------- maps */

static void end_map(struct catalog *c)
{
    unsigned char sum[HASH_MAX];

    if (!c->map)
        return;
    hash_end(c->map, sum);
    hash_free(c->map);
    c->map = NULL;
    memcpy(&c->rows[c->count - 1].map, sum, sizeof(uint64_t));
}

static int add_to_map(struct catalog *c, const struct fs_extent *x,
                      struct err *e)
{
    uint64_t what[] = { x->at, x->offset, x->size, x->flags };

    if (x->flags & FS_EXTENT_META)
        return 0;
    if (!c->map)
        c->map = hash_new(HASH_SHA256, e);
    if (!c->map)
        return -1;
    hash_add(c->map, what, sizeof(what));
    return 0;
}

static int on_extent(void *ctx, const struct fs_extent *x, struct err *e)
{
    struct catalog *c = ctx;
    struct catalog_row *r;

    if (!c->owners)
        return 0;
    if (c->is_deleted)
        return owners_add_extent(c->owners, x, OWNER_NO_FILE, UINT64_MAX,
                                 false, e);
    if (!c->count)
        return err_set(e, ERR_SOURCE, 0, "bytes of no file");
    r = &c->rows[c->count - 1];
    if (r->f.type == FS_FILE && add_to_map(c, x, e) < 0)
        return -1;
    r->in_record |= (x->flags & FS_EXTENT_RECORD) != 0;
    return owners_add_extent(c->owners, x, r->id, r->f.size,
                             r->f.type == FS_DIR, e);
}

static int on_region(void *ctx, const struct wire_region *r, struct err *e)
{
    const struct catalog *c = ctx;

    return c->owners ? owners_add_region(c->owners, r, e) : 0;
}

static int on_entry(void *ctx, const struct fs_entry *f, struct err *e)
{
    struct catalog *c = ctx;
    struct catalog_row r = { .f = *f }, *more;

    end_map(c);
    c->is_deleted = f->deleted;
    if (f->deleted)
        return 0;
    if (c->part_count == 0)
        return err_set(e, ERR_SOURCE, 0, "a file outside of all parts");
    if (c->count == OWNER_NO_FILE)
        return err_set(e, ERR_SOURCE, 0, "too many files");
    r.part = (unsigned)c->part_count - 1;
    r.id = (uint32_t)c->count;
    r.f.path = keep(c, f->path, e);
    r.f.target = f->target ? keep(c, f->target, e) : NULL;
    more = grow(c->rows, c->count, &c->room, sizeof(r), e);
    if (more)
        c->rows = more;
    if (!more || !r.f.path || (f->target && !r.f.target))
        return -1;
    c->rows[c->count++] = r;
    c->sum.files++;
    return 0;
}

static void on_note(void *ctx, const char *text)
{
    struct catalog *c = ctx;
    struct err ignored = ERR_INIT;
    struct catalog_gap g = { 0 }, *more = NULL;

    files_tell_note(&c->sum, text);
    if (c->blind || !c->part_count)
        return;
    g.part = (unsigned)c->part_count - 1;
    g.note = keep(c, text, &ignored);
    if (g.note && c->gap_count < GAPS_MAX)
        more = grow(c->gaps, c->gap_count, &c->gap_room, sizeof(g), &ignored);
    c->blind = !more;
    if (!more)
        return;
    c->gaps = more;
    c->gaps[c->gap_count++] = g;
}

static void on_remark(void *ctx, const char *text)
{
    files_tell_remark(&((struct catalog *)ctx)->sum, text);
}

/* ------------------------------------------------------------------- gaps */

/* Is it about the path, or about a directory above it? */
static bool is_about(const char *note, const char *path)
{
    size_t n = strlen(path);

    if (note[0] != '/' || strncmp(note, "/: ", 3) == 0)
        return true;
    for (; n > 1; n--)
        if ((path[n] == '\0' || path[n] == '/')
            && strncmp(note, path, n) == 0 && note[n] == ':')
            return true;
    return false;
}

static bool has_gap_at(const struct catalog *c, size_t part, const char *path)
{
    for (size_t i = 0; i < c->gap_count; i++)
        if (c->gaps[i].part == part && is_about(c->gaps[i].note, path))
            return true;
    return false;
}

bool catalog_may_have(const struct catalog *c, const struct part_info *part,
                      const char *path)
{
    bool is_read = false, found = false;

    for (size_t i = 0; i < c->part_count; i++) {
        if (catalog_compare_parts(&c->parts[i], part) != 0)
            continue;
        found = true;
        is_read |= c->parts[i].is_read;
        if (has_gap_at(c, i, path))
            return true;
    }
    return c->blind || (found ? !is_read : c->sum.left_out > 0);
}

/* -------------------------------------------------------------------- read */

int catalog_compare_parts(const struct part_info *a,
                          const struct part_info *b)
{
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return strcmp(a->volume, b->volume);
}

static int by_path(const void *x, const void *y, void *ctx)
{
    const struct catalog *c = ctx;
    const struct catalog_row *a = x, *b = y;
    int r = catalog_compare_parts(&c->parts[a->part], &c->parts[b->part]);

    if (r == 0)
        r = strcmp(a->f.path, b->f.path);
    if (r == 0)
        r = a->f.inode < b->f.inode ? -1 : a->f.inode > b->f.inode;
    return r;
}

static int index_rows(struct catalog *c, struct err *e)
{
    if (!c->owners)
        return 0;
    c->by_id = calloc(c->count + 1, sizeof(*c->by_id));
    if (!c->by_id)
        return err_nomem(e);
    for (size_t i = 0; i < c->count; i++)
        c->by_id[c->rows[i].id] = (uint32_t)i;
    return 0;
}

struct catalog_row *catalog_row_of(const struct catalog *c, uint32_t id)
{
    return id < c->count && c->by_id ? &c->rows[c->by_id[id]] : NULL;
}

struct catalog_row *catalog_find(struct catalog *c, size_t part,
                                 const struct fs_entry *f)
{
    const struct catalog_row key = { .f = *f, .part = (unsigned)part };
    size_t low = 0, high = c->count;

    if (part >= c->part_count)
        return NULL;
    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (by_path(&c->rows[mid], &key, c) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < c->count && by_path(&c->rows[low], &key, c) == 0
        ? &c->rows[low] : NULL;
}

int catalog_read(struct catalog *c, struct session *s,
                 const struct files_options *o, const char *path,
                 struct err *e)
{
    const struct session_visitor v = { .ctx = c, .part = on_part,
        .entry = on_entry, .note = on_note, .remark = on_remark,
        .extent = on_extent, .region = on_region };
    struct wire_job job;

    if (files_job(o, &job, e) < 0)
        return -1;
    job.map = c->owners != NULL;
    if (session_walk(s, job, path, &v, e) < 0)
        return -1;
    end_map(c);
    if (c->count)
        qsort_r(c->rows, c->count, sizeof(*c->rows), by_path, c);
    if (index_rows(c, e) < 0)
        return -1;
    c->sum.blocks = session_blocks(s);
    return 0;
}

void catalog_free(struct catalog *c)
{
    while (c->chunks) {
        struct text_chunk *next = c->chunks->next;

        free(c->chunks);
        c->chunks = next;
    }
    hash_free(c->map);
    free(c->by_id);
    free(c->rows);
    free(c->parts);
    free(c->gaps);
    *c = (struct catalog){ 0 };
}
