/* SPDX-License-Identifier: Apache-2.0 */
/* Text on a disk, as the rules read it.
 *
 * Text of two bytes a character (UTF-16LE, as Windows writes it), of which one
 * is 0: found at any offset, and made narrow so that the same rules read it.
 *
 * What has no end of line at its end (the last line of a file, a string of a
 * program) ends with a zero; so the first and the last zero of each run of
 * zeros are made ends of lines, and `^' and `$' are what they are in a file.
 * Those between stay, or a page of zeros would be as many empty lines.
 * Pure. */
#ifndef EBSIMG_SCAN_WIDE_H
#define EBSIMG_SCAN_WIDE_H

#include <stdbool.h>
#include <stddef.h>

/* Characters of the shortest text that counts. */
#define WIDE_SHORTEST 8

/* The first text in bytes[*at .. n): its characters into `narrow', which has
 * room for n / 2, *at where it begins, *len characters.  False: there is none
 * any more. */
bool wide_next(const unsigned char *bytes, size_t n, size_t *at,
               unsigned char *narrow, size_t *len);

/* The two bytes at `at' are a character beyond ASCII, as far as they tell: a
 * text that ends there, or begins behind it, may go on.  False beyond n. */
bool wide_is_foreign(const unsigned char *bytes, size_t n, size_t at);

/* Copies n bytes, with the ends of lines. */
void wide_end_lines(unsigned char *to, const unsigned char *bytes, size_t n);

#endif
