/* SPDX-License-Identifier: Apache-2.0 */
/* What a finished image says of itself, whatever its format. */
#ifndef EBSIMG_IMAGE_INFO_H
#define EBSIMG_IMAGE_INFO_H

#include <stddef.h>
#include <stdint.h>

#include "audit/hash.h"

#define INFO_NONE UINT64_MAX /* a number that this format does not have */

struct image_info {
    char format[32];          /* "EnCase 6" */
    uint64_t media_size;
    uint64_t chunk_size;      /* or INFO_NONE */
    uint32_t bytes_per_sector;
    uint64_t allocated;       /* bytes on the disk, or INFO_NONE */
    uint64_t segments;        /* files */
    const char *media;        /* "physical disk", or "" */
    int compression;          /* as libewf counts: 0 none, 1 fast, 2 best */
    struct hashes stored;     /* those that the image records */
    /* Name and value of every case field that is set.  From the file:
     * escape before showing. */
    struct image_field { char *name; char *value; } *fields;
    size_t nfields;
    /* Unreadable ranges that the image lists, in sectors. */
    struct image_range { uint64_t first, count; } *errors;
    uint64_t nerrors;         /* or INFO_NONE */
};

void image_info_free(struct image_info *i);

#endif
