/* SPDX-License-Identifier: Apache-2.0 */
/* Raw (dd) images: one sparse file PREFIX.dd, or pieces PREFIX.001,
 * PREFIX.002 ... of a given size, as X-Ways and the Sleuth Kit read them.
 * Only blocks with data are written; the rest stays a hole. */
#ifndef EBSIMG_IMAGE_RAW_H
#define EBSIMG_IMAGE_RAW_H

#include <stdint.h>

#include "base/err.h"
#include "flow/sink.h"
#include "image/config.h"
#include "image/raw-share.h"

extern const struct format raw_format; /* its row, see image/formats.h */

/* Says in words why these sizes do not fit this volume, or 0. */
int raw_check(const struct image_config *c, struct err *e);

/* Creates all files with their final lengths; refuses when one exists. */
struct sink *raw_sink_new(const struct image_config *c, struct err *e);

/* Goes on with the image of a run that ended at `at': what was written
 * beyond at->offset becomes a hole again.  ERR_VERIFY when the files before
 * are missing or too short. */
struct sink *raw_sink_resume(const struct image_config *c,
                             const struct checkpoint *at, struct err *e);

/* The files of a raw image, given its only one or its .001: a
 * NULL-terminated array of paths, free it with raw_paths_free(); and the
 * length of all together.  ERR_VERIFY when a piece is missing or shorter
 * than those before it (the last one may be). */
char **raw_paths(const char *first, uint64_t *size, struct err *e);
void raw_paths_free(char **paths);

#endif
