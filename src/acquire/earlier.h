/* SPDX-License-Identifier: Apache-2.0 */
/* An earlier image that a run builds upon, and what came of it.  Filled in by
 * since.c. */
#ifndef EBSIMG_ACQUIRE_EARLIER_H
#define EBSIMG_ACQUIRE_EARLIER_H

#include <stdbool.h>
#include <stdint.h>

#include "acquire/carry.h"
#include "audit/evidence.h"
#include "audit/manifest.h"
#include "audit/voucher.h"
#include "fetch/delta.h"
#include "image/raw-share.h"
#include "image/reader.h"

struct since {
    bool used;                /* false: every block is fetched */
    struct evidence evidence; /* the earlier image */
    struct image image;
    char *path;               /* its first file, from the root on */
    char snapshot[72];        /* of which it is */
    struct voucher voucher;   /* what a case log says of it */
    unsigned char manifest[MANIFEST_HASH], root[MANIFEST_HASH];
    struct blockset *unread;  /* blocks that it could not have, or that nobody
                               * vouches for */
    struct delta delta;       /* from it to the newer snapshot */
    struct delta_counts counts;
    struct blockset *carry;   /* blocks that it gives */
    struct blockset *fetch;   /* blocks that are fetched */
    uint64_t carried, fetched;
    uint64_t audited;         /* of the carried: fetched, and the same */
    uint64_t list_calls;
    uint64_t refused;         /* carried ones that had to be fetched */
    struct manifest_reader *rows;
    struct carry *source;
    struct raw_share *share;  /* of the earlier image's file, when it is raw
                               * and in one piece */
};

#endif
