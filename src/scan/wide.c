/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/wide.h"

#include <stdint.h>
#include <string.h>

static bool is_text(unsigned char c)
{
    return (c >= ' ' && c < 127) || c == '\n' || c == '\r' || c == '\t';
}

/* Characters of the text that begins here, its bytes copied. */
static size_t take(const unsigned char *bytes, size_t n,
                   unsigned char *narrow)
{
    size_t len = 0;

    for (size_t i = 0; i + 1 < n && bytes[i + 1] == 0 && is_text(bytes[i]);
         i += 2)
        narrow[len++] = bytes[i];
    return len;
}

/* Most of a disk is zeros: to where a text could begin before the first byte
 * that is none. */
static size_t skip_zeros(const unsigned char *bytes, size_t n, size_t i)
{
    uint64_t word;

    while (i + sizeof(word) < n) {
        memcpy(&word, bytes + i, sizeof(word));
        if (word)
            break;
        i += sizeof(word);
    }
    return i;
}

bool wide_next(const unsigned char *bytes, size_t n, size_t *at,
               unsigned char *narrow, size_t *len)
{
    size_t i = *at;

    while ((i = skip_zeros(bytes, n, i)) + 1 < n) {
        const unsigned char *zero = memchr(bytes + i + 1, 0, n - i - 1);

        if (!zero)
            return false;
        i = (size_t)(zero - bytes) - 1;
        *len = take(bytes + i, n - i, narrow);
        if (*len >= WIDE_SHORTEST) {
            *at = i;
            return true;
        }
        i += *len ? *len * 2 : 1;
    }
    return false;
}

bool wide_is_foreign(const unsigned char *bytes, size_t n, size_t at)
{
    return at < n && n - at >= 2 && (bytes[at + 1] || bytes[at] >= 0xa0);
}

/* Behind the zeros that begin at `i'. */
static size_t zeros_end(const unsigned char *bytes, size_t n, size_t i)
{
    i = skip_zeros(bytes, n, i);
    while (i < n && bytes[i] == 0)
        i++;
    return i;
}

void wide_end_lines(unsigned char *to, const unsigned char *bytes, size_t n)
{
    const unsigned char *zero;
    size_t i = 0;

    memcpy(to, bytes, n);
    while (i < n && (zero = memchr(bytes + i, 0, n - i))) {
        size_t first = (size_t)(zero - bytes);

        i = zeros_end(bytes, n, first);
        to[first] = '\n';
        to[i - 1] = '\n';
    }
}
