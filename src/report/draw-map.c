/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "base/block.h"
#include "base/number.h"
#include "report/draw.h"
#include "report/markup.h"

#define COLUMNS 256u
#define HEIGHT 24u      /* of a column, in units of the picture */
#define LEAST 3u        /* of what is there at all */

/* From below to above; what is left is white. */
static const struct layer {
    enum map_kind kind;
    const char *class;
} layers[] = {
    { MAP_STORED, "stored" },
    { MAP_CARRIED, "carried" },
    { MAP_ZERO, "zero" },
};

#define LAYERS (sizeof(layers) / sizeof(layers[0]))

/* How high each layer of a step is: rare blocks are never too low to be seen,
 * at the cost of the highest layer. */
static void heights(const struct map *m, unsigned step, unsigned out[LAYERS])
{
    uint64_t all = map_step_blocks(m, step);
    unsigned sum = 0;
    size_t highest = 0;

    for (size_t i = 0; i < LAYERS; i++) {
        uint64_t n = m->at[step][layers[i].kind];

        out[i] = (unsigned)(n * HEIGHT / all);
        if (n && out[i] < LEAST)
            out[i] = LEAST;
        sum += out[i];
        if (out[i] > out[highest])
            highest = i;
    }
    if (sum > HEIGHT)
        out[highest] -= sum - HEIGHT;
}

static unsigned below(const unsigned *h, size_t layer)
{
    unsigned sum = 0;

    for (size_t i = 0; i < layer; i++)
        sum += h[i];
    return sum;
}

static bool same(const struct map *m, unsigned a, unsigned b, size_t layer)
{
    unsigned x[LAYERS], y[LAYERS];

    heights(m, a, x);
    heights(m, b, y);
    return x[layer] == y[layer] && below(x, layer) == below(y, layer);
}

/* Columns that are alike are one rectangle. */
static void draw_layer(struct text *t, const struct map *m, unsigned from,
                       unsigned to, size_t layer)
{
    text_addf(t, "<path class=\"%s\" d=\"", layers[layer].class);
    for (unsigned i = from; i < to;) {
        unsigned h[LAYERS], n = 1;

        heights(m, i, h);
        while (i + n < to && same(m, i, i + n, layer))
            n++;
        if (h[layer])
            text_addf(t, "M%u %uh%uv%uh-%uz", i - from,
                      HEIGHT - below(h, layer) - h[layer], n, h[layer], n);
        i += n;
    }
    text_add(t, "\"/>");
}

static void draw_lane(struct text *t, const struct map *m, unsigned from,
                      unsigned to)
{
    text_add(t, "<path class=\"lost\" d=\"");
    for (unsigned i = from; i < to; i++)
        if (m->at[i][MAP_UNREADABLE])
            text_addf(t, "M%u %uh1v6h-1z", i - from, HEIGHT + 2);
    text_add(t, "\"/>");
}

/* In hundredths of a percent of the row. */
static void draw_partition(struct text *t, const struct partition *p,
                           uint64_t from, uint64_t to)
{
    uint64_t begin = p->offset > from ? p->offset : from;
    uint64_t end = p->offset + p->length < to ? p->offset + p->length : to;
    double all = (double)(to - from) / 100;

    if (begin >= end)
        return;
    text_addf(t, "<span style=\"left:%.2f%%;width:%.2f%%\">%u</span>",
              (double)(begin - from) / all, (double)(end - begin) / all,
              p->number);
}

static void draw_partitions(struct text *t, const struct report *r,
                            uint64_t from, uint64_t to)
{
    const struct partition_list *l = &r->disk.partitions;

    if (!l->count)
        return;
    text_add(t, "<div class=\"lane\">");
    for (size_t i = 0; i < l->count; i++)
        draw_partition(t, &l->list[i], from, to);
    text_add(t, "</div>");
}

static void draw_row(struct text *t, const struct report *r, unsigned from,
                     unsigned to, unsigned columns)
{
    const struct map *m = &r->map;
    uint64_t step = m->step * BLOCK_SIZE;
    char size[32];

    text_addf(t, "<div class=\"strip\"><p>from byte %" PRIu64 " (%s)</p>",
              from * step, size_text(size, from * step));
    draw_partitions(t, r, from * step,
                    (uint64_t)(from + columns) * step);
    text_addf(t, "<svg viewBox=\"0 0 %u %u\" preserveAspectRatio=\"none\" "
              "role=\"img\" aria-label=\"Blocks from byte %" PRIu64 "\">"
              "<rect class=\"never\" vector-effect=\"non-scaling-stroke\" "
              "width=\"%u\" height=\"%u\"/>",
              columns, HEIGHT + 9, from * step, to - from, HEIGHT);
    for (size_t i = 0; i < LAYERS; i++)
        draw_layer(t, m, from, to, i);
    draw_lane(t, m, from, to);
    text_add(t, "</svg></div>\n");
}

void draw_patterns(struct text *t)
{
    text_add(t, "<svg class=\"patterns\" width=\"0\" height=\"0\" "
             "aria-hidden=\"true\"><defs><pattern id=\"hatch\" width=\"3\" "
             "height=\"3\" patternUnits=\"userSpaceOnUse\">"
             "<rect width=\"3\" height=\"3\" fill=\"#fff\"/>"
             "<path d=\"M0 3L3 0\" stroke=\"#1f4e79\"/></pattern></defs></svg>"
             "\n");
}

static void draw_legend(struct text *t, const struct map *m)
{
    static const struct { const char *class; enum map_kind kind; } rows[] = {
        { "stored", MAP_STORED }, { "carried", MAP_CARRIED },
        { "zero", MAP_ZERO }, { "lost", MAP_UNREADABLE },
        { "never", MAP_NEVER },
    };

    text_add(t, "<ul class=\"legend\">");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        text_addf(t, "<li><svg viewBox=\"0 0 16 12\" aria-hidden=\"true\">"
                  "<rect class=\"%s\" x=\"0.5\" y=\"0.5\" width=\"15\" "
                  "height=\"11\"/></svg> ", rows[i].class);
        markup_add(t, map_names[rows[i].kind]);
        text_addf(t, ": %" PRIu64 "</li>", m->of[rows[i].kind]);
    }
    text_add(t, "</ul>\n");
}

void draw_map(struct text *t, const struct report *r)
{
    const struct map *m = &r->map;
    unsigned columns = m->steps < COLUMNS ? m->steps : COLUMNS;

    text_add(t, "<figure>");
    draw_legend(t, m);
    for (unsigned i = 0; i < m->steps; i += COLUMNS)
        draw_row(t, r, i, i + COLUMNS < m->steps ? i + COLUMNS : m->steps,
                 columns);
    text_addf(t, "<figcaption>The volume from its first byte to its last.  A "
              "column is %" PRIu64 " block%s; how much of it has which "
              "colour is the share of its blocks, and what is there at all is "
              "drawn high enough to be seen.  The lane below has a mark for "
              "each column with unreadable blocks%s.</figcaption></figure>\n",
              m->step, m->step == 1 ? "" : "s", r->disk.partitions.count
              ? ", the one above the partitions by their numbers" : "");
}
