/* SPDX-License-Identifier: Apache-2.0 */
#include "base/secrets.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROW = 16,      /* a search begins at each so many characters */
    LEAST = 8,     /* of a secret */
    NESTED = 4,    /* escapes of escapes that are followed */
};

static const char mark[] = "[removed]";

/* --------------------------------------------------------- one character */

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

    return at ? (int)(at - digits) : -1;
}

/* `n' hex digits, -1 when they are not. */
static int hex_value(const char *s, size_t n)
{
    int v = 0;

    for (size_t i = 0; i < n; i++) {
        int d = hex_digit(s[i]);

        if (d < 0)
            return -1;
        v = v * 16 + d;
    }
    return v;
}

/* "%2B", also "%252B".  Each of these readers gives the character and its
 * length in the text, 0 when there is no such escape. */
static size_t percent(const char *s, size_t n, int *c)
{
    size_t i = 1;

    for (int k = 0; k < NESTED && n - i >= 4 && memcmp(s + i, "25", 2) == 0
                    && hex_value(s + i + 2, 2) >= 0; k++)
        i += 2;
    if (n - i < 2)
        return 0;
    *c = hex_value(s + i, 2);
    return *c < 0 ? 0 : i + 2;
}

/* "\u002b", "\/", and both behind several backslashes. */
static size_t backslash(const char *s, size_t n, int *c)
{
    size_t i = 1;

    while (i < NESTED && i < n && s[i] == '\\')
        i++;
    if (n - i >= 5 && s[i] == 'u') {
        *c = hex_value(s + i + 1, 4);
        return *c < 0 ? 0 : i + 5;
    }
    if (n - i < 1 || (s[i] != '/' && s[i] != '"'))
        return 0;
    *c = s[i];
    return i + 1;
}

/* "#43;" or "#x2b;" */
static size_t reference(const char *s, size_t n, int *c)
{
    bool hex = n > 1 && (s[1] == 'x' || s[1] == 'X');
    size_t i = hex ? 2 : 1;
    size_t begin = i;

    for (*c = 0; i < n && i - begin < 8; i++) {
        int d = hex_digit(s[i]);

        if (d < 0 || (!hex && d > 9))
            break;
        *c = (*c * (hex ? 16 : 10) + d) & 0xffff;
    }
    return i > begin && i < n && s[i] == ';' ? i + 1 : 0;
}

static const struct {
    const char *name;
    char c;
} entities[] = {
    { "amp;", '&' }, { "lt;", '<' },   { "gt;", '>' },
    { "quot;", '"' }, { "apos;", '\'' },
};

static bool begins(const char *s, size_t n, const char *with)
{
    size_t len = strlen(with);

    return n >= len && memcmp(s, with, len) == 0;
}

/* "&amp;", "&#x2b;", also "&amp;#x2b;" */
static size_t entity(const char *s, size_t n, int *c)
{
    size_t i = 1;
    size_t used = 0;

    for (int k = 0; k < NESTED && begins(s + i, n - i, "amp;")
                    && n - i > 4 && s[i + 4] == '#'; k++)
        i += 4;
    if (i < n && s[i] == '#')
        used = reference(s + i, n - i, c);
    for (size_t k = 0; !used && k < sizeof(entities) / sizeof(entities[0]);
         k++) {
        if (!begins(s + i, n - i, entities[k].name))
            continue;
        *c = entities[k].c;
        used = strlen(entities[k].name);
    }
    return used ? i + used : 0;
}

/* The two alphabets of base64 and the two cases are one. */
static char fold(int c)
{
    return (char)(c == '-' ? '+' : c == '_' ? '/' : tolower(c));
}

/* The character at s, without its escape, folded.  Its length there. */
static size_t unit(const char *s, size_t n, char *out)
{
    size_t used = 0;
    int c = 0;

    if (*s == '%')
        used = percent(s, n, &c);
    else if (*s == '\\')
        used = backslash(s, n, &c);
    else if (*s == '&')
        used = entity(s, n, &c);
    if (!used || !c || c > 0x7f) {
        used = 1;
        c = (unsigned char)*s;
    }
    *out = fold(c);
    return used;
}

/* ---------------------------------------------- where a search is worth it */

static unsigned pair(char a, char b)
{
    return ((unsigned char)a * 67u + (unsigned char)b) % 4096;
}

static bool is_escape(char c)
{
    return c == '%' || c == '\\' || c == '&';
}

/* Nearly all text ends here: each block's answer is looked at. */
static bool may_begin(const struct secrets *x, const char *s, size_t n)
{
    unsigned p;

    if (n < LEAST)
        return false;
    if (is_escape(s[0]) || is_escape(s[1]))
        return true;
    p = pair(fold(s[0]), fold(s[1]));
    return x->pairs[p / 8] >> p % 8 & 1;
}

/* --------------------------------------------------------------- the set */

/* Not realloc(): what it leaves behind is not wiped. */
static bool grow(struct secrets *x, size_t rows)
{
    struct secrets more = { .room = 2 * (x->nrows + rows) };

    if (x->nrows + rows <= x->room)
        return true;
    more.rows = calloc(more.room, ROW);
    more.first = calloc(more.room, 1);
    if (!more.rows || !more.first) {
        free(more.rows);
        free(more.first);
        return false;
    }
    more.nrows = x->nrows;
    memcpy(more.pairs, x->pairs, sizeof(x->pairs));
    if (x->nrows) {
        memcpy(more.rows, x->rows, x->nrows * ROW);
        memcpy(more.first, x->first, x->nrows);
    }
    secrets_free(x);
    *x = more;
    return true;
}

/* Where fewer than 16 characters are left, no search begins, but for a short
 * secret as a whole. */
static void note_first(struct secrets *x, size_t row, size_t len)
{
    for (size_t at = 0; at == 0 || at + ROW <= len; at += ROW, row++) {
        const char *begin = x->rows + row * ROW;
        unsigned p = pair(begin[0], begin[1]);

        x->first[row] = begin[0];
        x->pairs[p / 8] |= (unsigned char)(1 << p % 8);
    }
}

void secrets_addn(struct secrets *x, const char *s, size_t n)
{
    size_t rows = n / ROW + 1; /* there is a NUL at the end */
    size_t len = 0;
    char *to;

    if (!grow(x, rows)) {
        x->failed = true;
        return;
    }
    to = x->rows + x->nrows * ROW;
    memset(to, 0, rows * ROW);
    memset(x->first + x->nrows, 0, rows);
    for (size_t i = 0; i < n; len++)
        i += unit(s + i, n - i, &to[len]);
    if (len < LEAST)
        return;
    note_first(x, x->nrows, len);
    x->nrows += rows;
}

void secrets_add(struct secrets *x, const char *s)
{
    if (s)
        secrets_addn(x, s, strlen(s));
}

void secrets_clear(struct secrets *x)
{
    if (x->rows)
        secret_wipe(x->rows, x->room * ROW);
    if (x->first)
        secret_wipe(x->first, x->room);
    memset(x->pairs, 0, sizeof(x->pairs));
    x->nrows = 0;
    x->failed = false;
}

void secrets_free(struct secrets *x)
{
    secrets_clear(x);
    free(x->rows);
    free(x->first);
    *x = (struct secrets)SECRETS_INIT;
}

/* -------------------------------------------------------------- the text */

/* How much of the text at s is the secret from this row on; 0 when that is
 * too little to matter. */
static size_t match_row(const struct secrets *x, size_t row, const char *s,
                        size_t n)
{
    const char *want = x->rows + row * ROW;
    size_t len = 0;
    size_t at = 0;
    char c;

    for (; at < n && want[len]; len++) {
        size_t used = unit(s + at, n - at, &c);

        if (c != want[len])
            break;
        at += used;
    }
    return len >= ROW || !want[len] ? at : 0;
}

/* The longest one that begins at s. */
static size_t match(const struct secrets *x, const char *s, size_t n)
{
    const char *row = x->first;
    size_t longest = 0;
    char c;

    unit(s, n, &c);
    while (c && (row = memchr(row, c, (size_t)(x->first + x->nrows - row)))) {
        size_t len = match_row(x, (size_t)(row - x->first), s, n);

        longest = len > longest ? len : longest;
        row++;
    }
    return longest;
}

static void replace(struct text *t, struct text *by)
{
    secret_wipe(t->s, t->len);
    text_free(t);
    *t = *by;
    *by = (struct text)TEXT_INIT;
}

void secrets_clean(const struct secrets *x, struct text *t)
{
    autotext struct text out = TEXT_INIT;
    size_t done = 0;

    if (!t->len || (!x->nrows && !x->failed))
        return;
    for (size_t i = 0; i < t->len && !x->failed;) {
        size_t left = t->len - i;
        size_t len = may_begin(x, t->s + i, left) ? match(x, t->s + i, left)
                                                  : 0;

        if (len) {
            text_addn(&out, t->s + done, i - done);
            text_add(&out, mark);
            done = i + len;
        }
        i += len ? len : 1;
    }
    if (!done && !x->failed)
        return;
    if (x->failed)
        text_add(&out, mark);
    else
        text_addn(&out, t->s + done, t->len - done);
    out.failed |= t->failed;
    replace(t, &out);
}
