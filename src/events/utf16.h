/* SPDX-License-Identifier: Apache-2.0 */
/* Text of Windows (UTF-16, low byte first) as UTF-8. */
#ifndef EBSIMG_EVENTS_UTF16_H
#define EBSIMG_EVENTS_UTF16_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* Appends the text in n bytes until `t' has `limit' bytes or up to three more;
 * false: there was more of it.  What is no UTF-16 becomes U+FFFD, a NUL with
 * text behind it a blank; NULs at the end, and half a unit, are left out. */
bool utf16_add(struct text *t, size_t limit, const unsigned char *p, size_t n);

#endif
