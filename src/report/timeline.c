/* SPDX-License-Identifier: Apache-2.0 */
#include "report/timeline.h"

#include "base/clock.h"

/* Steps become twice as long until `at' has one. */
static void make_room(struct timeline *t, uint64_t at)
{
    if (!t->step)
        t->step = NS_PER_S / 4;
    while (at / t->step >= TIMELINE_STEPS) {
        for (int k = 0; k < TIMELINE_KINDS; k++)
            for (size_t i = 0; i < TIMELINE_STEPS; i++) {
                uint64_t a = 2 * i < TIMELINE_STEPS ? t->of[k][2 * i] : 0;
                uint64_t b = 2 * i < TIMELINE_STEPS ? t->of[k][2 * i + 1] : 0;

                t->of[k][i] = a + b;
            }
        t->step *= 2;
    }
}

/* Where a moment lies on the axis, which never goes back. */
static uint64_t place(struct timeline *t, uint64_t wall)
{
    uint64_t at = t->base + (wall > t->from ? wall - t->from : 0);

    if (at < t->end)
        at = t->end;
    t->end = at;
    make_room(t, at);
    return at;
}

/* The place first: it may make the steps longer. */
static uint64_t step_of(struct timeline *t, uint64_t wall)
{
    uint64_t at = place(t, wall);

    return at / t->step;
}

void timeline_touch(struct timeline *t, uint64_t wall)
{
    place(t, wall);
}

void timeline_session(struct timeline *t, uint64_t wall)
{
    if (t->from && t->nbreaks < TIMELINE_BREAKS)
        t->breaks[t->nbreaks++] = t->end;
    t->base = t->end;
    t->from = wall;
    t->last = t->end;
    t->passed = 0;
    make_room(t, t->end);
}

void timeline_add(struct timeline *t, enum timeline_kind kind, uint64_t wall,
                  uint64_t n)
{
    t->of[kind][step_of(t, wall)] += n;
}

/* What came since it was told last is spread over the time since then. */
void timeline_passed(struct timeline *t, uint64_t wall, uint64_t blocks)
{
    uint64_t to = step_of(t, wall);
    uint64_t from = t->last / t->step;
    uint64_t more = blocks > t->passed ? blocks - t->passed : 0;
    uint64_t each = more / (to - from + 1);

    for (uint64_t i = from; i < to; i++)
        t->of[TIMELINE_BLOCKS][i] += each;
    t->of[TIMELINE_BLOCKS][to] += more - each * (to - from);
    t->last = t->end;
    t->passed = blocks;
}

size_t timeline_steps(const struct timeline *t)
{
    return t->step ? (size_t)(t->end / t->step) + 1 : 0;
}

uint64_t timeline_top(const struct timeline *t, enum timeline_kind kind)
{
    uint64_t top = 0;

    for (size_t i = 0; i < TIMELINE_STEPS; i++)
        if (t->of[kind][i] > top)
            top = t->of[kind][i];
    return top;
}
