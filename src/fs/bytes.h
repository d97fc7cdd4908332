/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as disks have them. */
#ifndef EBSIMG_FS_BYTES_H
#define EBSIMG_FS_BYTES_H

#include <stdint.h>

static inline uint16_t le16_at(const unsigned char *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t le32_at(const unsigned char *p)
{
    return le16_at(p) | (uint32_t)le16_at(p + 2) << 16;
}

static inline uint64_t le64_at(const unsigned char *p)
{
    return le32_at(p) | (uint64_t)le32_at(p + 4) << 32;
}

#endif
