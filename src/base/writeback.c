/* SPDX-License-Identifier: Apache-2.0 */
#include "base/writeback.h"

#include <fcntl.h>

#include "base/number.h"

/* Enough for a disk to be fast, little for a page cache. */
#define STEP (32 * MIB)

void writeback_begin(struct writeback *w, uint64_t offset)
{
    w->dropped = offset;
    w->sent = offset;
}

/* Pages can only be let go of when they are on the disk. */
static void drop(int fd, uint64_t from, uint64_t end)
{
    off_t len = (off_t)(end - from);

    if (len == 0)
        return;
    sync_file_range(fd, (off_t)from, len,
                    SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE
                        | SYNC_FILE_RANGE_WAIT_AFTER);
    posix_fadvise(fd, (off_t)from, len, POSIX_FADV_DONTNEED);
}

void writeback_note(struct writeback *w, int fd, uint64_t end)
{
    if (end - w->sent < STEP)
        return;
    sync_file_range(fd, (off_t)w->sent, (off_t)(end - w->sent),
                    SYNC_FILE_RANGE_WRITE);
    drop(fd, w->dropped, w->sent);
    w->dropped = w->sent;
    w->sent = end;
}
