/* SPDX-License-Identifier: Apache-2.0 */
/* DER, element by element, bounds checked: for what OpenSSL reads without
 * looking at it.  Pure. */
#ifndef EBSIMG_SEAL_DER_H
#define EBSIMG_SEAL_DER_H

#include <stdbool.h>
#include <stddef.h>

/* What is left to read of some bytes. */
struct der {
    const unsigned char *s;
    size_t n;
};

#define DER_INTEGER 0x02u
#define DER_OCTETS 0x04u
#define DER_NULL 0x05u
#define DER_OID 0x06u
#define DER_SEQUENCE 0x30u
#define DER_SET 0x31u
#define DER_CONTEXT(i) (0xa0u | (i)) /* constructed */

/* The next element is one of this tag: takes it and gives what is in it, and
 * with `whole' (may be NULL) all of its bytes.  False when it is another one,
 * or is not written as DER is, or does not end within `d', which then stays as
 * it is. */
bool der_take(struct der *d, unsigned tag, struct der *in, struct der *whole);

/* Looks only. */
bool der_is_next(const struct der *d, unsigned tag);

bool der_equal(const struct der *d, const void *bytes, size_t n);

#endif
