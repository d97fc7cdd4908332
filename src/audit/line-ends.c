/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/line-ends.h"

#include "audit/digest.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/scope.h"

#define PIECE (16 * 1024)

size_t line_ends_undo(unsigned char *buf, size_t n, int next)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (buf[i] != '\r' || (i + 1 < n ? buf[i + 1] : next) != '\n')
            buf[kept++] = buf[i];
    return kept;
}

/* Nothing left of what was read is not the end: a lone CR before a LF. */
int line_ends_read(int fd, unsigned char *buf, size_t n, uint64_t *offset,
                   size_t *got, const char *path, struct err *e)
{
    size_t read, ahead;
    unsigned char next;

    do {
        if (file_read_at(fd, buf, n, *offset, &read, path, e) < 0
            || file_read_at(fd, &next, 1, *offset + read, &ahead, path, e)
               < 0)
            return -1;
        *offset += read;
        *got = line_ends_undo(buf, read, ahead ? next : -1);
    } while (read && !*got);
    return 0;
}

int line_ends_hash(const char *path, unsigned kinds, struct hashes *out,
                   uint64_t *size, struct err *e)
{
    unsigned char buf[PIECE];
    struct digest digest;
    autoclose int fd = -1;
    uint64_t offset = 0;
    size_t got = 1;

    if (file_open(path, &fd, e) < 0)
        return -1;
    digest_begin(&digest, kinds);
    for (*size = 0; got; *size += got) {
        if (interrupt_check(e) < 0
            || line_ends_read(fd, buf, sizeof(buf), &offset, &got, path, e)
               < 0)
            return -1;
        digest_add(&digest, buf, got);
    }
    digest_end(&digest, out);
    return 0;
}
