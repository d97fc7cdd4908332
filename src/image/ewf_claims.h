/* What an E01 set says about its size, before libewf is asked to believe it.
 *
 * libewf allocates for as many chunks as the volume section names, and a
 * reader would go through as many bytes of media: a file of a few kilobytes
 * could so take gigabytes of memory and years. */
#ifndef EBSIMG_IMAGE_EWF_CLAIMS_H
#define EBSIMG_IMAGE_EWF_CLAIMS_H

#include "base/err.h"

/* ERR_USAGE when a segment is no file (libewf would wait for ever at a pipe),
 * ERR_VERIFY when a section of the segments `paths' (NULL-terminated) claims
 * more media than the files can hold, or more bytes than its file has.  What
 * else may be wrong with the set is for libewf to find. */
int ewf_claims_check(char **paths, struct err *e);

#endif
