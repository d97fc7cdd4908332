/* SPDX-License-Identifier: Apache-2.0 */
#include "image/stream-sink.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/digest.h"
#include "base/interrupt.h"
#include "base/number.h"

/* How long a signal may go unnoticed while nobody reads. */
#define WAIT_MS 200

#define ZEROS (64 * KIB)
static const unsigned char zeros[ZEROS];

struct stream_sink {
    struct sink sink;
    int fd;
    uint64_t volume_size;
    size_t piece;         /* that one write() takes at most */
    /* The writer's: */
    uint64_t written;
    struct digest digest; /* of what was written */
};

static struct stream_sink *ours(struct sink *s)
{
    return (struct stream_sink *)s;
}

/* ----------------------------------------------------------------- write */

static int refuse(const struct stream_sink *k, int number, struct err *e)
{
    if (number == EPIPE)
        return err_set(e, ERR_DEST, EPIPE, "standard output: its reader is "
                       "gone after %" PRIu64 " of %" PRIu64 " bytes",
                       k->written, k->volume_size);
    return err_set(e, ERR_DEST, number, "cannot write to standard output, "
                   "after %" PRIu64 " of %" PRIu64 " bytes", k->written,
                   k->volume_size);
}

/* Until some bytes can be written.  A pipe then takes PIPE_BUF of them
 * without a wait. */
static int await_reader(const struct stream_sink *k, struct err *e)
{
    for (;;) {
        struct pollfd p = { .fd = k->fd, .events = POLLOUT };
        int n = poll(&p, 1, WAIT_MS);

        if (interrupt_check(e) < 0)
            return -1;
        if (n < 0 && errno != EINTR)
            return refuse(k, errno, e);
        if (n > 0) /* also when its reader is gone: write() tells that */
            return 0;
    }
}

static int write_some(struct stream_sink *k, const unsigned char *data,
                      size_t n, size_t *done, struct err *e)
{
    ssize_t w;

    if (await_reader(k, e) < 0)
        return -1;
    w = write(k->fd, data, n < k->piece ? n : k->piece);
    *done = 0;
    if (w < 0 && (errno == EINTR || errno == EAGAIN))
        return 0;
    if (w <= 0)
        return refuse(k, w < 0 ? errno : EIO, e);
    digest_add(&k->digest, data, (size_t)w);
    k->written += (uint64_t)w;
    *done = (size_t)w;
    return 0;
}

static int write_all(struct stream_sink *k, const unsigned char *data,
                     size_t n, struct err *e)
{
    size_t done;

    for (; n; data += done, n -= done)
        if (write_some(k, data, n, &done, e) < 0)
            return -1;
    return 0;
}

/* A pipe has no holes. */
static int write_zeros(struct stream_sink *k, uint64_t n, struct err *e)
{
    while (n) {
        size_t some = n < ZEROS ? (size_t)n : ZEROS;

        if (write_all(k, zeros, some, e) < 0)
            return -1;
        n -= some;
    }
    return 0;
}

static int stream_append(struct sink *sink, const struct slot *s,
                         const void *packed, struct err *e)
{
    struct stream_sink *k = ours(sink);

    (void)packed;
    assert(s->offset == k->written && s->len <= k->volume_size - k->written);
    return s->zero || s->unreadable ? write_zeros(k, s->len, e)
                                    : write_all(k, s->raw, s->len, e);
}

static int stream_hole(struct sink *sink, uint64_t offset, uint64_t len,
                       struct err *e)
{
    struct stream_sink *k = ours(sink);

    assert(offset == k->written && len <= k->volume_size - k->written);
    return write_zeros(k, len, e);
}

/* ---------------------------------------------------------------- finish */

/* The pipeline's digests are of the slots as they passed. */
static int compare(const struct stream_sink *k, const struct hashes *stream,
                   struct err *e)
{
    struct hashes own;

    digest_end(&k->digest, &own);
    for (int i = 0; i < HASH_KINDS; i++)
        if (own.have & HASH_BIT(i)
            && (!(stream->have & HASH_BIT(i))
                || memcmp(own.value[i], stream->value[i],
                          hash_sizes[i]) != 0))
            return err_set(e, ERR_VERIFY, 0, "what went to standard output "
                           "does not have the %s of the volume: the memory "
                           "of this machine may be bad", hash_titles[i]);
    return 0;
}

/* Into a file, it is on the disk; a pipe cannot be synced. */
static int settle(const struct stream_sink *k, struct err *e)
{
    if (fsync(k->fd) == 0 || errno == EINVAL || errno == EROFS
        || errno == ENOTSUP)
        return 0;
    return refuse(k, errno, e);
}

static int stream_finish(struct sink *sink, const struct hashes *stream,
                         struct err *e)
{
    struct stream_sink *k = ours(sink);

    if (k->written != k->volume_size)
        return err_set(e, ERR_INTERNAL, 0, "%" PRIu64 " of %" PRIu64 " bytes "
                       "went to standard output", k->written, k->volume_size);
    return compare(k, stream, e) < 0 ? -1 : settle(k, e);
}

static void stream_abandon(struct sink *sink)
{
    (void)sink; /* the descriptor is not its own */
}

static void stream_free(struct sink *sink)
{
    free(sink);
}

/* Into a file a write never waits for anybody. */
static size_t piece_of(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && (S_ISREG(st.st_mode)
                                   || S_ISBLK(st.st_mode))
        ? MIB : PIPE_BUF;
}

struct sink *stream_sink_new(int fd, uint64_t volume_size, unsigned hashes,
                             struct err *e)
{
    struct stream_sink *k = calloc(1, sizeof(*k));

    if (!k) {
        err_nomem(e);
        return NULL;
    }
    k->sink = (struct sink){
        .name = "standard output",
        .append = stream_append,
        .hole = stream_hole,
        .finish = stream_finish,
        .abandon = stream_abandon,
        .free = stream_free,
    };
    k->fd = fd;
    k->volume_size = volume_size;
    k->piece = piece_of(fd);
    digest_begin(&k->digest, hash_strongest(hashes));
    return &k->sink;
}
