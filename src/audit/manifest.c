/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/manifest.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "audit/hash.h"
#include "audit/manifest-record.h"
#include "base/file.h"
#include "base/scope.h"

#define BUFFER (1024 * MANIFEST_RECORD)

struct manifest {
    char *path;
    int fd;
    struct manifest_header header;
    uint64_t next;        /* the least index that may come */
    uint64_t rows;
    bool again;           /* rows come that are in the file already */
    struct hash *file;
    struct hash *root;
    size_t len;           /* of what waits in buf */
    unsigned char buf[BUFFER];
};

void manifest_free(struct manifest *m)
{
    if (!m)
        return;
    if (m->fd >= 0)
        close(m->fd);
    hash_free(m->file);
    hash_free(m->root);
    free(m->path);
    free(m);
}

static int flush(struct manifest *m, struct err *e)
{
    if (!m->again && file_write(m->fd, m->buf, m->len, m->path, e) < 0)
        return -1;
    hash_add(m->file, m->buf, m->len);
    m->len = 0;
    return 0;
}

static int prepare(struct manifest *m, const char *path, struct err *e)
{
    m->path = strdup(path);
    if (!m->path)
        return err_nomem(e);
    m->file = hash_new(HASH_SHA256, e);
    m->root = m->file ? hash_new(HASH_SHA256, e) : NULL;
    return m->root ? 0 : -1;
}

static struct manifest *manifest_new(const char *path, struct err *e)
{
    struct manifest *m = calloc(1, sizeof(*m));

    if (!m) {
        err_nomem(e);
        return NULL;
    }
    m->fd = -1;
    if (prepare(m, path, e) < 0) {
        manifest_free(m);
        return NULL;
    }
    return m;
}

static void begin(struct manifest *m, const struct manifest_header *h)
{
    char header[MANIFEST_HEADER];

    m->header = *h;
    manifest_header_encode(h, header);
    memcpy(m->buf, header, MANIFEST_HEADER);
    m->len = MANIFEST_HEADER;
}

struct manifest *manifest_create(const char *path,
                                 const struct manifest_header *h,
                                 struct err *e)
{
    struct manifest *m = manifest_new(path, e);

    assert(manifest_header_check(h));
    if (m && file_create(path, &m->fd, e) < 0) {
        manifest_free(m);
        return NULL;
    }
    if (m)
        begin(m, h);
    return m;
}

int manifest_add(struct manifest *m, const struct manifest_row *row,
                 struct err *e)
{
    char line[MANIFEST_LINE];

    assert(row->index >= m->next
           && row->index < manifest_blocks(&m->header));
    m->next = (uint64_t)row->index + 1;
    if (m->len + MANIFEST_RECORD > BUFFER && flush(m, e) < 0)
        return -1;
    manifest_row_encode(row, m->header.started, m->buf + m->len);
    m->len += MANIFEST_RECORD;
    hash_add(m->root, line, manifest_row_line(row, line));
    m->rows++;
    return 0;
}

int manifest_sync(struct manifest *m, unsigned char file[MANIFEST_HASH],
                  struct err *e)
{
    if (flush(m, e) < 0)
        return -1;
    hash_peek(m->file, file);
    return file_sync(m->fd, m->path, e);
}

int manifest_finish(struct manifest *m, unsigned char file[MANIFEST_HASH],
                    unsigned char root[MANIFEST_HASH], struct err *e)
{
    if (flush(m, e) < 0 || file_sync(m->fd, m->path, e) < 0
        || file_close(&m->fd, m->path, e) < 0)
        return -1;
    hash_end(m->file, file);
    hash_end(m->root, root);
    return 0;
}

/* ---- going on */

/* The rows that stay, as if they were added now. */
static int add_again(struct manifest *m, uint64_t rows,
                     void (*each)(void *ctx, const struct manifest_row *row),
                     void *ctx, struct err *e)
{
    struct manifest_header h;
    struct manifest_reader *r = manifest_open(m->path, &h, e);
    struct manifest_row row;
    int got = r ? 1 : -1;

    if (r)
        begin(m, &h);
    m->again = true;
    while (got > 0 && m->rows < rows) {
        got = manifest_next(r, &row, e);
        if (got > 0 && manifest_add(m, &row, e) < 0)
            got = -1;
        if (got > 0 && each)
            each(ctx, &row);
    }
    manifest_close(r);
    if (got == 0)
        return err_set(e, ERR_VERIFY, 0, "%s is shorter than it was",
                       m->path);
    return got < 0 ? -1 : flush(m, e);
}

static struct manifest *reread(const char *path, uint64_t rows,
                               const unsigned char file[MANIFEST_HASH],
                               void (*each)(void *ctx,
                                   const struct manifest_row *row),
                               void *ctx, struct err *e)
{
    struct manifest *m = manifest_new(path, e);
    unsigned char now[MANIFEST_HASH];

    if (!m)
        return NULL;
    if (add_again(m, rows, each, ctx, e) < 0) {
        manifest_free(m);
        return NULL;
    }
    m->again = false;
    hash_peek(m->file, now);
    if (memcmp(now, file, sizeof(now)) == 0)
        return m;
    err_set(e, ERR_VERIFY, 0, "%s is not what was written", path);
    manifest_free(m);
    return NULL;
}

int manifest_check(const char *path, uint64_t rows,
                   const unsigned char file[MANIFEST_HASH], struct err *e)
{
    struct manifest *m = reread(path, rows, file, NULL, NULL, e);

    manifest_free(m);
    return m ? 0 : -1;
}

static int go_behind(struct manifest *m, struct err *e)
{
    off_t size = (off_t)(MANIFEST_HEADER + m->rows * MANIFEST_RECORD);

    if (file_reopen(m->path, &m->fd, e) < 0)
        return -1;
    if (ftruncate(m->fd, size) < 0
        || lseek(m->fd, 0, SEEK_END) != size)
        return err_set(e, ERR_DEST, errno, "cannot cut %s", m->path);
    return 0;
}

struct manifest *manifest_reopen(const char *path, uint64_t rows,
                                 const unsigned char file[MANIFEST_HASH],
                                 void (*each)(void *ctx,
                                     const struct manifest_row *row),
                                 void *ctx, struct err *e)
{
    struct manifest *m = reread(path, rows, file, each, ctx, e);

    if (m && go_behind(m, e) < 0) {
        manifest_free(m);
        return NULL;
    }
    return m;
}
