/* SPDX-License-Identifier: Apache-2.0 */
/* A deflated chunk: whatever zlib inflates comes out, and strictly nothing
 * else; anything else has the length and the checksum that it should have. */
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/scope.h"
#include "fuzz.h"
#include "image/deflate.h"

#define CHUNK 4096

static bool zlib_takes_it(const uint8_t *data, size_t size,
                          unsigned char out[CHUNK])
{
    z_stream z = { 0 };
    int r;

    MUST(inflateInit(&z) == Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)data;
    z.avail_in = (uInt)size;
    z.next_out = out;
    z.avail_out = CHUNK;
    r = inflate(&z, Z_FINISH);
    inflateEnd(&z);
    return r == Z_STREAM_END && z.avail_in == 0 && z.avail_out == 0;
}

/* Where a zlib stream has its Adler-32. */
static uint32_t last_word(const uint8_t *data, size_t size)
{
    const uint8_t *p;

    MUST(size >= 4);
    p = data + size - 4;
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8
        | p[3];
}

int fuzz_one(const uint8_t *data, size_t size)
{
    autofree unsigned char *mine = malloc(CHUNK); /* so that more is seen */
    unsigned char other[CHUNK];
    struct err e = ERR_INIT;
    struct codec *c = codec_mine(&e);
    bool zlib;

    MUST(c && mine);
    zlib = zlib_takes_it(data, size, other);
    MUST(zlib == (inflate_strictly(c, data, size, mine, CHUNK) == 0));
    MUST(!zlib || memcmp(mine, other, CHUNK) == 0);
    if (inflate_chunk(c, data, size, mine, CHUNK) == 0)
        MUST(adler32_of(mine, CHUNK) == last_word(data, size));
    else
        MUST(!zlib);
    MUST(!zlib || memcmp(mine, other, CHUNK) == 0);
    return 0;
}
