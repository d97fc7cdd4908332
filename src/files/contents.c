/* SPDX-License-Identifier: Apache-2.0 */
#include "files/contents.h"

#include <string.h>

#include "audit/hash.h"

/* More than so many files: one walk through all is less than one for each. */
#define FEW 64u

struct reading {
    struct catalog *catalog;
    const struct files_options *options;
    size_t part;               /* + 1: that is read, as the first walk met it */
    struct catalog_row *row;   /* whose content comes */
    struct hash *hash;
    uint64_t got;
};

static int on_part(void *ctx, const struct part_info *i, struct err *e)
{
    struct reading *r = ctx;

    (void)i;
    (void)e;
    r->part++;
    return 0;
}

static int on_entry(void *ctx, const struct fs_entry *f, struct err *e)
{
    struct reading *r = ctx;
    struct catalog_row *row = f->deleted || !r->part ? NULL
        : catalog_find(r->catalog, r->part - 1, f);

    r->row = NULL;
    if (!row || !row->wanted || row->sha256 || row->f.type != FS_FILE)
        return 0;
    if (f->size > r->options->max_size) {
        row->unread = "it is larger than --max-size";
        return 0;
    }
    hash_free(r->hash);
    r->hash = hash_new(HASH_SHA256, e);
    r->row = row;
    r->got = 0;
    return r->hash ? 1 : -1;
}

static int on_data(void *ctx, const void *bytes, size_t n, struct err *e)
{
    struct reading *r = ctx;

    if (!r->row || n > r->row->f.size - r->got)
        return err_set(e, ERR_SOURCE, 0, "a file has more content than its "
                       "size says");
    r->got += n;
    hash_add(r->hash, bytes, n);
    return 0;
}

static int on_whole(void *ctx, const char *why, struct err *e)
{
    struct reading *r = ctx;
    unsigned char sum[HASH_MAX];

    if (!r->row)
        return err_set(e, ERR_SOURCE, 0, "the end of nothing");
    if (!why && r->got != r->row->f.size)
        why = "its content ends before its size says";
    hash_end(r->hash, sum);
    hash_free(r->hash);
    r->hash = NULL;
    if (why) {
        r->row->unread = catalog_keep(r->catalog, why, strlen(why) + 1, e);
        return r->row->unread ? 0 : -1;
    }
    r->row->unread = NULL;
    r->row->sha256 = (unsigned char *)catalog_keep(r->catalog, sum, 32, e);
    return r->row->sha256 ? 0 : -1;
}

/* The first walk has told all this. */
static void on_note(void *ctx, const char *text)
{
    (void)ctx;
    (void)text;
}

static int read_below(struct reading *r, struct session *s, const char *path,
                      struct err *e)
{
    const struct session_visitor v = { .ctx = r, .part = on_part,
        .entry = on_entry, .data = on_data, .whole = on_whole,
        .note = on_note, .remark = on_note };
    struct wire_job job;

    if (files_job(r->options, &job, e) < 0)
        return -1;
    job.ask = true;
    r->part = 0;
    return session_walk(s, job, path, &v, e);
}

static bool is_missing(const struct catalog_row *row)
{
    return row->wanted && row->f.type == FS_FILE && !row->sha256
        && !row->unread;
}

static size_t count_missing(const struct catalog *c)
{
    size_t n = 0;

    for (size_t i = 0; i < c->count; i++)
        n += is_missing(&c->rows[i]);
    return n;
}

int contents_hash(struct catalog *c, struct session *s,
                  const struct files_options *o, const char *path,
                  struct err *e)
{
    struct reading r = { .catalog = c, .options = o };
    size_t missing = count_missing(c);
    int done = missing > FEW ? read_below(&r, s, path, e) : 0;

    for (size_t i = 0; done == 0 && missing <= FEW && i < c->count; i++)
        if (is_missing(&c->rows[i]))
            done = read_below(&r, s, c->rows[i].f.path, e);
    hash_free(r.hash);
    for (size_t i = 0; i < c->count; i++)
        if (is_missing(&c->rows[i]))
            c->rows[i].unread = "it is not where it was listed";
    c->sum.blocks = session_blocks(s);
    return done;
}
