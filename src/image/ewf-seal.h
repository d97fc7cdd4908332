/* SPDX-License-Identifier: Apache-2.0 */
/* The last steps for an E01 set that libewf has completed and closed. */
#ifndef EBSIMG_IMAGE_EWF_SEAL_H
#define EBSIMG_IMAGE_EWF_SEAL_H

#include <stdint.h>

#include "audit/hash.h"
#include "base/err.h"

/* Rights 0600 and to the disk, every segment and their folder; then the set
 * is opened as a reader would: sizes and digests must be those given, and
 * the last sector must be there. */
int ewf_seal(const char *base, uint64_t volume_size, uint32_t chunk_size,
             const struct hashes *stream, struct err *e);

#endif
