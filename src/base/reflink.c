/* SPDX-License-Identifier: Apache-2.0 */
#include "base/reflink.h"

#include <errno.h>
#include <linux/fs.h>
#include <sys/ioctl.h>

int reflink_range(int to, int from, uint64_t offset, uint64_t len)
{
    struct file_clone_range range = {
        .src_fd = from,
        .src_offset = offset,
        .src_length = len,
        .dest_offset = offset,
    };

    return ioctl(to, FICLONERANGE, &range) < 0 ? errno : 0;
}
