/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf.h"

#include <inttypes.h>

#include "base/number.h"

/* .E01 to .E99 and .EAA to .ZZZ: the names that there are. */
#define SEGMENTS_MAX 14971u
/* Every suite reads segments of 1500 MiB.  Smaller ones for a small volume:
 * they are hashed while others are written, the last one afterwards. */
#define SEGMENT_DEFAULT (1500 * MIB)
#define SEGMENTS_DEFAULT 16
#define SEGMENT_MIN (2 * MIB)
/* libewf keeps 8 bytes for each chunk in an array of less than 1 GiB. */
#define CHUNKS_MAX ((uint64_t)1 << 27)
/* What a stored chunk takes beyond its data: Adler-32, two table entries,
 * and its share of section heads. */
#define CHUNK_EXTRA 16
/* What the sections of a segment take at most beyond its chunks. */
#define SEGMENT_EXTRA (64 * KIB)

static const uint32_t chunk_sizes[] = {
    32 * KIB, 64 * KIB, 128 * KIB, 256 * KIB, 512 * KIB, 1024 * KIB,
};

uint32_t ewf_chunk_size(uint64_t volume_size)
{
    if (volume_size <= 2 * TIB)
        return 128 * KIB;
    return volume_size < 64 * TIB ? 512 * KIB : 1024 * KIB;
}

/* The least segment size with which the volume fits into all segments even
 * when nothing in it can be deflated. */
static uint64_t least_segment(uint64_t volume_size, uint32_t chunk_size)
{
    uint64_t chunks = volume_size / chunk_size;
    uint64_t total = chunks * (chunk_size + CHUNK_EXTRA);
    /* A chunk never straddles: up to one is lost at a segment's end. */
    uint64_t least = total / SEGMENTS_MAX + 1 + chunk_size + SEGMENT_EXTRA;

    least = (least + MIB - 1) / MIB * MIB;
    return least > SEGMENT_MIN ? least : SEGMENT_MIN;
}

uint64_t ewf_segment_size(uint64_t volume_size, uint32_t chunk_size)
{
    uint64_t least = least_segment(volume_size, chunk_size);
    uint64_t size = volume_size / SEGMENTS_DEFAULT;

    if (size > SEGMENT_DEFAULT)
        size = SEGMENT_DEFAULT;
    return size > least ? size : least;
}

static int check_chunk(uint32_t size, struct err *e)
{
    for (size_t i = 0; i < sizeof(chunk_sizes) / sizeof(chunk_sizes[0]); i++)
        if (chunk_sizes[i] == size)
            return 0;
    return err_set(e, ERR_USAGE, 0,
                   "E01 chunks of %" PRIu32 " bytes are not possible: "
                   "--chunk-size must be 32K, 64K, 128K, 256K, 512K or 1M",
                   size);
}

static int check_volume(uint64_t volume, uint32_t chunk, struct err *e)
{
    uint64_t least = 32 * KIB;

    if (volume == 0 || volume % BLOCK_SIZE || volume % chunk)
        return err_set(e, ERR_USAGE, 0,
                       "a volume of %" PRIu64 " bytes is not a whole number "
                       "of E01 chunks of %" PRIu32 " bytes", volume, chunk);
    if (volume / chunk < CHUNKS_MAX)
        return 0;
    while (volume / least >= CHUNKS_MAX)
        least *= 2;
    return err_set(e, ERR_USAGE, 0,
                   "an E01 image holds fewer than %" PRIu64 " chunks, and "
                   "this volume has %" PRIu64 " of %" PRIu32 " KiB: use "
                   "--chunk-size %" PRIu64 "K or larger",
                   CHUNKS_MAX, volume / chunk, (uint32_t)(chunk / KIB),
                   (uint64_t)(least / KIB));
}

static int check_segment(uint64_t volume, uint32_t chunk, uint64_t segment,
                         struct err *e)
{
    uint64_t least = least_segment(volume, chunk);

    if (segment > INT64_MAX)
        return err_set(e, ERR_USAGE, 0, "E01 segments of %" PRIu64 " bytes "
                       "are not possible: use a smaller --segment-size",
                       segment);
    if (segment >= least)
        return 0;
    return err_set(e, ERR_USAGE, 0,
                   "with E01 segments of %" PRIu64 " bytes this volume may "
                   "need more than the %u that can be named: use "
                   "--segment-size %" PRIu64 "M or larger",
                   segment, SEGMENTS_MAX, (uint64_t)(least / MIB));
}

int ewf_check(const struct image_config *c, struct err *e)
{
    uint64_t volume = c->volume_size;
    uint32_t chunk = c->chunk_size ? c->chunk_size : ewf_chunk_size(volume);

    if (check_chunk(chunk, e) < 0 || check_volume(volume, chunk, e) < 0)
        return -1;
    if (!c->segment_size)
        return 0;
    return check_segment(volume, chunk, c->segment_size, e);
}
