/* SPDX-License-Identifier: Apache-2.0 */
/* The formats of images: what each can do and what it needs is a row here, and
 * nobody else asks which of them an image has.  Another format is a row of
 * formats.c, its files (image/FORMAT-*.c), and the names of those in
 * audit/artefacts.c. */
#ifndef EBSIMG_IMAGE_FORMATS_H
#define EBSIMG_IMAGE_FORMATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/checkpoint.h"
#include "base/err.h"
#include "flow/sink.h"
#include "image/config.h"
#include "image/info.h"

struct image;
struct image_reader_config;
struct reader;

enum image_format { FORMAT_E01, FORMAT_RAW, FORMATS };

/* A set of them. */
#define FORMAT_BIT(f) (1u << (f))

enum format_trait {
    FORMAT_PACKED = 1,    /* deflated: threads and memory are for that */
    FORMAT_PLAIN = 2,     /* its bytes are those of the volume: it needs room
                           * for every stored block */
    FORMAT_CHUNKED = 4,   /* in chunks of a size that is chosen and kept, and
                           * with a list of them while it grows */
    FORMAT_PROVED = 8,    /* read again and compared when it is closed */
    FORMAT_SHARING = 16,  /* one file can share blocks with an earlier one */
};

#define FORMAT_SIGNATURE 8

struct format {
    const char *word;     /* of --format, and in the log */
    const char *name;     /* "an E01" */
    unsigned traits;
    /* How it begins, and how its first file's name then ends; NULL: whatever
     * no other format is. */
    const unsigned char *signature;
    const char *suffix;
    unsigned stored;      /* HASH_BIT()s that the image records itself */
    unsigned proof;       /* of these it cannot be checked without; 0: none */
    const char *no_proof, *no_hash; /* what to say without, or without any */
    /* Bytes of a case field that every reader shows, 0: it has no fields;
     * and what happens with more. */
    size_t field_shown;
    const char *field_lost;

    /* Writes: a new image, or goes on with one at `at'; refuses sizes that do
     * not fit.  See image/ewf.h, image/raw.h. */
    struct sink *(*create)(const struct image_config *c,
                           const struct checkpoint *at, struct err *e);
    /* CHUNKED: what it would choose; a checkpoint is at a multiple of unit();
     * is the list of chunks what the checkpoint speaks of? */
    uint32_t (*chunk_size)(uint64_t volume_size);
    uint32_t (*unit)(uint32_t chunk_size);
    int (*check_list)(const char *chunks, uint32_t chunk_size,
                      const struct checkpoint *at, struct err *e);

    /* Reads: see image_open(), image_open_partial(), image_reader_new(). */
    int (*open)(const char *first, struct image *out, struct err *e);
    int (*open_partial)(const char *first, struct image *out, struct err *e);
    struct reader *(*reader_new)(const struct image_reader_config *c,
                                 struct err *e);
    /* ERR_VERIFY when it is not whole; free it with image_info_free(). */
    int (*info)(const struct image *image, struct image_info *out,
                struct err *e);
};

extern const struct format *const formats[FORMATS];
extern const char *const format_words[]; /* in their order, then NULL */

/* ------------------------------------------------------ a set of formats */

/* One of them has this trait. */
bool formats_any(unsigned set, unsigned trait);

/* Each can be checked with these HASH_BIT()s; the other says why not,
 * ERR_USAGE. */
bool formats_have_proof(unsigned set, unsigned hashes);
int formats_check_proof(unsigned set, unsigned hashes, struct err *e);

/* Bytes of a case field that every reader of all of them shows, SIZE_MAX when
 * any number is; *lost says what happens with more. */
size_t formats_field_shown(unsigned set, const char **lost);

/* A checkpoint of all of them can only be at a multiple of this. */
uint32_t formats_unit(unsigned set, uint32_t chunk_size);

/* The list of chunks is what the checkpoint speaks of, where there is one. */
int formats_check_list(unsigned set, const char *chunks, uint32_t chunk_size,
                       const struct checkpoint *at, struct err *e);

#endif
