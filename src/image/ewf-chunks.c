/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf-chunks.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "audit/hash.h"
#include "base/file.h"
#include "base/scope.h"

#define BYTES 4u
#define FLUSH_AT (64 * 1024)
#define ROOM (FLUSH_AT + EWF_CHUNKS_AT_ONCE * BYTES)

struct ewf_chunks {
    char *path;
    int fd;
    struct hash *hash;    /* of all that is in the file */
    uint64_t written;     /* chunks in the file */
    size_t committed;     /* bytes of buf */
    size_t len;           /* bytes of buf, the uncommitted too */
    unsigned char buf[ROOM];
};

void ewf_chunks_free(struct ewf_chunks *c)
{
    if (!c)
        return;
    if (c->fd >= 0)
        close(c->fd);
    hash_free(c->hash);
    free(c->path);
    free(c);
}

static struct ewf_chunks *make(const char *path, struct err *e)
{
    struct ewf_chunks *c = calloc(1, sizeof(*c));

    if (!c) {
        err_nomem(e);
        return NULL;
    }
    c->fd = -1;
    c->path = strdup(path);
    if (!c->path)
        err_nomem(e);
    else
        c->hash = hash_new(HASH_SHA256, e);
    if (!c->hash) {
        ewf_chunks_free(c);
        return NULL;
    }
    return c;
}

struct ewf_chunks *ewf_chunks_create(const char *path, struct err *e)
{
    struct ewf_chunks *c = make(path, e);

    if (c && file_create(path, &c->fd, e) < 0) {
        ewf_chunks_free(c);
        return NULL;
    }
    return c;
}

/* ---------------------------------------------------------------- adding */

void ewf_chunks_add(struct ewf_chunks *c, uint32_t chunk)
{
    assert(c->len + BYTES <= ROOM);
    for (unsigned i = 0; i < BYTES; i++)
        c->buf[c->len++] = (unsigned char)(chunk >> (8 * i));
}

static int flush(struct ewf_chunks *c, struct err *e)
{
    c->len = c->committed;
    if (file_write_at(c->fd, c->buf, c->len, c->written * BYTES, c->path, e)
        < 0)
        return -1;
    hash_add(c->hash, c->buf, c->len);
    c->written += c->len / BYTES;
    c->len = c->committed = 0;
    return 0;
}

int ewf_chunks_commit(struct ewf_chunks *c, struct err *e)
{
    c->committed = c->len;
    return c->len < FLUSH_AT ? 0 : flush(c, e);
}

int ewf_chunks_sync(struct ewf_chunks *c, unsigned char sha256[32],
                    struct err *e)
{
    if (flush(c, e) < 0)
        return -1;
    hash_peek(c->hash, sha256);
    return file_sync(c->fd, c->path, e);
}

uint64_t ewf_chunks_count(const struct ewf_chunks *c)
{
    return c->written + c->committed / BYTES;
}

/* --------------------------------------------------------------- reading */

int ewf_chunks_read(struct ewf_chunks *c, uint64_t first, uint32_t n,
                    uint32_t *out, struct err *e)
{
    unsigned char *bytes = (unsigned char *)out;
    size_t got;

    if (file_read_at(c->fd, bytes, (size_t)n * BYTES, first * BYTES, &got,
                     c->path, e) < 0)
        return -1;
    if (got != (size_t)n * BYTES)
        return err_set(e, ERR_VERIFY, 0, "%s is shorter than it was",
                       c->path);
    for (uint32_t i = 0; i < n; i++, bytes += BYTES)
        out[i] = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8
            | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
    return 0;
}

/* Reads the first `n' chunks into the hash. */
static int read_all(struct ewf_chunks *c, uint64_t n, struct err *e)
{
    while (c->written < n) {
        uint64_t left = (n - c->written) * BYTES;
        size_t want = left < ROOM ? (size_t)left : ROOM / BYTES * BYTES;
        size_t got;

        if (file_read_at(c->fd, c->buf, want, c->written * BYTES, &got,
                         c->path, e) < 0)
            return -1;
        if (got != want)
            return err_set(e, ERR_VERIFY, 0, "%s is shorter than it was",
                           c->path);
        hash_add(c->hash, c->buf, got);
        c->written += got / BYTES;
    }
    return 0;
}

static int reopen(struct ewf_chunks *c, uint64_t n, bool read_only,
                  const unsigned char want[32], struct err *e)
{
    unsigned char sha256[32];

    if ((read_only ? file_reopen_to_read : file_reopen)(c->path, &c->fd, e)
        < 0)
        return -1;
    if (read_all(c, n, e) < 0)
        return -1;
    hash_peek(c->hash, sha256);
    if (memcmp(sha256, want, sizeof(sha256)) != 0)
        return err_set(e, ERR_VERIFY, 0, "%s is not what was written",
                       c->path);
    return 0;
}

struct ewf_chunks *ewf_chunks_resume(const char *path, uint64_t n,
                                     const unsigned char sha256[32],
                                     struct err *e)
{
    struct ewf_chunks *c = make(path, e);

    if (!c)
        return NULL;
    if (reopen(c, n, false, sha256, e) < 0) {
        ewf_chunks_free(c);
        return NULL;
    }
    if (ftruncate(c->fd, (off_t)(n * BYTES)) < 0) {
        err_set(e, ERR_DEST, errno, "cannot cut %s", path);
        ewf_chunks_free(c);
        return NULL;
    }
    return c;
}

int ewf_chunks_check(const char *path, uint64_t n,
                     const unsigned char sha256[32], struct err *e)
{
    struct ewf_chunks *c = make(path, e);
    int r = c ? reopen(c, n, true, sha256, e) : -1;

    ewf_chunks_free(c);
    return r;
}
