/* SPDX-License-Identifier: Apache-2.0 */
/* The row of raw images in image/formats.h. */
#include <stdio.h>
#include <string.h>

#include "audit/artefacts.h"
#include "base/file.h"
#include "image/formats.h"
#include "image/raw.h"
#include "image/reader-private.h"

static struct sink *create(const struct image_config *c,
                           const struct checkpoint *at, struct err *e)
{
    return at ? raw_sink_resume(c, at, e) : raw_sink_new(c, e);
}

static int open_whole(const char *first, struct image *out, struct err *e)
{
    out->paths = raw_paths(first, &out->size, e);
    return out->paths ? 0 : -1;
}

static int open_partial(const char *first, struct image *out, struct err *e)
{
    uint64_t all;

    out->paths = raw_paths(first, &all, e);
    return out->paths ? 0 : -1;
}

static int read_info(const struct image *image, struct image_info *out,
                     struct err *e)
{
    memset(out, 0, sizeof(*out));
    for (; image->paths[out->segments]; out->segments++) {
        uint64_t allocated, size;

        if (file_usage(image->paths[out->segments], &allocated, &size, e) < 0)
            return -1;
        out->allocated += allocated;
    }
    snprintf(out->format, sizeof(out->format), "%s", RAW_WORD);
    out->media_size = image->size;
    out->chunk_size = INFO_NONE;
    out->nerrors = INFO_NONE;
    out->media = "";
    return 0;
}

const struct format raw_format = {
    .word = RAW_WORD,
    .name = "a raw image",
    .traits = FORMAT_PLAIN | FORMAT_SHARING,
    .create = create,
    .open = open_whole,
    .open_partial = open_partial,
    .reader_new = raw_reader_new,
    .info = read_info,
};
