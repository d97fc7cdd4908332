/* SPDX-License-Identifier: Apache-2.0 */
/* The libraries that deflate and inflate: private to deflate.c and to unit
 * tests, which try each of them. */
#ifndef EBSIMG_IMAGE_DEFLATE_PRIVATE_H
#define EBSIMG_IMAGE_DEFLATE_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

#include "image/deflate.h"

/* `own' is what one thread needs.  Lengths are below 1 GiB. */
struct deflate_engine {
    const char *name; /* with its version */
    void *(*begin)(void); /* NULL: no memory */
    void (*end)(void *own);
    /* As deflate_chunk(), which never asks for DEFLATE_NONE. */
    size_t (*deflate)(void *own, enum deflate_level level, const void *in,
                      size_t n, void *out, size_t room);
    /* As inflate_chunk(). */
    int (*inflate)(void *own, const void *in, size_t len, void *out,
                   size_t n);
    uint32_t (*adler32)(const void *data, size_t n);
};

/* Here whatever is asked for is done by the library that is best at it. */
extern const struct deflate_engine deflate_zlib;
#ifdef HAVE_ISAL
extern const struct deflate_engine deflate_isal; /* one level only: fast */
#endif
#ifdef HAVE_LIBDEFLATE
extern const struct deflate_engine deflate_libdeflate;
#endif

/* The calling thread and those that begin from here on use it for everything;
 * NULL: each task has its best again.  For tests. */
void deflate_force(const struct deflate_engine *g);

#endif
