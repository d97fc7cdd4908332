/* SPDX-License-Identifier: Apache-2.0 */
#include "files/sparse.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

static size_t piece(size_t n, uint64_t at)
{
    size_t left = SPARSE_PIECE - at % SPARSE_PIECE;

    return left < n ? left : n;
}

static bool is_zeros(const unsigned char *p, size_t n)
{
    return p[0] == 0 && memcmp(p, p + 1, n - 1) == 0;
}

/* How many bytes are zeros, or are not, in the same way as the first piece. */
static size_t run(const unsigned char *p, size_t n, uint64_t at, bool *zeros)
{
    size_t done = piece(n, at);

    *zeros = is_zeros(p, done);
    while (done < n) {
        size_t next = piece(n - done, at + done);

        if (is_zeros(p + done, next) != *zeros)
            break;
        done += next;
    }
    return done;
}

int sparse_write(int fd, const void *bytes, size_t n, uint64_t at,
                 const char *path, struct err *e)
{
    const unsigned char *p = bytes;

    for (size_t part; n; p += part, at += part, n -= part) {
        bool zeros;

        part = run(p, n, at, &zeros);
        if (!zeros && file_write_at(fd, p, part, at, path, e) < 0)
            return -1;
    }
    return 0;
}

int sparse_end(int fd, uint64_t size, const char *path, struct err *e)
{
    if (ftruncate(fd, (off_t)size) == 0)
        return 0;
    return err_set(e, ERR_DEST, errno, "set the size of %s", path);
}
