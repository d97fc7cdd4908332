/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as XFS has them on disk: the high byte first. */
#ifndef EBSIMG_FS_BIG_H
#define EBSIMG_FS_BIG_H

#include <stdint.h>

static inline uint16_t be16_at(const unsigned char *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t be32_at(const unsigned char *p)
{
    return (uint32_t)be16_at(p) << 16 | be16_at(p + 2);
}

static inline uint64_t be64_at(const unsigned char *p)
{
    return (uint64_t)be32_at(p) << 32 | be32_at(p + 4);
}

#endif
