/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks that earlier accesses to the snapshot have fetched, and what came of
 * them.  Filled in by cached.c. */
#ifndef EBSIMG_ACQUIRE_CACHING_H
#define EBSIMG_ACQUIRE_CACHING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/private.h"
#include "flow/blockset.h"
#include "volume/kept.h"

struct cached_source;

struct caching {
    bool used;                /* false: every block is fetched */
    struct private_folder folder;
    struct kept *kept;
    struct blockset *stored;  /* as the service lists them */
    struct blockset *have;    /* of these, still to come: the cache has them */
    struct blockset *fetch;   /* the rest */
    uint64_t blocks;          /* in `have' */
    uint64_t compared;        /* of these: fetched, and the same */
    uint64_t unreadable;      /* could not be fetched any more */
    uint64_t list_calls;
    uint64_t refused;         /* that had to be fetched after all */
    struct cached_source *source;
};

#endif
