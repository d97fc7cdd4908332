/* SPDX-License-Identifier: Apache-2.0 */
/* gzip, a piece at a time, as rotated logs are packed.  zlib inside.  What
 * comes out is bounded by who takes it. */
#ifndef EBSIMG_EVENTS_GUNZIP_H
#define EBSIMG_EVENTS_GUNZIP_H

#include <stddef.h>

#include "base/err.h"

struct gunzip;

struct gunzip *gunzip_new(struct err *e);
void gunzip_free(struct gunzip *g); /* NULL is fine */

/* Gives all that `n' bytes unpack to, to take(), which may end it with -1.
 * 1: damaged, and nothing comes any more. */
int gunzip_add(struct gunzip *g, const void *bytes, size_t n,
               int (*take)(void *ctx, const void *out, size_t n,
                           struct err *e),
               void *ctx, struct err *e);

/* It ended where it should. */
int gunzip_is_whole(const struct gunzip *g);

#endif
