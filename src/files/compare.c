/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between the files of two snapshots or images. */
#include <stdio.h>
#include <string.h>

#include "files/changes.h"
#include "files/contents.h"
#include "show/tell.h"

struct comparison {
    const struct files_options *o;
    const char *path;
    struct session side[2];
    struct catalog files[2];
    struct differences changed;
    struct owners owners[2];
    struct blocks_sum bytes;
    const struct change_format *format;
    const struct block_format *blocks;
    struct change_sums sums;
    uint64_t left_out;         /* of what is common to both sides */
    size_t wanted;             /* contents */
    struct text line;
};

static int put(struct comparison *c, struct err *e)
{
    if (c->line.failed)
        return err_nomem(e);
    if (c->line.len)
        fwrite(c->line.s, 1, c->line.len, stdout);
    text_clear(&c->line);
    if (ferror(stdout))
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    return 0;
}

static int on_change(void *ctx, const struct change *x, struct err *e)
{
    struct comparison *c = ctx;

    c->sums.of[x->kind]++;
    c->sums.places += x->place != NULL;
    c->format->change(x, &c->line);
    return put(c, e);
}

/* -------------------------------------------------------------------- read */

static int open_sides(struct comparison *c, char **names, struct err *e)
{
    for (int i = 0; i < 2; i++)
        if (session_open(&c->side[i], names[i], &c->o->service, NULL, e) < 0)
            return err_in(e, "%s", names[i]);
    return 0;
}

static int read_from_sides(struct comparison *c, char **names, struct err *e)
{
    for (int i = 0; i < 2; i++)
        if (session_read_from(&c->side[i], c->o->cache / 2, e) < 0)
            return err_in(e, "%s", names[i]);
    return 0;
}

/* Whose bytes are whose is known of all files or of none. */
static int choose_blocks(struct comparison *c, struct err *e)
{
    if (c->path[1] || c->o->partition) {
        snprintf(c->bytes.why, sizeof(c->bytes.why), "only a part of the "
                 "files is compared");
        return 0;
    }
    return differences_choose(&c->changed, c->side, c->o->blocks,
                              c->bytes.why, e);
}

static int find_changed(struct comparison *c, struct err *e)
{
    if (differences_find(&c->changed, c->side, e) < 0)
        return -1;
    c->bytes.done = c->changed.done;
    c->bytes.changed = c->changed.blocks;
    c->bytes.lost = c->changed.lost;
    c->bytes.cut = c->changed.cut;
    return 0;
}

static int read_side(struct comparison *c, int i, const char *name,
                     struct err *e)
{
    c->owners[i].changed = &c->changed;
    c->files[i].owners = c->changed.done ? &c->owners[i] : NULL;
    if (catalog_read(&c->files[i], &c->side[i], c->o, c->path, e) < 0)
        return err_in(e, "%s", name);
    c->bytes.cut |= c->owners[i].cut;
    return 0;
}

static int read_sides(struct comparison *c, char **names, struct err *e)
{
    if (open_sides(c, names, e) < 0 || choose_blocks(c, e) < 0
        || read_from_sides(c, names, e) < 0 || find_changed(c, e) < 0)
        return -1;
    for (int i = 0; i < 2; i++)
        if (read_side(c, i, names[i], e) < 0)
            return -1;
    return 0;
}

/* ---------------------------------------------------------------- contents */

static void mark_touched(struct comparison *c)
{
    for (int i = 0; i < 2; i++)
        for (size_t k = 0; k < c->owners[i].count; k++) {
            const struct claim *x = &c->owners[i].claims[k];
            struct catalog_row *r = catalog_row_of(&c->files[i], x->file);

            if (r && (x->class == OWNER_CONTENT
                      || (x->class == OWNER_META && r->in_record)))
                r->touched = true;
        }
}

/* Of a file whose metadata says that nothing happened bytes have changed, or
 * it lies elsewhere: what is in it tells whether its content is another. */
static bool is_suspect(const struct catalog_row *a,
                       const struct catalog_row *b)
{
    return a->f.type == FS_FILE && change_is_none_of_content(&a->f, &b->f)
        && (a->touched || b->touched || a->map != b->map);
}

static int on_suspect(void *ctx, struct catalog_row *a, struct catalog_row *b,
                      struct err *e)
{
    struct comparison *c = ctx;

    (void)e;
    if (is_suspect(a, b)) {
        a->wanted = b->wanted = true;
        c->wanted++;
    }
    return 0;
}

static int on_wanted(void *ctx, const struct change *x, struct err *e)
{
    struct comparison *c = ctx;

    (void)e;
    for (int i = 0; i < 2; i++)
        if (x->row[i])
            x->row[i]->wanted = true;
    c->wanted++;
    return 0;
}

static void tell_unread(struct comparison *c, const struct catalog_row *r)
{
    autotext struct text t = TEXT_INIT;

    c->left_out++;
    text_add_shown(&t, r->f.path);
    text_addf(&t, ": what is in it is not known: ");
    text_add_shown(&t, r->unread);
    tell_always("warning: %s", t.failed ? "a content is not known" : t.s);
}

static int on_digests(void *ctx, struct catalog_row *a, struct catalog_row *b,
                      struct err *e)
{
    (void)ctx;
    (void)e;
    b->silent = is_suspect(a, b) && a->sha256 && b->sha256
        && memcmp(a->sha256, b->sha256, 32) != 0;
    return 0;
}

static int read_contents(struct comparison *c, struct err *e)
{
    struct catalog *a = &c->files[0], *b = &c->files[1];

    mark_touched(c);
    if ((c->changed.done && changes_pairs(a, b, on_suspect, c, e) < 0)
        || (c->o->hash && changes_find(a, b, on_wanted, c, e) < 0))
        return -1;
    for (int i = 0; c->wanted && i < 2; i++)
        if (contents_hash(&c->files[i], &c->side[i], c->o, c->path, e) < 0)
            return -1;
    for (int i = 0; i < 2; i++)
        for (size_t k = 0; k < c->files[i].count; k++)
            if (c->files[i].rows[k].unread)
                tell_unread(c, &c->files[i].rows[k]);
    return c->changed.done ? changes_pairs(a, b, on_digests, c, e) : 0;
}

/* ------------------------------------------------------------------- bytes */

static bool is_silent(const struct comparison *c, const struct owned *o)
{
    for (size_t i = 0; i < o->count[1]; i++) {
        const struct catalog_row *r = catalog_row_of(&c->files[1],
                                                     o->files[1][i]->file);

        if (r && r->silent && o->files[1][i]->class == OWNER_CONTENT)
            return true;
    }
    return false;
}

static int on_owned(void *ctx, const struct owned *o, struct err *e)
{
    struct comparison *c = ctx;
    struct block_row r = { o, { o->class[0], o->class[1] },
                           { &c->files[0], &c->files[1] } };

    if (o->class[1] == OWNER_CONTENT && is_silent(c, o))
        r.class[1] = OWNER_SILENT;
    blocks_count(&c->bytes, &r);
    if (!c->o->blocks)
        return 0;
    c->blocks->row(&r, &c->line);
    return put(c, e);
}

/* ----------------------------------------------------------------- compare */

static int check(const struct comparison *c, struct err *e)
{
    if (c->path[1] && c->files[0].count + c->files[1].count == 0)
        return err_set(e, ERR_SOURCE, 0, "%s: no such file in either of them",
                       c->path);
    if (c->o->partition && !c->files[0].part_count && !c->files[1].part_count)
        return err_set(e, ERR_SOURCE, 0, "there is no partition %s in either "
                       "of them", c->o->partition);
    return 0;
}

static int show(struct comparison *c, struct err *e)
{
    uint64_t left_out;

    c->format->begin(&c->line);
    if (put(c, e) < 0
        || changes_find(&c->files[0], &c->files[1], on_change, c, e) < 0
        || owners_walk(c->owners, on_owned, c, e) < 0)
        return -1;
    c->sums.bytes = &c->bytes;
    left_out = c->files[0].sum.left_out + c->files[1].sum.left_out
        + c->left_out + c->bytes.lost + c->bytes.cut;
    c->format->end(&c->sums, left_out, &c->line);
    return put(c, e) < 0 ? -1 : left_out ? 1 : 0;
}

static int compare(struct comparison *c, char **names, struct err *e)
{
    if (read_sides(c, names, e) < 0 || check(c, e) < 0
        || read_contents(c, e) < 0)
        return -1;
    for (int i = 0; i < 2; i++) {
        c->files[i].sum.blocks = session_blocks(&c->side[i]);
        files_tell_cost(&c->side[i], &c->files[i].sum);
    }
    return show(c, e);
}

/* Both processes are made before keys are in the memory that they get. */
static int start(struct comparison *c, struct err *e)
{
    for (int i = 0; i < 2; i++)
        session_init(&c->side[i]);
    for (int i = 0; i < 2; i++)
        if (session_start(&c->side[i], e) < 0)
            return -1;
    return 0;
}

int files_compare(const struct files_options *o, char **names,
                  const char *path, struct err *e)
{
    struct comparison c = {
        .o = o,
        .path = path,
        .blocks = o->json ? &block_json : o->csv ? &block_csv : &block_text,
        .format = o->json ? &change_json : o->csv ? &change_csv
            : &change_text,
    };
    struct err ignored = ERR_INIT;
    int r = start(&c, e);

    if (r == 0)
        r = compare(&c, names, e);
    for (int i = 0; i < 2; i++) {
        if (session_close(&c.side[i], r < 0 ? &ignored : e) < 0)
            r = -1;
        catalog_free(&c.files[i]);
        owners_free(&c.owners[i]);
    }
    differences_free(&c.changed);
    text_free(&c.line);
    return r;
}
