/* SPDX-License-Identifier: Apache-2.0 */
/* The access log of a volume: which of its blocks came from the service, each
 * with its place, the request that brought it, and its digest.  A log like
 * that of an acquisition (doc/log-format.md). */
#ifndef EBSIMG_VOLUME_ACCESS_H
#define EBSIMG_VOLUME_ACCESS_H

#include <stdint.h>

#include "audit/log.h"
#include "base/err.h"
#include "flow/slot.h"

struct access;
struct volume;

/* Creates it, and says what is read: `v' is open. */
struct access *access_open(const char *path, const struct volume *v,
                           struct err *e);
/* The size and the blocks of `v', which are known by now. */
int access_source(struct access *a, const struct volume *v, struct err *e);

/* Blocks of an earlier run are there: so many by the log of this name and
 * head. */
int access_kept(struct access *a, const char *log,
                const unsigned char head[LOG_HASH], uint64_t blocks,
                struct err *e);

/* Any thread: one of them makes room for others. */
int access_dropped(struct access *a, uint32_t index, struct err *e);

/* So many blocks are to be read, chosen by that seed where not all are. */
int access_sample(struct access *a, uint64_t blocks, uint64_t seed,
                  struct err *e);

/* Any thread: a block has come and is good. */
int access_read(struct access *a, const struct slot *s, struct err *e);
/* Any thread: it could not be had.  A log that cannot be written tells that
 * with the next block. */
void access_lost(struct access *a, const struct slot *s,
                 const struct err *why);

/* -1 once the log could not be written. */
int access_check(struct access *a, struct err *e);

/* Writes its last event, after which nothing more may be read, and tells what
 * the log holds. */
struct access_sum {
    uint64_t blocks, lost;
    unsigned char head[LOG_HASH];
};
int access_end(struct access *a, struct access_sum *out, struct err *e);

/* Ends it, unless that was done; frees in every case.  NULL is fine. */
int access_close(struct access *a, struct err *e);

#endif
