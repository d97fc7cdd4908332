/* SPDX-License-Identifier: Apache-2.0 */
/* Deflated chunks that only some libraries take: zlib refuses them. */
#ifndef EBSIMG_TESTS_ODD_STREAM_H
#define EBSIMG_TESTS_ODD_STREAM_H

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include <zlib.h>

/* A zlib stream of `n' zeros, a multiple of 8, with codes for 31 distances;
 * there are 30.  Each zero is one bit.  Returns its length, n / 8 + 52. */
static inline size_t odd_distances(unsigned char *out, size_t n)
{
    static const unsigned char head[44] = {
        0x78, 0x9c, 0x05, 0xfe, 0x01, 0x05, [10] = 0x20, 0x04, [43] = 0x08,
    };
    size_t end = sizeof(head) + 3 + n / 8;
    uLong sum = 1;

    memset(out, 0, end + 5);
    memcpy(out, head, sizeof(head));
    out[end] = 0x10; /* the end of the block */
    for (size_t i = 0; i < n; i++)
        sum = adler32(sum, (const unsigned char *)"", 1);
    for (int i = 0; i < 4; i++)
        out[end + 1 + (size_t)i] = (unsigned char)(sum >> (24 - 8 * i));
    return end + 5;
}

/* The same with a window of 64 KiB; there are none above 32 KiB. */
static inline size_t odd_window(unsigned char *out, size_t n)
{
    unsigned char zero[8192] = { 0 };
    uLongf room = n / 8 + 52;

    assert(n <= sizeof(zero) && compress(out, &room, zero, n) == Z_OK);
    out[0] = 0x88;
    out[1] = 0x1c;
    return room;
}

static size_t (*const odd_streams[])(unsigned char *out, size_t n) = {
    odd_distances, odd_window,
};
#define ODD_STREAMS (sizeof(odd_streams) / sizeof(odd_streams[0]))

#endif
