/* SPDX-License-Identifier: Apache-2.0 */
/* The volume as a map of 64 times 64 cells: what differs, and where. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "compare/diff.h"

#define SIDE 64
#define CELLS (SIDE * SIDE)
#define PIXELS 10
#define TOP 44
#define LEGEND 24

/* What a cell is painted as: the last of these that is in it. */
enum paint {
    PAINT_NOTHING,      /* no block of either side, as far as is known */
    PAINT_STORED,
    PAINT_EQUAL,        /* listed, and the same bytes */
    PAINT_LISTED,       /* listed, not compared */
    PAINT_REMOVED,
    PAINT_ADDED,
    PAINT_CHANGED,
    PAINT_UNREADABLE,
    PAINTS,
};

static const struct {
    const char *color;
    const char *words;
} paints[PAINTS] = {
    [PAINT_NOTHING] = { "#f2f2f2", "nothing stored" },
    [PAINT_STORED] = { "#c4c4c4", "stored" },
    [PAINT_EQUAL] = { "#8fb7dd", "listed, same bytes" },
    [PAINT_LISTED] = { "#f0a830", "listed" },
    [PAINT_REMOVED] = { "#7b52ab", "only in A" },
    [PAINT_ADDED] = { "#2e8b57", "only in B" },
    [PAINT_CHANGED] = { "#d1342f", "different" },
    [PAINT_UNREADABLE] = { "#000000", "unreadable" },
};

struct diff_map {
    uint64_t blocks;           /* of the volume */
    uint64_t each;             /* blocks in a cell */
    uint64_t counts[CELLS][PAINTS];
};

struct diff_map *diff_map_new(const struct diff *d, struct err *e)
{
    struct diff_map *m = calloc(1, sizeof(*m));

    if (!m) {
        err_nomem(e);
        return NULL;
    }
    m->blocks = d->blocks ? d->blocks : 1;
    m->each = (m->blocks + CELLS - 1) / CELLS;
    return m;
}

static enum paint paint_of(const struct diff_block *b)
{
    if (b->state == DIFF_UNREADABLE)
        return PAINT_UNREADABLE;
    if (b->state == DIFF_EQUAL)
        return PAINT_EQUAL;
    if (b->state == DIFF_LISTED)
        return PAINT_LISTED;
    return b->kind == DIFF_ADDED ? PAINT_ADDED
        : b->kind == DIFF_REMOVED ? PAINT_REMOVED : PAINT_CHANGED;
}

void diff_map_block(struct diff_map *m, const struct diff_block *b)
{
    m->counts[b->index / m->each][paint_of(b)]++;
}

static void count_stored(struct diff_map *m, const struct diff *d)
{
    for (int i = 0; i < 2; i++) {
        const struct blockset *s = d->sides[i].volume.stored;
        uint64_t at = s ? blockset_next(s, 0) : BLOCKSET_END;

        for (; at != BLOCKSET_END; at = blockset_next(s, at + 1))
            if (i == 0 || !blockset_has(d->sides[0].volume.stored, at))
                m->counts[at / m->each][PAINT_STORED]++;
    }
}

/* A name is whatever was typed: shown, and then as XML wants it. */
static void put_xml(struct text *t, const char *s)
{
    autotext struct text shown = TEXT_INIT;

    text_add_shown(&shown, s);
    if (shown.failed)
        t->failed = true;
    for (const char *p = shown.s; p && *p; p++) {
        if (*p == '&' || *p == '<' || *p == '>' || *p == '"')
            text_addf(t, "&#%d;", *p);
        else
            text_addn(t, p, 1);
    }
}

static void put_cell(struct text *t, const struct diff_map *m, uint64_t cell)
{
    uint64_t first = cell * m->each;
    uint64_t last = first + m->each < m->blocks ? first + m->each
                                                : m->blocks;
    int paint = PAINTS - 1;

    while (paint && !m->counts[cell][paint])
        paint--;
    text_addf(t, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
              "fill=\"%s\"><title>bytes %" PRIu64 " to %" PRIu64,
              (int)(cell % SIDE) * PIXELS, TOP + (int)(cell / SIDE) * PIXELS,
              PIXELS - 1, PIXELS - 1, paints[paint].color,
              first * BLOCK_SIZE, last * BLOCK_SIZE - 1);
    for (int p = PAINT_STORED; p < PAINTS; p++)
        if (m->counts[cell][p])
            text_addf(t, ", %s: %" PRIu64, paints[p].words,
                      m->counts[cell][p]);
    text_add(t, "</title></rect>\n");
}

static void put_head(struct text *t, const struct diff_map *m,
                     const struct diff *d)
{
    text_addf(t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
              "height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n",
              SIDE * PIXELS, TOP + SIDE * PIXELS + LEGEND);
    for (int i = 0; i < 2; i++) {
        text_addf(t, "<text x=\"0\" y=\"%d\">%c: ", 14 + 16 * i,
                  d->sides[i].letter);
        put_xml(t, d->sides[i].volume.name);
        text_add(t, "</text>\n");
    }
    text_addf(t, "<text x=\"%d\" y=\"30\" text-anchor=\"end\">a cell: %"
              PRIu64 " blocks of 512 KiB</text>\n", SIDE * PIXELS, m->each);
}

static void put_legend(struct text *t)
{
    int y = TOP + SIDE * PIXELS + 6;

    for (int p = 0; p < PAINTS; p++)
        text_addf(t, "<rect x=\"%d\" y=\"%d\" width=\"9\" height=\"9\" "
                  "fill=\"%s\"/><text x=\"%d\" y=\"%d\" font-size=\"9\">%s"
                  "</text>\n", p * 80, y, paints[p].color, p * 80 + 11,
                  y + 8, paints[p].words);
}

static void compose(struct text *t, const struct diff_map *m,
                    const struct diff *d)
{
    put_head(t, m, d);
    for (uint64_t cell = 0; cell * m->each < m->blocks; cell++)
        put_cell(t, m, cell);
    put_legend(t);
    text_add(t, "</svg>\n");
}

int diff_map_write(struct diff_map *m, const struct diff *d,
                   const char *path, struct err *e)
{
    autotext struct text t = TEXT_INIT;
    int fd;
    int r;

    count_stored(m, d);
    compose(&t, m, d);
    if (t.failed)
        return err_nomem(e);
    if (file_create(path, &fd, e) < 0)
        return -1;
    r = file_write(fd, t.s, t.len, path, e);
    close(fd);
    return r;
}

void diff_map_free(struct diff_map *m)
{
    free(m);
}
