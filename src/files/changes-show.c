/* Changes as lines: for people, programs and spreadsheets. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/json.h"
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
}

static void text_end(const struct change_sums *sum, uint64_t left_out,
                     struct text *t)
{
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
                      struct text *t)
{
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
        json_side("before", c->a, t);
    if (c->b)
        json_side("after", c->b, t);
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
    json_close(t, '}');
    text_add(t, "\n");
}

const struct change_format change_json = { nothing, json_change, json_end };

/* --------------------------------------------------------------------- CSV */

static void csv_begin(struct text *t)
{
    text_add(t, "kind,partition,volume,path,path_before,persistence");
    for (int k = 0; k < FIELDS; k++)
        text_addf(t, ",%s_before,%s_after", field_words[k], field_words[k]);
    text_add(t, "\r\n");
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
    text_add(t, "\r\n");
}

static void csv_end(const struct change_sums *sum, uint64_t left_out,
                    struct text *t)
{
    (void)sum;
    (void)left_out;
    (void)t;
}

const struct change_format change_csv = { csv_begin, csv_change, csv_end };
