/* SPDX-License-Identifier: Apache-2.0 */
#include "base/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *parse_digits(const char *s, uint64_t *out)
{
    uint64_t v = 0;

    if (*s < '0' || *s > '9')
        return NULL;
    for (; *s >= '0' && *s <= '9'; s++)
        if (__builtin_mul_overflow(v, 10, &v)
            || __builtin_add_overflow(v, (uint64_t)(*s - '0'), &v))
            return NULL;
    *out = v;
    return s;
}

int number_parse(const char *s, uint64_t *out)
{
    const char *end = parse_digits(s, out);

    return end && *end == '\0' ? 0 : -1;
}

/* As tools of this trade have them: one letter, or with an i, is a power of
 * 1024; with a B behind it of 1000. */
static const struct {
    const char *name;
    uint64_t bytes;
} units[] = {
    { "", 1 },        { "B", 1 },
    { "K", KIB },     { "KiB", KIB },   { "kB", 1000 },
    { "M", MIB },     { "MiB", MIB },   { "MB", 1000 * 1000 },
    { "G", GIB },     { "GiB", GIB },   { "GB", 1000ull * 1000 * 1000 },
    { "T", TIB },     { "TiB", TIB },   { "TB", 1000ull * 1000 * 1000 * 1000 },
};

/* 0: there is none of this name. */
static uint64_t unit_bytes(const char *name)
{
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (strcasecmp(name, units[i].name) == 0)
            return units[i].bytes;
    return 0;
}

/* ".25": at most nine digits, in billionths. */
static const char *parse_fraction(const char *s, uint64_t *out)
{
    const char *end = parse_digits(s, out);

    if (!end || end - s > 9)
        return NULL;
    for (long i = end - s; i < 9; i++)
        *out *= 10;
    return end;
}

/* Whole bytes of that, without the error of a float. */
static uint64_t part_of(uint64_t unit, uint64_t billionths)
{
    return (uint64_t)((unsigned __int128)unit * billionths / 1000000000u);
}

int size_parse(const char *s, uint64_t *out)
{
    uint64_t v, unit, billionths = 0;
    const char *name = parse_digits(s, &v);

    if (name && *name == '.')
        name = parse_fraction(name + 1, &billionths);
    if (!name)
        return -1;
    unit = unit_bytes(name + strspn(name, " "));
    if (!unit || (billionths && unit == 1)
        || __builtin_mul_overflow(v, unit, out)
        || __builtin_add_overflow(*out, part_of(unit, billionths), out))
        return -1;
    return 0;
}

char *size_text(char *buf, uint64_t bytes)
{
    static const char *const names[] = { "KiB", "MiB", "GiB", "TiB" };
    double v = (double)bytes / 1024;
    int i = 0;

    if (bytes < KIB) {
        snprintf(buf, 32, "%" PRIu64 " B", bytes);
        return buf;
    }
    for (; i < 3 && v >= 1023.95; i++) /* it would be written as 1024.0 */
        v /= 1024;
    snprintf(buf, 32, v == (double)(uint64_t)v ? "%.0f %s" : "%.1f %s", v,
             names[i]);
    return buf;
}

char *duration_text(char *buf, uint64_t s)
{
    if (s < 60)
        snprintf(buf, 32, "%" PRIu64 " s", s);
    else if (s < 3600)
        snprintf(buf, 32, "%" PRIu64 " min %02u s", s / 60,
                 (unsigned)(s % 60));
    else
        snprintf(buf, 32, "%" PRIu64 " h %02u min", s / 3600,
                 (unsigned)(s / 60 % 60));
    return buf;
}
