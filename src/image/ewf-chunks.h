/* SPDX-License-Identifier: Apache-2.0 */
/* How long each chunk of an unfinished E01 is: 4 bytes a chunk (see
 * image/ewf-section.h), in a file beside the image.  libewf writes the table
 * of a section only when the section is full; with this list a table can be
 * written for as many chunks as are safely on the disk. */
#ifndef EBSIMG_IMAGE_EWF_CHUNKS_H
#define EBSIMG_IMAGE_EWF_CHUNKS_H

#include <stdint.h>

#include "base/err.h"

struct ewf_chunks;

/* A new list (the file must not exist), or the one of a run that ended,
 * which is cut to its first `n' chunks; their SHA-256 must be `sha256'
 * (ERR_VERIFY when it is not, or when there are fewer). */
struct ewf_chunks *ewf_chunks_create(const char *path, struct err *e);
struct ewf_chunks *ewf_chunks_resume(const char *path, uint64_t n,
                                     const unsigned char sha256[32],
                                     struct err *e);
void ewf_chunks_free(struct ewf_chunks *c); /* NULL is fine */

/* Chunks count when they are committed; what is not committed is forgotten.
 * At most EWF_CHUNKS_AT_ONCE between two commits. */
#define EWF_CHUNKS_AT_ONCE 32768u
void ewf_chunks_add(struct ewf_chunks *c, uint32_t chunk);
int ewf_chunks_commit(struct ewf_chunks *c, struct err *e);

/* To the disk; the SHA-256 of all that was committed. */
int ewf_chunks_sync(struct ewf_chunks *c, unsigned char sha256[32],
                    struct err *e);

/* `n' of them from number `first' on, of those that are in the file. */
int ewf_chunks_read(struct ewf_chunks *c, uint64_t first, uint32_t n,
                    uint32_t *out, struct err *e);
uint64_t ewf_chunks_count(const struct ewf_chunks *c);

/* Do the first `n' chunks of the list have this SHA-256?  The file is left
 * as it is. */
int ewf_chunks_check(const char *path, uint64_t n,
                     const unsigned char sha256[32], struct err *e);

#endif
