/* SPDX-License-Identifier: Apache-2.0 */
/* What is served: volumes, each under a name. */
#ifndef EBSIMG_SERVE_EXPORT_H
#define EBSIMG_SERVE_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "serve/streams.h"
#include "volume/read.h"
#include "volume/volume.h"

struct export {
    const char *name;          /* of a snapshot its id, of an image the last
                                * part of its path */
    struct volume volume;
    struct volume_reader *reader;
    struct streams streams;
    char *log;                 /* the path of its access log, or NULL */
};

struct exports {
    struct export *at;
    size_t count;
};

/* The one of this name; the empty one means the only one there is.  NULL:
 * there is none. */
struct export *exports_find(const struct exports *all, const char *name,
                            size_t n);

/* Any thread: blocks from which this range can be read will be wanted, and
 * those behind it when its reader goes on and on. */
void export_expect(struct export *x, uint64_t offset, uint64_t n);

/* Any thread: exactly these bytes, which are inside the volume; or -1. */
int export_read(struct export *x, uint64_t offset, void *to, size_t n,
                struct err *e);

/* NBD_STATE_...: never stored by the provider is a hole; stored, and zero by
 * the manifest of an image, is only zero; what could not be read is neither.
 * *n, at least 1, becomes how many bytes from `offset' on are like that, at
 * most as many as it was. */
unsigned export_state(const struct export *x, uint64_t offset, uint64_t *n);

#endif
