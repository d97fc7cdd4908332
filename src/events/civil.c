/* SPDX-License-Identifier: Apache-2.0 */
#include "events/civil.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "events/event.h"

#define DAY_S INT64_C(86400)

static bool is_leap(int y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int days_of(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
                                31 };

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool civil_is_valid(const struct civil *c)
{
    return c->year >= 1 && c->year <= 9999 && c->month >= 1 && c->month <= 12
        && c->day >= 1 && c->day <= days_of(c->year, c->month)
        && c->hour >= 0 && c->hour < 24 && c->minute >= 0 && c->minute < 60
        && c->second >= 0 && c->second <= 60 && c->us >= 0
        && c->us < US_PER_S;
}

/* Days since 1970-01-01; a year begins in March here, so that the day that
 * is not always there is its last. */
static int64_t days_from(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t age = y - (y / 400) * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day
        - 1;

    return y / 400 * 146097 + age * 365 + age / 4 - age / 100 + of_year
        - 719468;
}

int64_t civil_us(const struct civil *c)
{
    int64_t s = days_from(c->year, c->month, c->day) * DAY_S
        + c->hour * 3600 + c->minute * 60 + c->second;

    return s * US_PER_S + c->us;
}

static int64_t floor_of(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static void date_of(int64_t days, struct civil *c)
{
    int64_t z = days + 719468;
    int64_t era = floor_of(z, 146097);
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t month = (5 * doy + 2) / 153;

    c->day = (int)(doy - (153 * month + 2) / 5 + 1);
    c->month = (int)(month < 10 ? month + 3 : month - 9);
    c->year = (int)(yoe + era * 400 + (c->month <= 2));
}

void civil_of(int64_t us, struct civil *c)
{
    int64_t s = floor_of(us, US_PER_S);
    int64_t days = floor_of(s, DAY_S);
    int rest = (int)(s - days * DAY_S);

    date_of(days, c);
    c->us = (int)(us - s * US_PER_S);
    c->hour = rest / 3600;
    c->minute = rest / 60 % 60;
    c->second = rest % 60;
}

int64_t civil_move(int64_t us, int year)
{
    struct civil c;

    civil_of(us, &c);
    c.year = year;
    return civil_us(&c);
}

/* ----------------------------------------------------------------- cursor */

bool cursor_char(struct cursor *c, char want)
{
    if (!c->n || *c->s != (unsigned char)want)
        return false;
    c->s++;
    c->n--;
    return true;
}

bool cursor_text(struct cursor *c, const char *want)
{
    for (; *want; want++)
        if (!cursor_char(c, *want))
            return false;
    return true;
}

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

bool cursor_digits(struct cursor *c, unsigned n, int *out)
{
    *out = 0;
    for (; n; n--) {
        if (!c->n || !is_digit(*c->s))
            return false;
        *out = *out * 10 + (*c->s++ - '0');
        c->n--;
    }
    return true;
}

bool cursor_month(struct cursor *c, int *out)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    if (c->n < 3)
        return false;
    for (int i = 0; i < 12; i++)
        if (memcmp(c->s, names + 3 * i, 3) == 0) {
            c->s += 3;
            c->n -= 3;
            *out = i + 1;
            return true;
        }
    return false;
}

bool cursor_clock(struct cursor *c, struct civil *t)
{
    return cursor_digits(c, 2, &t->hour) && cursor_char(c, ':')
        && cursor_digits(c, 2, &t->minute) && cursor_char(c, ':')
        && cursor_digits(c, 2, &t->second);
}

bool cursor_date(struct cursor *c, struct civil *t)
{
    return cursor_digits(c, 4, &t->year) && cursor_char(c, '-')
        && cursor_digits(c, 2, &t->month) && cursor_char(c, '-')
        && cursor_digits(c, 2, &t->day);
}

bool cursor_zone(struct cursor *c, int *minutes)
{
    bool west = c->n && *c->s == '-';
    int h, m;

    *minutes = 0;
    if (cursor_char(c, 'Z'))
        return true;
    if ((!west && !(c->n && *c->s == '+')) || !cursor_char(c, (char)*c->s)
        || !cursor_digits(c, 2, &h))
        return false;
    cursor_char(c, ':');
    if (!cursor_digits(c, 2, &m) || h > 15 || m > 59)
        return false;
    *minutes = (west ? -1 : 1) * (h * 60 + m);
    return true;
}

bool cursor_fraction(struct cursor *c, int *us)
{
    int worth = 100000;

    *us = 0;
    if (!c->n || (*c->s != '.' && *c->s != ','))
        return true;
    c->s++;
    c->n--;
    if (!c->n || !is_digit(*c->s))
        return false;
    for (unsigned i = 0; i < 9 && c->n && is_digit(*c->s); i++) {
        *us += (*c->s++ - '0') * worth;
        worth /= 10;
        c->n--;
    }
    return true;
}

bool cursor_word(struct cursor *c, const unsigned char **word, size_t *n)
{
    const unsigned char *space = memchr(c->s, ' ', c->n);

    *word = c->s;
    *n = space ? (size_t)(space - c->s) : c->n;
    c->s += *n;
    c->n -= *n;
    return *n && cursor_char(c, ' ');
}

/* ------------------------------------------------------------------- texts */

static bool parse_time(struct cursor *c, struct civil *t, int *minutes)
{
    if (!cursor_digits(c, 2, &t->hour) || !cursor_char(c, ':')
        || !cursor_digits(c, 2, &t->minute))
        return false;
    if (cursor_char(c, ':')
        && (!cursor_digits(c, 2, &t->second)
            || !cursor_fraction(c, &t->us)))
        return false;
    return !c->n || cursor_zone(c, minutes);
}

bool civil_parse_iso(const char *s, int64_t *us)
{
    struct cursor c = { (const unsigned char *)s, strlen(s) };
    struct civil t = { 0 };
    int minutes = 0;

    if (!cursor_date(&c, &t))
        return false;
    if (c.n && !((cursor_char(&c, 'T') || cursor_char(&c, ' '))
                 && parse_time(&c, &t, &minutes)))
        return false;
    if (c.n || !civil_is_valid(&t))
        return false;
    *us = civil_us(&t) - minutes * 60 * US_PER_S;
    return true;
}

char *civil_text(char *buf, int64_t us, char between)
{
    struct civil c;
    int n;

    civil_of(us, &c);
    n = snprintf(buf, CIVIL_TEXT, "%04d-%02d-%02d%c%02d:%02d:%02d", c.year,
                 c.month, c.day, between, c.hour, c.minute, c.second);
    if (c.us && n > 0)
        snprintf(buf + n, CIVIL_TEXT - (size_t)n, ".%06d", c.us);
    return buf;
}
