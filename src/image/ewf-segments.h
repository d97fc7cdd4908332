/* SPDX-License-Identifier: Apache-2.0 */
/* The files of an E01 set: PREFIX.E01 to .E99, then .EAA to .ZZZ. */
#ifndef EBSIMG_IMAGE_EWF_SEGMENTS_H
#define EBSIMG_IMAGE_EWF_SEGMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* ERR_DEST when a file exists next to `base' (a path without ".E01") that
 * could be one of its segments, of which there are `most'. */
int ewf_segments_refuse(const char *base, unsigned most, struct err *e);

/* So many segments a volume has at most, however it is deflated. */
unsigned ewf_segments_most(uint64_t volume_size, uint64_t segment_size);

/* The path of segment `number', 1 is .E01; NULL when there is no memory, or
 * no name for it.  The caller frees it. */
char *ewf_segment_path(const char *base, unsigned number);
bool ewf_segment_exists(const char *base, unsigned number);

/* Removes segment `from' and those that follow, the last one first, so that
 * there is never a gap. */
int ewf_segments_remove(const char *base, unsigned from, struct err *e);

#endif
