/* SPDX-License-Identifier: Apache-2.0 */
#include "volume/row-index.h"

#include <stdlib.h>
#include <string.h>

#include "audit/hash.h"
#include "audit/manifest-record.h"
#include "base/file.h"
#include "base/scope.h"

#define PAGE_ROWS 1024
#define PAGE_BYTES (PAGE_ROWS * MANIFEST_RECORD)

struct page {
    uint32_t first;           /* index of its first row */
    unsigned char sha256[32];
};

struct row_index {
    const char *path;         /* the evidence's */
    int fd;
    struct page *pages;
    size_t count;
    uint64_t started;         /* of the manifest's header */
};

/* ----------------------------------------------------------------- pages */

static int read_page(const struct row_index *x, size_t number,
                     unsigned char *buf, size_t *rows, struct err *e)
{
    uint64_t at = MANIFEST_HEADER + (uint64_t)number * PAGE_BYTES;
    size_t got;

    if (file_read_at(x->fd, buf, PAGE_BYTES, at, &got, x->path, e) < 0)
        return -1;
    *rows = got / MANIFEST_RECORD;
    return 0;
}

static int changed(const struct row_index *x, struct err *e)
{
    return err_set(e, ERR_VERIFY, 0, "%s has changed since it was opened",
                   x->path);
}

static const char *decode(const struct row_index *x,
                          const unsigned char *buf, size_t at,
                          struct manifest_row *row)
{
    return manifest_row_decode(buf + at * MANIFEST_RECORD, x->started, row);
}

/* ----------------------------------------------------------------- making */

static int add_page(struct row_index *x, const unsigned char *buf,
                    size_t rows, struct err *e)
{
    struct page *more = realloc(x->pages, (x->count + 1) * sizeof(*more));
    struct manifest_row first;

    if (!more)
        return err_nomem(e);
    x->pages = more;
    if (decode(x, buf, 0, &first))
        return changed(x, e);
    more[x->count].first = first.index;
    hash_sha256(buf, rows * MANIFEST_RECORD, more[x->count].sha256);
    x->count++;
    return 0;
}

static int read_header(struct row_index *x, struct hash *whole,
                       struct err *e)
{
    char buf[MANIFEST_HEADER];
    struct manifest_header h;
    size_t got;

    if (file_read_at(x->fd, buf, sizeof(buf), 0, &got, x->path, e) < 0)
        return -1;
    if (got != sizeof(buf) || manifest_header_decode(buf, &h) < 0)
        return changed(x, e);
    x->started = h.started;
    hash_add(whole, buf, sizeof(buf));
    return 0;
}

static int read_all(struct row_index *x, struct hash *whole, struct err *e)
{
    autofree unsigned char *buf = malloc(PAGE_BYTES);
    size_t rows = PAGE_ROWS;

    if (!buf)
        return err_nomem(e);
    if (read_header(x, whole, e) < 0)
        return -1;
    while (rows == PAGE_ROWS) {
        if (read_page(x, x->count, buf, &rows, e) < 0
            || (rows && add_page(x, buf, rows, e) < 0))
            return -1;
        hash_add(whole, buf, rows * MANIFEST_RECORD);
    }
    return 0;
}

/* The digest is over the very bytes that the pages were made of. */
static int prove(struct row_index *x,
                 const unsigned char sha256[MANIFEST_HASH], struct err *e)
{
    struct hash *whole = hash_new(HASH_SHA256, e);
    unsigned char now[HASH_MAX];
    int r = whole ? read_all(x, whole, e) : -1;

    if (r == 0) {
        hash_end(whole, now);
        r = memcmp(now, sha256, MANIFEST_HASH) == 0 ? 0 : changed(x, e);
    }
    hash_free(whole);
    return r;
}

struct row_index *row_index_new(const struct evidence *ev,
                                const unsigned char sha256[MANIFEST_HASH],
                                struct err *e)
{
    struct row_index *x = calloc(1, sizeof(*x));

    if (!x) {
        err_nomem(e);
        return NULL;
    }
    x->path = ev->manifest_path;
    x->fd = -1;
    if (file_open(x->path, &x->fd, e) == 0 && prove(x, sha256, e) == 0)
        return x;
    row_index_free(x);
    return NULL;
}

void row_index_free(struct row_index *x)
{
    if (!x)
        return;
    if (x->fd >= 0)
        close(x->fd);
    free(x->pages);
    free(x);
}

/* ---------------------------------------------------------------- finding */

/* The last page that does not begin behind it; `count' when there is none. */
static size_t page_of(const struct row_index *x, uint32_t index)
{
    size_t low = 0, high = x->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (x->pages[middle].first <= index)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? low - 1 : x->count;
}

static int find_in(const struct row_index *x, const unsigned char *buf,
                   size_t rows, uint32_t index, struct manifest_row *row,
                   struct err *e)
{
    size_t low = 0, high = rows;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (decode(x, buf, middle, row))
            return changed(x, e);
        if (row->index == index)
            return 1;
        if (row->index < index)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

int row_index_find(const struct row_index *x, uint32_t index,
                   struct manifest_row *row, struct err *e)
{
    size_t number = page_of(x, index);
    autofree unsigned char *buf = malloc(PAGE_BYTES);
    unsigned char now[32];
    size_t rows;

    if (!buf)
        return err_nomem(e);
    if (number == x->count)
        return 0;
    if (read_page(x, number, buf, &rows, e) < 0)
        return -1;
    hash_sha256(buf, rows * MANIFEST_RECORD, now);
    if (memcmp(now, x->pages[number].sha256, sizeof(now)) != 0)
        return changed(x, e);
    return find_in(x, buf, rows, index, row, e);
}
