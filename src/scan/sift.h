/* SPDX-License-Identifier: Apache-2.0 */
/* Is it a secret, or does it only look like one? */
#ifndef EBSIMG_SCAN_SIFT_H
#define EBSIMG_SCAN_SIFT_H

#include <stddef.h>

/* Shannon's entropy of these bytes, bits a byte.  Pure. */
double sift_entropy(const unsigned char *s, size_t n);

#endif
