/* SPDX-License-Identifier: Apache-2.0 */
#include "show/bar.h"

#include <stdbool.h>
#include <string.h>

/* A bar that is shorter says less than the number beside it. */
#define BAR_MIN 10
#define BAR_MAX 40
#define BAR_EDGES 3            /* " [" and "]" */

#define PERCENT 5              /* " 100%" */
#define GAP 2                  /* between parts */

/* What can be done without first. */
static const enum bar_part dispensable[BAR_PARTS] = {
    BAR_THROTTLED, BAR_RETRIES, BAR_WAITS, BAR_SIZES, BAR_SPEED, BAR_LEFT,
};

/* Where the scripts of East Asia begin a character may take two; of those it
 * is believed of all. */
static size_t columns_of(int32_t cp)
{
    return cp >= 0x1100 ? 2 : 1;
}

/* The bytes of the longest part of `s' that takes at most so many columns,
 * and how many it takes. */
static size_t fitting(const char *s, size_t columns, size_t *taken)
{
    size_t n = strlen(s);
    size_t at = 0, used;

    *taken = 0;
    for (; at < n; at += used) {
        size_t more = columns_of(text_utf8(s + at, n - at, &used));

        if (*taken + more > columns)
            break;
        *taken += more;
    }
    return at;
}

static size_t width(const char *s)
{
    size_t taken;

    fitting(s, (size_t)-1, &taken);
    return taken;
}

static size_t width_of(const struct bar *b, const bool *shown)
{
    size_t n = width(b->what) + PERCENT;

    for (int i = 0; i < BAR_PARTS; i++)
        if (shown[i])
            n += GAP + strlen(b->parts[i]);
    return n;
}

static void add_bar(struct text *t, unsigned percent, size_t room)
{
    size_t cells = room - BAR_EDGES > BAR_MAX ? BAR_MAX : room - BAR_EDGES;
    size_t full = cells * percent / 100;

    text_add(t, " [");
    for (size_t i = 0; i < cells; i++)
        text_add(t, i < full ? "#" : "-");
    text_add(t, "]");
}

static void add_parts(const struct bar *b, const bool *shown,
                      struct text *t)
{
    for (int i = 0; i < BAR_PARTS; i++)
        if (shown[i])
            text_addf(t, "%*s%s", GAP, "", b->parts[i]);
}

static void add_name(const char *what, size_t columns, struct text *t)
{
    size_t taken;
    size_t n = fitting(what, columns, &taken);

    text_addn(t, what, n);
}

static void take_all(const struct bar *b, bool *shown)
{
    for (int i = 0; i < BAR_PARTS; i++)
        shown[i] = b->parts[i] && b->parts[i][0];
}

void bar_line(const struct bar *b, size_t columns, struct text *t)
{
    bool shown[BAR_PARTS];
    size_t need;

    if (columns < PERCENT)
        return;
    take_all(b, shown);
    for (int i = 0; i < BAR_PARTS && width_of(b, shown) > columns; i++)
        shown[dispensable[i]] = false;
    need = width_of(b, shown);
    add_name(b->what, columns - PERCENT, t);
    text_addf(t, " %3u%%", b->percent);
    if (need + BAR_EDGES + BAR_MIN <= columns)
        add_bar(t, b->percent, columns - need);
    add_parts(b, shown, t);
}

void bar_words(const struct bar *b, struct text *t)
{
    bool shown[BAR_PARTS];

    take_all(b, shown);
    text_addf(t, "%s %3u%%", b->what, b->percent);
    add_parts(b, shown, t);
}
