/* SPDX-License-Identifier: Apache-2.0 */
/* The engine that is there everywhere. */
#include "image/deflate-private.h"

#include <stdbool.h>
#include <stdlib.h>

#define ZLIB_CONST
#include <zlib.h>

/* Set up at its first use: a deflater takes a quarter of a MiB. */
struct deflater {
    z_stream z;
    bool ready;
};

struct own {
    struct deflater fast, best;
    z_stream inflate;
};

static void *begin(void)
{
    struct own *o = calloc(1, sizeof(*o));

    if (o && inflateInit(&o->inflate) != Z_OK) {
        free(o);
        return NULL;
    }
    return o;
}

static void end(void *own)
{
    struct own *o = own;

    if (o->fast.ready)
        deflateEnd(&o->fast.z);
    if (o->best.ready)
        deflateEnd(&o->best.z);
    inflateEnd(&o->inflate);
    free(o);
}

static void set_buffers(z_stream *z, const void *in, size_t n, void *out,
                        size_t room)
{
    z->next_in = in;
    z->avail_in = (uInt)n;
    z->next_out = out;
    z->avail_out = (uInt)room;
}

static bool make_ready(struct deflater *d, int level)
{
    if (d->ready)
        return deflateReset(&d->z) == Z_OK;
    d->ready = deflateInit(&d->z, level) == Z_OK;
    return d->ready;
}

static size_t deflate_with(struct deflater *d, int level, const void *in,
                           size_t n, void *out, size_t room)
{
    if (!make_ready(d, level))
        return 0; /* no memory: stored is right too, only larger */
    set_buffers(&d->z, in, n, out, room);
    return deflate(&d->z, Z_FINISH) == Z_STREAM_END ? d->z.total_out : 0;
}

static size_t zlib_deflate(void *own, enum deflate_level level,
                           const void *in, size_t n, void *out, size_t room)
{
    struct own *o = own;

    return level == DEFLATE_BEST
        ? deflate_with(&o->best, Z_BEST_COMPRESSION, in, n, out, room)
        : deflate_with(&o->fast, Z_BEST_SPEED, in, n, out, room);
}

static int zlib_inflate(void *own, const void *in, size_t len, void *out,
                        size_t n)
{
    z_stream *z = &((struct own *)own)->inflate;

    if (inflateReset(z) != Z_OK)
        return -1;
    set_buffers(z, in, len, out, n);
    if (inflate(z, Z_FINISH) != Z_STREAM_END)
        return -1;
    return z->avail_in == 0 && z->avail_out == 0 ? 0 : -1;
}

static uint32_t zlib_adler32(const void *data, size_t n)
{
    return (uint32_t)adler32(1, data, (uInt)n);
}

const struct deflate_engine deflate_zlib = {
    .name = "zlib " ZLIB_VERSION,
    .begin = begin,
    .end = end,
    .deflate = zlib_deflate,
    .inflate = zlib_inflate,
    .adler32 = zlib_adler32,
};
