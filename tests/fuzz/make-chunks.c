/* SPDX-License-Identifier: Apache-2.0 */
/* Seeds for fuzz-inflate: chunks of 4096 bytes, deflated by zlib in the ways
 * that there are, and in two that it refuses.
 *
 *   make-chunks FOLDER */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "../unit/odd-stream.h"

#define CHUNK 4096

static const struct {
    const char *name;
    int level;
    int strategy;
} ways[] = {
    { "stored", 0, Z_DEFAULT_STRATEGY },
    { "fixed", 9, Z_FIXED },
    { "huffman", 9, Z_HUFFMAN_ONLY },
    { "runs", 9, Z_RLE },
    { "fast", 1, Z_DEFAULT_STRATEGY },
    { "best", 9, Z_DEFAULT_STRATEGY },
};

static void write_seed(const char *folder, const char *name,
                       const unsigned char *data, size_t n)
{
    char path[4096];
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    f = fopen(path, "w");
    if (!f || fwrite(data, 1, n, f) != n || fclose(f) != 0)
        abort();
}

static void make(const char *folder, size_t way, unsigned char *chunk)
{
    unsigned char out[2 * CHUNK];
    z_stream z = { .next_in = chunk, .avail_in = CHUNK, .next_out = out,
                   .avail_out = sizeof(out) };

    if (deflateInit2(&z, ways[way].level, Z_DEFLATED, 15, 8,
                     ways[way].strategy) != Z_OK
        || deflate(&z, Z_FINISH) != Z_STREAM_END)
        abort();
    write_seed(folder, ways[way].name, out, z.total_out);
    deflateEnd(&z);
}

int main(int argc, char **argv)
{
    static unsigned char chunk[CHUNK];

    if (argc != 2)
        return 2;
    for (size_t i = 0; i < CHUNK; i++)
        chunk[i] = (unsigned char)(i % 64 < 40 ? (size_t)"hello "[i % 6]
                                               : i * i / 7);
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
        make(argv[1], i, chunk);
    write_seed(argv[1], "distances", chunk, odd_distances(chunk, CHUNK));
    write_seed(argv[1], "window", chunk, odd_window(chunk, CHUNK));
    return 0;
}
