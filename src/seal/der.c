/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/der.h"

#include <string.h>

/* The length at d->s[1], the shortest way that there is to write it; 0, or how
 * many bytes tag and length take. */
static size_t read_length(const struct der *d, size_t *length)
{
    size_t more, n = 0;

    if (d->n < 2)
        return 0;
    if (d->s[1] < 0x80) {
        *length = d->s[1];
        return 2;
    }
    more = d->s[1] & 0x7fu;
    if (more == 0 || more > 4 || d->n < 2 + more || d->s[2] == 0)
        return 0;
    for (size_t i = 0; i < more; i++)
        n = n << 8 | d->s[2 + i];
    *length = n;
    return n < 0x80 ? 0 : 2 + more;
}

bool der_is_next(const struct der *d, unsigned tag)
{
    return d->n > 0 && d->s[0] == tag;
}

bool der_take(struct der *d, unsigned tag, struct der *in, struct der *whole)
{
    size_t length, head = der_is_next(d, tag) ? read_length(d, &length) : 0;

    if (head == 0 || length > d->n - head)
        return false;
    if (whole)
        *whole = (struct der){ d->s, head + length };
    *in = (struct der){ d->s + head, length };
    d->s += head + length;
    d->n -= head + length;
    return true;
}

bool der_equal(const struct der *d, const void *bytes, size_t n)
{
    return d->n == n && memcmp(d->s, bytes, n) == 0;
}
