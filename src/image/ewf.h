/* SPDX-License-Identifier: Apache-2.0 */
/* EnCase E01 images through libewf: writing as a sink, and what is in a
 * finished set.
 *
 * Written: EnCase 6 layout, digest and hash sections, chunks deflated in
 * worker threads and handed to libewf ready.  Facts about libewf 2014 that
 * rule this: it overwrites existing segments, never syncs, accepts fewer
 * than 2^27 chunks an image, and escapes nothing in case fields.  It writes
 * dates in local time (main sets TZ=UTC before any thread starts) and files
 * for everybody to read (main sets umask 077). */
#ifndef EBSIMG_IMAGE_EWF_H
#define EBSIMG_IMAGE_EWF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "flow/sink.h"
#include "image/config.h"
#include "image/info.h"

extern const struct format ewf_format; /* its row, see image/formats.h */

/* 128 KiB up to 2 TiB, 512 KiB above, 1 MiB at exactly 64 TiB. */
uint32_t ewf_chunk_size(uint64_t volume_size);

/* 1500 MiB, which every suite reads; less for a volume that would not fill
 * sixteen of them, a sixteenth of it; or as much more as a very large volume
 * needs to fit into the 14,971 segments that can be named. */
uint64_t ewf_segment_size(uint64_t volume_size, uint32_t chunk_size);

/* Says in words why these sizes do not fit this volume, or 0. */
int ewf_check(const struct image_config *c, struct err *e);

/* Refuses when a segment of that name exists.  The volume is marked as a
 * physical disk unless its first block shows a file system and no partition
 * table; see ewf-mark.h for what the last block may say.  Case fields
 * are cleaned and cut as ewf_text() says; of the program's name 11 characters
 * are kept, of the system's 23. */
struct sink *ewf_sink_new(const struct image_config *c, struct err *e);

/* Goes on with the image of a run that ended at `at', after the first
 * at->offset bytes of the volume; what it has beyond is cut off.  The list of
 * unreadable blocks is in libewf's memory alone until the end: the sink must
 * be told those before at->offset again.  ERR_VERIFY when the image is not as
 * it was left. */
struct sink *ewf_sink_resume(const struct image_config *c,
                             const struct checkpoint *at, struct err *e);

/* A checkpoint of an E01 can only be at a multiple of this. */
uint32_t ewf_checkpoint_unit(uint32_t chunk_size);

/* Characters of a case field: older suites break on longer values. */
#define EWF_FIELD_MAX 3000

/* A case field as E01 can hold it: one line, valid UTF-8, no control
 * characters, at most `limit' characters.  NULL when there is no memory; the
 * caller frees it. */
char *ewf_text(const char *s, size_t limit);

/* ---- a finished set */

/* `first' is the first segment (.E01).  ERR_VERIFY when it is not a whole
 * E01 set, ERR_USAGE when it cannot be read. */
int ewf_info_read(const char *first, struct image_info *out, struct err *e);

/* The segment files of the set that begins with `first', in order, as a
 * NULL-terminated array of paths.  ERR_VERIFY when one in the middle is
 * missing, or is not the segment that its name says. */
char **ewf_paths(const char *first, struct err *e);
void ewf_paths_free(char **paths);

#endif
