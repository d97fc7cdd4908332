/* SPDX-License-Identifier: Apache-2.0 */
#include "events/evtx-value.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "base/clock.h"
#include "events/evtx-time.h"
#include "events/utf16.h"
#include "fs/bytes.h"

static void add_signed(struct text *t, const unsigned char *p, size_t n)
{
    int64_t v = n == 1 ? (int8_t)p[0] : n == 2 ? (int16_t)le16_at(p)
        : n == 4 ? (int32_t)le32_at(p) : (int64_t)le64_at(p);

    text_addf(t, "%" PRId64, v);
}

static uint64_t number_at(const unsigned char *p, size_t n)
{
    return n == 1 ? p[0] : n == 2 ? le16_at(p) : n == 4 ? le32_at(p)
        : le64_at(p);
}

static void add_unsigned(struct text *t, const unsigned char *p, size_t n)
{
    text_addf(t, "%" PRIu64, number_at(p, n));
}

static void add_hex(struct text *t, const unsigned char *p, size_t n)
{
    text_addf(t, "0x%" PRIx64, number_at(p, n));
}

static void add_real(struct text *t, const unsigned char *p, size_t n)
{
    uint32_t narrow = le32_at(p);
    uint64_t wide = n == 8 ? le64_at(p) : 0;
    float f;
    double d;

    memcpy(&f, &narrow, sizeof(f));
    memcpy(&d, &wide, sizeof(d));
    text_addf(t, "%.17g", n == 8 ? d : (double)f);
}

static void add_bool(struct text *t, const unsigned char *p, size_t n)
{
    text_add(t, number_at(p, n) ? "true" : "false");
}

static void add_guid(struct text *t, const unsigned char *p, size_t n)
{
    (void)n;
    text_addf(t, "{%08" PRIx32 "-%04x-%04x-%02x%02x-", le32_at(p),
              le16_at(p + 4), le16_at(p + 6), p[8], p[9]);
    for (size_t i = 10; i < 16; i++)
        text_addf(t, "%02x", p[i]);
    text_add(t, "}");
}

static void add_filetime(struct text *t, const unsigned char *p, size_t n)
{
    char buf[CLOCK_TEXT];
    uint64_t ns = evtx_time(le64_at(p));

    (void)n;
    if (ns)
        text_add(t, clock_text(buf, ns));
    else
        text_addf(t, "filetime %" PRIu64, le64_at(p));
}

/* Year, month, day of the week, day, hour, minute, second, millisecond. */
static void add_systemtime(struct text *t, const unsigned char *p, size_t n)
{
    (void)n;
    text_addf(t, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", le16_at(p),
              le16_at(p + 2), le16_at(p + 6), le16_at(p + 8),
              le16_at(p + 10), le16_at(p + 12), le16_at(p + 14));
}

/* Revision, how many parts, the authority (high byte first), the parts. */
static void add_sid(struct text *t, const unsigned char *p, size_t n)
{
    uint64_t authority = 0;

    for (size_t i = 2; i < 8; i++)
        authority = authority << 8 | p[i];
    text_addf(t, "S-%u-%" PRIu64, p[0], authority);
    for (size_t i = 8; i + 4 <= n; i += 4)
        text_addf(t, "-%" PRIu32, le32_at(p + i));
}

/* Of which sizes a type may be, as bits of 1, 2, 4, 8 and 16 bytes. */
static const struct kind {
    void (*add)(struct text *t, const unsigned char *p, size_t n);
    unsigned sizes;
} kinds[] = {
    [0x03] = { add_signed, 1 },       [0x04] = { add_unsigned, 1 },
    [0x05] = { add_signed, 2 },       [0x06] = { add_unsigned, 2 },
    [0x07] = { add_signed, 4 },       [0x08] = { add_unsigned, 4 },
    [0x09] = { add_signed, 8 },       [0x0a] = { add_unsigned, 8 },
    [0x0b] = { add_real, 4 },         [0x0c] = { add_real, 8 },
    [0x0d] = { add_bool, 1 | 4 },     [0x0f] = { add_guid, 16 },
    [0x10] = { add_hex, 4 | 8 },      [0x11] = { add_filetime, 8 },
    [0x12] = { add_systemtime, 16 },  [0x14] = { add_hex, 4 },
    [0x15] = { add_hex, 8 },
};

enum { ANSI = 0x02, SID = 0x13, SID_HEAD = 8, SID_PARTS_MAX = 15 };

static const struct kind *kind_of(unsigned type)
{
    return type < sizeof(kinds) / sizeof(kinds[0]) && kinds[type].add
        ? &kinds[type] : NULL;
}

static bool add_bytes(struct text *t, size_t limit, const unsigned char *p,
                      size_t n)
{
    for (; n && t->len < limit; p++, n--)
        text_addf(t, "%02x", *p);
    return n == 0;
}

/* The code page is not told: what is not ASCII is shown as U+FFFD. */
static bool add_ansi(struct text *t, size_t limit, const unsigned char *p,
                     size_t n)
{
    while (n && p[n - 1] == 0)
        n--;
    for (; n && t->len < limit; p++, n--)
        if (*p < 0x80)
            text_addn(t, *p ? (const char *)p : " ", 1);
        else
            text_add(t, "\xef\xbf\xbd");
    return n == 0;
}

static bool add_one(struct text *t, size_t limit, unsigned type,
                    const unsigned char *p, size_t n)
{
    const struct kind *k = kind_of(type);

    if (type == EVTX_NULL)
        return true;
    if (t->len >= limit)
        return n == 0;
    if (type == EVTX_STRING)
        return utf16_add(t, limit, p, n);
    if (type == ANSI)
        return add_ansi(t, limit, p, n);
    if (type == SID && n >= SID_HEAD && p[1] <= SID_PARTS_MAX
        && n == SID_HEAD + 4u * p[1])
        return add_sid(t, p, n), true;
    if (k && n <= 16 && (n & (n - 1)) == 0 && (k->sizes & n))
        return k->add(t, p, n), true;
    return add_bytes(t, limit, p, n);
}

/* The first of some strings that lie behind each other, with its NUL. */
static size_t string_in(const unsigned char *p, size_t n)
{
    size_t size = 0;

    while (n - size >= 2) {
        size += 2;
        if (le16_at(p + size - 2) == 0)
            return size;
    }
    return n;
}

bool evtx_value_add(struct text *t, size_t limit, unsigned type,
                    const unsigned char *p, size_t n)
{
    const struct kind *k;
    size_t part;

    if (!(type & EVTX_ARRAY))
        return add_one(t, limit, type, p, n);
    type &= ~(unsigned)EVTX_ARRAY;
    k = kind_of(type);
    /* The smallest size of the type. */
    part = k ? k->sizes & -k->sizes : n;
    if ((type != EVTX_STRING && !k) || (k && n % part))
        return add_bytes(t, limit, p, n);
    for (bool first = true; n && t->len < limit; first = false) {
        if (type == EVTX_STRING)
            part = string_in(p, n);
        text_add(t, first ? "" : ", ");
        if (!add_one(t, limit, type, p, part))
            return false;
        p += part;
        n -= part;
    }
    return n == 0;
}
