/* SPDX-License-Identifier: Apache-2.0 */
/* What a new image is made of, whatever its format: each format takes what it
 * can hold. */
#ifndef EBSIMG_IMAGE_CONFIG_H
#define EBSIMG_IMAGE_CONFIG_H

#include <stdint.h>

#include "flow/sink.h"
#include "image/deflate.h"

struct image_config {
    const char *base;        /* path without a suffix of audit/artefacts.h */
    const char *prefix;      /* the same of the names that they get in the end,
                              * which must be free; NULL: of no others */
    /* Where to keep what is needed to go on with the image after the run
     * died; NULL: one that needs it cannot be gone on with. */
    const char *chunks;
    struct file_watch watch; /* of its files; whole: NULL for nobody */
    uint64_t volume_size;    /* bytes, a multiple of BLOCK_SIZE */
    uint64_t segment_size;   /* bytes, a multiple of 512; 0: as the format
                              * would have it */
    uint32_t chunk_size;     /* bytes; 0: likewise */
    enum deflate_level level;
    /* Case fields, UTF-8, NULL when not given.  A format may clean and cut
     * them: who must keep the full text keeps it elsewhere. */
    const char *case_number;
    const char *evidence_number;
    const char *examiner;
    const char *description;
    const char *notes;
    const char *model;       /* e.g. "EBS snapshot" */
    const char *serial;      /* e.g. the snapshot id */
    const char *software;    /* program version */
    const char *system;      /* operating system */
    struct raw_share *share; /* with an earlier image; the caller's; or NULL */
};

#endif
