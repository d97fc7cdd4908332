/* SPDX-License-Identifier: Apache-2.0 */
#include "image/raw.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/artefacts.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/writeback.h"

/* .001 to .9999; the Sleuth Kit counts on past .999 with a digit more. */
#define PIECES_MAX 9999u

struct raw_sink {
    struct sink sink;
    char *base;
    uint64_t volume_size;
    uint64_t piece_size;  /* the volume's size when there is one file */
    bool pieces;
    struct raw_share *share;
    /* The writer's: */
    uint64_t next;        /* bytes of the volume taken so far */
    unsigned open;        /* number of the piece that is open, from 0 */
    char *path;           /* of that piece */
    int fd;               /* -1: none */
    bool named;           /* the names of all pieces are on the disk */
    struct writeback writeback;
    struct file_watch watch;
    unsigned untold;      /* the first piece that it does not know of */
};

static struct raw_sink *ours(struct sink *s)
{
    return (struct raw_sink *)s;
}

/* ---------------------------------------------------------------- pieces */

static unsigned count(const struct raw_sink *k)
{
    return (unsigned)((k->volume_size + k->piece_size - 1) / k->piece_size);
}

static char *path_of(const struct raw_sink *k, unsigned piece)
{
    char *path;
    int r = k->pieces ? asprintf(&path, "%s.%03u", k->base, piece + 1)
                      : asprintf(&path, "%s" RAW_SUFFIX, k->base);

    return r < 0 ? NULL : path;
}

static uint64_t length_of(const struct raw_sink *k, unsigned piece)
{
    uint64_t left = k->volume_size - piece * k->piece_size;

    return left < k->piece_size ? left : k->piece_size;
}

static int create_piece(const struct raw_sink *k, unsigned piece,
                        struct err *e)
{
    autofree char *path = path_of(k, piece);
    autoclose int fd = -1;
    uint64_t length = length_of(k, piece);

    if (!path)
        return err_nomem(e);
    if (file_create(path, &fd, e) < 0)
        return -1;
    if (TEMP_FAILURE_RETRY(ftruncate(fd, (off_t)length)) == 0)
        return file_close(&fd, path, e);
    return err_set(e, ERR_DEST, errno,
                   "cannot make %s %" PRIu64 " bytes long%s", path, length,
                   errno == EFBIG ? ", this file system has no files of "
                                    "that size: use --segment-size" : "");
}

static int create_pieces(const struct raw_sink *k, struct err *e)
{
    for (unsigned i = 0; i < count(k); i++)
        if (create_piece(k, i, e) < 0)
            return -1;
    return 0;
}

/* For a run that has failed: errors do not matter any more. */
static void close_piece(struct raw_sink *k)
{
    if (k->fd >= 0)
        close(k->fd);
    k->fd = -1;
    free(k->path);
    k->path = NULL;
}

/* To the disk, through the descriptor that wrote: an error of a delayed write
 * (quota, a lost server) is told to that one alone. */
static int seal_piece(struct raw_sink *k, struct err *e)
{
    int r = 0;

    if (k->fd >= 0 && (r = file_sync(k->fd, k->path, e)) == 0)
        r = file_close(&k->fd, k->path, e);
    close_piece(k);
    return r;
}

/* All before `piece' are whole, also those of holes alone. */
static void tell(struct raw_sink *k, unsigned piece)
{
    for (; k->watch.whole && k->untold < piece; k->untold++) {
        autofree char *path = path_of(k, k->untold);

        if (path)
            k->watch.whole(k->watch.ctx, path);
    }
}

static int open_piece(struct raw_sink *k, unsigned piece, struct err *e)
{
    if (k->fd >= 0 && k->open == piece)
        return 0;
    if (seal_piece(k, e) < 0)
        return -1;
    tell(k, piece);
    k->path = path_of(k, piece);
    if (!k->path)
        return err_nomem(e);
    if (file_reopen(k->path, &k->fd, e) < 0)
        return -1;
    k->open = piece;
    writeback_begin(&k->writeback, k->next > piece * k->piece_size
                    ? k->next - piece * k->piece_size : 0);
    return 0;
}

/* ---------------------------------------------------------- append, hole */

/* As much of it as lies in one piece. */
static int write_part(struct raw_sink *k, const unsigned char *data,
                      size_t n, uint64_t offset, struct err *e)
{
    uint64_t at = offset % k->piece_size;

    if (open_piece(k, (unsigned)(offset / k->piece_size), e) < 0
        || file_write_at(k->fd, data, n, at, k->path, e) < 0)
        return -1;
    writeback_note(&k->writeback, k->fd, at + n);
    return 0;
}

static int write_block(struct raw_sink *k, const struct slot *s,
                       struct err *e)
{
    uint64_t at = s->offset;
    uint64_t end = s->offset + s->len;

    while (at < end) {
        uint64_t room = k->piece_size - at % k->piece_size;
        uint64_t n = end - at < room ? end - at : room;

        if (write_part(k, s->raw + (at - s->offset), (size_t)n, at, e) < 0)
            return -1;
        at += n;
    }
    return 0;
}

/* A block that an earlier image holds need not be written twice. */
static int share_block(struct raw_sink *k, const struct slot *s,
                       struct err *e)
{
    if (open_piece(k, 0, e) < 0)
        return -1;
    return raw_share_block(k->share, k->fd, s) ? 0 : write_block(k, s, e);
}

static int take_block(struct raw_sink *k, const struct slot *s,
                      struct err *e)
{
    return k->share && s->age ? share_block(k, s, e) : write_block(k, s, e);
}

/* The files were made of holes: zeros need no writing. */
static int raw_append(struct sink *sink, const struct slot *s,
                      const void *packed, struct err *e)
{
    struct raw_sink *k = ours(sink);

    (void)packed;
    assert(s->offset == k->next && s->len <= k->volume_size - k->next);
    if (!s->zero && !s->unreadable && take_block(k, s, e) < 0)
        return -1;
    k->next += s->len;
    return 0;
}

static int raw_hole(struct sink *sink, uint64_t offset, uint64_t len,
                    struct err *e)
{
    struct raw_sink *k = ours(sink);

    (void)e;
    assert(offset == k->next && len <= k->volume_size - k->next);
    k->next += len;
    return 0;
}

/* The pieces before the open one went to the disk when they were left. */
static int raw_checkpoint(struct sink *sink, struct checkpoint *c,
                          struct err *e)
{
    struct raw_sink *k = ours(sink);

    if (k->next != c->offset)
        return err_set(e, ERR_INTERNAL, 0, "%s stands at byte %" PRIu64
                       " instead of %" PRIu64, k->base, k->next, c->offset);
    if (k->fd >= 0 && file_sync(k->fd, k->path, e) < 0)
        return -1;
    if (!k->named && file_sync_folder_of(k->base, e) < 0)
        return -1;
    k->named = true;
    return 0;
}

/* ---------------------------------------------------------------- finish */

static int finish_piece(const struct raw_sink *k, unsigned piece,
                        struct err *e)
{
    autofree char *path = path_of(k, piece);
    struct stat st;

    if (!path)
        return err_nomem(e);
    if (file_sync_path(path, e) < 0)
        return -1;
    if (file_stat(path, &st) < 0)
        return err_set(e, ERR_DEST, errno, "cannot look at %s", path);
    if ((uint64_t)st.st_size != length_of(k, piece))
        return err_set(e, ERR_DEST, 0, "%s is %jd bytes long instead of %"
                       PRIu64, path, (intmax_t)st.st_size,
                       length_of(k, piece));
    return 0;
}

static int raw_finish(struct sink *sink, const struct hashes *stream,
                      struct err *e)
{
    struct raw_sink *k = ours(sink);

    (void)stream;
    if (k->next != k->volume_size)
        return err_set(e, ERR_INTERNAL, 0,
                       "the raw image %s was not written to its end",
                       k->base);
    if (seal_piece(k, e) < 0)
        return -1;
    for (unsigned i = 0; i < count(k); i++)
        if (finish_piece(k, i, e) < 0)
            return -1;
    return file_sync_folder_of(k->base, e);
}

static void raw_abandon(struct sink *sink)
{
    close_piece(ours(sink));
}

static void raw_free(struct sink *sink)
{
    struct raw_sink *k = ours(sink);

    close_piece(k);
    free(k->base);
    free(k);
}

/* ------------------------------------------------------------------- new */

int raw_check(const struct image_config *c, struct err *e)
{
    uint64_t size = c->segment_size;
    uint64_t least = c->volume_size / PIECES_MAX / (1 << 20) + 1;

    if (c->volume_size == 0 || c->volume_size > INT64_MAX)
        return err_set(e, ERR_USAGE, 0, "a volume of %" PRIu64 " bytes "
                       "cannot be a raw image", c->volume_size);
    if (size % 512)
        return err_set(e, ERR_USAGE, 0, "raw pieces of %" PRIu64 " bytes "
                       "are not possible: --segment-size must be a multiple "
                       "of 512", size);
    if (size && (c->volume_size - 1) / size >= PIECES_MAX)
        return err_set(e, ERR_USAGE, 0, "raw pieces of %" PRIu64 " bytes "
                       "would be more than %u: use --segment-size %" PRIu64
                       "M or larger", size, PIECES_MAX, least);
    return 0;
}

static struct raw_sink *make(const struct image_config *c, struct err *e)
{
    struct raw_sink *k = calloc(1, sizeof(*k));

    if (!k || !(k->base = strdup(c->base))) {
        free(k);
        err_nomem(e);
        return NULL;
    }
    k->sink = (struct sink){
        .name = "raw",
        .append = raw_append,
        .hole = raw_hole,
        .checkpoint = raw_checkpoint,
        .finish = raw_finish,
        .abandon = raw_abandon,
        .free = raw_free,
    };
    k->volume_size = c->volume_size;
    k->pieces = c->segment_size > 0;
    k->piece_size = k->pieces ? c->segment_size : c->volume_size;
    k->share = k->pieces ? NULL : c->share;
    k->watch = c->watch;
    k->fd = -1;
    return k;
}

static struct sink *made(struct raw_sink *k, int r)
{
    if (r == 0)
        return &k->sink;
    raw_free(&k->sink);
    return NULL;
}

struct sink *raw_sink_new(const struct image_config *c, struct err *e)
{
    struct raw_sink *k = raw_check(c, e) < 0 ? NULL : make(c, e);

    return k ? made(k, create_pieces(k, e)) : NULL;
}

/* ----------------------------------------------------------------- go on */

/* Bytes of this piece that lie before `offset'. */
static uint64_t kept_of(const struct raw_sink *k, unsigned piece,
                        uint64_t offset)
{
    uint64_t start = piece * k->piece_size;
    uint64_t length = length_of(k, piece);

    if (offset <= start)
        return 0;
    return offset - start < length ? offset - start : length;
}

/* A file that is cut and made long again has holes where it was cut. */
static int cut_piece(const struct raw_sink *k, unsigned piece, uint64_t keep,
                     struct err *e)
{
    autofree char *path = path_of(k, piece);
    autoclose int fd = -1;
    uint64_t length = length_of(k, piece);
    struct stat st;

    if (!path)
        return err_nomem(e);
    if ((keep ? file_reopen : file_reopen_or_create)(path, &fd, e) < 0) {
        if (e->os_errno == ENOENT)
            e->kind = ERR_VERIFY;
        return -1;
    }
    if (fstat(fd, &st) < 0)
        return err_set(e, ERR_DEST, errno, "cannot look at %s", path);
    if ((uint64_t)st.st_size < keep)
        return err_set(e, ERR_VERIFY, 0, "%s is shorter than it was", path);
    if (keep < length && ftruncate(fd, (off_t)keep) < 0)
        return err_set(e, ERR_DEST, errno, "cannot cut %s", path);
    if (ftruncate(fd, (off_t)length) < 0)
        return err_set(e, ERR_DEST, errno, "cannot make %s %" PRIu64
                       " bytes long", path, length);
    return 0;
}

static int cut_pieces(struct raw_sink *k, uint64_t offset, struct err *e)
{
    for (unsigned i = 0; i < count(k); i++)
        if (cut_piece(k, i, kept_of(k, i, offset), e) < 0)
            return -1;
    k->next = offset;
    return 0;
}

struct sink *raw_sink_resume(const struct image_config *c,
                             const struct checkpoint *at, struct err *e)
{
    struct raw_sink *k = raw_check(c, e) < 0 ? NULL : make(c, e);

    return k ? made(k, cut_pieces(k, at->offset, e)) : NULL;
}
