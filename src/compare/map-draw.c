/* SPDX-License-Identifier: Apache-2.0 */
/* The map as a picture.  Its cells differ by pattern and not by color alone:
 * it is printed in black and white, and not everybody sees colors.  The
 * patterns are tiles of the grid, so that each cell shows all of its own. */
#include <inttypes.h>

#include "base/number.h"
#include "compare/map-private.h"

/* All of these are multiples of PIXELS, as the tiles want it. */
#define PIXELS 10
#define LEFT 90
#define TOP 110
#define RIGHT 30
#define WIDTH (LEFT + MAP_SIDE * PIXELS + RIGHT)
#define LEGEND_ROW 20
#define COLUMNS 2

/* Bytes of a name that have room in a line; the whole name is in the title of
 * the line. */
#define NAME_SHOWN 84

#define BOX(fill) "<rect width='9' height='9' fill='" fill "'/>"
#define LINES(color, path) \
    "<path d='" path "' stroke='" color "' stroke-width='1.6'/>"

/* In gray, too, the backgrounds go from light to dark as they matter more. */
static const struct {
    const char *words;
    const char *tile;
} paints[PAINTS] = {
    [PAINT_NOTHING] = { "nothing stored", BOX("#f4f4f4") },
    [PAINT_STORED] = { "stored", BOX("#cfcfcf") },
    [PAINT_EQUAL] = { "listed, same bytes", BOX("#b5d3ee")
                      LINES("#1d3f5e", "M3.5 4.5h2") },
    [PAINT_LISTED] = { "listed", BOX("#f0b64a")
                       LINES("#4a3000", "M0 2.5h9M0 6.5h9") },
    [PAINT_REMOVED] = { "only in A", BOX("#8d66b8")
                        LINES("#ffffff", "M0 0L9 9") },
    [PAINT_ADDED] = { "only in B", BOX("#2b8a55")
                      LINES("#ffffff", "M9 0L0 9") },
    [PAINT_CHANGED] = { "different", BOX("#a5201c")
                        LINES("#ffffff", "M0 0L9 9M9 0L0 9") },
    [PAINT_UNREADABLE] = { "unreadable", BOX("#000000") },
};

static uint64_t cells(const struct diff_map *m)
{
    return (m->blocks + m->each - 1) / m->each;
}

static int rows(const struct diff_map *m)
{
    return (int)((cells(m) + MAP_SIDE - 1) / MAP_SIDE);
}

static int bottom(const struct diff_map *m)
{
    return TOP + rows(m) * PIXELS;
}

/* The legend begins on the grid, under the last label of the axis. */
static int legend(const struct diff_map *m)
{
    return bottom(m) + 30;
}

static int height(const struct diff_map *m)
{
    return legend(m) + (PAINTS / COLUMNS) * LEGEND_ROW + 10;
}

/* ----------------------------------------------------------------- names */

static void put_escaped(struct text *t, const char *s, size_t n)
{
    for (const char *p = s; n--; p++) {
        if (*p == '&' || *p == '<' || *p == '>' || *p == '"')
            text_addf(t, "&#%d;", *p);
        else
            text_addn(t, p, 1);
    }
}

/* So many bytes of it at most, and no half character. */
static size_t cut(const char *s, size_t n, size_t most)
{
    if (n <= most)
        return n;
    while (most && ((unsigned char)s[most] & 0xc0) == 0x80)
        most--;
    return most;
}

/* A name is whatever was typed: shown, cut, and then as XML wants it. */
static void put_name(struct text *t, const char *name, size_t most)
{
    autotext struct text shown = TEXT_INIT;
    size_t n;

    text_add_shown(&shown, name);
    t->failed |= shown.failed;
    if (!shown.s)
        return;
    n = cut(shown.s, shown.len, most);
    put_escaped(t, shown.s, n);
    if (n < shown.len)
        text_add(t, "\xe2\x80\xa6");
}

static const char *name_of(const struct diff *d, int side)
{
    return d->sides[side].volume.name;
}

/* ------------------------------------------------------------------ head */

static void put_patterns(struct text *t)
{
    text_add(t, "<defs>\n");
    for (int p = 0; p < PAINTS; p++)
        text_addf(t, "<pattern id=\"p%d\" width=\"%d\" height=\"%d\" "
                  "patternUnits=\"userSpaceOnUse\">%s</pattern>\n", p, PIXELS,
                  PIXELS, paints[p].tile);
    text_add(t, "</defs>\n");
}

static void put_title(struct text *t, const struct diff *d)
{
    text_add(t, "<title>What differs between ");
    put_name(t, name_of(d, 0), SIZE_MAX);
    text_add(t, " and ");
    put_name(t, name_of(d, 1), SIZE_MAX);
    text_add(t, "</title>\n");
}

static void put_head(struct text *t, const struct diff_map *m,
                     const struct diff *d)
{
    char size[32], cell[32];

    text_add(t, "<text x=\"10\" y=\"28\" font-size=\"18\" "
             "font-weight=\"bold\">What differs between two volumes</text>\n");
    for (int i = 0; i < 2; i++) {
        text_addf(t, "<text x=\"10\" y=\"%d\">%c: ", 50 + 18 * i,
                  d->sides[i].letter);
        put_name(t, name_of(d, i), NAME_SHOWN);
        text_add(t, "</text>\n");
    }
    text_addf(t, "<text x=\"10\" y=\"90\">%s; each cell is %s (%" PRIu64
              " block%s), read from left to right</text>\n",
              size_text(size, m->blocks * BLOCK_SIZE),
              size_text(cell, m->each * BLOCK_SIZE), m->each,
              m->each == 1 ? "" : "s");
}

/* ------------------------------------------------------------------ axis */

/* A label at each eighth row, or at more when there are few. */
static int step_of(int n)
{
    return n > 16 ? 8 : n > 4 ? 2 : 1;
}

static void put_label(struct text *t, int y, uint64_t offset)
{
    char size[32];

    text_addf(t, "<path d=\"M%d %dh6\" stroke=\"#000\"/><text x=\"%d\" "
              "y=\"%d\" text-anchor=\"end\" font-size=\"11\">%s</text>\n",
              LEFT - 8, y, LEFT - 12, y + 4, size_text(size, offset));
}

/* Offsets of the first byte of a row, and where the volume ends. */
static void put_axis(struct text *t, const struct diff_map *m)
{
    int n = rows(m), step = step_of(n);

    for (int row = 0; row < n; row += step)
        if (row == 0 || row + 1 < n)
            put_label(t, TOP + row * PIXELS,
                      (uint64_t)row * MAP_SIDE * m->each * BLOCK_SIZE);
    put_label(t, bottom(m) + (n == 1 ? 6 : 0), m->blocks * BLOCK_SIZE);
}

/* ----------------------------------------------------------------- cells */

static void put_box(struct text *t, int x, int y, int paint)
{
    text_addf(t, "<rect x=\"%d\" y=\"%d\" width=\"9\" height=\"9\" "
              "fill=\"url(#p%d)\"", x, y, paint);
}

static void put_cell(struct text *t, const struct diff_map *m, uint64_t cell)
{
    uint64_t first = cell * m->each;
    uint64_t last = first + m->each < m->blocks ? first + m->each
                                                : m->blocks;
    int paint = PAINTS - 1;

    while (paint && !m->counts[cell][paint])
        paint--;
    put_box(t, LEFT + (int)(cell % MAP_SIDE) * PIXELS,
            TOP + (int)(cell / MAP_SIDE) * PIXELS, paint);
    text_addf(t, "><title>bytes %" PRIu64 " to %" PRIu64, first * BLOCK_SIZE,
              last * BLOCK_SIZE - 1);
    for (int p = PAINT_STORED; p < PAINTS; p++)
        if (m->counts[cell][p])
            text_addf(t, ", %s: %" PRIu64, paints[p].words,
                      m->counts[cell][p]);
    text_add(t, "</title></rect>\n");
}

/* ---------------------------------------------------------------- legend */

static uint64_t count_of(const struct diff_map *m, int paint)
{
    uint64_t n = 0;

    for (size_t i = 0; i < MAP_CELLS; i++)
        n += m->counts[i][paint];
    return n;
}

static void put_entry(struct text *t, const struct diff_map *m, int paint)
{
    const int half = PAINTS / COLUMNS;
    int x = LEFT + (paint / half) * (MAP_SIDE / COLUMNS) * PIXELS;
    int y = legend(m) + (paint % half) * LEGEND_ROW;
    uint64_t n = count_of(m, paint);

    put_box(t, x, y, paint);
    text_addf(t, "/><text x=\"%d\" y=\"%d\">%s", x + 16, y + 9,
              paints[paint].words);
    if (paint != PAINT_NOTHING)
        text_addf(t, ": %" PRIu64 " block%s", n, n == 1 ? "" : "s");
    text_add(t, "</text>\n");
}

void diff_map_draw(struct text *t, const struct diff_map *m,
                   const struct diff *d)
{
    text_addf(t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
              "height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" "
              "font-family=\"sans-serif\" font-size=\"12\">\n", WIDTH,
              height(m), WIDTH, height(m));
    put_title(t, d);
    put_patterns(t);
    text_addf(t, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n",
              WIDTH, height(m));
    put_head(t, m, d);
    put_axis(t, m);
    for (uint64_t cell = 0; cell < cells(m); cell++)
        put_cell(t, m, cell);
    for (int p = 0; p < PAINTS; p++)
        put_entry(t, m, p);
    text_add(t, "</svg>\n");
}
