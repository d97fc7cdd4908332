/* SPDX-License-Identifier: Apache-2.0 */
/* Rows for a program: JSON, an object a line, the last one a summary, so that
 * what was cut off can be told from what is whole. */
#include <inttypes.h>

#include "discover/show.h"

static void begin(const struct show *s, struct text *t)
{
    (void)s;
    (void)t;
}

static void region(const struct show *s, const struct service *from,
                   struct text *t)
{
    (void)s;
    text_add(t, "{\"what\":\"region\",\"region\":");
    text_add_json(t, from->settings.region);
    text_add(t, ",\"service\":");
    service_add_json(from->aws, &from->settings, t);
    text_add(t, "}\n");
}

/* null: nobody tells.  What does not apply is left out. */
static void add_value(const struct cell *c, struct text *t)
{
    switch (c->kind) {
    case CELL_NONE:
    case CELL_UNKNOWN:
        text_add(t, "null");
        break;
    case CELL_TEXT:
    case CELL_TIME:
        text_add_json(t, c->text);
        break;
    case CELL_NUMBER:
    case CELL_BYTES:
        text_addf(t, "%" PRIu64, c->number);
        break;
    case CELL_BOOL:
        text_add(t, c->number ? "true" : "false");
        break;
    case CELL_LIST:
        text_add(t, c->json ? c->json : "[]");
        break;
    }
    t->failed |= c->made.failed || c->made_json.failed;
}

static void row(const struct show *s, const struct row *r, struct text *t)
{
    text_add(t, "{\"what\":\"snapshot\"");
    for (size_t i = 0; i < columns_count; i++) {
        struct cell c;

        if (!show_has(s, &columns[i], false))
            continue;
        column_read(&columns[i], r, &c);
        if (c.kind != CELL_NONE) {
            text_addf(t, ",\"%s\":", columns[i].name);
            add_value(&c, t);
        }
        cell_free(&c);
    }
    text_add(t, "}\n");
}

static void end(const struct show *s, const struct notes *notes,
                bool complete, struct text *t)
{
    text_addf(t, "{\"what\":\"summary\",\"snapshots\":%" PRIu64
              ",\"size_gib\":%" PRIu64 ",\"notes\":[", s->rows, s->gib);
    for (size_t i = 0; i < notes->count; i++) {
        text_add(t, i ? "," : "");
        text_add_json(t, notes->list[i]);
    }
    text_addf(t, "],\"complete\":%s}\n", complete ? "true" : "false");
}

const struct show_format show_lines = { begin, region, row, end };
