/* SPDX-License-Identifier: Apache-2.0 */
/* How wide a text stands on a terminal.  Pure, and the same in every locale:
 * the text has been escaped, so it is UTF-8 without control characters. */
#ifndef EBSIMG_BASE_WIDTH_H
#define EBSIMG_BASE_WIDTH_H

#include <stddef.h>

/* Places that the text takes: two for most of East Asia and for pictures,
 * none for marks that stand on another letter. */
size_t width_of(const char *shown);

/* Bytes of the text that fit into so many places, whole letters. */
size_t width_fit(const char *shown, size_t places);

#endif
