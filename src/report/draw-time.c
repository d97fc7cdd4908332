/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "base/block.h"
#include "base/clock.h"
#include "base/number.h"
#include "report/draw.h"

#define HEIGHT 48u
#define LANE 8u

static void draw_blocks(struct text *t, const struct timeline *l, size_t n)
{
    uint64_t top = timeline_top(l, TIMELINE_BLOCKS);

    text_addf(t, "<path class=\"flow\" d=\"M0 %u", HEIGHT);
    for (size_t i = 0; i < n; i++) {
        uint64_t blocks = l->of[TIMELINE_BLOCKS][i];
        double high = top ? (double)blocks * HEIGHT / (double)top : 0;

        text_addf(t, "V%.1fH%zu", (double)HEIGHT - high, i + 1);
    }
    text_addf(t, "V%uz\"/>", HEIGHT);
}

/* Each in its own lane, in this order. */
static const struct { enum timeline_kind kind; const char *name; } lanes[] = {
    { TIMELINE_RETRIES, "made again" },
    { TIMELINE_THROTTLED, "slowed down" },
    { TIMELINE_LOST, "unreadable blocks" },
};

#define LANES (sizeof(lanes) / sizeof(lanes[0]))

static void draw_lane(struct text *t, const struct timeline *l, size_t n,
                      size_t lane)
{
    text_add(t, "<path class=\"lost\" d=\"");
    for (size_t i = 0; i < n; i++)
        if (l->of[lanes[lane].kind][i])
            text_addf(t, "M%zu %zuh1v%uh-1z", i, HEIGHT + 2 + lane * LANE,
                      LANE - 2);
    text_add(t, "\"/>");
}

static void draw_breaks(struct text *t, const struct timeline *l)
{
    text_add(t, "<path class=\"break\" vector-effect=\"non-scaling-stroke\" "
                "d=\"");
    for (size_t i = 0; i < l->nbreaks; i++)
        text_addf(t, "M%" PRIu64 " 0V%zu", l->breaks[i] / l->step,
                  HEIGHT + 2 + LANES * LANE);
    text_add(t, "\"/>");
}

/* A run of a minute has no record of its progress. */
static void add_top(struct text *t, const struct timeline *l)
{
    uint64_t top = timeline_top(l, TIMELINE_BLOCKS);
    double rate = (double)top * BLOCK_SIZE * NS_PER_S / (double)l->step;
    char size[32];

    if (top)
        text_addf(t, "the highest is %s a second of the volume, never-stored "
                  "ranges not counted; from one progress record of the log to "
                  "the next it is an average.",
                  size_text(size, (uint64_t)rate));
    else
        text_add(t, "the log has no record of the progress.");
}

static void draw_caption(struct text *t, const struct timeline *l)
{
    char took[32];

    text_addf(t, "<figcaption>From left to right %s of work, a column is "
              "%.2f s; ", duration_text(took, l->end / NS_PER_S),
              (double)l->step / (double)NS_PER_S);
    add_top(t, l);
    text_addf(t, "  In the lanes below, from above: requests that were %s, "
              "requests that were %s, %s.%s  By the clock of the machine "
              "that ran ebsimg.</figcaption>", lanes[0].name,
              lanes[1].name, lanes[2].name, l->nbreaks
              ? "  Broken lines are where another session begins; the time "
                "between two of them is not shown." : "");
}

void draw_timeline(struct text *t, const struct report *r)
{
    const struct timeline *l = &r->story.time;
    size_t n = timeline_steps(l);

    if (!n)
        return;
    text_addf(t, "<figure><div class=\"strip time\"><svg viewBox=\"0 0 %zu "
              "%zu\" preserveAspectRatio=\"none\" role=\"img\" "
              "aria-label=\"Throughput over time\">"
              "<rect class=\"never\" vector-effect=\"non-scaling-stroke\" "
              "width=\"%zu\" height=\"%u\"/>",
              n, HEIGHT + 2 + LANES * LANE, n, HEIGHT);
    draw_blocks(t, l, n);
    for (size_t i = 0; i < LANES; i++)
        draw_lane(t, l, n, i);
    draw_breaks(t, l);
    text_add(t, "</svg></div>");
    draw_caption(t, l);
    text_add(t, "</figure>\n");
}
