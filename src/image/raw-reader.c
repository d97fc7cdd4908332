/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/scope.h"
#include "image/raw.h"
#include "image/reader-private.h"

struct raw_reader {
    struct reader reader;
    /* The reader's thread only: */
    struct piece {
        const char *path;
        uint64_t start;     /* of the media */
        uint64_t len;
    } *pieces;
    size_t count;
    size_t open;            /* which of them is */
    int fd;                 /* -1: none */
    uint64_t looked, data;  /* nothing but holes from here to there */
};

static struct raw_reader *ours(struct reader *r)
{
    return (struct raw_reader *)r;
}

/* ---------------------------------------------------------------- pieces */

static int open_piece(struct raw_reader *k, size_t number, struct err *e)
{
    const struct piece *p = &k->pieces[number];
    struct stat st;

    if (k->fd >= 0 && k->open == number)
        return 0;
    if (k->fd >= 0)
        close(k->fd);
    k->open = number;
    if (file_open(p->path, &k->fd, e) < 0)
        return -1;
    if (fstat(k->fd, &st) < 0)
        return err_set(e, ERR_USAGE, errno, "cannot read %s", p->path);
    if ((uint64_t)st.st_size != p->len)
        return err_set(e, ERR_VERIFY, 0, "%s changed its length", p->path);
    return 0;
}

/* The one that holds this byte; `offset' lies inside the media. */
static size_t piece_at(const struct raw_reader *k, uint64_t offset)
{
    size_t number = k->open;

    if (offset < k->pieces[number].start)
        number = 0;
    while (offset >= k->pieces[number].start + k->pieces[number].len)
        number++;
    return number;
}

/* ----------------------------------------------------------------- holes */

/* The next byte from `offset' on, in the same piece, that may be data; the
 * piece's end when none is. */
static int next_data(struct raw_reader *k, size_t number, uint64_t offset,
                     uint64_t *data, struct err *e)
{
    const struct piece *p = &k->pieces[number];
    off_t at;

    if (open_piece(k, number, e) < 0)
        return -1;
    at = lseek(k->fd, (off_t)(offset - p->start), SEEK_DATA);
    if (at >= 0)
        *data = p->start + (uint64_t)at;
    else
        *data = errno == ENXIO ? p->start + p->len : offset;
    return 0;
}

static int is_hole(struct raw_reader *k, uint64_t offset, uint32_t len,
                   struct err *e)
{
    uint64_t end = offset + len;

    if (offset < k->looked || offset > k->data)
        k->looked = k->data = offset;
    while (k->data < end) {
        uint64_t from = k->data;
        size_t number = piece_at(k, from);
        const struct piece *p = &k->pieces[number];

        if (next_data(k, number, from, &k->data, e) < 0)
            return -1;
        if (k->data < p->start + p->len)
            break; /* data: not the end of a piece */
    }
    return k->data >= end;
}

/* ------------------------------------------------------------------ fill */

/* 1: it is all there; 0: it cannot be had, `why' says why. */
static int read_part(struct raw_reader *k, unsigned char *out, size_t n,
                     uint64_t offset, struct err *why)
{
    size_t number = piece_at(k, offset);
    const struct piece *p = &k->pieces[number];
    size_t got = 0;

    if (open_piece(k, number, why) < 0
        || file_read_at(k->fd, out, n, offset - p->start, &got, p->path,
                        why) < 0)
        return 0;
    if (got < n)
        err_set(why, ERR_VERIFY, 0, "%s is shorter than it was", p->path);
    return got == n;
}

static int read_block(struct raw_reader *k, struct slot *s, uint64_t offset,
                      struct err *why)
{
    uint32_t done = 0;
    int good = 1;

    while (done < s->len && good) {
        const struct piece *p = &k->pieces[piece_at(k, offset + done)];
        uint64_t room = p->start + p->len - (offset + done);
        uint32_t n = s->len - done < room ? s->len - done : (uint32_t)room;

        good = read_part(k, s->raw + done, n, offset + done, why);
        done += n;
    }
    return good;
}

static int raw_fill(struct reader *r, struct slot *s, uint64_t offset,
                    struct err *e)
{
    struct raw_reader *k = ours(r);
    int hole = is_hole(k, offset, s->len, e);
    struct err why = ERR_INIT;

    if (hole)
        return hole < 0 ? -1 : 0;
    if (read_block(k, s, offset, &why))
        return 1;
    if (reader_damaged(r, offset, s->len, why.msg, e) < 0)
        return -1;
    reader_blank(s);
    return 1;
}

/* ------------------------------------------------------------- new, free */

static void raw_reader_free(struct reader *r)
{
    struct raw_reader *k = ours(r);

    if (k->fd >= 0)
        close(k->fd);
    free(k->pieces);
    free(k);
}

static int add_piece(struct raw_reader *k, const char *path, uint64_t start,
                     struct err *e)
{
    struct stat st;

    if (file_stat(path, &st) < 0)
        return err_set(e, ERR_USAGE, errno, "cannot read %s", path);
    k->pieces[k->count++] = (struct piece){
        .path = path,
        .start = start,
        .len = (uint64_t)st.st_size,
    };
    return 0;
}

static int add_pieces(struct raw_reader *k, const struct image *image,
                      struct err *e)
{
    uint64_t size = 0;
    size_t n = 0;

    while (image->paths[n])
        n++;
    k->pieces = calloc(n + 1, sizeof(*k->pieces));
    if (!k->pieces)
        return err_nomem(e);
    for (size_t i = 0; i < n; i++) {
        if (add_piece(k, image->paths[i], size, e) < 0)
            return -1;
        size += k->pieces[i].len;
    }
    if (image->partial ? size < image->size : size != image->size)
        return err_set(e, ERR_VERIFY, 0, "%s changed its length",
                       image->paths[0]);
    return 0;
}

struct reader *raw_reader_new(const struct image_reader_config *c,
                              struct err *e)
{
    struct raw_reader *k = calloc(1, sizeof(*k));

    if (!k) {
        err_nomem(e);
        return NULL;
    }
    k->fd = -1;
    k->reader.fill = raw_fill;
    k->reader.free = raw_reader_free;
    if (add_pieces(k, c->image, e) < 0) {
        raw_reader_free(&k->reader);
        return NULL;
    }
    return &k->reader;
}
