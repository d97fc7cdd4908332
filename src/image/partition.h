/* SPDX-License-Identifier: Apache-2.0 */
/* Is there a partition table at the beginning of a volume, an MBR (also that of
 * an optical disk made for sticks), a GPT, a label of BSD or Apple's map?
 * EnCase wants an image marked as a physical disk only then. */
#ifndef EBSIMG_IMAGE_PARTITION_H
#define EBSIMG_IMAGE_PARTITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `first' is the volume's beginning (at least 8 KiB of it, or false); `size'
 * the length of the whole volume in bytes. */
bool partition_table(const unsigned char *first, size_t n, uint64_t size);

#endif
