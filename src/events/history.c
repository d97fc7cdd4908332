/* SPDX-License-Identifier: Apache-2.0 */
/* What was typed into a shell, where the shell notes when: bash
 * (HISTTIMEFORMAT), zsh (EXTENDED_HISTORY), fish.  The times are seconds
 * since 1970 UTC. */
#include <string.h>

#include "events/civil.h"
#include "events/lines.h"

#define BEFORE INT64_C(946684800)  /* 2000: no such shell ran before */
#define BEHIND INT64_C(4102444800) /* 2100 */

static bool take_seconds(struct cursor *c, struct event *v)
{
    int64_t s = 0;
    int digit;

    for (unsigned i = 0; i < 11 && c->n && *c->s >= '0' && *c->s <= '9';
         i++) {
        if (!cursor_digits(c, 1, &digit))
            return false;
        s = s * 10 + digit;
    }
    v->time = s * US_PER_S;
    return s >= BEFORE && s < BEHIND;
}

static bool finish(struct event *v, const char *source,
                   const unsigned char *text, size_t n)
{
    v->source = source;
    v->text = (struct event_text){ (const char *)text, n };
    return n > 0;
}

static bool is_text(const unsigned char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] < ' ' && s[i] != '\t' && s[i] != 0x1b)
            return false;
    return true;
}

/* The line behind this one. */
static bool next_line(const struct line *l, const unsigned char **s,
                      size_t *n)
{
    const unsigned char *at = l->s + l->n + 1;
    const unsigned char *end;

    if (l->is_cut || at >= l->end)
        return false;
    end = memchr(at, '\n', (size_t)(l->end - at));
    *s = at;
    *n = end ? (size_t)(end - at) : (size_t)(l->end - at);
    return *n <= 65536 && (end || !l->is_carved) && is_text(at, *n);
}

static bool with_next(const struct line *l, struct event *v,
                      const unsigned char *s, size_t n)
{
    v->size = (size_t)(s + n - l->s);
    v->key = l->s;
    v->key_size = v->size;
    return true;
}

/* #1764540188 and the command in the next line. */
static bool bash_line(const struct line *l, struct event *v)
{
    struct cursor c = { l->s, l->n };
    const unsigned char *s;
    size_t n;

    return cursor_char(&c, '#') && take_seconds(&c, v) && !c.n
        && next_line(l, &s, &n) && n && *s != '#'
        && finish(v, "bash", s, n) && with_next(l, v, s, n);
}

/* : 1764540188:0;command */
static bool zsh_line(const struct line *l, struct event *v)
{
    struct cursor c = { l->s, l->n };
    int digit;

    if (!cursor_text(&c, ": ") || !take_seconds(&c, v)
        || !cursor_char(&c, ':'))
        return false;
    while (c.n && *c.s != ';')
        if (!cursor_digits(&c, 1, &digit))
            return false;
    return cursor_char(&c, ';') && finish(v, "zsh", c.s, c.n);
}

/* "- cmd: command" and "  when: 1764540188" */
static bool fish_line(const struct line *l, struct event *v)
{
    struct cursor c = { l->s, l->n };
    struct cursor w;

    if (!cursor_text(&c, "- cmd: ") || !next_line(l, &w.s, &w.n)
        || !finish(v, "fish", c.s, c.n))
        return false;
    with_next(l, v, w.s, w.n);
    return cursor_text(&w, "  when: ") && take_seconds(&w, v) && !w.n;
}

bool history_line(const struct line *l, struct event *v)
{
    return bash_line(l, v) || zsh_line(l, v) || fish_line(l, v);
}
