/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf-tables.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "image/deflate.h"
#include "image/ewf-section.h"
#include "image/ewf-walk.h"

enum { AT_COUNT = 0, AT_BASE = 8 };

#define ENTRY 4
#define DEFLATED 0x80000000u

struct table {
    const char *path;
    uint64_t start, end;      /* of the section */
    uint64_t copy;            /* where table2's entries begin; 0: none */
    uint64_t base;            /* of the offsets in it */
    uint64_t first;           /* chunk */
    uint32_t n;
};

struct ewf_tables {
    struct table *table;
    size_t n, room;
    const struct table *loaded;
    uint32_t *length;         /* of the chunks of the table that is loaded */
};

/* ----------------------------------------------------------- finding them */

static struct table *add(struct ewf_tables *t, struct err *e)
{
    size_t room = t->room ? 2 * t->room : 64;
    struct table *more;

    if (t->n == t->room) {
        more = realloc(t->table, room * sizeof(*more));
        if (!more) {
            err_nomem(e);
            return NULL;
        }
        t->table = more;
        t->room = room;
    }
    return memset(&t->table[t->n], 0, sizeof(*t->table));
}

static uint64_t chunks(const struct ewf_tables *t)
{
    return t->n ? t->table[t->n - 1].first + t->table[t->n - 1].n : 0;
}

static int add_table(struct ewf_tables *t, const struct ewf_walk *w,
                     const struct ewf_part *p, const unsigned char *head,
                     struct err *e)
{
    uint64_t first = chunks(t);
    struct table *a = add(t, e);

    if (!a)
        return -1;
    a->path = w->path;
    a->start = p->start;
    a->end = p->data + p->bytes;
    a->base = ewf_number(head + AT_BASE, 8);
    a->first = first;
    a->n = (uint32_t)ewf_number(head + AT_COUNT, 4);
    t->n++;
    return 0;
}

static void add_copy(struct ewf_tables *t, const struct ewf_walk *w,
                     const struct ewf_part *p, const unsigned char *head)
{
    struct table *a = t->n ? &t->table[t->n - 1] : NULL;

    if (a && a->path == w->path && a->n == ewf_number(head + AT_COUNT, 4))
        a->copy = p->data + EWF_TABLE_HEAD;
}

static int look_at(struct ewf_tables *t, const struct ewf_walk *w,
                   const struct ewf_part *p, struct err *e)
{
    bool is_table = strcmp(p->type, "table") == 0;
    bool is_copy = strcmp(p->type, "table2") == 0;
    unsigned char head[EWF_TABLE_HEAD];
    size_t got;

    if ((!is_table && !is_copy) || p->bytes < sizeof(head))
        return 0;
    if (ewf_walk_read(w, p->data, head, sizeof(head), &got, e) < 0)
        return -1;
    if (got < sizeof(head)
        || ewf_number(head + AT_COUNT, 4) > (p->bytes - sizeof(head)) / ENTRY)
        return 0;
    if (is_table)
        return add_table(t, w, p, head, e);
    add_copy(t, w, p, head);
    return 0;
}

static int look_into(struct ewf_tables *t, const char *path, struct err *e)
{
    struct ewf_walk w;
    struct ewf_part p;
    int r;

    if (ewf_walk_open(&w, path, true, e) < 0)
        return -1;
    while ((r = ewf_walk_next(&w, &p, e)) > 0)
        if ((r = look_at(t, &w, &p, e)) < 0)
            break;
    ewf_walk_close(&w);
    return r;
}

struct ewf_tables *ewf_tables_new(char **paths, struct err *e)
{
    struct ewf_tables *t = calloc(1, sizeof(*t));

    if (!t)
        err_nomem(e);
    for (size_t i = 0; t && paths[i]; i++)
        if (look_into(t, paths[i], e) < 0) {
            ewf_tables_free(t);
            t = NULL;
        }
    return t;
}

void ewf_tables_free(struct ewf_tables *t)
{
    if (!t)
        return;
    free(t->table);
    free(t->length);
    free(t);
}

/* ---------------------------------------------------------------- lengths */

/* Whether the entries could be read and their checksum, which SMART does not
 * have, fits. */
static bool read_entries(const struct ewf_walk *w, uint64_t at, size_t n,
                         unsigned char *out)
{
    struct err ignored = ERR_INIT;
    size_t size = n * ENTRY;
    size_t got;

    return ewf_walk_read(w, at, out, size + 4, &got, &ignored) == 0
        && got == size + 4
        && ewf_number(out + size, 4) == adler32_of(out, size);
}

/* From one entry to the next, as libewf understands them: the first bit says
 * that a chunk is deflated, until offsets need it for themselves. */
static void measure(const struct table *a, const unsigned char *entries,
                    uint32_t *length)
{
    uint32_t mask = ~DEFLATED;
    uint32_t entry = (uint32_t)ewf_number(entries, ENTRY);
    uint64_t last;

    for (uint32_t i = 0; i + 1 < a->n; i++) {
        uint32_t at = entry & mask;

        entry = (uint32_t)ewf_number(entries + (i + 1) * (size_t)ENTRY, ENTRY);
        length[i] = ((entry & mask) < at ? entry : entry & mask) - at;
        if ((uint64_t)at + length[i] > INT32_MAX)
            mask = UINT32_MAX;
    }
    last = a->base + (entry & mask);
    last = last < a->start ? a->start - last
        : last < a->end ? a->end - last : 0;
    length[a->n - 1] = last < UINT32_MAX ? (uint32_t)last : UINT32_MAX;
}

/* The copy counts when the table itself is damaged. */
static void load_from(struct ewf_tables *t, const struct table *a,
                      unsigned char *entries, const struct ewf_walk *w)
{
    uint64_t at = a->start + EWF_SECTION_HEAD + EWF_TABLE_HEAD;

    if (!read_entries(w, at, a->n, entries)
        && !(a->copy && read_entries(w, a->copy, a->n, entries)))
        read_entries(w, at, a->n, entries);
    measure(a, entries, t->length);
}

static int load(struct ewf_tables *t, const struct table *a, struct err *e)
{
    autofree unsigned char *entries = calloc(a->n + (size_t)1, ENTRY);
    struct err ignored = ERR_INIT;
    struct ewf_walk w;

    free(t->length);
    t->length = calloc(a->n, sizeof(*t->length));
    t->loaded = a;
    if (!entries || !t->length)
        return err_nomem(e);
    if (ewf_walk_open(&w, a->path, true, &ignored) < 0)
        return 0;
    load_from(t, a, entries, &w);
    ewf_walk_close(&w);
    return 0;
}

static const struct table *find(const struct ewf_tables *t, uint64_t chunk)
{
    size_t low = 0, high = t->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct table *a = &t->table[middle];

        if (chunk < a->first)
            high = middle;
        else if (chunk - a->first >= a->n)
            low = middle + 1;
        else
            return a;
    }
    return NULL;
}

int ewf_tables_allow(struct ewf_tables *t, uint64_t chunk, size_t most,
                     struct err *e)
{
    const struct table *a = t->loaded;

    if (!a || chunk < a->first || chunk - a->first >= a->n) {
        a = find(t, chunk);
        if (!a)
            return 1;
        if (load(t, a, e) < 0)
            return -1;
    }
    return t->length[chunk - a->first] <= most;
}
