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

static const struct {
    const char *name;
    uint64_t bytes;
} units[] = {
    { "", 1 },        { "B", 1 },
    { "K", KIB },     { "KiB", KIB },
    { "M", MIB },     { "MiB", MIB },
    { "G", GIB },     { "GiB", GIB },
    { "T", TIB },     { "TiB", TIB },
};

int size_parse(const char *s, uint64_t *out)
{
    uint64_t v;
    const char *unit = parse_digits(s, &v);

    if (!unit)
        return -1;
    unit += strspn(unit, " ");
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (strcasecmp(unit, units[i].name) == 0)
            return __builtin_mul_overflow(v, units[i].bytes, out) ? -1 : 0;
    return -1;
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
