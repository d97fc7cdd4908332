/* SPDX-License-Identifier: Apache-2.0 */
/* CRC-32C (Castagnoli), with which XFS guards its metadata.  Source: RFC 3720,
 * appendix B.4, whose examples the test has. */
#ifndef EBSIMG_FS_CRC32C_H
#define EBSIMG_FS_CRC32C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Eight bytes at a time.  Read only once it is made. */
struct crc32c {
    uint32_t table[8][256];
};

void crc32c_init(struct crc32c *c);

/* Of so many bytes. */
uint32_t crc32c_of(const struct crc32c *c, const void *data, size_t n);

/* Of bytes that hold their own sum, low byte first, at `at' (at + 4 <= n),
 * which counts as zeros: is it right? */
bool crc32c_good(const struct crc32c *c, const unsigned char *data, size_t n,
                 size_t at);

#endif
