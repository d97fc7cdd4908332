/* SPDX-License-Identifier: Apache-2.0 */
#include "image/random.h"

#include <stdint.h>
#include <string.h>

enum {
    SAMPLES = 1024,
    /* The sum of the squares of 256 counts, for noise: SAMPLES plus
     * SAMPLES^2 / 256 on average, with a standard deviation of 90.  Six of
     * these above it. */
    SQUARES_MAX = SAMPLES + SAMPLES * SAMPLES / 256 + 6 * 90,
};

bool looks_random(const unsigned char *p, size_t n)
{
    /* Odd, so that it does not keep step with records of 2^k bytes. */
    size_t step = (n / SAMPLES - 1) | 1;
    uint16_t counts[256];
    unsigned squares = 0;

    memset(counts, 0, sizeof(counts));
    for (size_t i = 0; i < SAMPLES; i++)
        counts[p[i * step]]++;
    for (size_t i = 0; i < 256; i++)
        squares += (unsigned)counts[i] * counts[i];
    return squares <= SQUARES_MAX;
}
