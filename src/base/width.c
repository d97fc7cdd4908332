/* SPDX-License-Identifier: Apache-2.0 */
#include "base/width.h"

#include <string.h>

#include "base/text.h"

/* By the tables of Unicode 15 (General_Category, East_Asian_Width), with the
 * small gaps in between filled: a place too many does no harm. */
static const struct range {
    int32_t first, last;
    unsigned char places;
} ranges[] = {
    { 0x0300, 0x036f, 0 },   { 0x0483, 0x0489, 0 },
    { 0x0591, 0x05bd, 0 },   { 0x0610, 0x061a, 0 },
    { 0x064b, 0x065f, 0 },   { 0x1100, 0x115f, 2 },
    { 0x1ab0, 0x1aff, 0 },   { 0x1dc0, 0x1dff, 0 },
    { 0x200b, 0x200d, 0 },   { 0x20d0, 0x20ff, 0 },
    { 0x231a, 0x231b, 2 },   { 0x23e9, 0x23f3, 2 },
    { 0x25fd, 0x25fe, 2 },   { 0x2614, 0x27bf, 2 },
    { 0x2b1b, 0x2b55, 2 },   { 0x2e80, 0x303e, 2 },
    { 0x3041, 0x4dbf, 2 },   { 0x4e00, 0xa4cf, 2 },
    { 0xa960, 0xa97c, 2 },   { 0xac00, 0xd7a3, 2 },
    { 0xf900, 0xfaff, 2 },   { 0xfe00, 0xfe0f, 0 },
    { 0xfe10, 0xfe19, 2 },   { 0xfe20, 0xfe2f, 0 },
    { 0xfe30, 0xfe6f, 2 },   { 0xff00, 0xff60, 2 },
    { 0xffe0, 0xffe6, 2 },   { 0x16fe0, 0x18cff, 2 },
    { 0x1b000, 0x1b2ff, 2 }, { 0x1f004, 0x1f004, 2 },
    { 0x1f0cf, 0x1f0cf, 2 }, { 0x1f18e, 0x1f19a, 2 },
    { 0x1f200, 0x1f64f, 2 }, { 0x1f680, 0x1f6ff, 2 },
    { 0x1f7e0, 0x1f7f0, 2 }, { 0x1f90c, 0x1faff, 2 },
    { 0x20000, 0x3fffd, 2 }, { 0xe0100, 0xe01ef, 0 },
};

static size_t places_of(int32_t cp)
{
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (cp >= ranges[i].first && cp <= ranges[i].last)
            return ranges[i].places;
    return 1;
}

size_t width_fit(const char *shown, size_t places)
{
    size_t n = strlen(shown);
    size_t at = 0;
    size_t used;

    for (; at < n; at += used) {
        size_t w = places_of(text_utf8(shown + at, n - at, &used));

        if (w > places)
            break;
        places -= w;
    }
    return at;
}

size_t width_of(const char *shown)
{
    size_t n = strlen(shown);
    size_t places = 0;
    size_t used;

    for (size_t at = 0; at < n; at += used)
        places += places_of(text_utf8(shown + at, n - at, &used));
    return places;
}
