/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "when.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec ts;

    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t when_now(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t when_monotonic(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static const char *const formats[] = {
    [WHEN_ISO] = "%Y-%m-%dT%H:%M:%S",
    [WHEN_SECONDS] = "%Y-%m-%dT%H:%M:%SZ",
    [WHEN_COMPACT] = "%Y%m%dT%H%M%SZ",
    [WHEN_HTTP] = "%a, %d %b %Y %H:%M:%S GMT",
};

/* The format is always one of the rows above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static size_t format_time(enum when_form form, const struct tm *tm, char *out)
{
    return strftime(out, WHEN_ROOM, formats[form], tm);
}
#pragma GCC diagnostic pop

/* Like a double of Java: the shortest that says it, with one decimal. */
static const char *epoch_text(int64_t when, char *out)
{
    int n = snprintf(out, WHEN_ROOM, "%.12f", (double)when / 1e12);

    while (n > 3 && out[n - 1] == '0' && out[n - 2] != '.')
        n--;
    snprintf(out + n, WHEN_ROOM - (size_t)n, "E9");
    return out;
}

const char *when_text(enum when_form form, int64_t when, char out[WHEN_ROOM])
{
    time_t seconds = (time_t)(when / 1000);
    struct tm tm;
    size_t n;

    if (form == WHEN_EPOCH) {
        return epoch_text(when, out);
    }
    gmtime_r(&seconds, &tm);
    n = format_time(form, &tm, out);
    if (form == WHEN_ISO)
        snprintf(out + n, WHEN_ROOM - n, ".%03dZ", (int)(when % 1000));
    return out;
}

bool when_parse(const char *text, int64_t *out)
{
    static const char *const known[] = { "%Y-%m-%dT%H:%M:%S", "%Y%m%dT%H%M%S",
                                         "%Y-%m-%d" };
    struct tm tm;
    const char *end = NULL;
    int ms = 0;
    int used = 0;

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]) && !end; i++) {
        memset(&tm, 0, sizeof(tm));
        end = strptime(text, known[i], &tm);
    }
    if (!end)
        return false;
    if (sscanf(end, ".%3d%n", &ms, &used) == 1)
        end += used;
    if (*end == 'Z')
        end++;
    *out = (int64_t)timegm(&tm) * 1000 + ms;
    return *end == '\0';
}
