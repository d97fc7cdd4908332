/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* The last second whose nanoseconds are all below INT64_MAX. */
#define LAST_S (INT64_MAX / (int64_t)NS_PER_S - 1)

static uint64_t now(clockid_t id)
{
    struct timespec ts;

    if (clock_gettime(id, &ts) < 0)
        return 0;
    if (ts.tv_sec < 0 || ts.tv_sec > LAST_S)
        return ts.tv_sec < 0 ? 0 : (uint64_t)LAST_S * NS_PER_S;
    return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

static uint64_t system_wall(void *ctx)
{
    uint64_t ns = now(CLOCK_REALTIME);

    (void)ctx;
    return ns < NS_PER_S ? NS_PER_S : ns;
}

static uint64_t system_monotonic(void *ctx)
{
    (void)ctx;
    return now(CLOCK_MONOTONIC);
}

static uint64_t system_elapsed(void *ctx)
{
    uint64_t ns = now(CLOCK_BOOTTIME);

    return ns ? ns : system_monotonic(ctx);
}

const struct clock clock_system = { system_wall, system_monotonic, NULL,
                                    system_elapsed };

uint64_t clock_wall(const struct clock *c)
{
    return c->wall(c->ctx);
}

uint64_t clock_monotonic(const struct clock *c)
{
    return c->monotonic(c->ctx);
}

uint64_t clock_elapsed(const struct clock *c)
{
    return c->elapsed ? c->elapsed(c->ctx) : clock_monotonic(c);
}

static struct tm utc(uint64_t wall_ns)
{
    time_t s = (time_t)(wall_ns / NS_PER_S);
    struct tm tm = { 0 };

    gmtime_r(&s, &tm);
    return tm;
}

char *clock_text(char *buf, uint64_t wall_ns)
{
    struct tm tm = utc(wall_ns);
    size_t n = strftime(buf, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%S", &tm);

    snprintf(buf + n, CLOCK_TEXT - n, ".%09uZ",
             (unsigned)(wall_ns % NS_PER_S));
    return buf;
}

char *clock_compact(char *buf, uint64_t wall_ns)
{
    struct tm tm = utc(wall_ns);

    strftime(buf, CLOCK_TEXT, "%Y%m%dT%H%M%SZ", &tm);
    return buf;
}

/* Y N D h m s stand for a digit of year, month, day, hour, minute, second;
 * ? for any letter; every other character for itself.  Strict: sscanf would
 * take blanks, signs and an end that is missing.  The rest, or NULL. */
static const char *scan(const char *s, const char *pattern, struct tm *tm)
{
    struct {
        char letter;
        int *value;
    } numbers[] = {
        { 'Y', &tm->tm_year }, { 'N', &tm->tm_mon }, { 'D', &tm->tm_mday },
        { 'h', &tm->tm_hour }, { 'm', &tm->tm_min }, { 's', &tm->tm_sec },
    };

    for (; *pattern; pattern++, s++) {
        int *value = NULL;

        for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
            if (*pattern == numbers[i].letter)
                value = numbers[i].value;
        if (value && isdigit((unsigned char)*s))
            *value = *value * 10 + (*s - '0');
        else if (*pattern == '?' ? !isalpha((unsigned char)*s)
                                 : value || *s != *pattern)
            return NULL;
    }
    return s;
}

/* timegm() makes 3 March of 31 February: what comes back must be what went
 * in. */
static uint64_t from_tm(struct tm *tm)
{
    struct tm given;
    time_t s;

    tm->tm_year -= 1900;
    given = *tm;
    s = timegm(tm);
    if (s <= 0 || s > LAST_S)
        return 0;
    if (tm->tm_mon != given.tm_mon || tm->tm_mday != given.tm_mday
        || tm->tm_hour != given.tm_hour || tm->tm_min != given.tm_min
        || tm->tm_sec != given.tm_sec)
        return 0;
    return (uint64_t)s * NS_PER_S;
}

/* Not strptime(%b): month names must not follow the locale. */
static int month_of(const char *name)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    for (int i = 0; i < 12; i++)
        if (strncmp(months + 3 * i, name, 3) == 0)
            return i;
    return -1;
}

uint64_t clock_parse_http(const char *date)
{
    static const char form[] = "???, DD ??? YYYY hh:mm:ss GMT";
    struct tm tm = { 0 };
    const char *rest = scan(date, form, &tm);

    if (!rest || *rest)
        return 0;
    tm.tm_mon = month_of(date + strlen("???, DD "));
    return tm.tm_mon < 0 ? 0 : from_tm(&tm);
}

/* ".5": digits behind the ninth do not count.  The rest, or NULL. */
static const char *scan_fraction(const char *s, uint64_t *ns)
{
    uint64_t unit = NS_PER_S / 10;

    *ns = 0;
    if (*s != '.')
        return s;
    if (!isdigit((unsigned char)*++s))
        return NULL;
    for (; isdigit((unsigned char)*s); s++, unit /= 10)
        *ns += (uint64_t)(*s - '0') * unit;
    return s;
}

uint64_t clock_parse_iso(const char *iso)
{
    struct tm tm = { 0 };
    const char *rest = scan(iso, "YYYY-NN-DDThh:mm:ss", &tm);
    uint64_t fraction;
    uint64_t whole;

    if (rest)
        rest = scan_fraction(rest, &fraction);
    if (!rest || (strcmp(rest, "Z") != 0 && strcmp(rest, "+00:00") != 0))
        return 0;
    tm.tm_mon -= 1;
    whole = from_tm(&tm);
    return whole ? whole + fraction : 0;
}
