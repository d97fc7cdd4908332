/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"

void text_free(struct text *t)
{
    free(t->s);
    *t = (struct text)TEXT_INIT;
}

void text_clear(struct text *t)
{
    t->len = 0;
    if (t->s)
        t->s[0] = '\0';
}

static bool text_grow(struct text *t, size_t more)
{
    size_t need;
    size_t room = t->room ? t->room : 64;
    char *s;

    if (t->failed || __builtin_add_overflow(t->len + 1, more, &need))
        return false;
    if (t->s && need <= t->room)
        return true;
    while (room < need)
        if (__builtin_mul_overflow(room, 2, &room))
            return false;
    s = realloc(t->s, room);
    if (!s)
        return false;
    t->s = s;
    t->room = room;
    return true;
}

void text_addn(struct text *t, const char *s, size_t n)
{
    if (!text_grow(t, n)) {
        t->failed = true;
        return;
    }
    memcpy(t->s + t->len, s, n);
    t->len += n;
    t->s[t->len] = '\0';
}

void text_add(struct text *t, const char *s)
{
    text_addn(t, s, strlen(s));
}

void text_addf(struct text *t, const char *fmt, ...)
{
    va_list ap;
    va_list again;
    int n;

    va_start(ap, fmt);
    va_copy(again, ap);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0 || !text_grow(t, (size_t)n)) {
        t->failed = true;
    } else {
        vsnprintf(t->s + t->len, (size_t)n + 1, fmt, again);
        t->len += (size_t)n;
    }
    va_end(again);
}

/* The lead byte says how many bytes follow and the least code point that
 * may be written with so many. */
static int utf8_lead(unsigned char c, int32_t *cp, int32_t *least)
{
    static const struct {
        unsigned char mask, value;
        int32_t least;
    } leads[] = {
        { 0x80, 0x00, 0 },
        { 0xe0, 0xc0, 0x80 },
        { 0xf0, 0xe0, 0x800 },
        { 0xf8, 0xf0, 0x10000 },
    };

    for (int i = 0; i < 4; i++) {
        if ((c & leads[i].mask) != leads[i].value)
            continue;
        *cp = c & ~leads[i].mask;
        *least = leads[i].least;
        return i;
    }
    return -1;
}

int32_t text_utf8(const char *s, size_t n, size_t *used)
{
    int32_t cp = 0;
    int32_t least = 0;
    int more = n ? utf8_lead((unsigned char)s[0], &cp, &least) : -1;

    *used = 1;
    if (more < 0 || (size_t)more >= n)
        return -1;
    for (int i = 1; i <= more; i++) {
        if (((unsigned char)s[i] & 0xc0) != 0x80)
            return -1;
        cp = (cp << 6) | (s[i] & 0x3f);
    }
    if (cp < least || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
        return -1;
    *used = (size_t)more + 1;
    return cp;
}

bool text_is_control(int32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f)
        || cp == 0x061c || cp == 0x200e || cp == 0x200f
        || (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069)
        || cp == 0xfeff;
}

static void add_json_char(struct text *t, int32_t cp, const char *s,
                          size_t used)
{
    if (cp < 0 || cp == 0xfffd) /* read and written again it is the same */
        text_add(t, "\\ufffd");
    else if (cp == '"' || cp == '\\')
        text_addf(t, "\\%c", (char)cp);
    else if (text_is_control(cp))
        text_addf(t, "\\u%04x", (unsigned)cp);
    else
        text_addn(t, s, used);
}

void text_add_json(struct text *t, const char *s)
{
    size_t n = strlen(s);
    size_t used;

    text_add(t, "\"");
    for (; n; s += used, n -= used) {
        int32_t cp = text_utf8(s, n, &used);

        add_json_char(t, cp, s, used);
    }
    text_add(t, "\"");
}

void text_add_shown(struct text *t, const char *s)
{
    size_t n = strlen(s);
    size_t used;

    for (; n; s += used, n -= used) {
        int32_t cp = text_utf8(s, n, &used);

        if (cp < 0)
            text_addf(t, "\\x%02x", (unsigned char)*s);
        else if (cp == '\\')
            text_add(t, "\\\\");
        else if (text_is_control(cp))
            text_addf(t, cp < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)cp);
        else
            text_addn(t, s, used);
    }
}

bool text_is_plain(const char *s)
{
    size_t n = strlen(s);
    size_t used;

    for (; n; s += used, n -= used) {
        int32_t cp = text_utf8(s, n, &used);

        if (cp < 0 || cp == '\\' || text_is_control(cp))
            return false;
    }
    return true;
}

/* Three octal digits are no more than one byte in every shell. */
static void add_octal(struct text *t, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        text_addf(t, "\\%03o", (unsigned)(unsigned char)s[i]);
}

static void add_escaped(struct text *t, int32_t cp, const char *s,
                        size_t used)
{
    switch (cp) {
    case '\t': text_add(t, "\\t"); break;
    case '\n': text_add(t, "\\n"); break;
    case '\\': text_add(t, "\\\\"); break;
    case '\'': text_add(t, "\\'"); break;
    default:
        if (cp < 0 || text_is_control(cp))
            add_octal(t, s, used);
        else
            text_addn(t, s, used);
    }
}

static void add_dollar_quoted(struct text *t, const char *s)
{
    size_t n = strlen(s);
    size_t used;

    text_add(t, "$'");
    for (; n; s += used, n -= used) {
        int32_t cp = text_utf8(s, n, &used);

        add_escaped(t, cp, s, used);
    }
    text_add(t, "'");
}

/* No backslash: 'it'"'"'s'. */
static void add_single_quoted(struct text *t, const char *s)
{
    text_add(t, "'");
    for (; *s; s++) {
        if (*s == '\'')
            text_add(t, "'\"'\"'");
        else
            text_addn(t, s, 1);
    }
    text_add(t, "'");
}

void text_add_quoted(struct text *t, const char *s)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789"
                                "-_./,:+@%=";

    if (*s && strspn(s, plain) == strlen(s))
        text_add(t, s);
    else if (text_is_plain(s))
        add_single_quoted(t, s);
    else
        add_dollar_quoted(t, s);
}

void text_add_word(struct text *t, const char *name)
{
    if (*name == '-')
        text_add(t, "./");
    text_add_quoted(t, name);
}

char *text_word(const char *name)
{
    struct text t = TEXT_INIT;

    text_add_word(&t, name);
    if (t.failed)
        text_free(&t);
    return t.s;
}

void text_add_url(struct text *t, const char *url)
{
    const char *at = strrchr(url, '@');
    const char *slashes = strstr(url, "//");
    const char *host = slashes && slashes < at ? slashes + 2 : url;

    if (at)
        text_addn(t, url, (size_t)(host - url));
    text_add(t, at ? "[removed]" : "");
    text_add(t, at ? at : url);
}

void text_add_percent(struct text *t, const char *s)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789-_.~";

    for (; *s; s++) {
        if (strchr(plain, *s))
            text_addn(t, s, 1);
        else
            text_addf(t, "%%%02X", (unsigned char)*s);
    }
}

size_t text_count(const char *s, size_t n, char c)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += s[i] == c;
    return count;
}

bool text_ends_with(const char *s, const char *end)
{
    size_t n = strlen(s);
    size_t k = strlen(end);

    return n > k && strcmp(s + n - k, end) == 0;
}

void hex_encode(char *out, const void *data, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *p = data;

    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[p[i] >> 4];
        out[2 * i + 1] = digits[p[i] & 15];
    }
    out[2 * n] = '\0';
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

int hex_decode(void *out, size_t n, const char *hex)
{
    unsigned char *p = out;

    if (strlen(hex) != 2 * n)
        return -1;
    for (size_t i = 0; i < n; i++) {
        int hi = hex_digit(hex[2 * i]);
        int lo = hex_digit(hex[2 * i + 1]);

        if (hi < 0 || lo < 0)
            return -1;
        p[i] = (unsigned char)(hi << 4 | lo);
    }
    return 0;
}

static int base64_value(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) : -1;
}

int base64_decode(void *out, size_t n, const char *b64)
{
    unsigned char *p = out;
    size_t digits = (n * 8 + 5) / 6;
    uint32_t bits = 0;
    int have = 0;

    if (strlen(b64) != (n + 2) / 3 * 4)
        return -1;
    for (size_t i = 0; i < digits; i++) {
        int v = base64_value(b64[i]);

        if (v < 0)
            return -1;
        bits = bits << 6 | (uint32_t)v;
        have += 6;
        if (have >= 8) {
            have -= 8;
            *p++ = (unsigned char)(bits >> have);
        }
    }
    if (bits & ((1u << have) - 1)) /* left-over bits must be zero */
        return -1;
    return strspn(b64 + digits, "=") == strlen(b64 + digits) ? 0 : -1;
}

void secret_wipe(void *p, size_t n)
{
    explicit_bzero(p, n);
}
