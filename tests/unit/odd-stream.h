/* A deflated chunk that only some libraries take. */
#ifndef EBSIMG_TESTS_ODD_STREAM_H
#define EBSIMG_TESTS_ODD_STREAM_H

#include <stdint.h>
#include <string.h>

#include <zlib.h>

/* A zlib stream of `n' zeros, a multiple of 8, with codes for 31 distances;
 * there are 30, and zlib refuses it.  Each zero is one bit.  Returns its
 * length, n / 8 + 52 bytes. */
static inline size_t odd_stream(unsigned char *out, size_t n)
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

#endif
