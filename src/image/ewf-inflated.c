/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf-inflated.h"

#include <string.h>

#include <zlib.h>

#include "base/number.h"

#define PIECE (16 * KIB)

static void count(struct ewf_inflated *out, const unsigned char *text,
                  size_t n)
{
    out->bytes += n;
    for (size_t i = 0; i < n; i++)
        out->tags += text[i] == '<';
}

/* 1: there is more to come of the file; 0: that was all that counts; -1: no
 * memory. */
static int inflate_some(z_stream *z, uint64_t most, struct ewf_inflated *out)
{
    unsigned char text[PIECE];
    int r = Z_OK;

    do {
        z->next_out = text;
        z->avail_out = sizeof(text);
        r = inflate(z, Z_NO_FLUSH);
        count(out, text, sizeof(text) - z->avail_out);
    } while (r == Z_OK && z->avail_out == 0 && out->bytes <= most);
    if (r == Z_MEM_ERROR)
        return -1;
    return (r == Z_OK || r == Z_BUF_ERROR) && out->bytes <= most;
}

static int measure(z_stream *z, const struct ewf_walk *w,
                   const struct ewf_part *p, uint64_t most,
                   struct ewf_inflated *out, struct err *e)
{
    unsigned char piece[PIECE];
    size_t got = 1;
    int more = 1;

    for (uint64_t at = 0; at < p->bytes && got > 0 && more > 0; at += got) {
        uint64_t left = p->bytes - at;

        if (ewf_walk_read(w, p->data + at, piece,
                          left < PIECE ? (size_t)left : PIECE, &got, e) < 0)
            return -1;
        z->next_in = piece;
        z->avail_in = (uInt)got;
        more = inflate_some(z, most, out);
    }
    return more < 0 ? err_nomem(e) : 0;
}

int ewf_inflated_measure(const struct ewf_walk *w, const struct ewf_part *p,
                         uint64_t most, struct ewf_inflated *out,
                         struct err *e)
{
    z_stream z = { 0 };
    int r;

    memset(out, 0, sizeof(*out));
    if (inflateInit(&z) != Z_OK)
        return err_nomem(e);
    r = measure(&z, w, p, most, out, e);
    inflateEnd(&z);
    return r;
}
