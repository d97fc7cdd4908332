/* SPDX-License-Identifier: Apache-2.0 */
#include "events/utf16.h"

#include "fs/bytes.h"

#define NO_CHARACTER 0xfffdu

static void add_point(struct text *t, uint32_t c)
{
    char b[4];
    size_t n;

    if (c < 0x80) {
        b[0] = (char)c;
        n = 1;
    } else if (c < 0x800) {
        b[0] = (char)(0xc0 | c >> 6);
        n = 2;
    } else if (c < 0x10000) {
        b[0] = (char)(0xe0 | c >> 12);
        n = 3;
    } else {
        b[0] = (char)(0xf0 | c >> 18);
        n = 4;
    }
    for (size_t i = 1; i < n; i++)
        b[i] = (char)(0x80 | (c >> 6 * (n - 1 - i) & 0x3f));
    text_addn(t, b, n);
}

/* The code point at p, of which n bytes (at least 2) are there. */
static uint32_t take(const unsigned char *p, size_t n, size_t *used)
{
    uint32_t high = le16_at(p), low;

    *used = 2;
    if (high == 0)
        return ' ';
    if (high < 0xd800 || high > 0xdfff)
        return high;
    low = high < 0xdc00 && n >= 4 ? le16_at(p + 2) : 0;
    if (low < 0xdc00 || low > 0xdfff)
        return NO_CHARACTER;
    *used = 4;
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

bool utf16_add(struct text *t, size_t limit, const unsigned char *p, size_t n)
{
    n -= n % 2;
    while (n && le16_at(p + n - 2) == 0)
        n -= 2;
    while (n && t->len < limit) {
        size_t used;

        add_point(t, take(p, n, &used));
        p += used;
        n -= used;
        if (t->failed)
            break;
    }
    return n == 0;
}
