/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void bytes_free(struct bytes *b)
{
    free(b->at);
    *b = (struct bytes){ 0 };
}

char *bytes_room(struct bytes *b, size_t more)
{
    size_t need;
    size_t room;
    char *at;

    if (b->broken || __builtin_add_overflow(b->len, more, &need))
        return NULL;
    if (need <= b->room)
        return b->at + b->len;
    room = need < 256 ? 256 : need + need / 2;
    at = realloc(b->at, room);
    if (!at) {
        b->broken = true;
        return NULL;
    }
    b->at = at;
    b->room = room;
    return b->at + b->len;
}

void bytes_add(struct bytes *b, const void *data, size_t len)
{
    char *to = len ? bytes_room(b, len) : NULL;

    if (!to)
        return;
    memcpy(to, data, len);
    b->len += len;
}

void bytes_str(struct bytes *b, const char *s)
{
    bytes_add(b, s, strlen(s));
}

void bytes_fmt(struct bytes *b, const char *fmt, ...)
{
    va_list ap;
    char *to;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    to = n < 0 ? NULL : bytes_room(b, (size_t)n + 1);
    if (!to)
        return;
    va_start(ap, fmt);
    vsnprintf(to, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->len += (size_t)n;
}

static bool plain_json(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

void bytes_json(struct bytes *b, const char *s)
{
    if (!s) {
        bytes_str(b, "null");
        return;
    }
    bytes_str(b, "\"");
    while (*s) {
        size_t run = 0;

        while (plain_json((unsigned char)s[run]))
            run++;
        bytes_add(b, s, run);
        s += run;
        if (*s == '"' || *s == '\\')
            bytes_fmt(b, "\\%c", *s++);
        else if (*s)
            bytes_fmt(b, "\\u%04x", (unsigned char)*s++);
    }
    bytes_str(b, "\"");
}

static void add_xml_char(struct bytes *b, unsigned char c)
{
    static const struct {
        char c;
        const char *text;
    } entities[] = {
        { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" },
        { '"', "&quot;" },
    };

    for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
        if (c == (unsigned char)entities[i].c) {
            bytes_str(b, entities[i].text);
            return;
        }
    /* XML 1.0 has no way at all to write the other control characters. */
    if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
        c = '?';
    if (c == '\r')
        bytes_str(b, "&#13;");
    else
        bytes_add(b, &c, 1);
}

void bytes_xml(struct bytes *b, const char *name, const char *s)
{
    bytes_fmt(b, "<%s>", name);
    for (; *s; s++)
        add_xml_char(b, (unsigned char)*s);
    bytes_fmt(b, "</%s>", name);
}

const char *bytes_text(struct bytes *b)
{
    char *end = bytes_room(b, 1);

    if (!end)
        return "";
    *end = '\0';
    return b->at;
}
