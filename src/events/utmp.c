/* SPDX-License-Identifier: Apache-2.0 */
#include "events/utmp.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fs/bytes.h"

/* Where the members lie that do not lie in the same place everywhere. */
struct layout {
    size_t size;
    size_t seconds, us;
    bool wide;                 /* these have 64 bits */
    size_t address, unused, unused_end;
};

static const struct layout layouts[] = {
    { 384, 340, 344, false, 348, 364, 384 },
    { 400, 344, 352, true, 360, 376, 400 },
};
#define LAYOUTS (sizeof(layouts) / sizeof(*layouts))

#define PID 4u
#define LINE 8u
#define LINE_SIZE 32u
#define ID 40u
#define USER 44u
#define USER_SIZE 32u
#define HOST 76u
#define HOST_SIZE 256u

enum { RUN_LVL = 1, BOOT_TIME = 2, USER_PROCESS = 7, DEAD_PROCESS = 8,
       ACCOUNTING = 9 };

static const char *const type_names[] = {
    "empty", "run level", "boot", "clock set to", "clock was", "init",
    "login", "session", "end", "accounting",
};

#define SECONDS_MIN INT64_C(631152000)  /* 1990 */
#define SECONDS_MAX INT64_C(4102444800) /* 2100 */

/* ------------------------------------------------------------------ fields */

static int64_t number_at(const unsigned char *p, bool wide)
{
    return wide ? (int64_t)le64_at(p) : (int64_t)(int32_t)le32_at(p);
}

static int64_t seconds_of(const unsigned char *r, const struct layout *y)
{
    return number_at(r + y->seconds, y->wide);
}

static int64_t us_of(const unsigned char *r, const struct layout *y)
{
    return number_at(r + y->us, y->wide);
}

static bool is_zero(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i])
            return false;
    return true;
}

/* Readable, and nothing behind its end. */
static bool is_clean(const unsigned char *p, size_t n)
{
    size_t len = strnlen((const char *)p, n);

    for (size_t i = 0; i < len; i++)
        if (p[i] < ' ' || p[i] == 0x7f)
            return false;
    return is_zero(p + len, n - len);
}

/* ------------------------------------------------------------------- tests */

static bool has_time(const unsigned char *r, const struct layout *y)
{
    int64_t s = seconds_of(r, y);
    int64_t us = us_of(r, y);

    return s >= SECONDS_MIN && s < SECONDS_MAX && us >= 0 && us < US_PER_S;
}

/* In a file of such records. */
static bool is_record(const unsigned char *r, const struct layout *y)
{
    return le16_at(r) >= RUN_LVL && le16_at(r) <= ACCOUNTING
        && has_time(r, y);
}

/* Anywhere: nothing of it is chance.  Fields may be as long as their room,
 * without an end. */
static bool is_sure(const unsigned char *r, const struct layout *y)
{
    return is_record(r, y) && r[2] == 0 && r[3] == 0
        && le32_at(r + PID) < 1u << 23
        && (r[LINE] || r[USER] || r[ID]) && is_clean(r + LINE, LINE_SIZE)
        && is_clean(r + USER, USER_SIZE) && is_clean(r + HOST, HOST_SIZE)
        && is_zero(r + y->unused, y->unused_end - y->unused);
}

/* -------------------------------------------------------------------- text */

static int add_field(char *to, size_t room, const char *name,
                     const unsigned char *p, size_t n)
{
    size_t len = strnlen((const char *)p, n);

    if (!len)
        return 0;
    return snprintf(to, room, "%s%.*s", name, (int)len, (const char *)p);
}

static int add_address(char *to, size_t room, const unsigned char *p)
{
    char text[INET6_ADDRSTRLEN];
    bool is_v4 = is_zero(p + 4, 12);

    if (is_zero(p, 16)
        || !inet_ntop(is_v4 ? AF_INET : AF_INET6, p, text, sizeof(text)))
        return 0;
    return snprintf(to, room, " address %s", text);
}

/* Room for all the fields and words. */
#define TEXT_ROOM 512

static size_t describe(char *to, const unsigned char *r,
                       const struct layout *y)
{
    int n = snprintf(to, TEXT_ROOM, "%s", type_names[le16_at(r)]);

    n += add_field(to + n, TEXT_ROOM - (size_t)n, " user ", r + USER,
                   USER_SIZE);
    n += add_field(to + n, TEXT_ROOM - (size_t)n, " line ", r + LINE,
                   LINE_SIZE);
    n += snprintf(to + n, TEXT_ROOM - (size_t)n, " pid %" PRIu32,
                  le32_at(r + PID));
    n += add_field(to + n, TEXT_ROOM - (size_t)n, " from ", r + HOST,
                   HOST_SIZE);
    n += add_address(to + n, TEXT_ROOM - (size_t)n, r + y->address);
    return (size_t)n;
}

static int tell(const struct event_span *s, size_t at,
                const struct layout *y, const char *source,
                const struct event_out *o, struct err *e)
{
    const unsigned char *r = s->bytes + at;
    char text[TEXT_ROOM];
    const struct event v = {
        .time = seconds_of(r, y) * US_PER_S + us_of(r, y),
        .source = source,
        .text = { text, describe(text, r, y) },
        .key = r, .key_size = y->size, .at = at, .size = y->size,
    };

    return o->event(o->ctx, &v, e);
}

/* ------------------------------------------------------------------- files */

static const char *base_of(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;

    return slash ? slash + 1 : path ? path : "";
}

static bool begins(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

static const char *source_of(const char *path)
{
    const char *base = base_of(path);

    return begins(base, "btmp") ? "btmp" : begins(base, "wtmp") ? "wtmp"
         : "utmp";
}

/* Records that are none are passed over: the layout with more good ones. */
static const struct layout *layout_of(const unsigned char *bytes, size_t n)
{
    const struct layout *best = NULL;
    size_t most = 0;

    for (size_t i = 0; i < LAYOUTS; i++) {
        size_t good = 0;

        for (size_t at = 0; at + layouts[i].size <= n; at += layouts[i].size)
            good += is_record(bytes + at, &layouts[i]);
        if (good > most) {
            most = good;
            best = &layouts[i];
        }
    }
    return best;
}

static bool probe(const char *path, const unsigned char *head, size_t n)
{
    const char *base = base_of(path);

    if (!begins(base, "wtmp") && !begins(base, "btmp")
        && !begins(base, "utmp"))
        return false;
    return layout_of(head, n) != NULL;
}

static void tell_bad(const struct event_out *o, size_t zero, size_t bad,
                     size_t rest)
{
    char text[160];

    if (zero) {
        snprintf(text, sizeof(text), "%zu records are nothing but zeros: they "
                 "may have been wiped", zero);
        o->note(o->ctx, text);
    }
    if (!bad && !rest)
        return;
    snprintf(text, sizeof(text), "%zu records make no sense and %zu bytes at "
             "the end are no record", bad, rest);
    o->note(o->ctx, text);
}

static int decode(const struct event_span *s, const struct event_out *o,
                  struct err *e)
{
    const struct layout *y = layout_of(s->bytes, s->size);
    const char *source = source_of(s->path);
    size_t zero = 0, bad = 0;

    if (!y)
        return 0;
    for (size_t at = 0; at + y->size <= s->size; at += y->size) {
        if (!is_record(s->bytes + at, y)) {
            if (is_zero(s->bytes + at, y->size))
                zero++;
            else if (le16_at(s->bytes + at))
                bad++;
        } else if (tell(s, at, y, source, o, e) < 0) {
            return -1;
        }
    }
    tell_bad(o, zero, bad, s->size % y->size);
    return 0;
}

/* ------------------------------------------------------------------ carved */

static const struct layout *layout_at(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < LAYOUTS; i++)
        if (n >= layouts[i].size && is_sure(p, &layouts[i]))
            return &layouts[i];
    return NULL;
}

static int carve(const struct event_span *s, const struct event_out *o,
                 struct err *e)
{
    size_t step;

    for (size_t at = 0; at + layouts[0].size <= s->size; at += step) {
        const unsigned char *p = s->bytes + at;
        const struct layout *y = NULL;

        if (p[0] >= RUN_LVL && p[0] <= ACCOUNTING && !p[1] && !p[2] && !p[3])
            y = layout_at(p, s->size - at);
        if (y && tell(s, at, y, "utmp", o, e) < 0)
            return -1;
        step = y ? y->size : 4;
    }
    return 0;
}

const struct event_decoder utmp_decoder = {
    "utmp", probe, decode, carve,
};
