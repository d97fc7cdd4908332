/* SPDX-License-Identifier: Apache-2.0 */
#include "codec.h"

#include <stdlib.h>
#include <string.h>

static const char alphabets[][65] = {
    [BASE64_URL] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                   "0123456789-_",
    [BASE64_STANDARD] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuv"
                        "wxyz0123456789+/",
};

size_t codec_base64(enum base64 kind, const uint8_t *in, size_t len,
                    char *out)
{
    const char *abc = alphabets[kind];
    char *o = out;
    size_t i;

    for (i = 0; i + 2 < len; i += 3) {
        *o++ = abc[in[i] >> 2];
        *o++ = abc[(in[i] & 3) << 4 | in[i + 1] >> 4];
        *o++ = abc[(in[i + 1] & 15) << 2 | in[i + 2] >> 6];
        *o++ = abc[in[i + 2] & 63];
    }
    if (i < len) {
        uint8_t second = i + 1 < len ? in[i + 1] : 0;

        *o++ = abc[in[i] >> 2];
        *o++ = abc[(in[i] & 3) << 4 | second >> 4];
        if (i + 1 < len)
            *o++ = abc[(second & 15) << 2];
        while (kind == BASE64_STANDARD && (o - out) % 4)
            *o++ = '=';
    }
    *o = '\0';
    return (size_t)(o - out);
}

static int base64_value(char c)
{
    const char *at;

    if (c == '+')
        c = '-';
    if (c == '/')
        c = '_';
    at = c ? strchr(alphabets[BASE64_URL], c) : NULL;
    return at ? (int)(at - alphabets[BASE64_URL]) : -1;
}

int codec_unbase64(const char *text, uint8_t *out, size_t room)
{
    uint32_t bits = 0;
    unsigned have = 0;
    size_t n = 0;

    for (; *text && *text != '='; text++) {
        int v = base64_value(*text);

        if (v < 0)
            return -1;
        bits = bits << 6 | (uint32_t)v;
        have += 6;
        if (have < 8)
            continue;
        have -= 8;
        if (n == room)
            return -1;
        out[n++] = (uint8_t)(bits >> have);
    }
    return strspn(text, "=") == strlen(text) ? (int)n : -1;
}

void codec_hex(const uint8_t *in, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        *out++ = digits[in[i] >> 4];
        *out++ = digits[in[i] & 15];
    }
    *out = '\0';
}

static bool unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || (c && strchr("-_.~", c));
}

void codec_percent(struct bytes *b, const char *s, size_t len,
                   bool keep_slash)
{
    for (size_t i = 0; i < len; i++)
        if (unreserved(s[i]) || (keep_slash && s[i] == '/'))
            bytes_add(b, &s[i], 1);
        else
            bytes_fmt(b, "%%%02X", (unsigned char)s[i]);
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *codec_unpercent(const char *s, size_t len)
{
    char *out = malloc(len + 1);
    char *o = out;

    if (!out)
        return NULL;
    for (size_t i = 0; i < len; i++) {
        int high = i + 2 < len ? hex_value(s[i + 1]) : -1;
        int low = i + 2 < len ? hex_value(s[i + 2]) : -1;

        if (s[i] == '%' && high >= 0 && low >= 0) {
            *o++ = (char)(high << 4 | low);
            i += 2;
        } else {
            *o++ = s[i] == '+' ? ' ' : s[i];
        }
    }
    *o = '\0';
    return out;
}

bool codec_number(const char *s, uint64_t max, uint64_t *out)
{
    uint64_t n = 0;

    if (!*s)
        return false;
    for (; *s; s++) {
        if (*s < '0' || *s > '9')
            return false;
        if (__builtin_mul_overflow(n, 10, &n) ||
            __builtin_add_overflow(n, (uint64_t)(*s - '0'), &n) || n > max)
            return false;
    }
    *out = n;
    return true;
}
