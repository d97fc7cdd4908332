/* SPDX-License-Identifier: Apache-2.0 */
#include "events/gunzip.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include <zlib.h>

#define OUT_BYTES 65536u

struct gunzip {
    z_stream z;
    bool damaged, ended;
    unsigned char out[OUT_BYTES];
};

/* 16: gzip and nothing else. */
#define WINDOW (15 + 16)

struct gunzip *gunzip_new(struct err *e)
{
    struct gunzip *g = calloc(1, sizeof(*g));

    if (g && inflateInit2(&g->z, WINDOW) == Z_OK)
        return g;
    free(g);
    err_nomem(e);
    return NULL;
}

void gunzip_free(struct gunzip *g)
{
    if (!g)
        return;
    inflateEnd(&g->z);
    free(g);
}

/* One step; 1 when it is damaged. */
static int step(struct gunzip *g, size_t *made)
{
    int r;

    g->z.next_out = g->out;
    g->z.avail_out = OUT_BYTES;
    if (g->ended) {
        inflateReset(&g->z); /* another one behind it */
        g->ended = false;
    }
    r = inflate(&g->z, Z_NO_FLUSH);
    *made = OUT_BYTES - g->z.avail_out;
    g->ended = r == Z_STREAM_END;
    g->damaged = r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR;
    return g->damaged;
}

int gunzip_add(struct gunzip *g, const void *bytes, size_t n,
               int (*take)(void *ctx, const void *out, size_t n,
                           struct err *e),
               void *ctx, struct err *e)
{
    size_t made = OUT_BYTES;

    g->z.next_in = (Bytef *)(uintptr_t)bytes;
    g->z.avail_in = (uInt)n;
    while (!g->damaged && (g->z.avail_in || (made == OUT_BYTES && !g->ended))) {
        int bad = step(g, &made);

        if (made && take(ctx, g->out, made, e) < 0)
            return -1;
        if (bad || (!made && !g->ended && !g->z.avail_in))
            break;
    }
    return g->damaged;
}

int gunzip_is_whole(const struct gunzip *g)
{
    return g->ended && !g->damaged;
}
