/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/crc32c.h"

#define POLYNOMIAL 0x82f63b78u /* 0x1edc6f41, its bits the other way round */

void crc32c_init(struct crc32c *c)
{
    for (unsigned i = 0; i < 256; i++) {
        uint32_t r = i;

        for (unsigned bit = 0; bit < 8; bit++)
            r = r >> 1 ^ (r & 1 ? POLYNOMIAL : 0);
        c->table[0][i] = r;
    }
    for (unsigned k = 1; k < 8; k++)
        for (unsigned i = 0; i < 256; i++) {
            uint32_t r = c->table[k - 1][i];

            c->table[k][i] = r >> 8 ^ c->table[0][r & 0xff];
        }
}

static uint32_t go_on(const struct crc32c *c, uint32_t r,
                      const unsigned char *p, size_t n)
{
    for (; n >= 8; n -= 8, p += 8) {
        r ^= p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16
            | (uint32_t)p[3] << 24;
        r = c->table[7][r & 0xff] ^ c->table[6][r >> 8 & 0xff]
            ^ c->table[5][r >> 16 & 0xff] ^ c->table[4][r >> 24]
            ^ c->table[3][p[4]] ^ c->table[2][p[5]] ^ c->table[1][p[6]]
            ^ c->table[0][p[7]];
    }
    for (; n; n--, p++)
        r = r >> 8 ^ c->table[0][(r ^ *p) & 0xff];
    return r;
}

uint32_t crc32c_of(const struct crc32c *c, const void *data, size_t n)
{
    return ~go_on(c, UINT32_MAX, data, n);
}

bool crc32c_good(const struct crc32c *c, const unsigned char *data, size_t n,
                 size_t at)
{
    static const unsigned char zeros[4];
    uint32_t stored = data[at] | (uint32_t)data[at + 1] << 8
        | (uint32_t)data[at + 2] << 16 | (uint32_t)data[at + 3] << 24;
    uint32_t r = go_on(c, UINT32_MAX, data, at);

    r = go_on(c, r, zeros, sizeof(zeros));
    return ~go_on(c, r, data + at + 4, n - at - 4) == stored;
}
