/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/splitter.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* No record is so deep. */
#define DEPTH 128

#define KEY_MAX 32

enum state {
    VALUE,       /* one must come, but for an end behind a comma */
    FIRST,       /* or the end of the list */
    KEY,         /* of a member */
    FIRST_KEY,   /* or the end of the object */
    COLON,
    NEXT,        /* a comma, or an end */
    STRING,
    ESCAPE,
    SCALAR,      /* a number, true, false, null */
    SKIP,        /* to the end of a line */
};

/* `open' holds what is open, '{' and '['.  The first `looked' of them are
 * gone into: lists, and objects that may turn out to hold one.  The innermost
 * of these objects is kept, unless it did. */
struct splitter {
    struct splitter_config config;
    enum state state;
    char open[DEPTH];
    unsigned depth, looked;
    bool in_key;         /* the string is a member's name */
    char key[KEY_MAX];
    size_t key_len;
    struct text kept;
    bool keeping, too_large;
    const char *data;    /* that are fed now, */
    size_t at;           /* the one that is looked at, */
    size_t from;         /* and what is kept of them begins there; what came
                          * before is in `kept' */
    bool line_begins;
    bool lost;           /* the last place was no JSON */
    uint64_t offset;
};

struct splitter *splitter_new(const struct splitter_config *c,
                              struct err *e)
{
    struct splitter *s = calloc(1, sizeof(*s));

    if (!s) {
        err_nomem(e);
        return NULL;
    }
    s->config = *c;
    s->line_begins = true;
    return s;
}

void splitter_free(struct splitter *s)
{
    if (!s)
        return;
    text_free(&s->kept);
    free(s);
}

/* ------------------------------------------------------------ what is kept */

/* From this byte on. */
static void start_keeping(struct splitter *s)
{
    text_clear(&s->kept);
    s->keeping = true;
    s->too_large = false;
    s->from = s->at;
}

/* All that is kept of what is fed now, before `end'. */
static void keep(struct splitter *s, size_t end)
{
    size_t n = end - s->from;

    if (!s->keeping || s->too_large)
        return;
    if (n > SPLITTER_MAX - s->kept.len)
        s->too_large = true;
    else
        text_addn(&s->kept, s->data + s->from, n);
}

static int give(struct splitter *s, struct err *e)
{
    const struct splitter_config *c = &s->config;

    keep(s, s->at + 1);
    s->keeping = false;
    s->lost = false;
    if (s->kept.failed)
        return err_nomem(e);
    if (!s->too_large)
        return c->take(c->ctx, s->kept.s, s->kept.len, e);
    c->large(c->ctx);
    return 0;
}

/* ------------------------------------------------------------- structure */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool all_looked(const struct splitter *s)
{
    return s->looked == s->depth;
}

static bool in_list(const struct splitter *s)
{
    return s->depth && s->open[s->depth - 1] == '[';
}

static bool is_among(const struct splitter *s, const char *const *names)
{
    for (; *names; names++)
        if (strlen(*names) == s->key_len
            && memcmp(*names, s->key, s->key_len) == 0)
            return true;
    return false;
}

/* Is the value that begins with c one to look at the parts of? */
static bool is_looked_at(struct splitter *s, char c)
{
    if (!all_looked(s))
        return false;
    if (s->depth == 0 || in_list(s))
        return true;
    return is_among(s, c == '[' ? s->config.lists : s->config.holders);
}

static bool open_value(struct splitter *s, char c)
{
    bool looked = is_looked_at(s, c);

    if (s->depth == DEPTH)
        return false;
    if (looked && c == '[' && s->depth && !in_list(s))
        s->config.list(s->config.ctx);
    s->open[s->depth++] = c;
    s->state = c == '{' ? FIRST_KEY : FIRST;
    if (!looked)
        return true;
    s->looked = s->depth;
    s->keeping = false;
    if (c == '{')
        start_keeping(s);
    return true;
}

static void after_value(struct splitter *s)
{
    s->state = s->depth ? NEXT : VALUE;
}

/* 1: as it must be; 0: it is not; -1. */
static int close_value(struct splitter *s, char c, struct err *e)
{
    bool whole = all_looked(s);

    if (!s->depth || s->open[s->depth - 1] != (c == '}' ? '{' : '['))
        return 0;
    s->depth--;
    after_value(s);
    if (!whole)
        return 1;
    s->looked = s->depth;
    return c == '}' && s->keeping && give(s, e) < 0 ? -1 : 1;
}

static bool is_scalar(char c)
{
    return c && strchr("+-.0123456789abcdefghijklmnopqrstuvwxyzE", c);
}

static int begin_scalar(struct splitter *s, char c)
{
    s->in_key = false;
    s->state = c == '"' ? STRING : SCALAR;
    if (!c || !strchr("\"-0123456789tfn", c))
        return 0;
    if (all_looked(s) && (s->depth == 0 || in_list(s)))
        s->config.scalar(s->config.ctx);
    return 1;
}

static int begin_value(struct splitter *s, char c, struct err *e)
{
    if (c == '{' || c == '[')
        return open_value(s, c);
    if (c == ']' && in_list(s))
        return close_value(s, c, e);
    if (c == ',' && s->depth == 0)
        return 1;
    return begin_scalar(s, c);
}

static int begin_key(struct splitter *s, char c, struct err *e)
{
    if (c == '}' && s->state == FIRST_KEY)
        return close_value(s, c, e);
    s->in_key = true;
    s->key_len = 0;
    s->state = STRING;
    return c == '"';
}

static int go_on(struct splitter *s, char c, struct err *e)
{
    if (c != ',')
        return c == '}' || c == ']' ? close_value(s, c, e) : 0;
    s->state = in_list(s) ? VALUE : KEY;
    return 1;
}

static int in_string(struct splitter *s, char c)
{
    if (c == '"' && s->state == STRING) {
        if (s->in_key)
            s->state = COLON;
        else
            after_value(s);
        return 1;
    }
    s->state = s->state == STRING && c == '\\' ? ESCAPE : STRING;
    if (s->in_key && s->key_len < KEY_MAX)
        s->key[s->key_len++] = c;
    return (unsigned char)c >= 0x20;
}

/* As begin_value(), for any state. */
static int take_byte(struct splitter *s, char c, struct err *e)
{
    if (s->state == STRING || s->state == ESCAPE)
        return in_string(s, c);
    if (s->state == SCALAR) {
        if (is_scalar(c))
            return 1;
        after_value(s);
    }
    if (is_blank(c))
        return 1;
    switch (s->state) {
    case VALUE:
    case FIRST:
        return begin_value(s, c, e);
    case KEY:
    case FIRST_KEY:
        return begin_key(s, c, e);
    case COLON:
        s->state = VALUE;
        return c == ':';
    default:
        return go_on(s, c, e);
    }
}

/* ---------------------------------------------------------- what is no JSON */

static void start_over(struct splitter *s)
{
    s->depth = s->looked = 0;
    s->keeping = false;
    s->state = VALUE;
}

static void lose(struct splitter *s)
{
    if (!s->lost)
        s->config.broken(s->config.ctx, s->offset);
    s->lost = true;
    start_over(s);
    s->state = SKIP;
}

/* A line that was cut off is noticed where the next one begins. */
static int skip_over(struct splitter *s, char c, struct err *e)
{
    lose(s);
    if (c == '\n')
        start_over(s);
    if (!s->line_begins || (c != '{' && c != '['))
        return 0;
    start_over(s);
    return take_byte(s, c, e) < 0 ? -1 : 0;
}

/* The mark that some programs put before UTF-8. */
static bool is_mark(const struct splitter *s, char c)
{
    return s->offset < 3 && c == "\xef\xbb\xbf"[s->offset];
}

static int step(struct splitter *s, char c, struct err *e)
{
    int r;

    if (is_mark(s, c))
        return 0;
    if (s->state == SKIP) {
        if (c == '\n')
            start_over(s);
        return 0;
    }
    r = take_byte(s, c, e);
    if (r == 0)
        return skip_over(s, c, e);
    return r < 0 ? -1 : 0;
}

static void add_key(struct splitter *s, const char *data, size_t n)
{
    if (n > KEY_MAX - s->key_len)
        n = KEY_MAX - s->key_len;
    memcpy(s->key + s->key_len, data, n);
    s->key_len += n;
}

/* What is in the middle of a string, at once: most of a record is. */
static size_t take_text(struct splitter *s, const char *data, size_t n)
{
    size_t i = 0;

    if (s->state != STRING)
        return 0;
    while (i < n && data[i] != '"' && data[i] != '\\'
           && (unsigned char)data[i] >= 0x20)
        i++;
    if (s->in_key)
        add_key(s, data, i);
    s->offset += i;
    return i;
}

int splitter_feed(struct splitter *s, const char *data, size_t n,
                  struct err *e)
{
    size_t i = 0;

    s->data = data;
    s->from = 0;
    while ((i += take_text(s, data + i, n - i)) < n) {
        char c = data[i];

        s->at = i++;
        if (step(s, c, e) < 0)
            return -1;
        s->line_begins = c == '\n' || (s->line_begins && is_blank(c));
        s->offset++;
    }
    keep(s, n);
    return 0;
}

void splitter_end(struct splitter *s)
{
    if (s->state == SCALAR && s->depth == 0)
        s->state = VALUE;
    if (s->state != SKIP && (s->depth || s->state != VALUE))
        lose(s);
}
