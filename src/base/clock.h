/* SPDX-License-Identifier: Apache-2.0 */
/* Three clocks: the wall clock for records, the monotonic one for waiting, and
 * the elapsed one for how long something took.  Code that decides by time
 * takes a `struct clock', so that tests can hand in one that they move by
 * hand.
 *
 * The wall clock can be set, by a person or by NTP: no difference of two of
 * its times is a duration.  The monotonic one stands still while the machine
 * sleeps, which is right for deadlines (a service is not silent because the
 * lid was closed) and wrong for people, who count those hours too; and the
 * wall clock, which goes on in its sleep, would seem to have been set. */
#ifndef EBSIMG_BASE_CLOCK_H
#define EBSIMG_BASE_CLOCK_H

#include <stdint.h>

#define NS_PER_MS 1000000ull
#define NS_PER_S 1000000000ull

struct clock {
    uint64_t (*wall)(void *ctx);      /* ns since 1970-01-01 UTC */
    uint64_t (*monotonic)(void *ctx); /* ns since some fixed moment */
    void *ctx;
    uint64_t (*elapsed)(void *ctx);   /* NULL: what monotonic tells */
};

extern const struct clock clock_system;

/* Of the system never before 1970-01-01T00:00:01 (0 is "not known" all over
 * the program) nor behind 2262-04-11 (so that differences fit into int64_t): a
 * clock that is set further off tells the nearest of these. */
uint64_t clock_wall(const struct clock *c);
uint64_t clock_monotonic(const struct clock *c);
uint64_t clock_elapsed(const struct clock *c); /* also while asleep */

/* "2026-08-01T12:00:00.123456789Z"; room for CLOCK_TEXT bytes. */
#define CLOCK_TEXT 32
char *clock_text(char *buf, uint64_t wall_ns);

/* "20260801T120000Z", the form that request signatures use. */
char *clock_compact(char *buf, uint64_t wall_ns);

/* The Date header of an HTTP answer ("Sat, 01 Aug 2026 12:00:00 GMT") or an
 * ISO 8601 time in UTC ("2026-08-01T12:00:00Z", with or without a fraction)
 * in ns, or 0 when it is neither, or behind 2262-04-11. */
uint64_t clock_parse_http(const char *date);
uint64_t clock_parse_iso(const char *iso);

#endif
