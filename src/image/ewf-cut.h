/* SPDX-License-Identifier: Apache-2.0 */
/* Makes an E01 set that a run has left unfinished one that libewf can go on
 * with, at any chunk. */
#ifndef EBSIMG_IMAGE_EWF_CUT_H
#define EBSIMG_IMAGE_EWF_CUT_H

#include <stdint.h>

#include "base/err.h"
#include "image/ewf-chunks.h"

/* Leaves the first `chunks' chunks (one at least), closes the segment that
 * holds the last of them with its tables, removes the segments behind, and
 * makes the next one, empty.  *segment is its number.  The bytes of the
 * chunks that stay are not touched, and it can be done once more when it was
 * killed, with the same or with fewer chunks.
 *
 * ERR_VERIFY when the set is not what the list of its chunks says. */
int ewf_cut(const char *base, struct ewf_chunks *list, uint64_t chunks,
            unsigned *segment, struct err *e);

#endif
