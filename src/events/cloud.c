/* SPDX-License-Identifier: Apache-2.0 */
/* What cloud-init writes: its log, whose times it makes in UTC, and the line
 * with which each of its stages begins its output. */
#include <string.h>

#include "events/civil.h"
#include "events/lines.h"

static bool finish(const struct line *l, const struct cursor *c,
                   struct event *v)
{
    v->source = "cloud-init";
    v->text = (struct event_text){ (const char *)c->s, c->n };
    v->key = l->s;
    v->key_size = l->n;
    return c->n > 0;
}

/* "util.py[DEBUG]: " */
static bool has_module(const struct cursor *c)
{
    const unsigned char *open = memchr(c->s, '[', c->n < 64 ? c->n : 64);
    struct cursor rest;

    if (!open || open - c->s < 4 || memcmp(open - 3, ".py", 3) != 0)
        return false;
    rest.s = open + 1;
    rest.n = c->n - (size_t)(rest.s - c->s);
    while (rest.n && *rest.s >= 'A' && *rest.s <= 'Z') {
        rest.s++;
        rest.n--;
    }
    return cursor_text(&rest, "]: ");
}

/* 2026-11-30 22:03:08,123 - util.py[DEBUG]: text */
static bool log_line(const struct line *l, struct event *v)
{
    struct cursor c = { l->s, l->n };
    struct civil t = { 0 };

    if (!cursor_date(&c, &t) || !cursor_char(&c, ' ')
        || !cursor_clock(&c, &t) || !cursor_fraction(&c, &t.us)
        || !cursor_text(&c, " - ") || !civil_is_valid(&t)
        || !has_module(&c))
        return false;
    v->time = civil_us(&t);
    return finish(l, &c, v);
}

static bool find(struct cursor *c, const char *what)
{
    const unsigned char *at = memmem(c->s, c->n, what, strlen(what));

    if (!at)
        return false;
    at += strlen(what);
    c->n -= (size_t)(at - c->s);
    c->s = at;
    return true;
}

/* Cloud-init v. 24.1 running 'init' at Mon, 30 Nov 2026 22:03:08 +0000. Up
 * 5.23 seconds. */
static bool stage_line(const struct line *l, struct event *v)
{
    struct cursor c = { l->s, l->n };
    const struct cursor all = c;
    struct civil t = { 0 };

    if (!cursor_text(&c, "Cloud-init v. ") || !find(&c, " at ")
        || !find(&c, ", ") || !cursor_digits(&c, 2, &t.day)
        || !cursor_char(&c, ' ') || !cursor_month(&c, &t.month)
        || !cursor_char(&c, ' ') || !cursor_digits(&c, 4, &t.year)
        || !cursor_char(&c, ' ') || !cursor_clock(&c, &t)
        || !cursor_char(&c, ' ') || !cursor_zone(&c, &v->minutes)
        || !civil_is_valid(&t))
        return false;
    v->zone = EVENT_ZONE;
    v->time = civil_us(&t) - v->minutes * 60 * US_PER_S;
    return finish(l, &all, v);
}

bool cloud_line(const struct line *l, struct event *v)
{
    return log_line(l, v) || stage_line(l, v);
}
