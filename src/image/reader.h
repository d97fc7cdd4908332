/* SPDX-License-Identifier: Apache-2.0 */
/* Reads an image file as a source: every 512 KiB of it in order, E01 or raw,
 * recognised by content (an E01 by its signature); a file that is called
 * .E01 and is none is damaged, not raw. */
#ifndef EBSIMG_IMAGE_READER_H
#define EBSIMG_IMAGE_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "flow/source.h"

struct format;

/* Bytes of media. */
struct image_gap {
    uint64_t offset, size;
};

struct image {
    const struct format *format; /* see image/formats.h */
    uint64_t size;           /* bytes of media */
    char **paths;            /* files, NULL-terminated */
    bool partial;            /* from image_open_partial() */
    /* What could not be read when it was acquired, as the image itself lists
     * it (an E01 can), in the order of their offsets, all inside of it and
     * not empty. */
    struct image_gap *gaps;
    size_t ngaps;
};

/* Finds out what `first' is and which files belong to it.  ERR_USAGE when it
 * cannot be read or is of a kind that is not supported; ERR_VERIFY when its
 * files are not a whole image. */
int image_open(const char *first, struct image *out, struct err *e);
/* The first `size' bytes (whole blocks) of an image that is not finished, as
 * a sink's resume has left it. */
int image_open_partial(const char *first, uint64_t size, struct image *out,
                       struct err *e);
void image_close(struct image *i);

/* A source over the whole image.  Holes of a raw file, and blocks of an E01
 * whose every chunk is, byte for byte, one that this reader has already
 * inflated to zeros, become gaps.  All other chunks are inflated and their
 * checksums proved in the workers.  What is damaged ends the run with
 * ERR_VERIFY, naming the bytes; with `damaged' not NULL each damaged range is
 * instead handed to it (any thread, one call at a time), the whole block
 * becomes zeros and `unreadable', and the run goes on, so that an image can
 * be surveyed.  Media that is no multiple of BLOCK_SIZE ends in a short
 * block. */
struct image_reader_config {
    const struct image *image; /* must outlive the source */
    unsigned slots;            /* of the window, for buffers of its own */
    /* The fastest library may inflate it: a log has the digests of its files,
     * or nothing but the content matters.  Otherwise what zlib would refuse,
     * and with it the tools that use it, is damaged; see
     * inflate_strictly(). */
    bool lax;
    void (*damaged)(void *ctx, uint64_t offset, uint64_t len);
    void *damaged_ctx;
};
struct source *image_reader_new(const struct image_reader_config *c,
                                struct err *e);
void image_reader_free(struct source *s); /* NULL is fine */

/* Without starting the source: brings one block into a slot, whose number,
 * offset and len are set; on one thread at a time, in any order, and fastest
 * in that of the image.  Then source->unpack, where there is one, must see the
 * slot, on any thread.  What is damaged is as above.  -1: nothing can be
 * read. */
int image_reader_fill(struct source *s, struct slot *slot, struct err *e);

#endif
