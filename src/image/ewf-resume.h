/* SPDX-License-Identifier: Apache-2.0 */
/* libewf, going on with a set that ewf_cut() has made ready. */
#ifndef EBSIMG_IMAGE_EWF_RESUME_H
#define EBSIMG_IMAGE_EWF_RESUME_H

#include <libewf.h>

#include "base/err.h"
#include "image/ewf.h"

/* A handle that writes next behind `offset' bytes of media, into segment
 * `segment', the last one; no segment will be larger than c->segment_size.
 * ERR_VERIFY when libewf sees something else in the set. */
int ewf_resume(libewf_handle_t **handle, const struct image_config *c,
               unsigned segment, uint64_t offset, struct err *e);

/* set_md5_hash() and its like refuse a handle that was opened so; this sets
 * the digests in another way that it takes. */
int ewf_resume_set_hashes(libewf_handle_t *handle, const char *base,
                          const struct hashes *h, struct err *e);

#endif
