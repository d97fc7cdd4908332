/* The files of an E01 set: PREFIX.E01 to .E99, then .EAA to .ZZZ. */
#ifndef EBSIMG_IMAGE_EWF_SEGMENTS_H
#define EBSIMG_IMAGE_EWF_SEGMENTS_H

#include "base/err.h"

/* ERR_DEST when a file exists next to `base' (a path without ".E01") that
 * could be one of its segments. */
int ewf_segments_refuse(const char *base, struct err *e);

#endif
