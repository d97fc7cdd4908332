/* SPDX-License-Identifier: Apache-2.0 */
/* What the text in a section would take, before libewf inflates it: it takes
 * a buffer and doubles it until all fits, a thousand times the file's bytes.
 *
 * Memory: zlib's 40 KiB and 32 KiB of buffers.  Time: `most' bytes. */
#ifndef EBSIMG_IMAGE_EWF_INFLATED_H
#define EBSIMG_IMAGE_EWF_INFLATED_H

#include <stdint.h>

#include "base/err.h"
#include "image/ewf-walk.h"

struct ewf_inflated {
    uint64_t bytes;
    uint64_t tags;        /* how often '<' is in it */
};

/* Inflates and counts, and stops above `most' bytes.  What is no zlib stream
 * counts as far as it goes: libewf refuses it. */
int ewf_inflated_measure(const struct ewf_walk *w, const struct ewf_part *p,
                         uint64_t most, struct ewf_inflated *out,
                         struct err *e);

#endif
