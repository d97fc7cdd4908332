/* SPDX-License-Identifier: Apache-2.0 */
/* All access logs in a folder of kept blocks, and what is asked of them. */
#ifndef EBSIMG_VOLUME_KEPT_FOLDER_H
#define EBSIMG_VOLUME_KEPT_FOLDER_H

#include "volume/kept-log.h"

struct kept_config {
    const char *folder;        /* held, and nobody else can write there */
    struct kept_source of;
    /* For who only reads: nothing is written there, what cannot name its
     * request does not count, and kept_read() tells of the others how they
     * came. */
    bool origins;
    uint64_t most;             /* blocks; 0: any number.  Those that were used
                                * longest ago make room for others */
    /* Any thread: what does not count, and why. */
    void (*note)(void *ctx, const char *text);
    /* While it is opened: a log counts, and tells of so many blocks.  NULL is
     * fine. */
    int (*counts)(void *ctx, const char *log,
                  const unsigned char head[LOG_HASH], uint64_t blocks,
                  struct err *e);
    /* Before a block makes room, from any thread; when that cannot be told it
     * stays.  NULL is fine without `most'. */
    int (*dropped)(void *ctx, uint32_t index, struct err *e);
    void *ctx;
};

/* What those that count tell, the oldest first, into `to'; of those that do
 * not it is noted why. */
int kept_folder_read(const struct kept_config *c, struct kept_set *to,
                     struct err *e);

#endif
