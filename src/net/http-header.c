/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>

#include "net/http.h"

/* One line of the block, without its line end. */
struct line {
    const char *s;
    size_t len;
};

static bool next_line(const char **at, const char *end, struct line *l)
{
    const char *newline;

    if (*at >= end)
        return false;
    newline = memchr(*at, '\n', (size_t)(end - *at));
    l->s = *at;
    l->len = (size_t)((newline ? newline : end) - *at);
    *at = newline ? newline + 1 : end;
    if (l->len && l->s[l->len - 1] == '\r')
        l->len--;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The value when the line is this header, trimmed. */
static bool value_of(const struct line *l, const char *name, struct line *v)
{
    size_t n = strlen(name);

    if (l->len <= n || l->s[n] != ':' || strncasecmp(l->s, name, n) != 0)
        return false;
    v->s = l->s + n + 1;
    v->len = l->len - n - 1;
    while (v->len && is_blank(v->s[0])) {
        v->s++;
        v->len--;
    }
    while (v->len && is_blank(v->s[v->len - 1]))
        v->len--;
    return true;
}

/* A folded header (a line that goes on in the next one) is a relic that only
 * an attack uses. */
static bool is_folded(const char *at, const char *end)
{
    return at < end && is_blank(*at);
}

static bool is_plain(const struct line *v)
{
    for (size_t i = 0; i < v->len; i++)
        if ((unsigned char)v->s[i] < 0x20 || v->s[i] == 0x7f)
            return false;
    return true;
}

const char *http_header(const struct http_answer *a, const char *name,
                        char *buf, size_t room)
{
    const char *at = a->headers.s;
    const char *end = at ? at + a->headers.len : at;
    bool found = false;
    struct line l;
    struct line v;

    while (at && next_line(&at, end, &l)) {
        if (!value_of(&l, name, &v))
            continue;
        if (v.len >= room || is_folded(at, end) || !is_plain(&v))
            return NULL;
        if (found && (strlen(buf) != v.len || memcmp(buf, v.s, v.len) != 0))
            return NULL;
        memcpy(buf, v.s, v.len);
        buf[v.len] = '\0';
        found = true;
    }
    return found ? buf : NULL;
}
