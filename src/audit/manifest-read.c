/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/manifest.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "audit/hash.h"
#include "audit/line-ends.h"
#include "audit/manifest-record.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/scope.h"

#define BUFFER (1024 * MANIFEST_RECORD)

struct manifest_reader {
    char *path;
    int fd;
    bool undo;            /* its line ends are of another system */
    struct manifest_header header;
    uint64_t offset;      /* in the file, of what will be read next */
    uint64_t rows;        /* given out */
    uint64_t next;        /* the least index that may come */
    struct hash *file;
    struct hash *root;
    size_t len;           /* in buf */
    size_t at;            /* of these, given out */
    unsigned char buf[BUFFER];
};

void manifest_close(struct manifest_reader *r)
{
    if (!r)
        return;
    if (r->fd >= 0)
        close(r->fd);
    hash_free(r->file);
    hash_free(r->root);
    free(r->path);
    free(r);
}

static int fill_plain(struct manifest_reader *r, size_t n, struct err *e)
{
    if (file_read_at(r->fd, r->buf, n, r->offset, &r->len, r->path, e) < 0)
        return -1;
    r->offset += r->len;
    return 0;
}

/* As many bytes as without them: records are of one size. */
static int fill_undone(struct manifest_reader *r, size_t n, struct err *e)
{
    size_t got = 1;

    for (r->len = 0; r->len < n && got; r->len += got)
        if (line_ends_read(r->fd, r->buf + r->len, n - r->len, &r->offset,
                           &got, r->path, e) < 0)
            return -1;
    return 0;
}

static int fill(struct manifest_reader *r, size_t n, struct err *e)
{
    r->at = 0;
    if (interrupt_check(e) < 0
        || (r->undo ? fill_undone(r, n, e) : fill_plain(r, n, e)) < 0)
        return -1;
    hash_add(r->file, r->buf, r->len);
    return 0;
}

/* The first line tells. */
static int see_line_ends(struct manifest_reader *r, struct err *e)
{
    unsigned char line[64];
    const unsigned char *end;
    size_t got;

    if (file_read_at(r->fd, line, sizeof(line), 0, &got, r->path, e) < 0)
        return -1;
    end = memchr(line, '\n', got);
    r->undo = end && end > line && end[-1] == '\r';
    return 0;
}

bool manifest_line_ends(const struct manifest_reader *r)
{
    return r->undo;
}

static int read_header(struct manifest_reader *r, struct err *e)
{
    char header[MANIFEST_HEADER];

    if (see_line_ends(r, e) < 0)
        return -1;
    if (fill(r, MANIFEST_HEADER, e) < 0)
        return -1;
    memcpy(header, r->buf, MANIFEST_HEADER);
    if (r->len != MANIFEST_HEADER
        || manifest_header_decode(header, &r->header) < 0)
        return err_set(e, ERR_VERIFY, 0,
                       "%s: not a block manifest, or its header is damaged",
                       r->path);
    r->len = 0;
    return 0;
}

static int start(struct manifest_reader *r, const char *path, struct err *e)
{
    r->path = strdup(path);
    if (!r->path)
        return err_nomem(e);
    r->file = hash_new(HASH_SHA256, e);
    r->root = r->file ? hash_new(HASH_SHA256, e) : NULL;
    if (!r->root)
        return -1;
    if (file_open(path, &r->fd, e) < 0)
        return -1;
    return read_header(r, e);
}

struct manifest_reader *manifest_open(const char *path,
                                      struct manifest_header *h,
                                      struct err *e)
{
    struct manifest_reader *r = calloc(1, sizeof(*r));

    if (!r) {
        err_nomem(e);
        return NULL;
    }
    r->fd = -1;
    if (start(r, path, e) < 0) {
        manifest_close(r);
        return NULL;
    }
    *h = r->header;
    return r;
}

static int bad(const struct manifest_reader *r, struct err *e,
               const char *why)
{
    return err_set(e, ERR_VERIFY, 0, "%s: record %" PRIu64 ": %s", r->path,
                   r->rows + 1, why);
}

static int check_place(struct manifest_reader *r, uint32_t index,
                       struct err *e)
{
    if (index < r->next)
        return bad(r, e, "its block index does not ascend");
    if (index >= manifest_blocks(&r->header))
        return bad(r, e, "its block is past the end of the volume");
    r->next = (uint64_t)index + 1;
    return 0;
}

int manifest_next(struct manifest_reader *r, struct manifest_row *row,
                  struct err *e)
{
    char line[MANIFEST_LINE];
    const char *fault;

    if (r->at == r->len && fill(r, BUFFER, e) < 0)
        return -1;
    if (r->len == 0)
        return 0;
    if (r->len - r->at < MANIFEST_RECORD)
        return bad(r, e, "cut off before its end");
    fault = manifest_row_decode(r->buf + r->at, r->header.started, row);
    if (fault)
        return bad(r, e, fault);
    if (check_place(r, row->index, e) < 0)
        return -1;
    hash_add(r->root, line, manifest_row_line(row, line));
    r->at += MANIFEST_RECORD;
    r->rows++;
    return 1;
}

void manifest_hashes(struct manifest_reader *r,
                     unsigned char file[MANIFEST_HASH],
                     unsigned char root[MANIFEST_HASH])
{
    hash_end(r->file, file);
    hash_end(r->root, root);
}
