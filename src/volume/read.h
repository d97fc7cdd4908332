/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes of a volume, at any offset, by any number of threads.
 *
 * Every byte is proved before it is given out: against the SHA-256 that the
 * provider sends with a block, or that the manifest of an image has for it.
 * Of an image alone only the checksums in the image itself are proved.
 *
 * The three kinds of zeros: a block that was never stored is zeros, without a
 * request (of an image: when the image has zeros there, else ERR_VERIFY); one
 * that is stored and zero is read as any other; one that cannot be read, or
 * could not when the image was made, is an error for who reads it. */
#ifndef EBSIMG_VOLUME_READ_H
#define EBSIMG_VOLUME_READ_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "volume/volume.h"

struct volume_reader;

/* `v', which volume_learn() knows and which must outlive it, has its blocks
 * fetched and kept in `memory' bytes, or in what one block takes. */
struct volume_reader *volume_reader_new(struct volume *v, uint64_t memory,
                                        struct err *e);
/* Nobody reads any more.  -1 when the access log could not be written. */
int volume_reader_free(struct volume_reader *r, struct err *e);

/* Any thread: who waits for a block, and who reads later, gets this error. */
void volume_reader_stop(struct volume_reader *r, const struct err *why);

/* Any thread: a read has failed, and all that come will: it was stopped, or
 * the service has given up. */
bool volume_reader_is_over(struct volume_reader *r);

/* Any thread: these blocks will be read soon, and may come by then.  Advice,
 * without waiting: of an image nothing is done, of a snapshot as many as half
 * of the memory holds are asked for. */
void volume_reader_ask(struct volume_reader *r, uint64_t first,
                       uint64_t last);
/* So many blocks may be asked for ahead of one reader and leave room for
 * others; 0: it is of no use. */
uint64_t volume_reader_ahead(const struct volume_reader *r);

/* Any thread, many at once.  *got bytes, fewer than `n' only where the volume
 * ends, 0 behind that.  -1: none of them may be used; others may be read, and
 * the same ones once more. */
int volume_read(struct volume_reader *r, uint64_t offset, void *to, size_t n,
                size_t *got, struct err *e);

#endif
