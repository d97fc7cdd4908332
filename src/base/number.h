/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that people type: sizes, counts, with every overflow caught. */
#ifndef EBSIMG_BASE_NUMBER_H
#define EBSIMG_BASE_NUMBER_H

#include <stdint.h>

#define KIB 1024ull
#define MIB (1024ull * KIB)
#define GIB (1024ull * MIB)
#define TIB (1024ull * GIB)

/* A whole decimal number, nothing before or behind it.  0, or -1. */
int number_parse(const char *s, uint64_t *out);

/* The same with an optional unit, in any case: K, M, G, T and KiB, MiB, GiB,
 * TiB are powers of 1024, kB, MB, GB, TB powers of 1000; with a unit there may
 * be a fraction ("1.5G"), of which a part of a byte is cut off.  Result in
 * bytes.  0, or -1. */
int size_parse(const char *s, uint64_t *out);

/* "1.5 GiB" in a buffer of at least 32 bytes; returns the buffer. */
char *size_text(char *buf, uint64_t bytes);

/* "1 h 02 min", "3 min 20 s", "12 s" in at least 32 bytes. */
char *duration_text(char *buf, uint64_t seconds);

#endif
