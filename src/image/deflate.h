/* SPDX-License-Identifier: Apache-2.0 */
/* zlib streams for E01 chunks, by the library that is best at each task of
 * those that were found: ISA-L deflates fast, libdeflate inflates fast and
 * makes the smallest, zlib is what libewf and others read with. */
#ifndef EBSIMG_IMAGE_DEFLATE_H
#define EBSIMG_IMAGE_DEFLATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum deflate_level { DEFLATE_NONE, DEFLATE_FAST, DEFLATE_BEST };

/* The tables of one thread. */
struct codec;

/* Those of the calling thread: made at its first call, freed when the thread
 * ends.  NULL when there is no memory for them. */
struct codec *codec_mine(struct err *e);

/* Deflates `n' bytes into at most `room' as a whole zlib stream.  Returns its
 * length, or 0 when it would need more than `room' (store it raw); always 0
 * for DEFLATE_NONE.  DEFLATE_FAST with less room than `n' also gives up on
 * what looks like noise, in a fifth of the time; and on what looks like noise
 * behind such a one, in next to none. */
size_t deflate_chunk(struct codec *c, enum deflate_level level,
                     const void *in, size_t n, void *out, size_t room);

/* Forgets that the last chunk was noise: what a chunk becomes is to depend on
 * those before it in the same block, and on nothing else. */
void deflate_begin(struct codec *c);

/* The reverse: one zlib stream that is `len' bytes long to the byte, out of
 * which come exactly `n' bytes, and the Adler-32 fits.  0, or -1 when anything
 * of that is not so; what is in `out' then means nothing.
 *
 * inflate_strictly() takes what zlib takes and nothing else, at a third of the
 * speed.  What the faster libraries let pass and zlib refuses (ISA-L a window
 * of 64 KiB, libdeflate codes for 31 distances) no accident makes, but whoever
 * wants an image that only some tools can read could. */
typedef int inflater(struct codec *c, const void *in, size_t len, void *out,
                     size_t n);
inflater inflate_chunk;
inflater inflate_strictly;

uint32_t adler32_of(const void *data, size_t n);

/* "ISA-L 2.30", for the log; not for DEFLATE_NONE. */
const char *deflate_library(enum deflate_level level);
const char *inflate_library(void);

#endif
