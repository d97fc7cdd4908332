/* SPDX-License-Identifier: Apache-2.0 */
#include "files/blocks.h"

#include <inttypes.h>
#include <string.h>

#include "base/csv.h"
#include "base/json.h"
#include "files/words.h"

void blocks_count(struct blocks_sum *sum, const struct block_row *r)
{
    enum owner_class c = r->class[1];
    uint64_t first = r->owned->offset / BLOCK_SIZE + 1;
    uint64_t end = r->owned->offset + r->owned->size;
    uint64_t last = (end + BLOCK_SIZE - 1) / BLOCK_SIZE;

    sum->cut |= r->owned->cut;
    if (r->owned->is_unread)
        return;
    sum->bytes[c] += r->owned->size;
    sum->blocks[c] += last - first + (sum->last[c] != first);
    sum->last[c] = last;
}

/* Of the first byte of the row in a file of it. */
static uint64_t offset_in(const struct block_row *r, const struct claim *c)
{
    return c->at + (r->owned->offset - c->offset);
}

static const struct catalog_row *file_of(const struct block_row *r, int side,
                                         size_t i)
{
    return catalog_row_of(r->side[side], r->owned->files[side][i]->file);
}

static bool has_same_files(const struct block_row *r)
{
    const struct owned *o = r->owned;

    if (r->class[0] != r->class[1] && r->class[1] != OWNER_SILENT)
        return false;
    if (o->count[0] != o->count[1])
        return false;
    for (size_t i = 0; i < o->count[0]; i++) {
        const struct catalog_row *a = file_of(r, 0, i), *b = file_of(r, 1, i);

        if (!a || !b || strcmp(a->f.path, b->f.path) != 0
            || offset_in(r, o->files[0][i]) != offset_in(r, o->files[1][i]))
            return false;
    }
    return true;
}

static const char *kind_of(const struct block_row *r)
{
    return r->owned->is_unread ? "unread" : "bytes";
}

/* -------------------------------------------------------------------- text */

static void text_files(const struct block_row *r, int side, struct text *t)
{
    for (size_t i = 0; i < r->owned->count[side]; i++) {
        const struct claim *c = r->owned->files[side][i];
        const struct catalog_row *f = file_of(r, side, i);
        const struct part_info *p;

        if (!f)
            continue;
        p = &r->side[side]->parts[f->part];
        text_add(t, i ? ", " : "  ");
        if (p->number || *p->volume) {
            part_text(p, t);
            text_add(t, ": ");
        }
        text_add_shown(t, f->f.path);
        if (c->class != OWNER_META)
            text_addf(t, " +%" PRIu64, offset_in(r, c));
    }
}

static void text_row(const struct block_row *r, struct text *t)
{
    text_addf(t, "%-7s  block %" PRIu64 ": %" PRIu64 " at %" PRIu64
              "  [%s]", kind_of(r), r->owned->offset / BLOCK_SIZE,
              r->owned->size, r->owned->offset, owner_words[r->class[1]]);
    text_files(r, 1, t);
    if (!has_same_files(r)) {
        text_addf(t, "  before [%s]", owner_words[r->class[0]]);
        text_files(r, 0, t);
    }
    text_add(t, "\n");
}

static void text_sum(const struct blocks_sum *s, struct text *t)
{
    if (!s->done) {
        if (*s->why) {
            text_add(t, "Changed bytes were not looked at: ");
            text_add_shown(t, s->why);
            text_add(t, "\n");
        }
        return;
    }
    text_addf(t, "%" PRIu64 " blocks of 512 KiB have changed bytes%s\n",
              s->changed, s->changed ? ", by what these are after:" : "");
    for (int c = OWNER_CLASSES - 1; c >= 0; c--)
        if (s->bytes[c])
            text_addf(t, "%14" PRIu64 " in %6" PRIu64 "  %s\n", s->bytes[c],
                      s->blocks[c], owner_words[c]);
    if (s->lost)
        text_addf(t, "NOT ALL: %" PRIu64 " blocks could not be compared\n",
                  s->lost);
    if (s->cut)
        text_add(t, "NOT ALL: there are more changed bytes, or more owners, "
                 "than are kept in memory\n");
}

const struct block_format block_text = { text_row, text_sum };

/* -------------------------------------------------------------------- JSON */

static void json_files(const char *name, const struct block_row *r, int side,
                       struct text *t)
{
    json_open(t, name, '[');
    for (size_t i = 0; i < r->owned->count[side]; i++) {
        const struct claim *c = r->owned->files[side][i];
        const struct catalog_row *f = file_of(r, side, i);

        if (!f)
            continue;
        json_open(t, NULL, '{');
        json_put_u64(t, "partition", r->side[side]->parts[f->part].number);
        if (*r->side[side]->parts[f->part].volume)
            json_put_text(t, "volume", r->side[side]->parts[f->part].volume);
        json_put_text(t, "path", f->f.path);
        json_put_u64(t, "inode", f->f.inode);
        if (c->class != OWNER_META)
            json_put_u64(t, "offset", offset_in(r, c));
        json_close(t, '}');
    }
    json_close(t, ']');
}

static void json_row(const struct block_row *r, struct text *t)
{
    json_open(t, NULL, '{');
    json_put_text(t, "what", kind_of(r));
    json_put_u64(t, "block", r->owned->offset / BLOCK_SIZE);
    json_put_u64(t, "offset", r->owned->offset);
    json_put_u64(t, "size", r->owned->size);
    json_put_text(t, "class", owner_words[r->class[1]]);
    json_put_text(t, "class_before", owner_words[r->class[0]]);
    json_files("files", r, 1, t);
    json_files("files_before", r, 0, t);
    json_close(t, '}');
    text_add(t, "\n");
}

static void json_sum(const struct blocks_sum *s, struct text *t)
{
    if (!s->done) {
        json_put_text(t, "not_compared", *s->why ? s->why : NULL);
        return;
    }
    json_put_u64(t, "blocks_changed", s->changed);
    json_put_u64(t, "blocks_unread", s->lost);
    json_open(t, "bytes", '[');
    for (int c = OWNER_CLASSES - 1; c >= 0; c--) {
        if (!s->bytes[c])
            continue;
        json_open(t, NULL, '{');
        json_put_text(t, "class", owner_words[c]);
        json_put_u64(t, "bytes", s->bytes[c]);
        json_put_u64(t, "blocks", s->blocks[c]);
        json_close(t, '}');
    }
    json_close(t, ']');
}

const struct block_format block_json = { json_row, json_sum };

/* --------------------------------------------------------------------- CSV */

/* The columns of a change, which say nothing of bytes. */
static void csv_skip(struct text *t)
{
    for (int i = 0; i < BLOCK_SKIP; i++)
        text_add(t, ",");
}

static void csv_place(const struct block_row *r, const struct part_info *p,
                      const char *path, struct text *t)
{
    text_addf(t, "%s,", kind_of(r));
    if (p)
        text_addf(t, "%u", p->number);
    text_add(t, ",");
    csv_add(t, p ? p->volume : "");
    text_add(t, ",");
    csv_add(t, path);
    text_add(t, ",,");
    csv_skip(t);
}

/* A line for each file, or one without. */
static void csv_line(const struct block_row *r, const struct catalog_row *b,
                     const struct claim *c, struct text *t)
{
    csv_place(r, b ? &r->side[1]->parts[b->part] : NULL, b ? b->f.path : "",
              t);
    text_add(t, ",");
    csv_add(t, owner_words[r->class[1]]);
    text_add(t, ",");
    csv_add(t, owner_words[r->class[0]]);
    text_addf(t, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",",
              r->owned->offset / BLOCK_SIZE, r->owned->offset,
              r->owned->size);
    if (b && c->class != OWNER_META)
        text_addf(t, "%" PRIu64, offset_in(r, c));
    text_add(t, ",\r\n");
}

static void csv_row(const struct block_row *r, struct text *t)
{
    size_t told = 0;

    for (size_t i = 0; i < r->owned->count[1]; i++) {
        const struct catalog_row *f = file_of(r, 1, i);

        if (!f)
            continue;
        csv_line(r, f, r->owned->files[1][i], t);
        told++;
    }
    if (!told)
        csv_line(r, NULL, NULL, t);
}

static void csv_sum(const struct blocks_sum *s, struct text *t)
{
    for (int c = OWNER_CLASSES - 1; c >= 0; c--) {
        if (!s->done || !s->bytes[c])
            continue;
        text_add(t, "class,,,,,");
        csv_skip(t);
        text_add(t, ",");
        csv_add(t, owner_words[c]);
        text_addf(t, ",,,,%" PRIu64 ",,%" PRIu64 "\r\n", s->bytes[c],
                  s->blocks[c]);
    }
}

const struct block_format block_csv = { csv_row, csv_sum };
