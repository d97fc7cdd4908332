/* SPDX-License-Identifier: Apache-2.0 */
#include "base/unpack.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/inlet.h"

#define PIECE ((size_t)64 * 1024)

#define GZIP_ONLY (15 + 16) /* of inflateInit2() */

struct unpack {
    struct inlet in;
    z_stream z;
    bool packed;
    bool inside;            /* of what gzip has packed at one time */
    bool ended;             /* of the file as it is */
    unsigned char buf[PIECE];
};

/* Some bytes more behind those that are left. */
static int fill(struct unpack *u, struct err *e)
{
    long n;

    memmove(u->buf, u->z.next_in, u->z.avail_in);
    u->z.next_in = u->buf;
    n = inlet_read(&u->in, u->buf + u->z.avail_in, PIECE - u->z.avail_in, e);
    if (n < 0)
        return -1;
    u->z.avail_in += (unsigned)n;
    u->ended = n == 0;
    return 0;
}

/* The two bytes that tell, or as many as there are. */
static int fill_two(struct unpack *u, struct err *e)
{
    while (u->z.avail_in < 2 && !u->ended)
        if (fill(u, e) < 0)
            return -1;
    return 0;
}

static bool is_gzip(const struct unpack *u)
{
    return u->z.avail_in >= 2 && u->z.next_in[0] == 0x1f
        && u->z.next_in[1] == 0x8b;
}

static int begin(struct unpack *u, const char *path, struct err *e)
{
    if (inlet_open(&u->in, path, e) < 0 || fill_two(u, e) < 0)
        return -1;
    u->packed = u->inside = is_gzip(u);
    if (u->packed && inflateInit2(&u->z, GZIP_ONLY) != Z_OK)
        return err_nomem(e);
    return 0;
}

struct unpack *unpack_open(const char *path, struct err *e)
{
    struct unpack *u = calloc(1, sizeof(*u));

    if (!u) {
        err_nomem(e);
        return NULL;
    }
    u->in.fd = -1;
    u->z.next_in = u->buf;
    if (begin(u, path, e) == 0)
        return u;
    unpack_close(u);
    return NULL;
}

void unpack_close(struct unpack *u)
{
    if (!u)
        return;
    inlet_close(&u->in);
    if (u->packed)
        inflateEnd(&u->z);
    free(u);
}

static long as_it_is(struct unpack *u, void *buf, size_t n, struct err *e)
{
    size_t have = u->z.avail_in < n ? u->z.avail_in : n;

    if (!have)
        return inlet_read(&u->in, buf, n, e);
    memcpy(buf, u->z.next_in, have);
    u->z.next_in += have;
    u->z.avail_in -= (unsigned)have;
    return (long)have;
}

static int damaged(const struct unpack *u, struct err *e)
{
    return err_set(e, ERR_USAGE, 0, "%s is a damaged .gz file, or cut off",
                   u->in.path);
}

/* Files of gzip one after the other are one.  Tapes have zeros behind. */
static int next_part(struct unpack *u, struct err *e)
{
    for (;;) {
        if (fill_two(u, e) < 0)
            return -1;
        if (u->z.avail_in == 0)
            return 0;
        if (is_gzip(u)) {
            u->inside = true;
            return inflateReset(&u->z) == Z_OK ? 1 : damaged(u, e);
        }
        if (*u->z.next_in != 0)
            return err_set(e, ERR_USAGE, 0, "%s has something behind what "
                           "gzip packed", u->in.path);
        u->z.next_in++;
        u->z.avail_in--;
    }
}

/* 1: go on; 0: the end. */
static int inflate_some(struct unpack *u, struct err *e)
{
    int r;

    if (!u->inside)
        return next_part(u, e);
    if (u->z.avail_in == 0 && fill(u, e) < 0)
        return -1;
    r = inflate(&u->z, Z_NO_FLUSH);
    u->inside = r != Z_STREAM_END;
    if (r == Z_MEM_ERROR)
        return err_nomem(e);
    if (r != Z_OK && r != Z_STREAM_END)
        return damaged(u, e); /* Z_BUF_ERROR: there is no more of it */
    return 1;
}

long unpack_read(struct unpack *u, void *buf, size_t n, struct err *e)
{
    int r = 1;

    if (!u->packed)
        return as_it_is(u, buf, n, e);
    u->z.next_out = buf;
    u->z.avail_out = (unsigned)n;
    while (r > 0 && u->z.avail_out == n)
        r = inflate_some(u, e);
    return r < 0 ? -1 : (long)(n - u->z.avail_out);
}
