/* SPDX-License-Identifier: Apache-2.0 */
/* The unit in which EBS stores and delivers a volume. */
#ifndef EBSIMG_BASE_BLOCK_H
#define EBSIMG_BASE_BLOCK_H

#include "base/number.h"

/* Bytes.  EBS: a volume is a whole number of GiB, so no block is shorter. */
#define BLOCK_SIZE ((uint32_t)(512 * KIB))
#define BLOCKS_PER_GIB (GIB / BLOCK_SIZE)

#endif
