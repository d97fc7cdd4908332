/* SPDX-License-Identifier: Apache-2.0 */
/* What is said about an E01 image at its beginning: format, sizes, media,
 * identifier and case fields. */
#ifndef EBSIMG_IMAGE_EWF_HEAD_H
#define EBSIMG_IMAGE_EWF_HEAD_H

#include <stdbool.h>

#include <libewf.h>

#include "image/ewf.h"

/* Before the first chunk; the sizes in `c' must be set.  False: *error, when
 * libewf gave one. */
bool ewf_head_set(libewf_handle_t *h, const struct image_config *c,
                  libewf_error_t **error);

#endif
