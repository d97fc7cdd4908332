/* Two clocks: the wall clock for records, the monotonic one for waiting.
 * Code that decides by time takes a `struct clock', so that tests can hand
 * in one that they move by hand. */
#ifndef EBSIMG_BASE_CLOCK_H
#define EBSIMG_BASE_CLOCK_H

#include <stdint.h>

#define NS_PER_MS 1000000ull
#define NS_PER_S 1000000000ull

struct clock {
    uint64_t (*wall)(void *ctx);      /* ns since 1970-01-01 UTC */
    uint64_t (*monotonic)(void *ctx); /* ns since some fixed moment */
    void *ctx;
};

extern const struct clock clock_system;

uint64_t clock_wall(const struct clock *c);
uint64_t clock_monotonic(const struct clock *c);

/* "2026-08-01T12:00:00.123456789Z"; room for CLOCK_TEXT bytes. */
#define CLOCK_TEXT 32
char *clock_text(char *buf, uint64_t wall_ns);

/* "20260801T120000Z", the form that request signatures use. */
char *clock_compact(char *buf, uint64_t wall_ns);

/* The Date header of an HTTP answer ("Sat, 01 Aug 2026 12:00:00 GMT") or an
 * ISO 8601 time in UTC ("2026-08-01T12:00:00Z", with or without a fraction)
 * in ns, or 0 when it is neither. */
uint64_t clock_parse_http(const char *date);
uint64_t clock_parse_iso(const char *iso);

#endif
