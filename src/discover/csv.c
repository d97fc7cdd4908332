/* SPDX-License-Identifier: Apache-2.0 */
/* Rows for a spreadsheet: RFC 4180. */
#include <inttypes.h>

#include "base/csv.h"
#include "discover/show.h"
#include "show/tell.h"

static void begin(const struct show *s, struct text *t)
{
    bool first = true;

    for (size_t i = 0; i < columns_count; i++) {
        if (!show_has(s, &columns[i], false))
            continue;
        text_add(t, first ? "" : ",");
        csv_add(t, columns[i].name);
        first = false;
    }
    text_add(t, "\r\n");
}

static void region(const struct show *s, const struct service *from,
                   struct text *t)
{
    (void)s;
    (void)from;
    (void)t;
}

static void add_cell(const struct cell *c, struct text *t)
{
    switch (c->kind) {
    case CELL_NONE:
        break;
    case CELL_UNKNOWN:
        csv_add(t, "unknown");
        break;
    case CELL_TEXT:
    case CELL_TIME:
        csv_add(t, c->text);
        break;
    case CELL_NUMBER:
    case CELL_BYTES:
        text_addf(t, "%" PRIu64, c->number);
        break;
    case CELL_BOOL:
        text_add(t, c->number ? "true" : "false");
        break;
    case CELL_LIST:
        if (c->json)
            csv_add(t, c->json);
        break;
    }
    t->failed |= c->made.failed || c->made_json.failed;
}

static void row(const struct show *s, const struct row *r, struct text *t)
{
    bool first = true;

    for (size_t i = 0; i < columns_count; i++) {
        struct cell c;

        if (!show_has(s, &columns[i], false))
            continue;
        text_add(t, first ? "" : ",");
        column_read(&columns[i], r, &c);
        add_cell(&c, t);
        cell_free(&c);
        first = false;
    }
    text_add(t, "\r\n");
}

/* A file of rows has no place for more: it goes to whoever looks on. */
static void end(const struct show *s, const struct notes *notes,
                bool complete, struct text *t)
{
    (void)t;
    for (size_t i = 0; i < notes->count; i++)
        tell_always("note: %s", notes->list[i]);
    tell_note("%" PRIu64 " snapshot%s%s", s->rows, s->rows == 1 ? "" : "s",
              complete ? "" : ", not all");
}

const struct show_format show_csv = { begin, region, row, end };
