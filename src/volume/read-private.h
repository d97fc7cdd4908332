/* SPDX-License-Identifier: Apache-2.0 */
/* What read.c and its two supplies share: read-snapshot.c and read-image.c. */
#ifndef EBSIMG_VOLUME_READ_PRIVATE_H
#define EBSIMG_VOLUME_READ_PRIVATE_H

#include "volume/cache.h"
#include "volume/read.h"

/* The supply of a cache, which is made before the cache, started with it, and
 * stopped and freed before it. */
struct block_supply {
    struct cache_supply supply; /* first */
    bool ahead;                 /* several blocks at once come sooner */
    int (*start)(struct block_supply *u, struct delivery *to, struct err *e);
    void (*free)(struct block_supply *u);
};

struct block_supply *snapshot_supply_new(struct volume *v, unsigned blocks,
                                         struct err *e);
struct block_supply *image_supply_new(struct volume *v, unsigned blocks,
                                      struct err *e);

#endif
