/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/sift.h"

#include <math.h>

double sift_entropy(const unsigned char *s, size_t n)
{
    size_t count[256] = { 0 };
    double bits = 0;

    for (size_t i = 0; i < n; i++)
        count[s[i]]++;
    for (int i = 0; i < 256; i++)
        if (count[i])
            bits -= (double)count[i] / (double)n
                * log2((double)count[i] / (double)n);
    return bits;
}
