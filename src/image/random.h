/* SPDX-License-Identifier: Apache-2.0 */
/* Encrypted and packed data look like noise and do not deflate; finding that
 * out by deflating all of it costs most of an acquisition. */
#ifndef EBSIMG_IMAGE_RANDOM_H
#define EBSIMG_IMAGE_RANDOM_H

#include <stdbool.h>
#include <stddef.h>

/* Are all bytes about equally frequent?  Looks at a thousand of them.  True
 * for noise, always; for other data only where their bytes are spread like
 * noise, which says nothing about repetitions.  `n' is 32768 or more. */
bool looks_random(const unsigned char *p, size_t n);

#endif
