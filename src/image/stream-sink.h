/* SPDX-License-Identifier: Apache-2.0 */
/* A raw image that is written to a descriptor from its first byte to its last:
 * a pipe, standard output.  Nothing can be gone back to, so all zeros are
 * written, and the image is nowhere when the other side has lost it.
 *
 * What was written is digested once more while it is written, and must be what
 * the pipeline says it is. */
#ifndef EBSIMG_IMAGE_STREAM_SINK_H
#define EBSIMG_IMAGE_STREAM_SINK_H

#include <stdint.h>

#include "base/err.h"
#include "flow/sink.h"

/* `fd' stays the caller's, who closes it when the run is over: whoever reads
 * comes to the end when the papers are there.  `hashes': HASH_BIT()s that the
 * stream will have, at least one.  A reader that is gone, and whatever else
 * cannot be written, is ERR_DEST; a signal ends a wait for a reader that does
 * not read.  finish() is ERR_VERIFY when the digests are others. */
struct sink *stream_sink_new(int fd, uint64_t volume_size, unsigned hashes,
                             struct err *e);

#endif
