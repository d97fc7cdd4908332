/* SPDX-License-Identifier: Apache-2.0 */
/* Calendar times as logs write them.  Pure. */
#ifndef EBSIMG_EVENTS_CIVIL_H
#define EBSIMG_EVENTS_CIVIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct civil {
    int year, month, day;      /* month from 1 */
    int hour, minute, second;
    int us;
};

#define CIVIL_LEAP_YEAR 1972   /* stands for a year that is not known */

/* There is such a time; the 60th second of a minute may be one. */
bool civil_is_valid(const struct civil *c);
/* Microseconds since 1970-01-01, as if it were UTC. */
int64_t civil_us(const struct civil *c);
void civil_of(int64_t us, struct civil *c);
/* The same moment of another year. */
int64_t civil_move(int64_t us, int year);

/* Bytes of a line that are still to be read. */
struct cursor {
    const unsigned char *s;
    size_t n;
};

/* Each takes what it names off the front; false leaves the cursor anywhere. */
bool cursor_char(struct cursor *c, char want);
bool cursor_text(struct cursor *c, const char *want);
bool cursor_digits(struct cursor *c, unsigned n, int *out); /* exactly n */
bool cursor_month(struct cursor *c, int *out);              /* "Nov" */
bool cursor_clock(struct cursor *c, struct civil *t);       /* 22:03:08 */
bool cursor_date(struct cursor *c, struct civil *t);        /* 2026-11-30 */
bool cursor_zone(struct cursor *c, int *minutes); /* Z, +01:00 or +0100 */
/* A dot or comma and one to nine digits, when there are some. */
bool cursor_fraction(struct cursor *c, int *us);
/* What is before the next space; both may be taken. */
bool cursor_word(struct cursor *c, const unsigned char **word, size_t *n);

/* "2026-11-30", "2026-11-30T22:03", "...:08.5", with Z or an offset behind a
 * time; without one it is UTC. */
bool civil_parse_iso(const char *s, int64_t *us);

/* "2026-11-30 22:03:08.123456" in a buffer of CIVIL_TEXT bytes; a fraction
 * where there is one.  `between' stands between date and time. */
#define CIVIL_TEXT 40
char *civil_text(char *buf, int64_t us, char between);

#endif
