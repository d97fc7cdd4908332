/* SPDX-License-Identifier: Apache-2.0 */
/* What the access logs in a folder of kept blocks say. */
#ifndef EBSIMG_VOLUME_KEPT_LOG_H
#define EBSIMG_VOLUME_KEPT_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "audit/log.h"
#include "base/err.h"
#include "volume/kept-set.h"

/* What a log must be of. */
struct kept_source {
    const char *snapshot;
    const char *partition, *region, *endpoint;
    uint64_t size;               /* of the volume, bytes */
};

struct kept_log {
    struct kept_row {
        uint32_t index;
        bool dropped;            /* there is no more of it */
        unsigned char sha256[32];
        struct kept_origin from; /* without an id that is known: empty */
    } *rows;                     /* in the order of the log */
    size_t count;
    uint64_t blocks;             /* that are no drops */
    unsigned char head[LOG_HASH];
};

/* 0 when all of the log counts; else -1, and why not.  Free it in either
 * case. */
int kept_log_read(const char *path, const struct kept_source *of,
                  struct kept_log *out, struct err *e);
void kept_log_free(struct kept_log *l);

#endif
