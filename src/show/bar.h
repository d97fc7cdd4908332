/* SPDX-License-Identifier: Apache-2.0 */
/* The progress line laid out for a width: never wider, less important parts
 * left out first, and a bar where there is room for one.  Pure. */
#ifndef EBSIMG_SHOW_BAR_H
#define EBSIMG_SHOW_BAR_H

#include <stddef.h>

#include "base/text.h"

/* In the order in which they stand. */
enum bar_part {
    BAR_SIZES,      /* "3.7 GiB of 10 GiB" */
    BAR_SPEED,
    BAR_LEFT,       /* time */
    BAR_WAITS,
    BAR_RETRIES,
    BAR_THROTTLED,
    BAR_PARTS
};

struct bar {
    const char *what;              /* in front; printable */
    unsigned percent;              /* 0 to 100 */
    const char *parts[BAR_PARTS];  /* "" is left out; ASCII */
};

/* Appends at most `columns' columns. */
void bar_line(const struct bar *b, size_t columns, struct text *t);
/* Appends all of it, without a bar. */
void bar_words(const struct bar *b, struct text *t);

#endif
