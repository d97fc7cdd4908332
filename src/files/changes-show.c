/* SPDX-License-Identifier: Apache-2.0 */
/* Changes as lines: for people, programs and spreadsheets. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/json.h"
#include "base/number.h"
#include "files/changes.h"
#include "files/words.h"

static void nothing(struct text *t)
{
    (void)t;
}

/* -------------------------------------------------------------------- text */

static void add_shown_value(const struct fs_entry *f, enum change_field k,
                            struct text *t)
{
    autotext struct text value = TEXT_INIT;

    if (f)
        change_value(f, k, &value);
    t->failed |= value.failed;
    if (value.len)
        text_add_shown(t, value.s);
    else
        text_add(t, "-");
}

/* What differs; of a file that comes or goes all that there is. */
static bool is_told(const struct change *c, enum change_field k)
{
    autotext struct text value = TEXT_INIT;

    if (c->a && c->b)
        return c->fields & 1u << k;
    change_value(c->a ? c->a : c->b, k, &value);
    return value.len > 0;
}

/* Of the content, where it was asked for. */
static void add_sum(const struct catalog_row *r, struct text *t)
{
    char hex[65] = "-";

    if (r && r->sha256)
        hex_encode(hex, r->sha256, 32);
    text_add(t, r && r->unread ? "not read" : hex);
}

static bool has_sum(const struct change *c)
{
    return (c->row[0] && (c->row[0]->sha256 || c->row[0]->unread))
        || (c->row[1] && (c->row[1]->sha256 || c->row[1]->unread));
}

static void text_sums(const struct change *c, struct text *t)
{
    if (!has_sum(c))
        return;
    text_add(t, "         sha256   ");
    if (c->a)
        add_sum(c->row[0], t);
    text_add(t, c->a && c->b ? " => " : "");
    if (c->b)
        add_sum(c->row[1], t);
    text_add(t, "\n");
}

static void text_change(const struct change *c, struct text *t)
{
    text_addf(t, "%-7s  ", change_words[c->kind]);
    if (c->part->number || *c->part->volume) {
        part_text(c->part, t);
        text_add(t, ": ");
    }
    if (c->kind == CHANGE_MOVED) {
        text_add_shown(t, c->a->path);
        text_add(t, " => ");
    }
    text_add_shown(t, c->b ? c->b->path : c->a->path);
    if (c->place)
        text_addf(t, "  [%s]", c->place);
    text_add(t, "\n");
    for (int k = 0; k < FIELDS; k++) {
        if (!is_told(c, (enum change_field)k))
            continue;
        text_addf(t, "         %-8s ", field_words[k]);
        if (c->a)
            add_shown_value(c->a, (enum change_field)k, t);
        text_add(t, c->a && c->b ? " => " : "");
        if (c->b)
            add_shown_value(c->b, (enum change_field)k, t);
        text_add(t, "\n");
    }
    if (c->kind == CHANGE_REWRITTEN)
        text_add(t, "         content  other bytes, and size and times are "
                 "the same\n");
    text_sums(c, t);
}

static void text_end(const struct change_sums *sum, uint64_t left_out,
                     struct text *t)
{
    block_text.sum(sum->bytes, t);
    for (int k = 0; k < CHANGE_KINDS; k++)
        text_addf(t, "%s%" PRIu64 " %s", k ? ", " : "", sum->of[k],
                  change_words[k]);
    text_addf(t, "; %" PRIu64 " where intruders make sure to come back",
              sum->places);
    if (left_out)
        text_addf(t, "; NOT ALL: %" PRIu64 " parts could not be read",
                  left_out);
    text_add(t, "\n");
}

const struct change_format change_text = { nothing, text_change, text_end };

/* -------------------------------------------------------------------- JSON */

static void json_side(const char *name, const struct fs_entry *f,
                      const struct catalog_row *r, struct text *t)
{
    char hex[65];

    json_open(t, name, '{');
    json_put_text(t, "path", f->path);
    for (int k = 0; k < FIELDS; k++) {
        autotext struct text value = TEXT_INIT;

        change_value(f, (enum change_field)k, &value);
        t->failed |= value.failed;
        if (!value.len)
            continue;
        if (k == FIELD_SIZE || k == FIELD_UID || k == FIELD_GID
            || k == FIELD_INODE)
            json_put_value(t, field_words[k], value.s);
        else
            json_put_text(t, field_words[k], value.s);
    }
    if (r && r->sha256) {
        hex_encode(hex, r->sha256, 32);
        json_put_text(t, "sha256", hex);
    }
    if (r && r->unread)
        json_put_text(t, "unread", r->unread);
    json_close(t, '}');
}

static void json_change(const struct change *c, struct text *t)
{
    json_open(t, NULL, '{');
    json_put_text(t, "what", change_words[c->kind]);
    json_put_u64(t, "partition", c->part->number);
    if (*c->part->volume)
        json_put_text(t, "volume", c->part->volume);
    json_put_text(t, "path", c->b ? c->b->path : c->a->path);
    json_open(t, "fields", '[');
    for (int k = 0; k < FIELDS; k++)
        if (c->fields & 1u << k)
            json_put_text(t, NULL, field_words[k]);
    json_close(t, ']');
    json_put_text(t, "persistence", c->place);
    if (c->a)
        json_side("before", c->a, c->row[0], t);
    if (c->b)
        json_side("after", c->b, c->row[1], t);
    json_close(t, '}');
    text_add(t, "\n");
}

static void json_end(const struct change_sums *sum, uint64_t left_out,
                     struct text *t)
{
    json_open(t, NULL, '{');
    json_put_text(t, "what", "end");
    json_put_bool(t, "complete", left_out == 0);
    for (int k = 0; k < CHANGE_KINDS; k++)
        json_put_u64(t, change_words[k], sum->of[k]);
    json_put_u64(t, "persistence", sum->places);
    json_put_u64(t, "left_out", left_out);
    block_json.sum(sum->bytes, t);
    json_close(t, '}');
    text_add(t, "\n");
}

const struct change_format change_json = { nothing, json_change, json_end };

/* --------------------------------------------------------------------- CSV */

_Static_assert(BLOCK_SKIP == 2 * FIELDS + 2, "columns of a change");

static void csv_begin(struct text *t)
{
    text_add(t, "kind,partition,volume,path,path_before,persistence");
    for (int k = 0; k < FIELDS; k++)
        text_addf(t, ",%s_before,%s_after", field_words[k], field_words[k]);
    text_add(t, ",sha256_before,sha256_after," BLOCK_COLUMNS "\r\n");
}

static void csv_value(const struct fs_entry *f, enum change_field k,
                      struct text *t)
{
    autotext struct text value = TEXT_INIT;

    text_add(t, ",");
    if (f)
        change_value(f, k, &value);
    t->failed |= value.failed;
    if (value.len)
        csv_add(t, value.s);
}

static void csv_hash(const struct catalog_row *r, struct text *t)
{
    char hex[65] = "";

    if (r && r->sha256)
        hex_encode(hex, r->sha256, 32);
    text_addf(t, ",%s", hex);
}

static void csv_change(const struct change *c, struct text *t)
{
    text_addf(t, "%s,%u,", change_words[c->kind], c->part->number);
    csv_add(t, c->part->volume);
    text_add(t, ",");
    csv_add(t, c->b ? c->b->path : c->a->path);
    text_add(t, ",");
    csv_add(t, c->a ? c->a->path : "");
    text_add(t, ",");
    csv_add(t, c->place ? c->place : "");
    for (int k = 0; k < FIELDS; k++) {
        csv_value(c->a, (enum change_field)k, t);
        csv_value(c->b, (enum change_field)k, t);
    }
    csv_hash(c->row[0], t);
    csv_hash(c->row[1], t);
    text_add(t, "," BLOCK_NO_COLUMNS "\r\n");
}

static void csv_end(const struct change_sums *sum, uint64_t left_out,
                    struct text *t)
{
    (void)left_out;
    block_csv.sum(sum->bytes, t);
}

const struct change_format change_csv = { csv_begin, csv_change, csv_end };
