/* What the access logs in a folder of kept blocks say. */
#ifndef EBSIMG_VOLUME_KEPT_LOG_H
#define EBSIMG_VOLUME_KEPT_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "audit/log.h"
#include "base/err.h"

struct volume;

struct kept_log {
    struct kept_row {
        uint32_t index;
        unsigned char sha256[32];
    } *rows;                     /* in the order of the log */
    size_t count;
    unsigned char head[LOG_HASH];
};

/* 0 when all of the log counts; else -1, and why not.  Free it in either
 * case. */
int kept_log_read(const char *path, const struct volume *v,
                  struct kept_log *out, struct err *e);
void kept_log_free(struct kept_log *l);

#endif
