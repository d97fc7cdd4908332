#include "audit/manifest.h"

#include <assert.h>
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
    hash_add(m->file, m->buf, m->len);
    if (file_write(m->fd, m->buf, m->len, m->path, e) < 0)
        return -1;
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
    if (!m->root)
        return -1;
    return file_create(path, &m->fd, e);
}

struct manifest *manifest_create(const char *path,
                                 const struct manifest_header *h,
                                 struct err *e)
{
    struct manifest *m = calloc(1, sizeof(*m));
    char header[MANIFEST_HEADER];

    if (!m) {
        err_nomem(e);
        return NULL;
    }
    m->fd = -1;
    m->header = *h;
    assert(manifest_header_check(h));
    if (prepare(m, path, e) < 0) {
        manifest_free(m);
        return NULL;
    }
    manifest_header_encode(h, header);
    memcpy(m->buf, header, MANIFEST_HEADER);
    m->len = MANIFEST_HEADER;
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
    return 0;
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
