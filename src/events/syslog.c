/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of syslog: as RFC 3164 has them in files (without the year, in
 * the local time of the machine), with the time of ISO 8601 in front (what
 * rsyslog writes today), and as RFC 5424 has them. */
#include <string.h>

#include "events/civil.h"
#include "events/lines.h"

static bool is_host_char(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_'
        || c == ':';
}

static bool take_host(struct cursor *c, struct event *v)
{
    const unsigned char *word;
    size_t n;

    if (!cursor_word(c, &word, &n) || n > 255)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!is_host_char(word[i]))
            return false;
    v->host = (struct event_text){ (const char *)word, n };
    return true;
}

/* "sshd[12]:", "kernel:", "systemd-logind[1]:" */
static bool has_tag(const struct cursor *c)
{
    for (size_t i = 0; i < c->n && i < 64; i++) {
        if (c->s[i] == ':')
            return i > 0;
        if (c->s[i] <= ' ' || c->s[i] >= 0x7f)
            return false;
    }
    return false;
}

static bool finish(struct event *v, const struct cursor *rest)
{
    v->source = "syslog";
    v->text = (struct event_text){ (const char *)rest->s, rest->n };
    return rest->n > 0;
}

/* Nov 30 22:03:08 host tag: text */
static bool old_line(struct cursor c, struct event *v)
{
    struct civil t = { .year = CIVIL_LEAP_YEAR };

    if (!cursor_month(&c, &t.month) || !cursor_char(&c, ' '))
        return false;
    if (cursor_char(&c, ' ') ? !cursor_digits(&c, 1, &t.day)
        : !cursor_digits(&c, 2, &t.day))
        return false;
    if (!cursor_char(&c, ' ') || !cursor_clock(&c, &t)
        || !cursor_char(&c, ' ') || !civil_is_valid(&t)
        || !take_host(&c, v) || !has_tag(&c))
        return false;
    v->time = civil_us(&t);
    v->zone = EVENT_LOCAL;
    v->year = EVENT_YEAR_UNKNOWN;
    return finish(v, &c);
}

static bool take_stamp(struct cursor *c, struct event *v)
{
    struct civil t = { 0 };

    if (!cursor_date(c, &t) || !cursor_char(c, 'T') || !cursor_clock(c, &t)
        || !cursor_fraction(c, &t.us) || !cursor_zone(c, &v->minutes)
        || !cursor_char(c, ' ') || !civil_is_valid(&t))
        return false;
    v->zone = EVENT_ZONE;
    v->year = EVENT_YEAR_GIVEN;
    v->time = civil_us(&t) - v->minutes * 60 * US_PER_S;
    return true;
}

/* 2026-11-30T22:03:08.123456+00:00 host tag: text */
static bool iso_line(struct cursor c, struct event *v)
{
    return take_stamp(&c, v) && take_host(&c, v) && has_tag(&c)
        && finish(v, &c);
}

/* 1 2026-11-30T22:03:08Z host app procid msgid data text */
static bool new_line(struct cursor c, struct event *v)
{
    return cursor_text(&c, "1 ") && take_stamp(&c, v) && take_host(&c, v)
        && finish(v, &c);
}

/* <PRI>, which files may have too. */
static bool take_priority(struct cursor *c)
{
    int digit;
    unsigned n = 0;

    if (!cursor_char(c, '<'))
        return false;
    while (n < 3 && c->n && *c->s != '>' && cursor_digits(c, 1, &digit))
        n++;
    return n > 0 && cursor_char(c, '>');
}

bool syslog_line(const struct line *l, struct event *v)
{
    struct cursor c = { l->s, l->n };
    bool has_priority = c.n && *c.s == '<';

    if (has_priority && !take_priority(&c))
        return false;
    if (has_priority && new_line(c, v))
        return true;
    return old_line(c, v) || iso_line(c, v);
}
