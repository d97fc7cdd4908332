/* SPDX-License-Identifier: Apache-2.0 */
/* The row of E01 in image/formats.h. */
#include <stdlib.h>

#include "audit/artefacts.h"
#include "image/ewf-chunks.h"
#include "image/ewf-section.h"
#include "image/ewf.h"
#include "image/formats.h"
#include "image/reader-private.h"

static struct sink *create(const struct image_config *c,
                           const struct checkpoint *at, struct err *e)
{
    if (ewf_check(c, e) < 0)
        return NULL;
    return at ? ewf_sink_resume(c, at, e) : ewf_sink_new(c, e);
}

static int check_list(const char *chunks, uint32_t chunk_size,
                      const struct checkpoint *at, struct err *e)
{
    return ewf_chunks_check(chunks, at->offset / chunk_size, at->chunks, e);
}

/* Where the range ends, in the media: a list may name what is outside. */
static void add_gap(struct image *out, const struct image_range *r,
                    uint64_t sector)
{
    struct image_gap *g = &out->gaps[out->ngaps];
    uint64_t size = 0;

    if (__builtin_mul_overflow(r->first, sector, &g->offset)
        || g->offset >= out->size)
        return;
    if (__builtin_mul_overflow(r->count, sector, &size)
        || size > out->size - g->offset)
        size = out->size - g->offset;
    g->size = size;
    out->ngaps += size > 0;
}

static int compare_gaps(const void *a, const void *b)
{
    uint64_t x = ((const struct image_gap *)a)->offset;
    uint64_t y = ((const struct image_gap *)b)->offset;

    return x < y ? -1 : x > y;
}

static int take_info(struct image *out, const struct image_info *info,
                     struct err *e)
{
    out->size = info->media_size;
    out->gaps = calloc((size_t)info->nerrors + 1, sizeof(*out->gaps));
    if (!out->gaps)
        return err_nomem(e);
    for (uint64_t i = 0; i < info->nerrors; i++)
        add_gap(out, &info->errors[i], info->bytes_per_sector);
    qsort(out->gaps, out->ngaps, sizeof(*out->gaps), compare_gaps);
    return 0;
}

static int open_whole(const char *first, struct image *out, struct err *e)
{
    struct image_info info;
    int r;

    if (ewf_info_read(first, &info, e) < 0)
        return -1;
    r = take_info(out, &info, e);
    image_info_free(&info);
    out->paths = r < 0 ? NULL : ewf_paths(first, e);
    if (!out->paths) {
        image_close(out);
        return -1;
    }
    ewf_add_tail(out);
    return 0;
}

static int open_partial(const char *first, struct image *out, struct err *e)
{
    out->paths = ewf_paths(first, e);
    return out->paths ? 0 : -1;
}

static int read_info(const struct image *image, struct image_info *out,
                     struct err *e)
{
    return ewf_info_read(image->paths[0], out, e);
}

const struct format ewf_format = {
    .word = E01_WORD,
    .name = "an E01",
    .traits = FORMAT_PACKED | FORMAT_CHUNKED | FORMAT_PROVED,
    .signature = ewf_signature,
    .suffix = E01_SUFFIX,
    .stored = HASH_BIT(HASH_MD5) | HASH_BIT(HASH_SHA1),
    .proof = HASH_BIT(HASH_MD5), /* every reader of an E01 checks it */
    .no_proof = "an E01 is checked by its MD5: add md5 to --hash",
    .no_hash = "an E01 holds the digest that proves it: --hash none is for "
               "--format raw alone",
    .field_shown = 510,
    .field_lost = "the ewfinfo of libewf 2014 shows no case fields at all",
    .create = create,
    .chunk_size = ewf_chunk_size,
    .unit = ewf_checkpoint_unit,
    .check_list = check_list,
    .open = open_whole,
    .open_partial = open_partial,
    .reader_new = ewf_reader_new,
    .info = read_info,
};
