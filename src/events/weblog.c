/* SPDX-License-Identifier: Apache-2.0 */
/* Access logs of web servers, in the common format of NCSA and the combined
 * one of Apache and nginx. */
#include <string.h>

#include "events/civil.h"
#include "events/lines.h"

/* [30/Nov/2026:22:03:08 +0000] */
static bool take_stamp(struct cursor *c, struct event *v)
{
    struct civil t = { 0 };

    if (!cursor_char(c, '[') || !cursor_digits(c, 2, &t.day)
        || !cursor_char(c, '/') || !cursor_month(c, &t.month)
        || !cursor_char(c, '/') || !cursor_digits(c, 4, &t.year)
        || !cursor_char(c, ':') || !cursor_clock(c, &t)
        || !cursor_char(c, ' ') || !cursor_zone(c, &v->minutes)
        || !cursor_text(c, "] \"") || !civil_is_valid(&t))
        return false;
    v->zone = EVENT_ZONE;
    v->time = civil_us(&t) - v->minutes * 60 * US_PER_S;
    return true;
}

/* A name of a user may have spaces. */
static bool find_stamp(struct cursor *c)
{
    for (size_t i = 0; i + 1 < c->n && i < 512; i++)
        if (c->s[i] == ' ' && c->s[i + 1] == '[') {
            c->s += i + 1;
            c->n -= i + 1;
            return true;
        }
    return false;
}

/* In front of the address there may be a virtual host. */
static bool is_client(const unsigned char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] <= ' ' || s[i] >= 0x7f || s[i] == '"' || s[i] == '[')
            return false;
    return n > 0 && n < 256;
}

bool weblog_line(const struct line *l, struct event *v)
{
    struct cursor c = { l->s, l->n };
    const unsigned char *word;
    size_t n;

    if (!cursor_word(&c, &word, &n) || !is_client(word, n))
        return false;
    c.s--; /* the space, for a line with nothing between */
    c.n++;
    if (!find_stamp(&c) || !take_stamp(&c, v))
        return false;
    v->source = "web";
    v->text = (struct event_text){ (const char *)l->s, l->n };
    return true;
}
