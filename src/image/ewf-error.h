/* SPDX-License-Identifier: Apache-2.0 */
/* libewf's errors as sentences. */
#ifndef EBSIMG_IMAGE_EWF_ERROR_H
#define EBSIMG_IMAGE_EWF_ERROR_H

#include <libewf.h>

#include "base/err.h"

/* ERR_INTERNAL when memory ran out (set errno to 0 before the call), else
 * "cannot DOING PATH: REASON", where the reason is errno's when the disk
 * gave one and libewf's own otherwise.
 * Frees and clears *error.  Returns -1. */
int ewf_fail(struct err *e, enum err_kind kind, libewf_error_t **error,
             const char *doing, const char *path);

#endif
