/* A deflated chunk: whatever library inflates it, zlib is of the same
 * opinion. */
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

int fuzz_one(const uint8_t *data, size_t size)
{
    autofree unsigned char *mine = malloc(CHUNK); /* so that more is seen */
    unsigned char other[CHUNK];
    struct err e = ERR_INIT;
    struct codec *c = codec_mine(&e);
    bool good;

    MUST(c && mine);
    good = inflate_chunk(c, data, size, mine, CHUNK) == 0;
    MUST(good == zlib_takes_it(data, size, other));
    MUST(!good || memcmp(mine, other, CHUNK) == 0);
    return 0;
}
